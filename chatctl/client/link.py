"""The socket under a session, and the opening of both: everything before the first prompt."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections import deque
from collections.abc import Sequence
from itertools import takewhile

from chatctl.client import events as ev
from chatctl.client.errors import CannotConnect, NoSlotFree, OpeningRefused
from chatctl.client.events import Event
from chatctl.client.options import DEFAULTS, ConnectOptions
from chatctl.client.session import Session

RECEIVE_SIZE = 65_536
"""Bytes taken from the socket at once."""

OPENING_LIMIT = 1_000
"""Events that are kept until the opening is done, the newest: a room may be busy, a server hostile."""


class Link:
    """A session and its connected socket, once the session is ready; ``opening`` is what was told so far."""

    def __init__(self, sock: socket.socket, session: Session) -> None:
        self.sock = sock
        self.session = session
        self.opening: deque[Event] = deque(maxlen=OPENING_LIMIT)


def open_link(options: ConnectOptions) -> Link:
    """Connect and wait until name and room are as asked for, ``options.timeout`` seconds at most for each.

    Raises ``CannotConnect``, ``NoSlotFree`` or ``OpeningRefused``.
    """
    sock = _connect(options)
    try:
        link = Link(sock, Session(options.name, options.room))
        _await_ready(link, options)
    except BaseException:
        sock.close()
        raise
    return link


def _connect(options: ConnectOptions) -> socket.socket:
    try:
        sock = socket.create_connection((options.host, options.port), options.timeout)
    except ConnectionRefusedError:
        raise CannotConnect(_nobody_listens(options)) from None
    except socket.gaierror as error:
        raise CannotConnect(f"no address is known for {options.host!r} ({error.strerror}); check --host") from None
    except TimeoutError:
        raise CannotConnect(_no_answer(options)) from None
    except (OSError, UnicodeError) as error:
        raise CannotConnect(f"cannot connect to {options.address} ({error}); check --host and --port") from None
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _await_ready(link: Link, options: ConnectOptions) -> None:
    deadline = time.monotonic() + options.timeout
    while not link.session.ready:
        try:
            link.sock.settimeout(_remaining(deadline))
            link.sock.sendall(link.session.take_output())
            data = link.sock.recv(RECEIVE_SIZE)
        except TimeoutError:
            raise CannotConnect(_no_answer(options)) from None
        except OSError as error:
            raise CannotConnect(f"{options.address} broke the connection at once ({error}); try again") from None
        events = link.session.receive(data)
        link.opening += events
        for event in takewhile(lambda event: not isinstance(event, ev.Ready), events):
            _check_opening(event)
        if not data or (link.opening and not link.session.name):
            raise CannotConnect(_strange(link.opening, options))


def _remaining(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining


def _check_opening(event: Event) -> None:
    match event:
        case ev.Ended(reason=reason) if reason.startswith("Server full"):
            raise NoSlotFree(reason)
        case ev.Ended(reason=reason):
            raise CannotConnect(reason)
        case ev.Refused(sentence=sentence):
            raise OpeningRefused(sentence)
        case _:
            pass


def _nobody_listens(options: ConnectOptions) -> str:
    if not _is_local(options.host):
        return f"nobody listens on {options.address}; check --host and --port"
    serve = "chatctl serve" if options.port == DEFAULTS.port else f"chatctl serve -p {options.port}"
    return f"nobody listens on {options.address}; start a server in another terminal with: {serve}"


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _no_answer(options: ConnectOptions) -> str:
    return f"no answer from {options.address} within {options.timeout:g} seconds; check --host and --port"


def _strange(told: Sequence[Event], options: ConnectOptions) -> str:
    said = f"it said {told[0].line[:60]!r}" if told else "it said nothing"
    return f"{options.address} is no chat server ({said}); check --host and --port"
