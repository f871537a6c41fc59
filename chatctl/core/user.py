"""Who is here: people under a nick, and the sessions through which they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from chatctl.core.records import SECURE, Entry

if TYPE_CHECKING:
    from chatctl.core.room import Room

UNNAMED = "*"
"""What a session is called that has no nick yet."""

BOT = "B"
INVISIBLE = "i"
OPERATOR = "o"
REGISTERED_ONLY = "R"
WALLOPS = "w"
USER_MODES = "".join((BOT, REGISTERED_ONLY, INVISIBLE, OPERATOR, WALLOPS))
"""The modes of people; R: who is not logged in may not write to them. Modern IRC, section "User Modes"."""


class Source(NamedTuple):
    """Who did something: ``user`` is ``user@host``, ``account`` empty for who is not logged in."""

    nick: str
    user: str
    account: str = ""
    bot: bool = False

    @property
    def mask(self) -> str:
        """``nick!user@host``."""
        return f"{self.nick}!{self.user}"


@dataclass(slots=True, eq=False)
class Registration:
    """What a session has told before it may take part: Modern IRC, section "Connection Registration".

    ``wanted`` is the nick last asked for, had or not; ``held`` while capabilities are negotiated; ``checked`` once the
    server's password was right.
    """

    nick: str = ""
    wanted: str = ""
    user: str = ""
    realname: str = ""
    password: str = field(default="", repr=False)
    held: bool = False
    checked: bool = False


@dataclass(slots=True, eq=False)
class Session:
    """One connection of somebody: its ledger row, and what it needs to be told.

    ``room`` is the one room of a session that can be in one only. ``roster`` is set when the peer keeps lists of
    members by itself, so it has to be told of every coming and going. ``registration`` is None once it is over.
    ``certificate`` is the fingerprint of the TLS certificate that the peer showed, empty without one.
    """

    id: int
    entry: Entry
    user: User
    room: Room | None = None
    roster: bool = False
    registration: Registration | None = None
    login: object = None
    attempts: int = 0
    certificate: str = ""

    @property
    def nick(self) -> str:
        """The session's name now."""
        return self.user.nick

    @property
    def secure(self) -> bool:
        """Whether the session is through TLS."""
        return self.entry.wire.endswith(SECURE)


@dataclass(slots=True, eq=False)
class User:
    """Somebody who is here under a nick, by one session or, with an account, by several.

    ``name`` is what IRC shows before the ``@``, ``host`` the address. ``rooms`` is in the order of entering, by
    folded name. Times count milliseconds since 1970.
    """

    nick: str
    name: str
    host: str
    realname: str
    since: int
    account: str = ""
    away: str = ""
    operator: str = ""
    active: int = 0
    modes: set[str] = field(default_factory=set)
    sessions: list[Session] = field(default_factory=list)
    rooms: dict[str, Room] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    _source: Source | None = None

    @property
    def source(self) -> Source:
        """Who this is, for others; the same value until ``changed`` is called."""
        if self._source is None:
            self._source = Source(self.nick, f"{self.name}@{self.host}", self.account, BOT in self.modes)
        return self._source

    def changed(self) -> None:
        """Note that nick, name, host, account or the bot mode is another."""
        self._source = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the user's sessions."""
        return tuple(session.id for session in self.sessions)
