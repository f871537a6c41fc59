"""Whatever people write is one message, one row and one line; and no secret gets into the log or the data file."""

from __future__ import annotations

import base64
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from process import Server

from chatctl.wire.clean import clean

LETTERS = 100
"""Characters of a message: at most 400 bytes, so that IRC takes it as one line."""

AT_ONCE = 100
"""Messages on their way at once."""

NO_TEXT = "\0\r\n"
"""What no line of any of the protocols can hold."""


def every_message() -> Iterator[str]:
    """Return all code points that UTF-8 has, as messages."""
    for start in range(0, sys.maxunicode + 1, LETTERS):
        points = range(start, min(start + LETTERS, sys.maxunicode + 1))
        yield "x" + "".join(
            chr(point) for point in points if not 0xD800 <= point < 0xE000 and chr(point) not in NO_TEXT
        )


class Irc:
    """An IRC client of a server that is a process of its own."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._lines = sock.makefile("r", encoding="utf-8", newline="\n")

    def send(self, *lines: str) -> None:
        self._sock.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def until(self, wanted: str) -> None:
        """Read up to the first line that contains ``wanted``."""
        if not any(wanted in line for line in self._lines):
            raise EOFError(wanted)

    def rest(self) -> None:
        """Read to the end of the stream."""
        self._lines.read()


def line(peer) -> str:
    return peer.line().removesuffix("\r")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_character_is_one_message_one_row_and_one_line_for_each_receiver(start_house, tmp_path: Path) -> None:
    house = start_house(data_dir=tmp_path)
    ada, bob, eve = house.enter("ada"), house.enter("bob"), house.connect()
    eve.send("NICK eve", "USER eve 0 * :eve", "JOIN #lobby")
    eve.until(" 366 ")
    bob.until("eve joined")
    ada.until("eve joined")
    messages = list(every_message())
    for start in range(0, len(messages), AT_ONCE):
        some = messages[start : start + AT_ONCE]
        ada.send(*some)
        assert [line(ada) for _ in some] == [f"{text} ACK" for text in some]
        assert [line(bob) for _ in some] == [f"ada: {clean(text)}" for text in some]
        assert [line(eve).partition(" PRIVMSG #lobby :")[2] for _ in some] == some
    house.server.stop()
    with closing(sqlite3.connect(tmp_path / "chatctl.db")) as file:
        rows = [text for (text,) in file.execute("SELECT text FROM messages WHERE kind = 'say' ORDER BY id")]
    assert rows == messages


def test_no_secret_is_in_the_log_or_in_the_data_file(tmp_path: Path) -> None:
    door, oper = tmp_path / "door", tmp_path / "oper"
    door.write_text("secret-of-the-door\n")
    oper.write_text("secret-of-the-oper\n")
    options = ["--password-file", str(door), "--oper", f"root:{oper}", "--log-level", "debug", "--limit-loopback"]
    with (
        Server(tmp_path / "data", *options) as server,
        socket.create_connection(server.address, timeout=10) as sock,
    ):
        ada = Irc(sock)
        ada.send("PASS secret-of-the-dogs", "PASS secret-of-the-door", "CAP REQ :sasl", "AUTHENTICATE PLAIN")
        ada.until("AUTHENTICATE +")
        plain = base64.b64encode(b"\0ada\0secret-of-sasl").decode()
        ada.send(f"AUTHENTICATE {plain}", "CAP END", "NICK ada", "USER ada 0 * :ada")
        ada.until(" 422 ")
        ada.send("OPER root secret-of-the-pope", "OPER root secret-of-the-oper")
        ada.until(" 381 ")
        ada.send("REGISTER * * secret-of-ada")
        ada.until(" 900 ")
        ada.send("PRIVMSG NickServ :PASSWORD secret-of-new")
        ada.until("NickServ")
        ada.send("PRIVMSG NickServ :IDENTIFY ada secret-of-id", "REGISTER * * secret-of-twice", "PASS secret-too-late")
        ada.send("AUTHENTICATE secret-of-nonsense", "QUIT :bye")
        ada.rest()
    files = [server.log, *(path for path in server.folder.rglob("*") if path.is_file())]
    assert b"session 1" in server.log.read_bytes()
    assert b"argon2id" in server.database.read_bytes()
    found = {path.name for path in files if b"secret" in path.read_bytes() or plain.encode() in path.read_bytes()}
    assert found == set()
