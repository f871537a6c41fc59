"""The server put together: what starts, in which order, and how it stops."""

from __future__ import annotations

import logging
import resource
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from types import TracebackType

from chatctl.core.limits import RULES, Limits
from chatctl.errors import ChatctlError
from chatctl.server.certificates import Certificate, own_certificate
from chatctl.server.engine import Engine
from chatctl.server.options import ServeOptions
from chatctl.store.base import Store
from chatctl.store.datadir import DataDir
from chatctl.store.memory import MemoryStore
from chatctl.store.sqlite import SqliteStore
from chatctl.transport.addresses import Address, bound_address, listen
from chatctl.transport.callers import Callers, is_loopback
from chatctl.transport.connection import Connection
from chatctl.transport.drain import Drain
from chatctl.transport.inbox import Relimit
from chatctl.transport.listener import Listener
from chatctl.transport.pace import Pace
from chatctl.transport.readers import Readers, SharedReaders, ThreadPerClient
from chatctl.transport.slots import Slots
from chatctl.transport.tls import Layer, TlsLayer, TlsPolicy
from chatctl.wire.registry import wires

FLUSH_TIME = 5.0
"""Seconds that peers have, when the server stops, to take what is still to be sent."""

POLITE_TIME = 0.25
"""Seconds that a peer which has taken everything has to close its side."""

GIVE_UP_TIME = 2.0
"""Seconds after that in which the connections end."""

DESCRIPTOR_RESERVE = 64
"""Descriptors kept for the data file, the listening sockets and the threads' own."""

WAKE_EVERY = 1.0
"""Seconds after which the thread that waits for the end looks whether a signal has come."""

UNDECIDED = 64
"""Connections that have not shown yet what they speak, at least; a quarter of the clients if that is more."""

CHANGEABLE = frozenset(name.replace("-", "_") for name, rule in RULES.items() if not rule.fixed)
"""Options that can change while the server runs."""

log = logging.getLogger(__name__)


