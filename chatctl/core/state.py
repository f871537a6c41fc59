"""The chat's data and its smallest moves."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatctl.core.names import LOBBY, default_nick, fold
from chatctl.core.records import Entry


@dataclass(slots=True, eq=False)
class Room:
    """A room and who is in it, in the order of their coming."""

    name: str
    topic: str = ""
    members: dict[int, Session] = field(default_factory=dict)
    _audience: tuple[int, ...] | None = None

    @property
    def audience(self) -> tuple[int, ...]:
        """The members' session numbers; the same tuple until the membership changes."""
        if self._audience is None:
            self._audience = tuple(self.members)
        return self._audience

    def admit(self, session: Session) -> None:
        """Make ``session`` a member."""
        self.members[session.id] = session
        self._audience = None

    def release(self, session: Session) -> None:
        """End the membership of ``session``."""
        del self.members[session.id]
        self._audience = None


@dataclass(slots=True, eq=False)
class Session:
    """Somebody who is here: their ledger row and the room they are in."""

    id: int
    entry: Entry
    room: Room

    @property
    def nick(self) -> str:
        """The session's name now."""
        return self.entry.nick


class Chat:
    """Everybody who is here, the rooms they are in, and the numbers to give out next."""

    def __init__(self, limit: int, last_session: int = 0, last_message: int = 0) -> None:
        self.limit = limit
        self.sessions: dict[int, Session] = {}
        self.nicks: dict[str, Session] = {}
        self.lobby = Room(LOBBY)
        self.rooms: dict[str, Room] = {fold(LOBBY): self.lobby}
        self._last_session = last_session
        self._last_message = last_message

    def next_message(self) -> int:
        """Return the number of the next message, one more than the last."""
        self._last_message += 1
        return self._last_message

    def begin(self, wire: str, address: str, now: int) -> Session:
        """Add a session with the next number and its default name, in the lobby."""
        self._last_session += 1
        number = self._last_session
        entry = Entry(number, default_nick(number), address, wire, connected=now)
        session = Session(number, entry, self.lobby)
        self.sessions[number] = self.nicks[fold(entry.nick)] = session
        self.lobby.admit(session)
        return session

    def end(self, session: Session) -> None:
        """Take a session out of its room and of the chat."""
        self.leave_room(session)
        del self.nicks[fold(session.nick)]
        del self.sessions[session.id]

    def room(self, name: str) -> Room:
        """Return the room called ``name``, made if there is none."""
        return self.rooms.setdefault(fold(name), Room(name))

    def leave_room(self, session: Session) -> None:
        """Take a session out of its room; the room ends with its last member, the lobby never."""
        room = session.room
        room.release(session)
        if not room.members and room is not self.lobby:
            del self.rooms[fold(room.name)]

    def enter_room(self, session: Session, room: Room) -> None:
        """Put a session that is in no room into ``room``."""
        session.room = room
        room.admit(session)
