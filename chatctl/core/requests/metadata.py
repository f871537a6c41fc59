"""Metadata: what people tell of themselves and of rooms, key by key. Source: metadata (IRCv3)."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class GetMetadata(Request):
    """Ask for some of the keys of ``target``: a nick, a room, or ``*`` for oneself."""

    target: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListMetadata(Request):
    """Ask for all keys of ``target``."""

    target: str


@dataclass(frozen=True, slots=True)
class SetMetadata(Request):
    """Set a key of ``target``, or take it away when ``value`` is None."""

    target: str
    key: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class ClearMetadata(Request):
    """Take all keys of ``target`` away."""

    target: str


@dataclass(frozen=True, slots=True)
class Subscribe(Request):
    """Want to know of changes of these keys."""

    target: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsubscribe(Request):
    """Not want to know of these keys any more."""

    target: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListSubscriptions(Request):
    """Ask which keys one subscribes to."""

    target: str


@dataclass(frozen=True, slots=True)
class SyncMetadata(Request):
    """Ask for the keys of ``target``, and of who is in it, that one subscribes to."""

    target: str
