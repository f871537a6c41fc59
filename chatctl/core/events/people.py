"""What is told about people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from chatctl.core.events.base import Event
from chatctl.core.events.metadata import Datum
from chatctl.core.records import Entry
from chatctl.core.user import Source


class Card(NamedTuple):
    """Somebody in the answer to a WHO; ``room`` is ``*`` and ``ranks`` empty outside of one, ``idle`` in seconds."""

    who: Source
    name: str
    host: str
    realname: str
    room: str
    ranks: str
    away: bool
    operator: bool
    idle: int


@dataclass(frozen=True, slots=True)
class WhoShown(Event):
    """Who answers to a mask; ``fields`` and ``token`` are those of WHOX, None without; ``more``: there are others."""

    mask: str
    cards: tuple[Card, ...]
    fields: str | None = None
    token: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class WhoisShown(Event):
    """All that may be known of somebody.

    ``rooms`` are names with ranks; ``addresses``, of all clients, and ``modes`` are None for who may not know them;
    ``idle`` is in seconds, ``since`` in milliseconds since 1970. ``secure``: all clients use TLS; ``certificates`` are
    the fingerprints of theirs, for who may know them.
    """

    who: Source
    name: str
    host: str
    realname: str
    rooms: tuple[tuple[str, str], ...]
    away: str
    operator: bool
    modes: str | None
    addresses: tuple[str, ...] | None
    idle: int
    since: int
    metadata: tuple[Datum, ...] = ()
    secure: bool = False
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhoisEnded(Event):
    """All is told about these nicks; ``asked`` is how they were named."""

    asked: str


@dataclass(frozen=True, slots=True)
class WhowasShown(Event):
    """Who had the nick before, the newest first."""

    nick: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class HostsShown(Event):
    """Where people are: who, whether operator, whether away."""

    people: tuple[tuple[Source, bool, bool], ...]


@dataclass(frozen=True, slots=True)
class PresentShown(Event):
    """Which of the nicks are here."""

    nicks: tuple[str, ...]
