"""Answers from the past, and help."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.core.records import Entry, Message


@dataclass(frozen=True, slots=True)
class HistoryShown(Event):
    """The last messages of a room, oldest first."""

    room: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Found(Event):
    """The messages of a room that hold the words, oldest first."""

    room: str
    words: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class SessionsListed(Event):
    """The session table at the time ``now`` (milliseconds since 1970), newest first in both parts.

    ``active_total`` and ``past_total`` count all sessions, also those that the table leaves out.
    """

    now: int
    active: tuple[Entry, ...]
    past: tuple[Entry, ...]
    active_total: int
    past_total: int
    limit: int


@dataclass(frozen=True, slots=True)
class HelpShown(Event):
    """The wire tells what can be typed; about one command only if ``subject`` is given."""

    subject: str = ""
