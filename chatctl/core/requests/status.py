"""How somebody is here: away, real name, modes; and whose coming and going one wants to know of."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.modes import ModeChange
from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class Away(Request):
    """Be away with a note, or be back when it is empty; ``early``: also before registration, pre-away (IRCv3)."""

    note: str = ""
    early: bool = False


@dataclass(frozen=True, slots=True)
class SetRealname(Request):
    """Take another real name."""

    realname: str


@dataclass(frozen=True, slots=True)
class ShowUserModes(Request):
    """Ask for one's own modes; ``nick`` is whose were asked for."""

    nick: str


@dataclass(frozen=True, slots=True)
class ChangeUserModes(Request):
    """Change one's own modes; ``nick`` is whose were meant."""

    nick: str
    changes: tuple[ModeChange, ...]


@dataclass(frozen=True, slots=True)
class Watch(Request):
    """Want to know when people with these names come and go."""

    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unwatch(Request):
    """Not want to know of these any more."""

    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnwatchAll(Request):
    """Not want to know of anybody any more."""


@dataclass(frozen=True, slots=True)
class ListWatched(Request):
    """Ask which names one watches."""


@dataclass(frozen=True, slots=True)
class ShowWatched(Request):
    """Ask who of those one watches is here."""


@dataclass(frozen=True, slots=True)
class Accept(Request):
    """Take private messages of these people although they are not logged in; of ``unwanted`` no more."""

    nicks: tuple[str, ...]
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListAccepted(Request):
    """Ask whom one accepts."""
