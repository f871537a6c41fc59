"""A server without sockets: the hub with its threads and a store, and clients that are only memory."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import TracebackType
from unittest.mock import patch

from websockets.frames import Frame, Opcode

from chatctl.core.events.presence import Labeled as LabeledEvent
from chatctl.core.limits import Limits
from chatctl.core.policy import Policy, Registering
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Labeled as LabeledRequest
from chatctl.core.requests.presence import Vanish
from chatctl.core.state import Chat
from chatctl.server.engine import Engine
from chatctl.store.memory import MemoryStore
from chatctl.transport.connection import NOT_YET
from chatctl.transport.inbox import Asked, Inbox, Item
from chatctl.wire.base import NO_LINK, Dialect, SwitchDialect, Wire
from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.message import take_apart
from chatctl.wire.registry import wires
from chatctl.wire.sniff import WireName

from . import cutting, shown
from .http import HANDSHAKE_BINARY as HANDSHAKE
from .http import unframed
from .script import CLIENTS, Act

LIMIT = 7
"""Sessions that there may be."""

START = 1_800_000_000_000
"""When a conversation begins, in milliseconds since 1970."""

STEP = 250
"""Milliseconds between two turns."""

DEADLINE = 30.0
"""Seconds in which the hub has to come to rest."""

MEMORY = 16_384
"""Bytes that the wire of one client may keep."""

_POLICY = Policy(operators={"root": "secret"}, registering=Registering.BEFORE_CONNECT)
_LIMITS = Limits(
    max_clients=LIMIT,
    history_on_join=3,
    ping_after=3600.0,
    ping_timeout=7200.0,
    registration_time=3600.0,
    registration_bytes=10**6,
    registration_lines=10**6,
)
_INFO = ServerInfo(registering=_POLICY.who_registers, limits=_LIMITS)
_WIRES = wires(_INFO)
_CAPS = sorted(offered(_INFO))
_SPOKEN = {"t": WireName.TEXT, "w": WireName.HTTP}
_ARRIVALS = {
    "a": [
        f"CAP REQ :{' '.join(_CAPS[::2])}",
        f"CAP REQ :{' '.join(_CAPS[1::2])}",
        "NICK ada",
        "USER ada 0 * :Ada",
        "CAP END",
        "JOIN #a",
    ],
    "b": ["NICK bob", "USER bob 0 * :Bob", "JOIN #a"],
    "c": [f"CAP REQ :{' '.join(_CAPS[::2])}", "NICK cy", "USER cy 0 * :Cy", "CAP END", "JOIN #a"],
    "d": [],
    "t": ["/nick tom", "/join #a"],
    "w": [f"CAP REQ :{' '.join(_CAPS[1::2])}", "NICK web", "USER web 0 * :Web", "CAP END", "JOIN #a"],
}


class _Failures(logging.Handler):
    """Collects what the log says of mistakes in the program."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class Client:
    """One peer as the hub sees it; what it is sent is kept until it is checked."""

    def __init__(self, letter: str) -> None:
        self.letter = letter
        self.wire: Wire = _WIRES[_SPOKEN.get(letter, WireName.IRC)](NO_LINK)
        self._framed = letter == "w"
        if self._framed:
            self.wire.receive(HANDSHAKE, 0.0)
            assert self.wire.opened
            self.wire.replies()
        self.dialect: Dialect = self.wire.dialect
        self.wire_name = self.wire.name
        self.registers = self.wire.registers
        self.address = f"127.0.0.{CLIENTS.index(letter) + 1}:40000"
        self.session = NOT_YET
        self.certificate = ""
        self.handled_count = self.received = 0
        self.backlog: list[Request] | None = None
        self.begun = self.heard = time.monotonic()
        self.pinged = False
        self.outbox = self
        self.is_over = False
        self.labels: list[str] = []
        self._stays = True
        self._received = b""

    def send(self, data: bytes) -> None:
        """Take what the hub sends; as with a socket, what comes after the end is not sent."""
        if not self.is_over:
            self._received += data

    def finish(self) -> None:
        """Take note that nothing more comes from the hub."""
        self.is_over = True

    def abort(self) -> None:
        """Take note that the hub failed."""
        self.is_over = True

    def handled(self, count: int) -> None:
        """Count; nobody waits."""
        self.handled_count += count

    def asks(self, line: bytes) -> list[Request]:
        """Return what the client asks with ``line``."""
        sent = Frame(Opcode.BINARY, line).serialize(mask=True) if self._framed else line + b"\r\n"
        requests = self.wire.receive(sent, 0.0)
        assert cutting.held(getattr(self.wire, "_lines", b"")) < MEMORY
        return requests

    def hangs_up(self) -> None:
        """Take note that the client may have gone before it is answered."""
        self._stays = False

    def check(self) -> None:
        """Check what was sent since the last time."""
        received, self._received = self._received, b""
        if self._framed:
            received = unframed(received)
        if self.wire_name == WireName.TEXT:
            shown.check_text(received)
        else:
            shown.check_irc(received)
            self._check_labels(received)

    def _check_labels(self, received: bytes) -> None:
        """Check that each label is on one answer: labeled-response (IRCv3)."""
        lines = [take_apart(line.decode()) for line in received.split(b"\r\n") if line]
        answered = [line.tags["label"] for line in lines if line is not None and "label" in line.tags]
        assert self.is_over or not self._stays or sorted(answered) == sorted(self.labels), (self.labels, received)
        self.labels.clear()


