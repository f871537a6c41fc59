"""Metadata, and who subscribes to what. Source: metadata (IRCv3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from chatctl.core.events.base import Event
from chatctl.core.user import Source
from chatctl.errors import Refused


class Datum(NamedTuple):
    """A key of somebody or of a room; ``value`` is None when it is not set."""

    target: str
    key: str
    value: str | None


@dataclass(frozen=True, slots=True)
class MetadataListed(Event):
    """What was asked for of ``target``, and what was refused of it, in the order of asking."""

    target: str
    found: tuple[Datum | Refused, ...]


@dataclass(frozen=True, slots=True)
class MetadataSet(Event):
    """One has set a key, or taken it away."""

    datum: Datum


@dataclass(frozen=True, slots=True)
class MetadataChanged(Event):
    """Somebody has set a key, or taken it away; told to those who subscribe to it."""

    who: Source
    datum: Datum


@dataclass(frozen=True, slots=True)
class MetadataSynced(Event):
    """What is set of ``target`` and of who is in it, for one who subscribes to it."""

    target: str
    found: tuple[Datum, ...]


@dataclass(frozen=True, slots=True)
class SyncPostponed(Event):
    """What is set of a room and of who is in it is too much to be told without being asked for."""

    target: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Subscribed(Event):
    """One subscribes to these keys now."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsubscribed(Event):
    """One subscribes to these keys no more."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubscriptionsListed(Event):
    """The keys that one subscribes to."""

    keys: tuple[str, ...]
