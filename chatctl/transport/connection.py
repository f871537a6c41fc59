"""One peer: its bytes become requests in the inbox, in its own order."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from chatctl.core.limits import Limits
from chatctl.core.records import SECURE
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Expel, Vanish
from chatctl.errors import InternalError
from chatctl.transport.callers import Call
from chatctl.transport.inbox import Asked, Inbox
from chatctl.transport.outbox import Outbox
from chatctl.transport.pace import Pace
from chatctl.transport.tls import Layer, TlsPolicy
from chatctl.wire.base import Link, SwitchWire
from chatctl.wire.registry import Wires, refusal
from chatctl.wire.sniff import Opening, WireName

if TYPE_CHECKING:
    from chatctl.transport.drain import Drain
    from chatctl.wire.base import Dialect, Wire

IN_FLIGHT = 128
"""Requests of one connection that may wait for the hub before it is not read any more."""

NOT_YET = 0
ENDED = -1


class Connection:
    """A peer's socket, what it speaks, and how much of it the hub has still to handle.

    The reader calls ``feed``, ``lull`` and ``end``; the hub uses ``session``, ``backlog``, ``outbox`` and
    ``handled``.
    """

    __slots__ = (
        "_asked",
        "_inbox",
        "_late",
        "_limits",
        "_opening",
        "_pace",
        "_received",
        "_resumes",
        "_steady",
        "_submitted",
        "_tls",
        "_tls_policy",
        "_wire",
        "_wires",
        "address",
        "backlog",
        "begun",
        "call",
        "deadline",
        "dialect",
        "handled_count",
        "heard",
        "held_until",
        "outbox",
        "pinged",
        "put",
        "received",
        "session",
        "sock",
    )

    dialect: Dialect  # set by the reader before its first word to the hub; then owner: hub thread

    def __init__(
        self,
        sock: socket.socket,
        address: str,
        inbox: Inbox,
        drain: Drain,
        wires: Wires,
        call: Call,
        limits: Limits,
        tls_policy: TlsPolicy | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.sock = sock  # immutable
        self.address = address  # immutable
        self.outbox = Outbox(sock, drain, self._stuck)  # immutable
        self._wires = wires  # immutable
        self.call = call  # owner: reader
        self._limits = limits  # immutable
        self._pace = pace  # owner: reader
        # Until when nothing is read from a client that asks too fast (seconds, monotonic); 0: it does not.
        self.held_until = 0.0  # owner: reader
        self._tls_policy = tls_policy  # immutable
        self._tls: Layer | None = None  # owner: reader; what it does is guarded by the outbox
        self._asked = False  # owner: reader
        # Whether all that can come of what the peer sends is requests to the hub.
        self._steady = False  # owner: reader
        # The opening of a peer that was greeted as a person because of its silence; its first line may tell otherwise.
        self._late: Opening | None = None  # owner: reader
        self._wire: Wire | None = None  # owner: reader
        self.session = NOT_YET  # owner: hub thread
        self.backlog: list[Request] | None = None  # owner: hub thread
        self.handled_count = 0  # owner: hub thread
        self._resumes: list[Callable[[], None]] = []  # thread-safe: the reader appends, one pop gets it
        self._inbox = inbox  # immutable
        # When something came from the peer last (seconds, monotonic).
        self.heard = self.begun = time.monotonic()  # owner: reader; the hub looks at it
        self.pinged = False  # owner: hub thread
        self.put: Callable[[Asked], None] = inbox.put  # owner: reader, which may collect before it puts
        self._opening: Opening | None = Opening(time.monotonic())  # owner: reader
        # When lull wants to be called (seconds, monotonic), or None.
        self.deadline: float | None = self._opening.deadline  # owner: reader
        self._submitted = 0  # owner: reader
        self._received = 0  # owner: reader
        # Bytes that came with all that the hub has handled.
        self.received = 0  # owner: hub thread

    @property
    def wire_name(self) -> str:
        """What the peer speaks, for the ledger."""
        name = self._wire.name if self._wire is not None else ""
        return f"{name}{SECURE}" if self._tls is not None else name

    @property
    def certificate(self) -> str:
        """The fingerprint of the certificate that the peer showed, empty without one."""
        return self._tls.fingerprint if self._tls is not None else ""

    @property
    def registers(self) -> bool:
        """Whether the peer has to tell its name before it takes part."""
        return self._wire is not None and self._wire.registers

    def feed(self, data: bytes) -> None:
        """Take what the peer sent."""
        if self._tls is not None:
            data = self._decrypt(self._tls, data)
            if not data:
                return
        wire = self._wire
        now = self.heard = time.monotonic()
        self._received += len(data)
        if wire is not None and self._steady:
            requests = wire.receive(data, now)
            self.deadline = wire.deadline
            if requests:
                self._put(requests)
        elif self._late is not None:
            self._reconsider(self._late, data)
        elif wire is not None:
            self._follow(wire, wire.receive(data, now))
        elif self._opening is not None:
            name = self._opening.receive(data, now)
            self.deadline = self._opening.deadline
            if name is not None:
                self._begin(name)

    def lull(self) -> None:
        """Note that the peer sent nothing until the deadline."""
        if self._tls is not None and not self._tls.established:
            # The handshake has taken too long; nobody is there to be told.
            self.deadline = None
            self.outbox.abort()
        elif self._opening is not None:
            late = None if self._opening.head else self._opening
            self._begin(WireName.TEXT)
            if self._wire is not None:
                self._late, self._steady = late, late is None
        elif self._wire is not None:
            self._follow(self._wire, [*self._held_back(self._wire), *self._wire.silence()])

    def end(self, reason: str) -> None:
        """Note that nothing comes from the peer any more; ``reason`` goes into the ledger."""
        if self._opening is not None and self._opening.head and reason == "eof":
            self._begin(WireName.TEXT)
        if self._wire is None or not self._asked:
            self.outbox.finish()
        else:
            last = [*self._held_back(self._wire), *self._wire.finish()] if reason == "eof" else []
            self._put([*last, Vanish(reason)])

    def broken(self) -> None:
        """Note that reading failed by a mistake in this program: the peer is told, the session ends."""
        if not self._asked:
            self.outbox.finish()
        else:
            self._put([Expel(InternalError())])

    def closed(self) -> None:
        """Note that the reader has let go of the socket."""
        self.outbox.reader_ended()

    @property
    def is_paced(self) -> bool:
        """Whether it matters how fast the peer asks."""
        return self._pace is not None

    @property
    def crowded(self) -> bool:
        """Whether the hub has so much of this connection before it that reading has to wait."""
        return self._submitted - self.handled_count > IN_FLIGHT

    def handled(self, count: int) -> None:
        """Count requests that the hub has handled, and let a waiting reader go on."""
        self.handled_count += count
        if self._resumes and not self.crowded:
            self._resume()

    def wait_for_hub(self, resume: Callable[[], None]) -> None:
        """Have ``resume`` called, once, when the connection is not crowded any more."""
        self._resumes.append(resume)
        # The hub may have caught up just before it could see the entry.
        if not self.crowded:
            self._resume()

    def _resume(self) -> None:
        # Reader and hub may both come here; a pop is given to one of them.
        with contextlib.suppress(IndexError):
            self._resumes.pop()()

    def _decrypt(self, tls: Layer, data: bytes) -> bytes:
        """Return what the peer said; once the handshake is done, what it speaks is to be found out."""
        began = tls.established
        if not began and self.deadline is not None and self.deadline < time.monotonic():
            raise ConnectionAbortedError
        try:
            said = self.outbox.decrypt(data)
        except ConnectionAbortedError:
            self.outbox.finish()
            raise
        if tls.established and not began:
            self._opening = Opening(time.monotonic())
            self.deadline = self._opening.deadline
        if tls.at_end:
            # What follows, or does not, is the end of the stream.
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RD)
        return said

    def _begin_tls(self, policy: TlsPolicy, hello: bytes) -> None:
        self._tls = policy.begin()
        self.outbox.secure(self._tls)
        self.deadline = time.monotonic() + self._limits.handshake_time
        self.feed(hello)

    @property
    def _link(self) -> Link:
        return Link(self._tls is not None, bool(self.certificate))

    def _begin(self, name: WireName) -> None:
        opening, self._opening = self._opening, None
        assert opening is not None
        self.deadline = None
        policy = self._tls_policy
        if name is WireName.TLS and policy is not None and self._tls is None:
            self._begin_tls(policy, opening.head)
            return
        self.call.decided()
        make = self._wires.get(name)
        if make is None or (policy is not None and policy.only and self._tls is None):
            self.outbox.send(refusal(name))
            self.outbox.finish()
            return
        wire = self._wire = make(self._link)
        self._follow(wire, wire.receive(opening.head, time.monotonic()) if opening.head else [])

    def _reconsider(self, late: Opening, data: bytes) -> None:
        """Take the first line of a peer that was silent: an IRC client may only have been slow."""
        now = time.monotonic()
        name = late.receive(data, now)
        in_time = now < late.patience
        if name is None and in_time:
            self.deadline = late.deadline
        elif name is WireName.IRC and in_time:
            self._late = None
            wire = self._wire = self._wires[name](self._link)
            self._put([SwitchWire(wire.dialect)])
            self._follow(wire, wire.receive(late.head, now))
        else:
            assert self._wire is not None
            self._follow(self._wire, self._held_back(self._wire))

    def _held_back(self, wire: Wire) -> list[Request]:
        """Return what the peer asks with what may have been the beginning of another protocol."""
        late, self._late = self._late, None
        return wire.receive(late.head, time.monotonic()) if late is not None else []

    def _follow(self, wire: Wire, requests: list[Request]) -> None:
        """Do what the wire made of what came, or did not come."""
        self.deadline = wire.deadline
        if reply := wire.replies():
            self.outbox.send(reply)
        if not self._asked and wire.opened:
            # Also without a request: the first word to the hub asks for the session itself.
            self._asked = True
            self.dialect = wire.dialect
            self._put(requests)
        elif requests:
            self._put(requests)
        self._steady = self._asked and wire.quiet
        if wire.over and not self._asked:
            self.outbox.finish()

    def _put(self, requests: list[Request]) -> None:
        self._submitted += len(requests)
        if self._pace is not None:
            self.held_until = self._pace.spend(len(requests))
        self.put(Asked(self, requests, self._received))

    def _stuck(self) -> None:
        self._inbox.put(Asked(self, [Vanish("sendq")], 0))
