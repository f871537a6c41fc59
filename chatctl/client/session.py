"""One conversation over the text protocol, without a socket: bytes in, events out, bytes to send.

The way into the conversation:

    connect -> Welcomed -> [/nick -> Renamed] -> [/join -> Joined] -> Ready -> ... -> Goodbye
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from chatctl.client import events as ev
from chatctl.client.events import Event, Kind, Outgoing
from chatctl.client.reading import TableReader, read_event
from chatctl.client.sanitize import read_foreign
from chatctl.core.names import LOBBY, fold
from chatctl.core.requests import presence, talk
from chatctl.errors import BadParameter, LineTooLong, MissingParameter, NotUtf8, UnknownCommand
from chatctl.wire.clean import clean
from chatctl.wire.lines import Lines
from chatctl.wire.text import LINE_LIMIT, read_line

RECEIVED_LIMIT = 8_192
"""Bytes in a received line; a message with everything the server puts around it is shorter by far."""

_REFUSES_A_MESSAGE = frozenset({"not-saved", "line-too-long", "bad-character", "not-utf8"})
_REFUSES_A_WHISPER = frozenset({"no-such-nick", "bad-nick"})


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing to ask for at the opening."""

    line: str
    is_done: Callable[[], bool]


class Session:
    """A client's half of the text protocol; ``name`` and ``room`` are asked for at the opening.

    Every message sent waits in ``waiting`` until the server acknowledges or refuses it. The server
    answers one client's lines in order, so only the first that waits can be answered. ``leaving``
    says that the server was asked for its goodbye.
    """

    def __init__(self, name: str | None = None, room: str | None = None) -> None:
        self.name = ""
        self.room = LOBBY
        self.ready = False
        self.waiting: deque[Outgoing] = deque()
        self.leaving = False
        self._steps = deque(_steps(self, name, room))
        self._asked: _Step | None = None
        self._lines = Lines(RECEIVED_LIMIT)
        self._table = TableReader()
        # The empty line tells the server at once that this is no other protocol.
        self._output = bytearray(b"\n")

    def take_output(self) -> bytes:
        """Return the bytes to send now, and forget them."""
        data = bytes(self._output)
        self._output.clear()
        return data

    def send(self, line: str) -> Outgoing | None:
        """Send one typed line; return the message in it, None for a command or an empty line.

        Raises ``LineTooLong``, ``NotUtf8`` or ``BadCharacter`` for what the server would not take.
        """
        data = _encode(line.removesuffix("\r"))
        if not data:
            return None
        message = self._message(data)
        if message is not None:
            self.waiting.append(message)
        self._output += data + b"\n"
        return message

    def leave(self) -> None:
        """Ask the server for its goodbye."""
        self.leaving = True
        self._output += b"exit\n"

    def receive(self, data: bytes) -> list[Event]:
        """Return what the server tells with ``data``."""
        events: list[Event] = []
        for line in self._lines.receive(data):
            if isinstance(line, LineTooLong):
                events.append(ev.Told(f"(left out: {line})"))
            else:
                events += self._read(read_foreign(line))
        return events

    def _read(self, line: str) -> list[Event]:
        if self.waiting and line == f"{clean(self.waiting[0].text)} ACK":
            return [ev.Acknowledged(line, self.waiting.popleft())]
        rows = self._table.read(line)
        if rows is not None:
            return rows
        event = read_event(line, self.room)
        if isinstance(event, ev.Refused):
            return [self._refuse(event)]
        self._follow(event)
        return [event] if self.ready else [event, *self._open()]

    def _refuse(self, event: ev.Refused) -> ev.Refused:
        if not self.waiting:
            return event
        whisper = self.waiting[0].kind is Kind.PRIVATE
        if event.code in _REFUSES_A_MESSAGE or (whisper and event.code in _REFUSES_A_WHISPER):
            return replace(event, message=self.waiting.popleft())
        return event

    def _follow(self, event: Event) -> None:
        """Keep the own name and room as the server tells them."""
        match event:
            case ev.Welcomed(name=name):
                self.name = name
            case ev.Renamed(old=old, new=new) if old == self.name:
                self.name = new
            case ev.Joined(name=name, room=room) if name == self.name:
                self.room = room

    def _open(self) -> list[Event]:
        """Take the next step of the opening, if the last one is done."""
        if not self.name:
            return []
        while self._steps and self._steps[0].is_done():
            self._steps.popleft()
        if not self._steps:
            self.ready = True
            return [ev.Ready("", self.name, self.room)]
        step = self._steps[0]
        if step is not self._asked:
            self._asked = step
            self._output += step.line.encode() + b"\n"
        return []

    def _message(self, data: bytes) -> Outgoing | None:
        try:
            request = read_line(data)
        except (BadParameter, MissingParameter, UnknownCommand):
            # The server says it, and a newer one may know a command that this client does not.
            return None
        match request:
            case talk.Say(text):
                return Outgoing(Kind.SAY, self.room, text)
            case talk.Act(text):
                return Outgoing(Kind.ACTION, self.room, text)
            case talk.Whisper(nick, text):
                return Outgoing(Kind.PRIVATE, nick, text)
            case presence.Quit():
                self.leaving = True
            case _:
                pass
        return None


def _steps(session: Session, name: str | None, room: str | None) -> Iterator[_Step]:
    if name:
        yield _Step(f"/nick {name}", lambda: session.name == name)
    if room:
        yield _Step(f"/join {room}", lambda: fold(session.room) == fold(room))


def _encode(line: str) -> bytes:
    try:
        data = line.encode()
    except UnicodeEncodeError as error:
        raise NotUtf8(len(line[: error.start].encode())) from None
    if len(data) > LINE_LIMIT:
        raise LineTooLong(len(data), LINE_LIMIT)
    return data
