"""What people write: one message is one row and one line, for every code point, and harms no terminal and no log."""

from __future__ import annotations

import io
import json
import logging
import re
import sqlite3
import struct
import sys
import unicodedata
from contextlib import closing

import pytest

from chatctl.cli.logs import JsonFormatter, TextFormatter
from chatctl.core.policy import Policy

BLOCK = 100
"""Code points in a message: at most 400 bytes, so that an IRC line holds it whole, with what is written before it."""

NEVER = {0x00: "a NUL character", 0x0D: "a bare CR"}
LINE_END = 0x0A
BIDI = {*"\u061c\u200e\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
"""Bidi_Control: Unicode Standard Annex 9, table of the explicit formatting characters."""


def spared(letter):
    """Tell whether docs/protocol.md, "What a terminal is spared", takes this letter out."""
    return unicodedata.category(letter) in ("Cc", "Zl", "Zp") or letter in BIDI


def shown(text):
    """Return what people with netcat are shown of a text."""
    return "".join(" " if letter == "\t" else letter for letter in text if letter == "\t" or not spared(letter))


def every_message():
    """Return all code points that a message may hold, a block in each."""
    points = [point for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000]
    letters = [chr(point) for point in points if point not in NEVER and point != LINE_END]
    return [f"m{start}|{''.join(letters[start : start + BLOCK])}|" for start in range(0, len(letters), BLOCK)]


class IrcPeer:
    """A client of IRC, which hears what it says."""

    def __init__(self, house, nick):
        self.peer = house.connect()
        self.peer.send("CAP REQ :echo-message", f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")
        self.until(" 422 ")
        self.say_line("JOIN #lobby")
        self.until(" 366 ")

    def until(self, word):
        while word not in (line := self.line()):
            pass
        return line

    def line(self):
        return self.peer.line().removesuffix("\r")

    def say_line(self, line):
        self.peer.sock.sendall(line if isinstance(line, bytes) else f"{line}\r\n".encode())

    def say(self, texts):
        self.peer.sock.sendall("".join(f"PRIVMSG #lobby :{text}\r\n" for text in texts).encode())

    def heard(self, count):
        """Return so many messages; each is a line of its own."""
        return [self.line().partition(" PRIVMSG #lobby ")[2].removeprefix(":") for _ in range(count)]


class WebSocketPeer(IrcPeer):
    """The same over WebSocket: each message of RFC 6455 is a line."""

    def __init__(self, house, nick):
        self.peer = house.connect()
        self.peer.sock.sendall(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Protocol: text.ircv3.net\r\n\r\n"
        )
        while self.peer.line() != "\r":
            pass
        self._incoming = self.peer.sock.makefile("rb")
        self._early = io.BytesIO(self.peer._received)
        for line in ("CAP REQ :echo-message", f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END"):
            self.say_line(line)
        self.until(" 422 ")
        self.say_line("JOIN #lobby")
        self.until(" 366 ")

    def _read(self, size):
        data = self._early.read(size)
        return data + self._incoming.read(size - len(data))

    def line(self):
        opcode, size = self._read(2)
        if size == 126:
            (size,) = struct.unpack("!H", self._read(2))
        text = self._read(size).decode()
        assert opcode == 0x81, (opcode, text)
        return text

    def close(self):
        self._incoming.close()

    def say_line(self, line):
        self.peer.sock.sendall(self._frame(line if isinstance(line, bytes) else line.encode()))

    def say(self, texts):
        self.peer.sock.sendall(b"".join(self._frame(f"PRIVMSG #lobby :{text}".encode()) for text in texts))

    def _frame(self, payload):
        size = len(payload)
        head = bytes((0x81, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
        # A mask of zeros: RFC 6455, section 5.3, asks for one.
        return head + bytes(4) + payload


class TextPeer:
    """A person with netcat."""

    def __init__(self, house, nick):
        self.peer = house.enter(nick)

    def say(self, texts):
        self.peer.send(*texts)

    def heard(self, count):
        """Return so many messages of others, and acknowledgements of one's own."""
        found = []
        while len(found) < count:
            line = self.peer.line()
            if not line.startswith("* "):
                found.append(line)
        return found


@pytest.fixture
def three(start_house, tmp_path):
    """One peer of each wire in the lobby, and a person who only listens."""
    house = start_house(data_dir=tmp_path / "data")
    page = WebSocketPeer(house, "page")
    peers = {"irc": IrcPeer(house, "irc"), "page": page, "text": TextPeer(house, "text"), "ear": TextPeer(house, "ear")}
    for peer in (page, peers["irc"]):
        peer.say_line("PING settled")
        peer.until("PONG")
    yield house, peers
    page.close()


def exchange(three, told, sender):
    """Have each of the messages said by ``sender`` of it, and check what everybody hears and what is stored."""
    house, peers = three
    # A hundred at a time: nobody's buffers fill.
    for start in range(0, len(told), 100):
        chunk = told[start : start + 100]
        name = sender(start // 100)
        peers[name].say(chunk)
        assert peers["irc"].heard(len(chunk)) == chunk
        assert peers["page"].heard(len(chunk)) == chunk
        told_to_people = [f"{name}: {shown(text)}" for text in chunk]
        assert peers["ear"].heard(len(chunk)) == told_to_people
        own = [f"{text} ACK" for text in chunk]
        assert peers["text"].heard(len(chunk)) == (own if name == "text" else told_to_people)
    with closing(sqlite3.connect(house.server.data_dir / "chatctl.db")) as file:
        stored = file.execute("SELECT text FROM messages WHERE kind = 'say' ORDER BY id").fetchall()
    assert [text for (text,) in stored] == told


def test_every_code_point_arrives_as_one_row_and_one_line(three):
    told = every_message()
    assert len("".join(told)) > 1_111_000
    wires = ("text", "irc", "page")
    exchange(three, told, lambda number: wires[number % 3])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["text", "irc", "page"])
def test_every_code_point_arrives_from_each_wire(three, name):
    exchange(three, every_message(), lambda _: name)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        *((bytes([point]), sentence) for point, sentence in NEVER.items()),
        (b"\xed\xa0\x80", "UTF-8"),
        (b"\xc0\xaf", "UTF-8"),
        (b"\xf4\x90\x80\x80", "UTF-8"),
        (b"\xff", "UTF-8"),
    ],
    ids=["nul", "bare-cr", "surrogate", "overlong", "too-large", "no-utf8"],
)
def test_what_no_message_may_hold_is_refused_with_a_sentence(three, what, sentence):
    house, peers = three
    line = b"x" + what + b"y"
    peers["text"].peer.sock.sendall(line + b"\n")
    assert sentence in peers["text"].peer.until("ERR ")[-1]
    peers["irc"].say_line(b"PRIVMSG #lobby :" + line + b"\r\n")
    assert sentence in peers["irc"].until("FAIL ")
    for peer, name in ((peers["text"], ":text!"), (peers["irc"], ":irc!")):
        peer.say(["still here"])
        assert name in peers["irc"].until("still here")
    if what in (b"\0", b"\r"):
        # A frame of text that is no UTF-8 ends the connection: RFC 6455, section 8.1.
        peers["page"].say_line(b"PRIVMSG #lobby :" + line)
        assert sentence in peers["page"].until("FAIL ")
    with closing(sqlite3.connect(house.server.data_dir / "chatctl.db")) as file:
        stored = file.execute("SELECT text FROM messages WHERE kind = 'say' ORDER BY id").fetchall()
    assert [text for (text,) in stored] == ["still here"] * 2


C0 = "".join(map(chr, [*range(1, 10), 11, 12, *range(14, 32)]))
SEQUENCES = "\x1b]0;title\x07\x1b[2J\x9b31mred\x9d8;;http://x\x9c"
HARMFUL = f"{C0}\x7f{''.join(map(chr, range(0x80, 0xA0)))}{''.join(sorted(BIDI))}\u2028\u2029{SEQUENCES}[/x][link=x]"
WORD = HARMFUL.replace("\t", "")
"""What a name can be tried with; IRC's words hold no blank, and a tab is shown as one."""


def assert_harmless(text, whose=""):
    """See to it that a terminal that is shown these lines does nothing but show letters."""
    assert {letter for letter in text if spared(letter) and letter != "\n"} == set(), whose


@pytest.fixture
def logs():
    """The log as it is written in each format, all of it."""
    logger = logging.getLogger("chatctl")
    level, written = logger.level, (io.StringIO(), io.StringIO())
    handlers = [logging.StreamHandler(stream) for stream in written]
    for handler, formatter in zip(handlers, (TextFormatter(), JsonFormatter()), strict=True):
        handler.setFormatter(formatter)
        logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield written
    logger.setLevel(level)
    for handler in handlers:
        logger.removeHandler(handler)


def test_no_words_anywhere_reach_a_terminal_or_a_log_as_more_than_words(start_house, logs, tmp_path):
    policy = Policy(operators={"root": "sesame"})
    house = start_house(policy=policy, motd=(HARMFUL,), description=HARMFUL, data_dir=tmp_path / "other")
    watcher, victim, banned = house.enter("watcher"), house.enter("victim"), house.enter("banned")
    eve = house.connect()
    seen = []

    def says(*lines):
        eve.send(*lines, "PING done")
        return eve.until("PONG")

    eve.send("CAP REQ :draft/metadata-2 draft/channel-rename message-tags", f"NICK {WORD}", "NICK eve")
    eve.send(f"USER {WORD} 0 * :{HARMFUL}", "CAP END")
    eve.until(" 376 ")
    says("JOIN #lobby", f"PRIVMSG #lobby :{HARMFUL}", f"PRIVMSG #lobby :\x01ACTION {HARMFUL}\x01")
    says(f"@+typing={WORD};+{WORD}={WORD} PRIVMSG #lobby :tags", f"NOTICE #lobby :{HARMFUL}")
    says(f"PRIVMSG watcher :{HARMFUL}", f"PRIVMSG watcher :\x01VERSION {HARMFUL}\x01", f"INVITE watcher #{WORD}")
    says(f"METADATA * SET display-name :{HARMFUL}", f"METADATA * SET avatar :{HARMFUL}")
    says(f"NICK {WORD}", "NICK eve_", f"JOIN #{WORD}", f"JOIN #r {WORD}", f"MODE #r +k {WORD}", f"MODE #r +b {WORD}")
    says(f"TOPIC #r :{HARMFUL}", "INVITE watcher #r", "MODE #r -k *")
    watcher.send("/join #r")
    seen += watcher.until("topic of #r:")
    says(
        f"RENAME #r #s :{HARMFUL}",
        f"PRIVMSG #s :{HARMFUL}",
        f"TOPIC #s :again {HARMFUL}",
        f"AWAY :{HARMFUL}",
        f"MODE #s +k {WORD}",
    )
    says(f"KICK #s watcher :{HARMFUL}")
    seen += watcher.until("kicked")
    says("MODE #s -k *", "PART #s :" + HARMFUL, "JOIN #lobby")
    says(f"REGISTER * {WORD}@x {WORD}", f"PRIVMSG NickServ :REGISTER {WORD} {WORD}@x")
    watcher.send("/msg eve_ hello", f"/msg NickServ {HARMFUL}", "/rooms", "/who", "/history 100", f"/search {HARMFUL}")
    watcher.send(f"/{WORD}", f"/join #{WORD}", f"/nick {WORD}", f"/status {WORD}", f"/history {WORD}")
    watcher.send(f"/topic {HARMFUL}", f"/msg {WORD} hi", "/topic")
    says("OPER root sesame")
    says(f"WALLOPS :{HARMFUL}", f"OPER {WORD} {WORD}", f"SET {WORD} {WORD}", f"KILL victim :{HARMFUL}")
    watcher.send("/status all")
    seen += watcher.until("active, ")
    says(f"KLINE text@127.0.0.1 :{HARMFUL}")
    late = house.connect()
    late.send("")
    told = {name: "\n".join(peer.rest()) for name, peer in (("victim", victim), ("banned", banned), ("late", late))}
    assert "ERROR :eve_, an operator of the server, disconnected you" in told["victim"]
    assert "ERROR :You are banned" in told["banned"]
    assert "ERROR :You are banned" in told["late"]
    says("UNKLINE text@127.0.0.1")
    last = house.enter()
    says(f"JOIN #t :{HARMFUL}", "NICK eve2", f"PART #lobby :{HARMFUL}", "JOIN #lobby")
    eve.send(f"SHUTDOWN :{HARMFUL}")
    house.server.wait()
    house.server.stop()
    told["last"] = "\n".join(last.rest())
    assert "the server is shutting down (" in told["last"]
    told["watcher"] = "\n".join([*seen, *watcher.rest()])
    for sign in (
        "away: ",
        "kicked watcher",
        "renamed #r to #s (",
        "topic of #s: again",
        "invites you",
        "[private] NickServ",
    ):
        assert sign in told["watcher"], sign
    for name, lines in told.items():
        assert_harmless(lines, name)
    text, structured = (stream.getvalue() for stream in logs)
    assert_harmless(text, "log")
    assert_harmless(structured, "log")
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w+ ", line) for line in text.splitlines())
    assert len([json.loads(line) for line in structured.splitlines()]) == len(text.splitlines())
