"""Events as the people with netcat read them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Protocol, assert_never

from chatctl.core import events as ev
from chatctl.core.events import Event
from chatctl.core.records import Entry, Message
from chatctl.errors import Misbehaved
from chatctl.wire.clean import clean
from chatctl.wire.times import show_duration, show_time

HINT = 'Type a message, "status" for all sessions, "exit" to leave, "/help" for more.'
HEADER = ("id", "name", "address", "protocol", "connected", "disconnected", "duration", "reason")
LIST_WIDTH = 400


class Typed(Protocol):
    """Something that can be typed, for the help."""

    @property
    def usage(self) -> str: ...

    @property
    def summary(self) -> str: ...


class TextDialect:
    """Writes events as lines of text, UTF-8, ended by LF."""

    def __init__(self, commands: Sequence[Typed]) -> None:
        self._commands = commands

    def render(self, event: Event) -> bytes:
        """Return the lines that ``event`` is told in."""
        # Nearly every event is one of two; a match would take longer to see it.
        if isinstance(event, ev.Acknowledged):
            return f"{event.message.text} ACK\n".encode()
        if isinstance(event, ev.Said):
            return f"{_spoken(event.message)}\n".encode()
        lines: Iterable[str]
        match event:
            case ev.Joined() | ev.Left() | ev.Renamed() | ev.TopicSet() | ev.TopicShown() | ev.Stopping():
                lines = [f"* {_notice(event)}"]
            case ev.RoomsListed() | ev.MembersListed() | ev.HistoryShown() | ev.Found():
                lines = _listing(event)
            case ev.SessionsListed():
                lines = _session_table(event)
            case ev.HelpShown():
                lines = self._help()
            case ev.Welcomed(entry):
                lines = [f"Welcome {entry.nick}! You are connected since {show_time(entry.connected)}.", HINT]
            case ev.Dismissed(entry):
                lines = [_goodbye(entry)]
            case ev.Rejected(error):
                lines = [f"ERR {error.code} {clean(str(error))}"]
            case ev.Expelled(error):
                lines = [f"ERROR :{error}"]
            case _:
                assert_never(event)
        return "".join([f"{line}\n" for line in lines]).encode()

    def refuse(self, error: Misbehaved) -> bytes:
        """Return the last line for a peer whose connection ends."""
        return f"ERROR :{error}\n".encode()

    def _help(self) -> list[str]:
        width = max(len(command.usage) for command in self._commands) + 2
        rows = [f"{command.usage:<{width}}{command.summary}" for command in self._commands]
        return [*rows, f"{'//TEXT':<{width}}say something that begins with a slash"]


def _spoken(message: Message) -> str:
    text = clean(message.text)
    match message.kind:
        case "say":
            return f"{message.nick}: {text}"
        case "action":
            return f"* {message.nick} {text}"
        case "private":
            return f"[private] {message.nick}: {text}"
        case _:
            assert_never(message.kind)


def _notice(event: ev.Joined | ev.Left | ev.Renamed | ev.TopicSet | ev.TopicShown | ev.Stopping) -> str:
    match event:
        case ev.Joined(nick, room):
            return f"{nick} joined {room}"
        case ev.Left(nick, room, why):
            return f"{nick} left {room} ({clean(why)})" if why else f"{nick} left {room}"
        case ev.Renamed(old, new):
            return f"{old} is now {new}"
        case ev.TopicSet(nick, room, text):
            return f"{nick} set the topic of {room}: {clean(text)}" if text else f"{nick} took the topic of {room} away"
        case ev.TopicShown(room, text):
            return f"topic of {room}: {clean(text)}" if text else f"{room} has no topic"
        case ev.Stopping():
            return "the server is shutting down"
        case _:
            assert_never(event)


def _listing(event: ev.RoomsListed | ev.MembersListed | ev.HistoryShown | ev.Found) -> list[str]:
    match event:
        case ev.RoomsListed(rooms):
            width = max(len(name) for name, _, _ in rooms)
            return [f"* {name:<{width}}  {count:>5}  {clean(topic)}".rstrip() for name, count, topic in rooms]
        case ev.MembersListed(room, nicks):
            head = f"* {len(nicks)} in {room}: "
            return textwrap.wrap(
                " ".join(nicks),
                LIST_WIDTH,
                initial_indent=head,
                subsequent_indent=f"* in {room}: ",
                break_on_hyphens=False,
            )
        case ev.HistoryShown(room, messages):
            return [f"* {_count(messages)} of {room}", *map(_remembered, messages)]
        case ev.Found(room, words, messages):
            return [f"* {_count(messages)} of {room} with {clean(words)}", *map(_remembered, messages)]
        case _:
            assert_never(event)


def _count(messages: Sequence[Message]) -> str:
    return "1 message" if len(messages) == 1 else f"{len(messages)} messages"


def _remembered(message: Message) -> str:
    return f"[#{message.id} {show_time(message.at)}] {_spoken(message)}"


def _goodbye(entry: Entry) -> str:
    assert entry.disconnected is not None
    lasted = show_duration(entry.disconnected - entry.connected)
    return f"Goodbye {entry.nick}. You were connected for {lasted}, until {show_time(entry.disconnected)}."


def _session_table(event: ev.SessionsListed) -> list[str]:
    rows = [HEADER, *(_session_row(entry, event.now) for entry in (*event.active, *event.past))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
    total = f"{event.active_total} active, {event.past_total} disconnected, limit {event.limit}"
    return [*(line.rstrip() for line in lines), total]


def _session_row(entry: Entry, now: int) -> tuple[str, ...]:
    ended = entry.disconnected
    return (
        str(entry.id),
        entry.nick,
        entry.address,
        entry.wire,
        show_time(entry.connected),
        "-" if ended is None else show_time(ended),
        show_duration((now if ended is None else ended) - entry.connected),
        entry.reason or "-",
    )
