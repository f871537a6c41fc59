"""How somebody is here: away, real name, modes; and the coming and going of those one watches."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.accounts import AccountChanged
from chatctl.core.events.base import Event
from chatctl.core.modes import ModeChange
from chatctl.core.user import Source


@dataclass(frozen=True, slots=True)
class AwayChanged(Event):
    """Somebody is away with a note, or back when it is empty; not told to themselves."""

    who: Source
    note: str


@dataclass(frozen=True, slots=True)
class AwayNoted(Event):
    """One is away now, or back."""

    away: bool


@dataclass(frozen=True, slots=True)
class RealnameChanged(Event):
    """Somebody has another real name."""

    who: Source
    realname: str


@dataclass(frozen=True, slots=True)
class Watched(Event):
    """One of these, for somebody who watches the name and shares no room: extended-monitor (IRCv3)."""

    event: AwayChanged | RealnameChanged | AccountChanged


@dataclass(frozen=True, slots=True)
class UserModesChanged(Event):
    """One's own modes are others."""

    who: Source
    changes: tuple[ModeChange, ...]


@dataclass(frozen=True, slots=True)
class UserModesShown(Event):
    """Which modes one has: their letters."""

    letters: str


@dataclass(frozen=True, slots=True)
class Appeared(Event):
    """People whom one watches are here."""

    people: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Vanished(Event):
    """Nobody is here under these names that one watches."""

    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WatchedListed(Event):
    """Which names one watches."""

    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AcceptedListed(Event):
    """Of whom one takes private messages although they are not logged in."""

    nicks: tuple[str, ...]
