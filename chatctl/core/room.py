"""Rooms: who is in them, in which role, and what holds there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from chatctl.core.user import Session, Source, User

OP = "o"
VOICE = "v"
RANKS = (OP, VOICE)
"""The roles in a room, the highest first."""

NO_CTCP = "C"
INVITE_ONLY = "i"
MODERATED = "m"
MEMBERS_ONLY = "n"
HIDDEN = "s"
TOPIC_KEPT = "t"
"""The flags of a room: its topic is kept, only operators set it."""


class ListedMask(NamedTuple):
    """One entry of a ban, exception or invitation list; ``at`` counts milliseconds since 1970."""

    mask: str
    by: str
    at: int


@dataclass(slots=True, eq=False)
class Member:
    """Somebody in a room and their roles there.

    ``ruling`` tells whether the room's lists silence the member, and for which name that was looked up.
    """

    user: User
    roles: set[str] = field(default_factory=set)
    ruling: tuple[Source, bool] | None = None

    @property
    def ranks(self) -> str:
        """The member's roles, the highest first."""
        return "".join(role for role in RANKS if role in self.roles) if self.roles else ""


@dataclass(slots=True, eq=False)
class Room:
    """A room and who is in it, in the order of their coming.

    ``flags`` are the modes without a parameter; ``lists`` the masks under ``b`` (ban), ``e`` (exception to it) and
    ``I`` (invitation). ``invited`` are the people who may come in once. ``renamed`` is when the room
    last got another name. ``calm``: nothing keeps a member from speaking. Times count milliseconds since 1970.
    """

    name: str
    created: int = 0
    topic: str = ""
    topic_by: str = ""
    topic_at: int = 0
    key: str = ""
    limit: int = 0
    flags: set[str] = field(default_factory=set)
    lists: dict[str, dict[str, ListedMask]] = field(default_factory=lambda: {"b": {}, "e": {}, "I": {}})
    invited: set[User] = field(default_factory=set)
    metadata: dict[str, str] = field(default_factory=dict)
    renamed: int = 0
    calm: bool = True
    members: dict[User, Member] = field(default_factory=dict)
    _audience: tuple[int, ...] | None = None
    _roster: tuple[int, ...] | None = None
    _others: tuple[int, ...] | None = None

    @property
    def audience(self) -> tuple[int, ...]:
        """The members' session numbers; the same tuple until the membership changes."""
        if self._audience is None:
            self._audience = tuple([session.id for user in self.members for session in user.sessions])
        return self._audience

    @property
    def roster(self) -> tuple[int, ...]:
        """Those of them that keep the list of members by themselves."""
        if self._roster is None:
            self._roster = tuple([one.id for one in self._sessions() if one.roster])
        return self._roster

    @property
    def others(self) -> tuple[int, ...]:
        """Those of them that do not."""
        if self._others is None:
            self._others = tuple([one.id for one in self._sessions() if not one.roster])
        return self._others

    def admit(self, user: User) -> Member:
        """Make ``user`` a member."""
        member = self.members[user] = Member(user)
        self.changed()
        return member

    def release(self, user: User) -> None:
        """End the membership of ``user``."""
        del self.members[user]
        self.changed()

    def changed(self) -> None:
        """Note that the members, or one's sessions, are others."""
        self._audience = self._roster = self._others = None

    def ruled(self) -> None:
        """Note that a flag or a list is another."""
        self.calm = not (self.lists["b"] or MODERATED in self.flags or NO_CTCP in self.flags)
        for member in self.members.values():
            member.ruling = None

    def has_role(self, user: User, *roles: str) -> bool:
        """Tell whether ``user`` is here in one of ``roles``."""
        member = self.members.get(user)
        return member is not None and not member.roles.isdisjoint(roles)

    def _sessions(self) -> list[Session]:
        return [session for user in self.members for session in user.sessions]
