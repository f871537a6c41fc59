"""Many who come and go, by every way there is to leave: every session is closed once, with its reason."""

from __future__ import annotations

import os
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from oracle import read_ledger
from process import Server, rest

CONNECTIONS = int(os.environ.get("CHURN_CONNECTIONS", "4000"))
WORKERS = 8
DEADLINE = 30.0
MEMORY_LIMIT = 8192
"""KiB that may be held afterwards beyond what was before: caches, and the last people who left."""
PASSWORD = "sesame"
AT_ONCE = struct.pack("ii", 1, 0)


class Guest:
    """One connection, which leaves by one of the ways."""

    def __init__(self, address: tuple[str, int], nick: str, context: ssl.SSLContext | None = None) -> None:
        plain = socket.create_connection(address, DEADLINE)
        self.sock = plain if context is None else context.wrap_socket(plain)
        self.nick = nick
        self._said = b""

    def until(self, wanted: str) -> None:
        """Read up to a line with ``wanted``."""
        while wanted.encode() not in self._said:
            data = self.sock.recv(65536)
            assert data, self._said
            self._said += data
        self._said = b""

    def to_the_end(self) -> None:
        """Read until the server has ended the connection."""
        while self.sock.recv(65536):
            pass

    def register(self) -> None:
        """Come in as an IRC client."""
        self.sock.sendall(f"NICK {self.nick}\r\nUSER {self.nick} 0 * :x\r\n".encode())
        self.until(" 422 ")

    def introduce(self) -> None:
        """Come in as a person with netcat."""
        self.sock.sendall(f"\n/nick {self.nick}\n".encode())
        self.until("is now")


class Churner(threading.Thread):
    """Comes and goes; ``left`` has the reasons that the ledger may give for each nick."""

    def __init__(self, server: Server, number: int, count: int) -> None:
        super().__init__(name=f"churn-{number}")
        self.left: dict[str, tuple[str, ...]] = {}
        self.done = 0
        self.failure: BaseException | None = None
        self._address, self._number, self._count = server.address, number, count
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.check_hostname, self._context.verify_mode = False, ssl.CERT_NONE

    def run(self) -> None:
        """Leave by each way in turn."""
        try:
            self._root = Guest(self._address, f"root{self._number}")
            self._root.register()
            self._root.sock.sendall(f"OPER root {PASSWORD}\r\n".encode())
            self._root.until(" 381 ")
            ways: tuple[tuple[Callable[[str], None], tuple[str, ...]], ...] = (
                (self._says_exit, ("quit",)),
                (self._ends_its_half, ("eof",)),
                (self._resets, ("reset",)),
                (self._is_killed, ("killed",)),
                (self._goes_in_mid_line, ("eof", "reset")),
                (self._drops_tls, ("eof", "reset")),
                (self._never_registers, ()),
                (self._says_nothing, ()),
            )
            for number in range(self._count):
                leave, reasons = ways[number % len(ways)]
                nick = f"w{self._number}n{number}"
                leave(nick)
                self.left[nick] = reasons
                self.done += 1
            self._root.sock.sendall(b"QUIT\r\n")
            self._root.to_the_end()
            self._root.sock.close()
        except BaseException as error:  # noqa: BLE001
            self.failure = error

    def _says_exit(self, nick: str) -> None:
        guest = Guest(self._address, nick)
        guest.introduce()
        guest.sock.sendall(b"exit\n")
        guest.to_the_end()
        guest.sock.close()

    def _ends_its_half(self, nick: str) -> None:
        guest = Guest(self._address, nick)
        guest.introduce()
        guest.sock.shutdown(socket.SHUT_WR)
        guest.to_the_end()
        guest.sock.close()

    def _resets(self, nick: str) -> None:
        guest = Guest(self._address, nick)
        guest.register()
        guest.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        guest.sock.close()

    def _is_killed(self, nick: str) -> None:
        guest = Guest(self._address, nick)
        guest.register()
        self._root.sock.sendall(f"KILL {nick} :churn\r\n".encode())
        guest.to_the_end()
        guest.sock.close()

    def _goes_in_mid_line(self, nick: str) -> None:
        guest = Guest(self._address, nick)
        guest.register()
        guest.sock.sendall(b"PRIVMSG #lobby :half of a li")
        guest.sock.close()

    def _drops_tls(self, nick: str) -> None:
        guest = Guest(self._address, nick, self._context)
        guest.register()
        guest.sock.close()

    def _never_registers(self, nick: str) -> None:
        guest = Guest(self._address, nick)
        guest.sock.sendall(f"NICK {nick}\r\nPING x\r\n".encode())
        guest.until("PONG")
        guest.sock.close()

    def _says_nothing(self, nick: str) -> None:
        Guest(self._address, nick).sock.close()


def watch(churners: list[Churner]) -> None:
    """Wait for all to be done, and say each ten seconds how far they are."""
    told = time.monotonic()
    for churner in churners:
        while churner.is_alive():
            churner.join(0.5)
            if time.monotonic() - told > 10:
                told = time.monotonic()
                print(f"  {sum(one.done for one in churners)} of {CONNECTIONS}", flush=True)


@pytest.mark.slow
@pytest.mark.timeout(60 + CONNECTIONS / 20)
def test_many_who_come_and_go_are_each_closed_once_and_leave_nothing_behind(tmp_path):
    secret = Path(tmp_path / "secret")
    secret.write_text(f"{PASSWORD}\n")
    options = ("--tls", "auto", "--oper", f"root:{secret}", "--log-level", "error")
    with Server(tmp_path / "data", *options) as server:
        begun = time.monotonic()
        first = Churner(server, 99, 16)
        first.run()
        assert first.failure is None
        start = rest(server, server.holds._replace(descriptors=0), 3.0)
        churners = [Churner(server, number, CONNECTIONS // WORKERS) for number in range(WORKERS)]
        for churner in churners:
            churner.start()
        watch(churners)
        end, seconds = rest(server, start), time.monotonic() - begun
    assert [churner.failure for churner in churners] == [None] * WORKERS
    ledger = read_ledger(server.database)
    rows = Counter(past.nick for past in ledger)
    reasons = {past.nick: past.reason for past in ledger}
    expected = {nick: ways for churner in (first, *churners) for nick, ways in churner.left.items()}
    counted = Counter(past.reason for past in ledger)
    print(f"{len(expected)} connections in {seconds:.0f} s, {len(ledger)} sessions: {dict(counted)}")
    print(f"  before {start}, after {end}")
    assert all(past.disconnected is not None and past.disconnected >= past.connected for past in ledger)
    wrong = {nick: reasons.get(nick) for nick, ways in expected.items() if ways and reasons.get(nick) not in ways}
    assert wrong == {}
    assert {nick for nick, count in rows.items() if count != 1} <= {"*", ""}
    assert end[1:] == start[1:]
    assert end.memory - start.memory < MEMORY_LIMIT
