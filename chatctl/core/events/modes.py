"""The modes of a room."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.core.modes import ModeChange
from chatctl.core.room import ListedMask
from chatctl.core.user import Source


@dataclass(frozen=True, slots=True)
class RoomModeChanged(Event):
    """Somebody changed modes of a room; the changes in the order in which they came about."""

    who: Source
    room: str
    changes: tuple[ModeChange, ...]


@dataclass(frozen=True, slots=True)
class RoomModesShown(Event):
    """Which modes a room has, as the changes that set them; it began at ``created`` (milliseconds since 1970)."""

    room: str
    modes: tuple[ModeChange, ...]
    created: int


@dataclass(frozen=True, slots=True)
class MasksListed(Event):
    """What is in the list ``letter`` of a room, in the order of its coming."""

    room: str
    letter: str
    masks: tuple[ListedMask, ...]
