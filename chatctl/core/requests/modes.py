"""The modes of a room."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.modes import ModeChange
from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class ShowModes(Request):
    """Ask which modes a room has."""

    room: str


@dataclass(frozen=True, slots=True)
class ChangeModes(Request):
    """Change modes of a room; a change of a list that names no mask asks for the list."""

    room: str
    changes: tuple[ModeChange, ...]
