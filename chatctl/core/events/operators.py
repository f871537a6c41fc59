"""What operators of the server do, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.core.limits import Limits
from chatctl.core.records import Ban
from chatctl.core.user import Source


@dataclass(frozen=True, slots=True)
class OperatorMade(Event):
    """One is an operator now."""


@dataclass(frozen=True, slots=True)
class KillTold(Event):
    """One is disconnected by an operator."""

    who: Source
    nick: str
    why: str


@dataclass(frozen=True, slots=True)
class SomebodyKilled(Event):
    """Somebody was disconnected; told to who did it."""

    nick: str


@dataclass(frozen=True, slots=True)
class BanPlaced(Event):
    """The ban holds; it has ended so many sessions."""

    ban: Ban
    ended: int


@dataclass(frozen=True, slots=True)
class BanGone(Event):
    """The ban holds no more."""

    mask: str


@dataclass(frozen=True, slots=True)
class BansListed(Event):
    """Who may not connect."""

    bans: tuple[Ban, ...]


@dataclass(frozen=True, slots=True)
class OperatorsListed(Event):
    """The names of operators."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Called(Event):
    """An operator says something to everybody who wants to hear it."""

    who: Source
    text: str


@dataclass(frozen=True, slots=True)
class SettingsShown(Event):
    """Limits by their ``names``; ``wanted`` is the number that was asked for, if the machine does not allow it."""

    names: tuple[str, ...]
    limits: Limits
    wanted: float | None = None
