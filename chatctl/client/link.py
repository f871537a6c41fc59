"""The socket under a session, and the opening of both: everything before the first prompt."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from chatctl.client import sts
from chatctl.client.errors import CannotConnect
from chatctl.client.events import Event
from chatctl.client.options import DEFAULTS, ConnectOptions
from chatctl.client.session import Session
from chatctl.errors import CannotRun

if TYPE_CHECKING:
    from chatctl.client.tls import Tls

RECEIVE_SIZE = 65_536
"""Bytes taken from the socket at once."""

OPENING_LIMIT = 1_000
"""Events that are kept until the opening is done, the newest: a room may be busy, a server hostile."""


class Link:
    """A session and its connected socket, once the session is ready; ``opening`` is what was told so far."""

    def __init__(self, sock: socket.socket, session: Session, tls: Tls | None = None) -> None:
        self.sock = sock
        self.session = session
        self.opening: deque[Event] = deque(maxlen=OPENING_LIMIT)
        self._tls = tls

    def take_output(self) -> bytes:
        """Return the bytes to send now, and forget them."""
        data = self.session.take_output()
        if self._tls is None:
            return data
        self._tls.send(data)
        return self._tls.take_output()

    def receive(self, data: bytes) -> list[Event]:
        """Return what the server tells with these bytes."""
        return self.session.receive(data if self._tls is None else self._tls.receive(data))

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()

    def is_over(self, data: bytes) -> bool:
        """Tell whether nothing comes after these bytes."""
        return not data or (self._tls is not None and self._tls.at_end)


def open_link(
    options: ConnectOptions,
    tell: Callable[[str], None],
    labels: Iterator[int] | None = None,
    again: bool = False,
) -> Link:
    """Connect and wait until name and rooms are as asked for, ``options.timeout`` seconds at most for each.

    A server that wants TLS, or wanted it before, gets it: sts (IRCv3). ``tell`` is told what the user should know
    beforehand. Raises ``CannotRun``.
    """
    chosen = sts.kept_to(options)
    try:
        link = _open(chosen, tell, labels, again)
    except _WantsTls as wish:
        chosen = sts.upgraded(options, wish.port)
        tell(f"{options.address} wants TLS, on port {wish.port}")
        link = _open(chosen, tell, labels, again)
    sts.keep(chosen, link.session.sts)
    return link


class _WantsTls(Exception):
    """A server is to be reached with TLS instead, on ``port``."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.port = port


def _open(options: ConnectOptions, tell: Callable[[str], None], labels: Iterator[int] | None, again: bool) -> Link:
    """Connect as the options say; raises ``_WantsTls`` for a server that is not to be talked to so."""
    sock, tls = _open_socket(options, tell)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link = Link(sock, Session(options.login, options.rooms, labels, again), tls)
        _await_ready(link, options)
    except BaseException:
        sock.close()
        raise
    return link


def _open_socket(options: ConnectOptions, tell: Callable[[str], None]) -> tuple[socket.socket, Tls | None]:
    connect = partial(socket.create_connection, (options.host, options.port), options.timeout)
    try:
        if options.tls is None:
            return connect(), None
        from chatctl.client.tls import open_tls

        return open_tls(connect, options.host, options.port, options.tls, options.timeout, tell)
    except ConnectionRefusedError:
        raise CannotConnect(_nobody_listens(options)) from None
    except socket.gaierror as error:
        raise CannotConnect(f"no address is known for {options.host!r} ({error.strerror}); check --host") from None
    except TimeoutError:
        raise CannotConnect(_no_answer(options)) from None
    except (OSError, UnicodeError) as error:
        raise CannotConnect(f"cannot connect to {options.address} ({error}); check --host and --port") from None


def _await_ready(link: Link, options: ConnectOptions) -> None:
    deadline = time.monotonic() + options.timeout
    while not link.session.ready:
        try:
            data = _exchange(link, options, deadline)
        finally:
            # Nothing of what the session answers has been sent yet; and what a server lacks here, it may have with TLS.
            _heed_wish(link, options)
        if link.is_over(data):
            remedy = f"check --host and --port{_or_tls(options)}"
            raise CannotConnect(f"{options.address} closed the connection without a word; {remedy}")


def _heed_wish(link: Link, options: ConnectOptions) -> None:
    """Raise ``_WantsTls`` if the server wants TLS, there is none, and it can be had."""
    port = sts.wanted_port(link.session.sts)
    if port is not None and options.tls is None and options.upgrade is not None:
        raise _WantsTls(port)


def _exchange(link: Link, options: ConnectOptions, deadline: float) -> bytes:
    """Send what is to be sent and take in what comes; return it."""
    try:
        link.sock.settimeout(_remaining(deadline))
        link.sock.sendall(link.take_output())
        data = link.sock.recv(RECEIVE_SIZE)
        link.opening += link.receive(data)
    except TimeoutError:
        raise CannotConnect(_no_answer(options)) from None
    except OSError as error:
        what = f"{options.address} broke the connection at once ({error}); try again{_or_tls(options)}"
        raise CannotConnect(what) from None
    except CannotRun:
        if link.session.strange:
            said = f"it said {link.session.strange!r}"
            raise CannotConnect(f"{options.address} is no chat server ({said}); check --host and --port") from None
        raise
    return data


def _or_tls(options: ConnectOptions) -> str:
    """Return the remedy for servers that speak nothing but TLS, which hang up without it."""
    return ", or with --tls" if options.tls is None else ""


def _remaining(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining


def _nobody_listens(options: ConnectOptions) -> str:
    if not _is_local(options.host):
        return f"nobody listens on {options.address}; check --host and --port"
    host = "" if options.host in (DEFAULTS.host, "localhost") else f" --host {options.host}"
    port = "" if options.port == DEFAULTS.port else f" -p {options.port}"
    serve = f"chatctl serve{host}{port}"
    return f"nobody listens on {options.address}; start a server in another terminal with: {serve}"


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _no_answer(options: ConnectOptions) -> str:
    return f"no answer from {options.address} within {options.timeout:g} seconds; check --host and --port"
