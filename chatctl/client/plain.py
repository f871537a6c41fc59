"""Events as plain lines of text, as the server writes them for people with netcat."""

from __future__ import annotations

from typing import assert_never

from chatctl.client import events as ev
from chatctl.client.events import Event, Kind
from chatctl.wire.sessions import session_table
from chatctl.wire.times import show_time


def plain_lines(event: Event, with_room: bool = False) -> list[str]:
    """Return the lines that tell of ``event``; ``with_room`` says where each message was said."""
    match event:
        case ev.Said():
            return _said(event, with_room)
        case ev.History(messages=messages):
            return [line for message in messages for line in _remembered(message)]
        case ev.SessionTable():
            return _table(event)
        case ev.Help(rows=rows):
            width = max(len(usage) for usage, _ in rows) + 2
            return [f"{usage:<{width}}{summary}" for usage, summary in rows]
        case ev.Refused(code=code, sentence=sentence):
            return [f"ERR {code} {sentence}"]
        case ev.Told(text=text) | ev.Goodbye(text=text):
            return [text]
        case ev.Stopping(text=text):
            return [f"* {text}"]
        case ev.Ended(reason=reason):
            return [reason]
        case ev.Joined() | ev.Left() | ev.Kicked() | ev.Renamed() | ev.RoomRenamed() | ev.TopicTold():
            return [f"* {notice(event)}"]
        case ev.Welcomed() | ev.Ready() | ev.Acknowledged():
            return []
        case _:
            assert_never(event)


def notice(event: ev.Joined | ev.Left | ev.Kicked | ev.Renamed | ev.RoomRenamed | ev.TopicTold) -> str:
    """Return what happened, in words."""
    match event:
        case ev.Joined(name=name, room=room):
            return f"{name} joined {room}"
        case ev.Left(name=name, room=room, reason=reason):
            return f"{name} left {room}{_in_brackets(reason)}"
        case ev.Kicked(name=name, room=room, by=by, reason=reason):
            return f"{by} kicked {name} from {room}{_in_brackets(reason)}"
        case ev.Renamed(old=old, new=new):
            return f"{old} is now {new}"
        case ev.RoomRenamed(old=old, new=new):
            return f"{old} is called {new} now"
        case ev.TopicTold(name=None, room=room, topic=topic):
            return f"topic of {room}: {topic}" if topic else f"{room} has no topic"
        case ev.TopicTold(name=name, room=room, topic=topic):
            return f"{name} set the topic of {room}: {topic}" if topic else f"{name} took the topic of {room} away"
        case _:
            assert_never(event)


def row_cells(row: ev.SessionRow) -> tuple[str, ...]:
    """Return the cells of a row of the session table."""
    return (
        str(row.id),
        row.name,
        row.address,
        row.protocol,
        row.connected,
        row.disconnected or "-",
        row.duration,
        row.reason or "-",
    )


def _said(event: ev.Said, with_room: bool) -> list[str]:
    where = f"{event.to} " if with_room and not event.private else "[private] " if event.private else ""
    who = f"* {event.name}" if event.kind is Kind.ACTION else f"{event.name}:"
    return [f"{where}{who} {line}" for line in event.text.split("\n")]


def _remembered(message: ev.Said) -> list[str]:
    number = f"#{message.id} " if message.id else ""
    when = show_time(message.at) if message.at is not None else ""
    return [f"[{number}{when}] {line}" for line in _said(message, False)]


def _table(event: ev.SessionTable) -> list[str]:
    rows = [row_cells(row) for row in event.sessions]
    return session_table(rows, event.active, event.disconnected, event.limit)


def _in_brackets(why: str | None) -> str:
    return f" ({why})" if why else ""
