"""The line protocol for people with netcat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatctl.core.limits import DEFAULTS
from chatctl.core.requests import lookups, presence, rooms, talk
from chatctl.core.requests.base import Request
from chatctl.core.requests.server import ShowLimits
from chatctl.errors import (
    BadCharacter,
    BadParameter,
    LineTooLong,
    MissingParameter,
    NotUtf8,
    Refused,
    TooManyBadLines,
    UnknownCommand,
)
from chatctl.wire.base import Dialect
from chatctl.wire.lines import BAD_LINES, Lines
from chatctl.wire.sniff import WireName
from chatctl.wire.text_render import TextDialect

MESSAGE_SILENCE = 0.2
"""Seconds of silence that end a message, for a peer that has sent no line ending yet."""

HISTORY_COUNT = 50
"""Messages that /history shows unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command: its name, its parameters as people write them, what it does, how it is read."""

    name: str
    parameters: str
    summary: str
    read: Callable[[str], Request]

    @property
    def usage(self) -> str:
        """The command as one types it."""
        return f"{self.name} {self.parameters}".rstrip()


def _needs(usage: str, make: Callable[[str], Request]) -> Callable[[str], Request]:
    def read(rest: str) -> Request:
        if not rest:
            raise MissingParameter(usage)
        return make(rest)

    return read


def _read_whisper(rest: str) -> Request:
    nick, _, text = rest.partition(" ")
    if not text.strip():
        raise MissingParameter("/msg NAME TEXT")
    return talk.Whisper(nick, text.lstrip())


def _read_history(rest: str) -> Request:
    if not rest:
        return lookups.History(HISTORY_COUNT)
    # int() would also read other scripts' digits and numbers of any length.
    if not (rest.isascii() and rest.isdigit() and len(rest) < 10):
        raise BadParameter(f"{rest!r} is no count; write /history 20")
    return lookups.History(int(rest))


def _read_status(rest: str) -> Request:
    match rest.lower():
        case "" | "all":
            return lookups.Status(everything=bool(rest))
        case "limits":
            return ShowLimits()
        case _:
            raise BadParameter(f"{rest!r} means nothing here; write /status, /status all or /status limits")


COMMANDS = (
    Command("/nick", "NAME", "take another name", _needs("/nick NAME", presence.Rename)),
    Command("/join", "#ROOM", "go to another room", _needs("/join #ROOM", rooms.Move)),
    Command("/part", "", "go back to #lobby", lambda _: rooms.Part()),
    Command("/rooms", "", "list the rooms", lambda _: rooms.ListRooms()),
    Command("/who", "", "list who is in this room", lambda _: rooms.ListMembers()),
    Command("/msg", "NAME TEXT", "say something to one person", _read_whisper),
    Command("/me", "TEXT", "tell what you do", _needs("/me TEXT", talk.Act)),
    Command("/topic", "[TEXT]", "show or set the room's topic", lambda rest: rooms.Topic(rest or None)),
    Command("/history", "[N]", f"show the room's last N messages ({HISTORY_COUNT})", _read_history),
    Command(
        "/search",
        "WORDS",
        "find the room's messages with all these words",
        _needs("/search WORDS", lookups.Search),
    ),
    Command(
        "/status",
        "[all|limits]",
        "list all sessions, or the limits",
        _read_status,
    ),
    Command("/help", "", "list what you can type", lambda _: lookups.Help()),
    Command("/quit", "[REASON]", "leave the server; the word exit alone does it too", presence.Quit),
    Command("/exit", "", "leave the server", lambda _: presence.Quit()),
)
_BY_NAME = {command.name: command for command in COMMANDS}
_WORDS: dict[str, Request] = {"status": lookups.Status(), "exit": presence.Quit()}
_LONGEST_WORD = 16


def read_line(line: bytes) -> Request:
    """Return what one line (not empty, without its ending) asks for; raises ``Refused``."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise NotUtf8(error.start) from None
    if not text.isprintable():
        _check_characters(text)
    if text[0] == "/":
        return _read_command(text)
    if len(text) <= _LONGEST_WORD:
        word = _WORDS.get(text.strip().lower())
        if word is not None:
            return word
    return talk.Say(text)


def _check_characters(text: str) -> None:
    if "\0" in text:
        raise BadCharacter("a NUL character")
    if "\r" in text:
        raise BadCharacter("a bare CR")


def _read_command(text: str) -> Request:
    if text.startswith("//"):
        return talk.Say(text[1:])
    name, _, rest = text.partition(" ")
    command = _BY_NAME.get(name.lower())
    if command is None:
        raise UnknownCommand(name)
    return command.read(rest.strip())


class TextWire:
    """One peer of the line protocol.

    Until its first line ending, bytes followed by 200 ms of silence are one message; then only line
    endings count. A line has at most ``line_limit`` bytes, its ending not counted.
    """

    __slots__ = ("_bad", "_lines", "_ready", "deadline")

    name = WireName.TEXT
    dialect: Dialect = TextDialect(COMMANDS)
    registers = False
    quiet = True
    opened = True
    over = False

    def __init__(self, line_limit: int = DEFAULTS.text_line) -> None:
        self.deadline: float | None = None
        self._lines = Lines(line_limit)
        self._ready = False
        self._bad = 0

    def receive(self, data: bytes, now: float) -> list[Request]:
        """Return what the peer asks with ``data``."""
        if not self._ready:
            self._ready = b"\n" in data
            self.deadline = None if self._ready else now + MESSAGE_SILENCE
        return self._read(self._lines.receive(data))

    def silence(self) -> list[Request]:
        """Return the message of a peer that sends no line endings."""
        self.deadline = None
        return self._read([self._lines.flush()])

    def replies(self) -> bytes:
        """Return nothing: all that this protocol answers comes from the hub."""
        return b""

    def finish(self) -> list[Request]:
        """Return what the peer's last line, sent without an ending, asks."""
        return self.silence()

    def _read(self, lines: Sequence[bytes | LineTooLong]) -> list[Request]:
        found: list[Request] = []
        for line in lines:
            if not line:
                continue
            try:
                if isinstance(line, LineTooLong):
                    raise line
                found.append(read_line(line))
            except (LineTooLong, NotUtf8, BadCharacter) as error:
                self._bad += 1
                found.append(presence.Invalid(error))
                if self._bad == BAD_LINES:
                    found.append(presence.Expel(TooManyBadLines(BAD_LINES)))
                continue
            except Refused as error:
                found.append(presence.Invalid(error))
            self._bad = 0
        return found
