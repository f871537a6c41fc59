"""What a line of the server tells, and what it changes here: Modern IRC; IRCv3."""

from __future__ import annotations

from collections.abc import Callable

from chatctl.client import events as ev
from chatctl.client import numerics
from chatctl.client.batches import Batch, joined
from chatctl.client.events import Event, Kind
from chatctl.client.here import Here, Room, nick_of, read_time, time_of
from chatctl.client.sanitize import CTCP
from chatctl.core.names import fold
from chatctl.wire.irc.message import Line
from chatctl.wire.times import show_duration, show_time

Reader = Callable[[Here, Line], list[Event]]


def told(here: Here, line: Line) -> list[Event]:
    """Return what ``line`` tells; a line that makes no sense tells nothing."""
    reader = _READERS.get(line.command)
    try:
        if reader is not None:
            return reader(here, line)
        return _numeric(here, line) if line.command.isdecimal() else []
    except IndexError:
        # A parameter is missing; whatever it was, nobody can say it now.
        return []


def said(here: Here, line: Line) -> ev.Said | None:
    """Return the message in ``line``, None if it is none."""
    params = line.params
    if line.command == CTCP:
        if len(params) != 3 or params[1] != "ACTION":
            return None
        kind, text = Kind.ACTION, params[2]
    elif line.command in ("PRIVMSG", "NOTICE") and len(params) == 2:
        kind, text = Kind.SAY if line.command == "PRIVMSG" else Kind.NOTICE, params[1]
    else:
        return None
    to, name = here.bare_room(params[0]), nick_of(line)
    private = not here.is_room(to)
    msgid = line.tags.get("msgid", "")
    msgid = msgid if _is_word(msgid) else ""
    return ev.Said(name, to, kind, text, msgid, time_of(line), here.is_own(name), private)


def _is_word(name: str) -> bool:
    """Tell whether a server that uses this name can be told it: it fits wherever a parameter may stand."""
    return name != "" and name[0] != ":" and " " not in name


def messages(here: Here, batch: Batch) -> tuple[ev.Said, ...]:
    """Return the messages in a batch of history, in their order."""
    lines = (joined(item) if isinstance(item, Batch) else item for item in batch.items)
    found = (said(here, line) for line in lines if line is not None)
    return tuple(message for message in found if message is not None)


def session_table(batch: Batch) -> ev.SessionTable | None:
    """Return the table in a batch of chatctl.dev/session, None if it is none."""
    now = time_of(batch.opening)
    try:
        active, past, limit = map(int, batch.params[:3])
        rows = [_session(item, now) for item in batch.items if isinstance(item, Line)]
    except (ValueError, IndexError):
        return None
    return ev.SessionTable(tuple(rows), active, past, limit)


def _session(line: Line, now: int | None) -> ev.SessionRow:
    number, name, address, protocol, since, until, reason = line.params[:7]
    began, ended = read_time(since), read_time(until)
    over = ended if ended is not None else now
    lasted = show_duration(over - began) if began is not None and over is not None else "-"
    return ev.SessionRow(
        int(number[:19]),
        name,
        address,
        protocol,
        "-" if began is None else show_time(began),
        None if ended is None else show_time(ended),
        lasted,
        reason or None,
    )


def _message(here: Here, line: Line) -> list[Event]:
    message = said(here, line)
    if message is None:
        return []
    if message.kind is Kind.NOTICE and ("!" not in line.source or not here.name):
        return [ev.Told(text) for text in message.text.split("\n")]
    return [message]


def _join(here: Here, line: Line) -> list[Event]:
    name, room = nick_of(line), line.params[0]
    own = here.is_own(name)
    if own and not _is_word(room):
        return []
    if own:
        here.rooms[fold(room)] = Room(room)
    known = here.find(room)
    if known is not None:
        known.members[fold(name)] = name
    return [ev.Joined(name, room, own)]


def _part(here: Here, line: Line) -> list[Event]:
    name, room = nick_of(line), line.params[0]
    return [ev.Left(name, _gone(here, room, name), "".join(line.params[1:2]) or None, here.is_own(name))]


def _kick(here: Here, line: Line) -> list[Event]:
    room, name = line.params[0], line.params[1]
    reason = "".join(line.params[2:3])
    return [ev.Kicked(name, _gone(here, room, name), nick_of(line), reason, here.is_own(name))]


