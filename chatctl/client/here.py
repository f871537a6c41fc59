"""What a client knows of where it is: its name, the server's features, the rooms it is in and who else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chatctl.core.names import fold
from chatctl.wire.irc.message import Line

_HISTORY = frozenset({"draft/chathistory", "batch", "labeled-response", "message-tags", "server-time"})


@dataclass(slots=True)
class Room:
    """A room one is in; ``members`` has the nicks by how they compare."""

    name: str
    members: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Here:
    """One client on one server, kept by what the server tells."""

    name: str = ""
    caps: dict[str, str] = field(default_factory=dict)
    support: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    """Rooms whose members were asked for, to be shown."""

    def is_own(self, nick: str) -> bool:
        """Tell whether ``nick`` is one's own."""
        return fold(nick) == fold(self.name)

    def is_room(self, target: str) -> bool:
        """Tell whether ``target`` is a room, not a person."""
        return target.startswith(tuple(self.support.get("CHANTYPES") or "#&"))

    def bare_room(self, target: str) -> str:
        """Return the room of a message that is only for members of a rank: STATUSMSG in Modern IRC."""
        return target[1:] if not self.is_room(target) and self.is_room(target[1:]) else target

    def find(self, room: str) -> Room | None:
        """Return a room one is in."""
        return self.rooms.get(fold(room))

    def shared(self, nick: str) -> Iterator[Room]:
        """Yield the rooms that ``nick`` is in, as far as is known."""
        return (room for room in tuple(self.rooms.values()) if fold(nick) in room.members)

    def without_rank(self, nick: str) -> str:
        """Return a nick without the signs of its rank: PREFIX in Modern IRC."""
        return nick.lstrip(self.support.get("PREFIX", "(ov)@+").rpartition(")")[2] or "@+")

    @property
    def remembers(self) -> bool:
        """Whether the server can be asked for what was said: draft/chathistory."""
        return self.caps.keys() >= _HISTORY

    @property
    def history_limit(self) -> int:
        """Messages that may be asked for at once."""
        limit = self.support.get("CHATHISTORY", "")
        return int(limit) if limit.isdecimal() and 0 < len(limit) < 10 and int(limit) else 1_000

    @property
    def labels(self) -> bool:
        """Whether answers carry the label of the request: labeled-response."""
        return {"labeled-response", "batch"} <= self.caps.keys()

    @property
    def echoes(self) -> bool:
        """Whether one's own messages come back: echo-message."""
        return "echo-message" in self.caps


def nick_of(line: Line) -> str:
    """Return who a line is from."""
    return line.source.partition("!")[0]


def time_of(line: Line) -> int | None:
    """Return when a line was made (server-time, IRCv3), None if it does not say."""
    return read_time(line.tags.get("time", ""))


def read_time(text: str) -> int | None:
    """Return a time like ``2026-11-22T14:41:07.123Z`` in milliseconds since 1970, None if it is none."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        # At the ends of the calendar there is no time of day in other time zones.
        return round(moment.timestamp() * 1000) if 1 < moment.year < 9999 else None
    except (ValueError, OverflowError):
        return None