class ChatServer:
    """A chat server that runs in threads of this process; a context manager.

    ``with ChatServer(ServeOptions(port=0, in_memory=True)) as server: ... server.address``

    Starting raises ``BadAddress``, ``ListenFailed``, ``DataDirUnusable``, ``DataDirBusy`` or ``DataFileCorrupt``;
    nothing is left open then.
    """

    def __init__(self, options: ServeOptions | None = None) -> None:
        self.options = options or ServeOptions()  # replaced as a whole by the thread that reloads
        self._limits = _affordable(self.options.limits())  # replaced as a whole, by the hub thread
        self._stopped = threading.Event()  # immutable
        self._running = False  # owner: the thread that starts and stops
        self._scratch = ExitStack()  # owner: the thread that starts and stops
        self.failed = False  # set once, by the hub thread
        self.data_dir: Path | None = None  # immutable once started

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses that the server listens on, with the ports that the system chose."""
        return self._addresses

    @property
    def max_clients(self) -> int:
        """How many sessions there may be."""
        return self._limits.max_clients

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the first of them, as ``socket.create_connection`` takes it."""
        return self._addresses[0].host, self._addresses[0].port

    def start(self) -> None:
        """Open the store, listen, and return as soon as clients can connect."""
        sockets = _listen_on(self.options.addresses())
        try:
            self._start_threads(sockets)
        except BaseException:
            for sock in sockets:
                sock.close()
            self._scratch.close()
            raise
        self._running = True

    def wait(self) -> None:
        """Wait until ``request_stop`` is called or the server fails."""
        # A signal may reach another thread than this one; its handler runs when this one wakes up.
        while not self._stopped.wait(WAKE_EVERY):
            pass

    def request_stop(self) -> None:
        """Let ``wait`` return; from any thread or a signal handler."""
        self._stopped.set()

    @property
    def fingerprint(self) -> str:
        """The SHA-256 fingerprint of the server's certificate, empty without TLS."""
        return "" if self._certificate is None else self._certificate.fingerprint()

    def reload(self, options: ServeOptions | None = None) -> None:
        """Read the certificate again, and take from ``options`` what can change while the server runs.

        Those who are connected stay, with the certificate and the pace of before. What differs and cannot change is
        logged. Raises ``CertificateUnusable``; then nothing is changed.
        """
        if self._certificate is not None and self._tls is not None:
            self._tls.begin = self._load_tls(self._certificate)
            log.info("certificate read again: SHA256 %s", self.fingerprint)
        if options is not None:
            self._change(options)

    def _change(self, options: ServeOptions) -> None:
        before = self.options
        different = [one.name for one in fields(before) if getattr(before, one.name) != getattr(options, one.name)]
        changed = {name: getattr(options, name) for name in different if name in CHANGEABLE}
        self.options = replace(before, **changed)
        if changed:
            self._engine.inbox.put(Relimit(tuple(changed.items())))
        later = [name.replace("_", "-") for name in different if name not in CHANGEABLE]
        if later:
            log.warning("changed only by a new start: %s", ", ".join(later))

    @property
    def stop_requested(self) -> bool:
        """Whether the server was asked to stop."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Stop: accept nobody, tell everybody, send what is to be sent, end the connections, close the store."""
        if not self._running:
            return
        self._running = False
        log.info("stopping")
        self._listener.stop()
        self._engine.end_sessions(FLUSH_TIME)
        self._see_everybody_off()
        self._readers.stop()
        self._engine.stop()
        self._drain.stop()
        if self._folder is not None:
            self._folder.close()
        self._scratch.close()
        self._stopped.set()
        log.info("stopped")

    def __enter__(self) -> ChatServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_threads(self, sockets: list[socket]) -> None:
        options = self.options
        self._addresses = tuple(map(bound_address, sockets))  # immutable
        self._folder = None if options.in_memory else DataDir(options.folder())  # immutable
        self.data_dir = None if self._folder is None else self._folder.path
        self._wires = wires(
            options.info(int(time.time() * 1000), self.address[1]), frozenset(options.allow_origin)
        )  # immutable
        self._certificate = self._choose_certificate()  # immutable
        self._tls = (
            None if self._certificate is None else TlsPolicy(self._load_tls(self._certificate), options.tls_only)
        )
        self._engine = Engine(
            self._limits,
            options.policy,
            self._open_store,
            self._fail,
            self.request_stop,
            self._grant,
        )  # immutable
        try:
            self._engine.start()
        except ChatctlError:
            if self._folder is not None:
                self._folder.close()
            raise
        self._open: set[Connection] = set()  # thread-safe: only whole additions and removals
        self._slots = Slots(_connections(self._limits))  # immutable
        self._callers = Callers(self._limits, options.limit_loopback)  # immutable
        self._drain = Drain(self._limits)  # immutable
        self._drain.start()
        shared = options.shared_readers()
        self._readers: Readers = (
            SharedReaders(shared, self._engine.inbox, self._ended) if shared else ThreadPerClient(self._ended)
        )  # immutable
        self._listener = Listener(sockets, self._slots.take, self._slots.give_back, self._admit)  # immutable
        self._listener.start()

    def _choose_certificate(self) -> Certificate | None:
        options = self.options
        if options.tls_cert is not None:
            return Certificate(options.tls_cert, options.tls_key or options.tls_cert)
        if not options.tls_auto:
            return None
        folder = self.data_dir or Path(self._scratch.enter_context(TemporaryDirectory(prefix="chatctl-")))
        return own_certificate(folder, options.server_name)

    def _load_tls(self, certificate: Certificate) -> Callable[[], Layer]:
        """Return what makes the TLS of a connection; raises ``CertificateUnusable``."""
        if not self.options.client_certificates:
            return partial(TlsLayer, certificate.load())
        context = certificate.load_asking()
        from chatctl.transport.asking_tls import AskingTlsLayer

        return partial(AskingTlsLayer, context)

    def _fail(self) -> None:
        self.failed = True
        self.request_stop()

    def _grant(self, wanted: Limits) -> Limits:
        """Let other limits hold from now on, as far as the process can; from the hub thread."""
        granted = _affordable(wanted)
        self._slots.extend(_connections(granted))
        self._limits = self._callers.limits = self._drain.limits = granted
        return granted

    def _open_store(self) -> Store:
        options = self.options
        if self._folder is None:
            return MemoryStore(options.retention)
        return SqliteStore(self._folder.data_file, options.retention, options.durability)

    def _admit(self, sock: socket, peer: str) -> None:
        host, limits = peer.rpartition(":")[0], self._limits
        call = self._callers.come(host)
        paced = limits.message_burst and (self.options.limit_loopback or not is_loopback(host))
        pace = Pace(limits.message_burst, limits.message_rate) if paced else None
        connection = Connection(sock, peer, self._engine.inbox, self._drain, self._wires, call, limits, self._tls, pace)
        self._open.add(connection)
        try:
            self._readers.start(connection)
        except RuntimeError:
            self._open.discard(connection)
            call.over()
            raise

    def _ended(self, connection: Connection) -> None:
        self._open.discard(connection)
        connection.call.over()
        self._slots.give_back()

    def _see_everybody_off(self) -> None:
        """Wait for the peers to take what is sent and to close; then close without them."""
        deadline = time.monotonic() + FLUSH_TIME
        while not self._slots.wait_empty(POLITE_TIME) and self._drain.sending:
            if time.monotonic() > deadline:
                log.warning("some peers did not take their last lines in %.0f seconds", FLUSH_TIME)
                break
        for connection in tuple(self._open):
            connection.outbox.abort()
        self._slots.wait_empty(GIVE_UP_TIME)


def _listen_on(addresses: tuple[Address, ...]) -> list[socket]:
    sockets: list[socket] = []
    try:
        sockets.extend(map(listen, addresses))
    except ChatctlError:
        for sock in sockets:
            sock.close()
        raise
    return sockets


def _affordable(wanted: Limits) -> Limits:
    """Return the limits with as many clients as the process can hold open; raises the soft limit for it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = _connections(wanted) + DESCRIPTOR_RESERVE
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft >= needed:
        return wanted
    # What is left after the reserve is shared in the same proportion: a quarter for the undecided.
    room = soft - DESCRIPTOR_RESERVE
    undecided = wanted.max_undecided or UNDECIDED
    affordable = max(min(room - undecided, room * 4 // 5), 1)
    log.warning(
        "max-clients is %d instead of %d: this process may open %d files; raise the limit with ulimit -n",
        affordable,
        wanted.max_clients,
        soft,
    )
    return replace(wanted, max_clients=affordable)


def _connections(limits: Limits) -> int:
    """Return how many connections may be open, sessions or not yet."""
    return limits.max_clients + (limits.max_undecided or max(UNDECIDED, limits.max_clients // 4))