def _gone(here: Here, room: str, name: str) -> str:
    """Take ``name`` out of ``room``; return how the room is called."""
    known = here.find(room)
    if known is None:
        return room
    known.members.pop(fold(name), None)
    if here.is_own(name):
        del here.rooms[fold(room)]
    return known.name


def _quit(here: Here, line: Line) -> list[Event]:
    name, why = nick_of(line), "".join(line.params[:1]) or None
    return [ev.Left(name, _gone(here, room.name, name), why) for room in here.shared(name)]


def _nick(here: Here, line: Line) -> list[Event]:
    old, new = nick_of(line), line.params[0]
    own = here.is_own(old)
    for room in here.shared(old):
        del room.members[fold(old)]
        room.members[fold(new)] = new
    if own:
        here.name = new
    return [ev.Renamed(old, new, own)]


def _topic(_: Here, line: Line) -> list[Event]:
    return [ev.TopicTold(nick_of(line), line.params[0], line.params[1])]


def _topic_shown(_: Here, line: Line) -> list[Event]:
    return [ev.TopicTold(None, line.params[1], line.params[2] if line.command == "332" else "")]


def _rename(here: Here, line: Line) -> list[Event]:
    old, new = line.params[0], line.params[1]
    if not _is_word(new):
        return []
    room = here.rooms.pop(fold(old), None)
    if room is not None:
        room.name = new
        here.rooms[fold(new)] = room
    return [ev.RoomRenamed(old, new)]


def _names(here: Here, line: Line) -> list[Event]:
    room = here.find(line.params[2])
    if room is not None:
        for word in line.params[3].split():
            nick = here.without_rank(word).partition("!")[0]
            room.members[fold(nick)] = nick
    if fold(line.params[2]) not in here.named:
        return []
    return [ev.Told(f"in {line.params[2]}: {line.params[3]}", line.params[2])]


def _names_end(here: Here, line: Line) -> list[Event]:
    here.named.discard(fold(line.params[1]))
    return []


def _mode(here: Here, line: Line) -> list[Event]:
    if not here.is_room(line.params[0]):
        return []
    what = " ".join(line.params[1:])
    return [ev.Told(f"{nick_of(line)} sets {what} on {line.params[0]}", line.params[0])]


def _invite(_: Here, line: Line) -> list[Event]:
    return [ev.Told(f"{nick_of(line)} invites {line.params[0]} to {line.params[1]}; /join {line.params[1]} goes there")]


def _support(here: Here, line: Line) -> list[Event]:
    for word in line.params[1:-1]:
        key, _, value = word.partition("=")
        here.support[key] = value
    return []


def _cap(here: Here, line: Line) -> list[Event]:
    if line.params[1] == "DEL":
        for name in line.params[2].split():
            here.caps.pop(name, None)
    return []


def _failed(_: Here, line: Line) -> list[Event]:
    code = line.params[1].lower().replace("_", "-")
    return [ev.Refused(code, line.params[-1])]


def _noted(_: Here, line: Line) -> list[Event]:
    return [ev.Told(line.params[-1])]


def _wallops(_: Here, line: Line) -> list[Event]:
    return [ev.Told(f"{nick_of(line)} tells everybody: {line.params[0]}")]


def _numeric(_: Here, line: Line) -> list[Event]:
    code, params = line.command, line.params
    if numerics.is_refusal(code) and code not in numerics.SILENT:
        room = next((word for word in params[1:-1] if word[:1] in "#&"), "")
        return [ev.Refused(numerics.CODES.get(code, f"error-{code}"), numerics.refusal(params), room=room)]
    text = "" if code in numerics.SILENT else numerics.sentence(code, params)
    return [ev.Told(text)] if text else []


_READERS: dict[str, Reader] = {
    "PRIVMSG": _message,
    "NOTICE": _message,
    CTCP: _message,
    "JOIN": _join,
    "PART": _part,
    "KICK": _kick,
    "QUIT": _quit,
    "NICK": _nick,
    "TOPIC": _topic,
    "331": _topic_shown,
    "332": _topic_shown,
    "RENAME": _rename,
    "353": _names,
    "366": _names_end,
    "MODE": _mode,
    "INVITE": _invite,
    "005": _support,
    "CAP": _cap,
    "FAIL": _failed,
    "WARN": _noted,
    "NOTE": _noted,
    "WALLOPS": _wallops,
}