class _WatchedInbox(Inbox):
    """An inbox that tells when the hub has concluded all that was put."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition(threading.RLock())
        self._there = self._taken = self._concluded = 0
        self._put, self.put = self.put, self._count

    def _count(self, item: Item) -> None:
        with self._changed:
            self._there += 1
        self._put(item)

    def put_together(self, items: Sequence[Item]) -> None:
        """Put items that are taken in one turn."""
        with self._changed:
            for item in items:
                self.put(item)

    def take(self, timeout: float, linger: float = 0.0) -> list[Item]:
        """Return what waits; what was taken before is concluded."""
        with self._changed:
            self._concluded = self._taken
            self._changed.notify()
        items = super().take(timeout)
        with self._changed:
            # The first of several may have been taken before the others were put.
            items += super().take(0.0) if items else []
        self._taken += len(items)
        return items

    def wait_until_quiet(self, fact: Callable[[], bool]) -> None:
        """Wait until the hub has nothing to do and ``fact`` holds."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._concluded == self._there and fact(), DEADLINE)


def _label_of(request: Request) -> str:
    """Return the label under which a request is to be answered, empty if there is none."""
    labeled = request.event if isinstance(request, SwitchDialect) else request
    return labeled.label if isinstance(labeled, LabeledRequest | LabeledEvent) else ""


class House:
    """The hub, its store, and who is there."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self._now = START
        self._failures = _Failures()
        self._engine = Engine(_LIMITS, _POLICY, lambda: self.store, lambda: None, lambda: None, lambda wished: wished)
        self._inbox = self._engine.inbox = _WatchedInbox()
        self._clients: dict[str, Client] = {}
        self._everybody: list[Client] = []
        self._waiting: list[Asked] = []
        self._stack = ExitStack()

    def __enter__(self) -> House:
        logger = logging.getLogger("chatctl")
        with ExitStack() as stack:
            logger.addHandler(self._failures)
            stack.callback(logger.removeHandler, self._failures)
            stack.enter_context(patch("chatctl.server.engine.now_ms", lambda: self._now))
            self._engine.start()
            stack.callback(self._engine.stop)
            self._let_everybody_in()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def chat(self) -> Chat:
        """What the hub owns; to be looked at after ``settle`` only, while the hub has nothing to do."""
        return self._engine._hub.chat

    def play(self, act: Act) -> None:
        """Have a client do something, handled at the next ``settle``."""
        self._now += int(1000 * act.seconds)
        if act.line is None:
            self._hang_up(act.client)
        elif act.line:
            self._ask(act.client, act.line)

    def settle(self) -> None:
        """Have the hub handle all there is, answers of the store too, and check what was told."""
        self._now += STEP
        items, self._waiting = self._waiting, []
        self._inbox.put_together(items)
        self._inbox.wait_until_quiet(lambda: all(one.backlog is None for one in self._everybody))
        for record in self._failures.records:
            raise AssertionError(record.getMessage()) from (record.exc_info or (None, None))[1]
        for client in self._everybody:
            client.check()
        self._everybody = list(self._clients.values())

    def empty(self) -> None:
        """Have everybody hang up."""
        for letter in CLIENTS:
            self._hang_up(letter)
        self.settle()

    def _let_everybody_in(self) -> None:
        for letter in CLIENTS:
            for line in _ARRIVALS[letter]:
                self._ask(letter, line.encode())
            self.settle()

    def _client(self, letter: str) -> Client:
        client = self._clients.get(letter)
        if client is None or client.is_over:
            client = self._clients[letter] = Client(letter)
            self._everybody.append(client)
            self._waiting.append(Asked(client, [], 0))  # type: ignore[arg-type]
        return client

    def _ask(self, letter: str, line: bytes) -> None:
        client = self._client(letter)
        requests = client.asks(line)
        client.labels += filter(None, map(_label_of, requests))
        self._waiting.append(Asked(client, requests, 0))  # type: ignore[arg-type]

    def _hang_up(self, letter: str) -> None:
        client = self._clients.pop(letter, None)
        if client is not None:
            client.hangs_up()
            self._waiting.append(Asked(client, [*client.wire.finish(), Vanish("eof")], 0))  # type: ignore[arg-type]
