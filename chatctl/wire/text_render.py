"""Events as the people with netcat read them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Protocol, assert_never

from chatctl.core.events import accounts, lookups, modes, presence, rooms, talk
from chatctl.core.events.base import Event
from chatctl.core.events.server import LimitsShown
from chatctl.core.modes import write_changes
from chatctl.core.records import EVENTS, LINE_BREAK, LINE_JOINT, Entry, Message
from chatctl.errors import Misbehaved
from chatctl.wire.clean import clean
from chatctl.wire.sessions import goodbye, session_table
from chatctl.wire.times import show_duration, show_time

HINT = 'Type a message, "status" for all sessions, "exit" to leave, "/help" for more.'
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

    def render(self, event: Event, nick: str = "", now: int = 0) -> bytes:
        """Return the lines that ``event`` is told in; none for what concerns only other wires."""
        # Nearly every event is one of two; a match would take longer to see it.
        if isinstance(event, talk.Acknowledged):
            return f"{event.message.text} ACK\n".encode()
        if isinstance(event, talk.Said):
            return "".join([f"{line}\n" for line in _spoken(event.message)]).encode()
        lines: Iterable[str]
        match event:
            case (
                rooms.Joined()
                | rooms.Left()
                | presence.Renamed()
                | rooms.TopicSet()
                | rooms.TopicShown()
                | rooms.Kicked()
                | rooms.RoomRenamed()
                | rooms.Invited(witness=False)
                | presence.Stopping()
                | modes.RoomModeChanged()
            ):
                lines = [f"* {_notice(event)}"]
            case rooms.RoomsListed() | rooms.MembersListed() | lookups.HistoryShown() | lookups.Found():
                lines = _listing(event)
            case lookups.SessionsListed() | LimitsShown():
                lines = _status(event)
            case lookups.HelpShown():
                lines = self._help()
            case presence.Welcomed(entry=entry):
                lines = [f"Welcome {entry.nick}! You are connected since {show_time(entry.connected)}.", HINT]
            case presence.Dismissed(entry=entry):
                lines = [goodbye(entry)]
            case presence.Rejected(error):
                lines = [f"ERR {error.code} {clean(str(error))}"]
            case presence.Expelled(error):
                lines = [_last_words(error)]
            case talk.AwayTold() | accounts.ServiceNotice() | accounts.Registered():
                lines = [_aside(event)]
            case _:
                lines = []
        return "".join([f"{line}\n" for line in lines]).encode()

    def refuse(self, error: Misbehaved) -> bytes:
        """Return the last line for a peer whose connection ends."""
        return f"{_last_words(error)}\n".encode()

    def _help(self) -> list[str]:
        width = max(len(command.usage) for command in self._commands) + 2
        rows = [f"{command.usage:<{width}}{command.summary}" for command in self._commands]
        return [*rows, f"{'//TEXT':<{width}}say something that begins with a slash"]


def _table(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    first, second = (max(len(row[index]) for row in rows) for index in (0, 1))
    return [f"{name:<{first}}  {value:<{second}}  {meaning}" for name, value, meaning in rows]


def _spoken(message: Message) -> list[str]:
    """Return the lines that a message is told in; a message without text is none."""
    if message.kind in EVENTS:
        return []
    private = "[private] " if message.recipient is not None else ""
    start = f"* {message.nick}" if message.kind == "action" else f"{message.nick}:"
    lines = message.text.replace(LINE_JOINT, "").split(LINE_BREAK)
    return [f"{private}{start} {clean(line)}" for line in lines]


def _notice(
    event: rooms.Joined
    | rooms.Left
    | presence.Renamed
    | rooms.TopicSet
    | rooms.TopicShown
    | rooms.Kicked
    | rooms.RoomRenamed
    | rooms.Invited
    | presence.Stopping
    | modes.RoomModeChanged,
) -> str:
    match event:
        case rooms.Joined(who, room):
            return f"{who.nick} joined {room}"
        case rooms.Left(who, room, why):
            return f"{who.nick} left {room}{_in_brackets(why)}"
        case presence.Renamed(who, new):
            return f"{who.nick} is now {new}"
        case rooms.TopicSet(who, room, text):
            did = f"set the topic of {room}: {clean(text)}" if text else f"took the topic of {room} away"
            return f"{who.nick} {did}"
        case rooms.TopicShown(room, text):
            return f"topic of {room}: {clean(text)}" if text else f"{room} has no topic"
        case rooms.Kicked(who, room, nick, why):
            return f"{who.nick} kicked {nick} from {room}{_in_brackets(why)}"
        case rooms.RoomRenamed(who, old, new, why):
            return f"{who.nick} renamed {old} to {new}{_in_brackets(why)}"
        case rooms.Invited(who, _, room):
            return f"{who.nick} invites you to {room}"
        case modes.RoomModeChanged(who, room, changes):
            return f"{who.nick} sets {clean(' '.join(write_changes(changes)))} on {room}"
        case presence.Stopping(why):
            return f"the server is shutting down{_in_brackets(why)}"
        case _:
            assert_never(event)


def _aside(event: talk.AwayTold | accounts.ServiceNotice | accounts.Registered) -> str:
    """Return what only one is told although it is no answer to a command."""
    match event:
        case talk.AwayTold(who, note):
            return f"* {who} is away: {clean(note)}"
        case accounts.ServiceNotice(text):
            return f"[private] NickServ: {clean(text)}"
        case accounts.Registered(account):
            return f"[private] NickServ: Account {account} created; you are logged in."
        case _:
            assert_never(event)


def _last_words(error: Misbehaved) -> str:
    # An operator's reason may be in it.
    return f"ERROR :{clean(str(error))}"


def _in_brackets(why: str) -> str:
    return f" ({clean(why)})" if why else ""


def _listing(event: rooms.RoomsListed | rooms.MembersListed | lookups.HistoryShown | lookups.Found) -> list[str]:
    match event:
        case rooms.RoomsListed(listed):
            width = max(len(name) for name, _, _ in listed)
            return [f"* {name:<{width}}  {count:>5}  {clean(topic)}".rstrip() for name, count, topic in listed]
        case rooms.MembersListed(room, members):
            head = f"* {len(members)} in {room}: "
            return textwrap.wrap(
                " ".join([who.nick for _, who in members]),
                LIST_WIDTH,
                initial_indent=head,
                subsequent_indent=f"* in {room}: ",
                break_on_hyphens=False,
            )
        case lookups.HistoryShown(room, messages):
            return [f"* {_count(messages)} of {room}", *_remembered(messages)]
        case lookups.Found(room, words, messages):
            return [f"* {_count(messages)} of {room} with {clean(words)}", *_remembered(messages)]
        case _:
            assert_never(event)


def _count(messages: Sequence[Message]) -> str:
    return "1 message" if len(messages) == 1 else f"{len(messages)} messages"


def _remembered(messages: Sequence[Message]) -> list[str]:
    return [f"[#{one.id} {show_time(one.at)}] {line}" for one in messages for line in _spoken(one)]


def _status(event: lookups.SessionsListed | LimitsShown) -> list[str]:
    if isinstance(event, LimitsShown):
        return _table(event.limits.rows(event.sessions))
    rows = [_session_row(entry, event.now) for entry in (*event.active, *event.past)]
    return session_table(rows, event.active_total, event.past_total, event.limit)


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
