"""Saying something."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.records import Kind
from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class Say(Request):
    """Say ``text`` in the room one is in."""

    text: str


@dataclass(frozen=True, slots=True)
class Act(Request):
    """Tell the room what one does: ``* river waves``."""

    text: str


@dataclass(frozen=True, slots=True)
class Whisper(Request):
    """Say ``text`` to one person."""

    nick: str
    text: str


@dataclass(frozen=True, slots=True)
class Send(Request):
    """Send ``text`` to rooms and people; ``tags`` are client tags as IRC writes them, without the ``@``."""

    targets: tuple[str, ...]
    kind: Kind
    text: str
    tags: str = ""
