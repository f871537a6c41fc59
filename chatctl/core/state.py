"""The chat's data and its smallest moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chatctl.core.acceptance import Acceptances
from chatctl.core.census import Census
from chatctl.core.history import owner_key
from chatctl.core.limits import Limits
from chatctl.core.markers import Markers
from chatctl.core.modes import DEFAULT_FLAGS
from chatctl.core.names import LOBBY, default_nick, fold
from chatctl.core.policy import Policy
from chatctl.core.records import Account, Ban, Entry, Marker
from chatctl.core.room import Room
from chatctl.core.subscriptions import Subscriptions
from chatctl.core.user import UNNAMED, Registration, Session, User
from chatctl.core.watching import WatchLists

PAST_NICKS = 500
"""Nicks given up for others that are remembered; the ledger knows with which one each session ended."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a chat starts from: the numbers given out last, and what lasts beyond one run."""

    last_session: int = 0
    last_message: int = 0
    accounts: tuple[Account, ...] = ()
    bans: tuple[Ban, ...] = ()
    markers: tuple[Marker, ...] = ()


@dataclass(slots=True)
class Chat:
    """Everybody who is here, the rooms they are in, and the numbers to give out next.

    ``sessions`` has everybody connected, also who has not registered; ``nicks`` the people by folded nick.
    ``failures`` has the times of wrong passwords; ``unregistered`` the sessions that have not registered.
    ``grant`` takes limits that are wished for, puts them in force and returns them as far as the machine allows.
    ``past_nicks`` are ledger rows under nicks that were given up, ``disconnected`` when that was.
    ``farewell`` is what everybody is told when the server stops. ``started`` counts milliseconds since 1970.
    """

    limits: Limits = field(default_factory=Limits)
    policy: Policy = field(default_factory=Policy)
    beginning: Beginning = field(default_factory=Beginning)
    started: int = 0
    grant: Callable[[Limits], Limits] = lambda wished: wished
    sessions: dict[int, Session] = field(default_factory=dict)
    nicks: dict[str, User] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    bans: dict[str, Ban] = field(default_factory=dict)
    failures: dict[str, tuple[int, ...]] = field(default_factory=dict)
    watching: WatchLists = field(default_factory=WatchLists)
    acceptances: Acceptances = field(default_factory=Acceptances)
    unregistered: set[int] = field(default_factory=set)
    census: Census = field(default_factory=Census)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    markers: Markers = field(default_factory=Markers)
    farewell: str = ""
    past_nicks: deque[Entry] = field(default_factory=lambda: deque(maxlen=PAST_NICKS))
    most_users: int = 0
    last_session: int = 0
    last_message: int = 0
    lobby: Room = field(default_factory=lambda: Room(LOBBY))

    def __post_init__(self) -> None:
        self.last_session = self.beginning.last_session
        self.last_message = self.beginning.last_message
        self.markers = Markers(self.beginning.markers)
        self.learn_accounts(self.beginning.accounts)
        self.bans = {ban.mask: ban for ban in self.beginning.bans}
        self.lobby.created = self.started
        self.rooms[fold(LOBBY)] = self.lobby

    def learn_accounts(self, accounts: tuple[Account, ...]) -> None:
        """Replace what is known of the accounts."""
        self.accounts = {fold(account.name): account for account in accounts}
        self.markers.forget_accounts(set(self.accounts))

    def next_message(self) -> int:
        """Return the number of the next message, one more than the last."""
        self.last_message += 1
        return self.last_message

    def begin(self, wire: str, address: str, now: int) -> Session:
        """Add a session with the next number and its default name, which takes part at once."""
        session = self._add(wire, address, now)
        self.name(session.user, default_nick(session.id))
        session.entry = replace(session.entry, nick=session.nick)
        return session

    def begin_nameless(self, wire: str, address: str, now: int) -> Session:
        """Add a session that has to tell its name before it takes part, and keeps lists of members by itself."""
        session = self._add(wire, address, now)
        session.user.name = UNNAMED
        session.roster = True
        session.registration = Registration()
        self.unregistered.add(session.id)
        return session

    def registered(self, session: Session) -> None:
        """Note that ``session`` takes part from now on."""
        session.registration = None
        self.unregistered.discard(session.id)

    def _add(self, wire: str, address: str, now: int) -> Session:
        self.last_session += 1
        number = self.last_session
        user = User(UNNAMED, wire, host_of(address), "", now, active=now)
        session = Session(number, Entry(number, UNNAMED, address, wire, connected=now, user=wire), user)
        user.sessions.append(session)
        self.sessions[number] = session
        return session

    def name(self, user: User, nick: str) -> None:
        """Give ``user`` a nick, in place of an earlier one."""
        if self.nicks.get(fold(user.nick)) is user:
            del self.nicks[fold(user.nick)]
        user.nick = nick
        user.changed()
        self.nicks[fold(nick)] = user
        self.most_users = max(self.most_users, len(self.nicks))

    def attach(self, session: Session, user: User) -> None:
        """Make ``session`` a further one of ``user``."""
        session.user = user
        user.sessions.append(session)
        for room in user.rooms.values():
            room.changed()

    def end(self, session: Session) -> None:
        """Take a session out of the chat, and with a user's last session the user too."""
        del self.sessions[session.id]
        self.unregistered.discard(session.id)
        self.subscriptions.clear(session.id)
        self.markers.forget(owner_key("", session.id))
        self.watching.clear(session.id)
        user = session.user
        user.sessions.remove(session)
        if user.sessions:
            for room in user.rooms.values():
                room.changed()
            return
        for room in tuple(user.rooms.values()):
            self.leave(user, room)
        self.acceptances.forget(user)
        self.census.forget(user)
        if self.nicks.get(fold(user.nick)) is user:
            del self.nicks[fold(user.nick)]

    def room(self, name: str, now: int) -> Room:
        """Return the room called ``name``, made if there is none."""
        key = fold(name)
        room = self.rooms.get(key)
        if room is None:
            room = self.rooms[key] = Room(name, created=now, flags=set(DEFAULT_FLAGS))
        return room

    def rename_room(self, room: Room, name: str) -> None:
        """Give ``room`` another name."""
        old, new = fold(room.name), fold(name)
        del self.rooms[old]
        room.name = name
        self.rooms[new] = room
        for user in room.members:
            user.rooms = {new if key == old else key: entered for key, entered in user.rooms.items()}

    def enter(self, user: User, room: Room) -> None:
        """Put ``user`` into ``room``."""
        room.admit(user)
        user.rooms[fold(room.name)] = room

    def leave(self, user: User, room: Room) -> None:
        """Take ``user`` out of ``room``; it ends with its last member, the lobby never."""
        room.release(user)
        del user.rooms[fold(room.name)]
        if not room.members and room is not self.lobby:
            del self.rooms[fold(room.name)]


def host_of(address: str) -> str:
    """Return the host of ``host:port``; one that begins with a colon gets a zero first, as no IRC word may."""
    host = address.rpartition(":")[0].strip("[]") or address
    return f"0{host}" if host.startswith(":") else host
