"""Clients that talk, listen and write down what they see, for the oracle."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol, TextIO

DEADLINE = 30.0
"""Seconds that an answer may take on a busy machine."""

_IRC = re.compile(r"(?:@\S+ )?:([^! ]+)\S* PRIVMSG #\S+ :(.*)")
_SAID = re.compile(r"([^ :]+): (\S+-[0-9]+)")


class Tongue(Protocol):
    """How a client speaks to the server."""

    def hello(self, nick: str, room: str) -> str:
        """Return what is sent first."""
        ...

    def is_in(self, line: str, nick: str, room: str) -> bool:
        """Tell whether this line says that the client is in its room, by its name."""
        ...

    def say(self, room: str, text: str) -> str:
        """Return the line that says something."""
        ...

    def heard(self, line: str, nick: str) -> tuple[str, str] | None:
        """Return what a line tells: ``A`` for a message of one's own, ``H`` for another's, and the text."""
        ...

    bye: str
    farewell: str
    """How the server's answer to that begins."""


class Text:
    """As a person with netcat."""

    bye, farewell = "exit\n", "Goodbye "

    def hello(self, nick: str, room: str) -> str:
        return f"\n/nick {nick}\n/join {room}\n"

    def is_in(self, line: str, nick: str, room: str) -> bool:
        return line == f"* {nick} joined {room}"

    def say(self, room: str, text: str) -> str:
        return f"{text}\n"

    def heard(self, line: str, nick: str) -> tuple[str, str] | None:
        if line.endswith(" ACK"):
            return "A", line[:-4]
        said = _SAID.fullmatch(line)
        return ("H", said[2]) if said else None


class Irc:
    """As an IRC client with echo-message."""

    bye, farewell = "QUIT\r\n", "ERROR "

    def hello(self, nick: str, room: str) -> str:
        return f"CAP REQ :echo-message\r\nNICK {nick}\r\nUSER {nick} 0 * :{nick}\r\nCAP END\r\nJOIN {room}\r\n"

    def is_in(self, line: str, nick: str, room: str) -> bool:
        return f" 366 {nick} {room} " in line

    def say(self, room: str, text: str) -> str:
        return f"PRIVMSG {room} :{text}\r\n"

    def heard(self, line: str, nick: str) -> tuple[str, str] | None:
        said = _IRC.fullmatch(line)
        return ("A" if said[1] == nick else "H", said[2]) if said else None


class Member(threading.Thread):
    """One client: keeps ``window`` messages under way, at most ``rate`` a second, until ``stop`` or its own end."""

    def __init__(
        self,
        address: tuple[str, int],
        nick: str,
        room: str,
        folder: Path,
        stop: threading.Event,
        tongue: Tongue | None = None,
        *,
        tls: bool = False,
        window: int = 5,
        rate: float = 0.0,
    ) -> None:
        super().__init__(name=nick)
        self.nick, self.room = nick, room
        self.acknowledged = 0
        self.entered = threading.Event()
        self._address, self._folder, self._stopping = address, folder, stop
        self._tongue = tongue or Text()
        self._tls, self._window, self._rate = tls, window, rate
        self._rest = b""

    def run(self) -> None:
        """Talk; whatever ends the connection is in the journal by what is missing there."""
        with ExitStack() as stack:
            journal = stack.enter_context((self._folder / f"{self.nick}.journal").open("w", encoding="utf-8"))
            journal.write(f"{self.nick} {self.room}\n")
            try:
                sock = stack.enter_context(self._connect())
                self._talk(sock, journal)
            except (OSError, EOFError):
                # Killed, cut, full: the oracle knows what that means.
                return
            journal.write("E left\n")

    def _connect(self) -> socket.socket:
        plain = socket.create_connection(self._address, DEADLINE)
        if not self._tls:
            return plain
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(plain)

    def _talk(self, sock: socket.socket, journal: TextIO) -> None:
        sock.sendall(self._tongue.hello(self.nick, self.room).encode())
        for line in self._lines(sock, time.monotonic() + DEADLINE):
            if self._tongue.is_in(line, self.nick, self.room):
                break
        self.entered.set()
        sent = 0
        while not self._stopping.is_set():
            due = {f"{self.nick}-{number}" for number in range(sent, sent + self._window)}
            sock.sendall("".join(self._tongue.say(self.room, text) for text in sorted(due, key=_number)).encode())
            sent += len(due)
            self._listen(sock, journal, due)
        sock.sendall(self._tongue.bye.encode())
        for line in self._lines(sock, time.monotonic() + DEADLINE):
            self._note(line, journal)
            if line.startswith(self._tongue.farewell):
                break

    def _listen(self, sock: socket.socket, journal: TextIO, due: set[str]) -> None:
        """Write down what is heard until all that is ``due`` is acknowledged and it is time to say more."""
        begun = time.monotonic()
        for line in self._lines(sock, begun + DEADLINE):
            due.discard(self._note(line, journal))
            if not due:
                break
        if self._rate:
            for line in self._lines(sock, begun + self._window / self._rate, quiet=True):
                self._note(line, journal)

    def _note(self, line: str, journal: TextIO) -> str:
        """Write a message down; return it if it is one's own."""
        told = self._tongue.heard(line, self.nick)
        if told is None:
            return ""
        kind, text = told
        journal.write(f"{kind} {text}\n")
        if kind == "H":
            return ""
        self.acknowledged += 1
        return text

    def _lines(self, sock: socket.socket, until: float, *, quiet: bool = False) -> Iterator[str]:
        """Return line after line up to a time: ``TimeoutError`` then, or the end of it if ``quiet``."""
        while True:
            line, end, rest = self._rest.partition(b"\n")
            if end:
                self._rest = rest
                yield line.decode().rstrip("\r")
                continue
            left = until - time.monotonic()
            if left <= 0 and quiet:
                return
            sock.settimeout(max(left, 0.001))
            try:
                data = sock.recv(65536)
            except TimeoutError:
                if quiet:
                    return
                raise
            if not data:
                raise EOFError
            self._rest += data


def _number(text: str) -> int:
    return int(text.rpartition("-")[2])


@contextmanager
def crowd(members: Sequence[Member], stop: threading.Event) -> Iterator[None]:
    """Have members talk; at the end they leave, if they can, and are waited for."""
    for member in members:
        member.start()
    try:
        for member in members:
            if not member.entered.wait(DEADLINE):
                raise AssertionError(f"{member.nick} did not come in")
        yield
    finally:
        stop.set()
        for member in members:
            member.join(2 * DEADLINE)
