"""What every store does; one thread writes, another reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chatctl.core.records import Entry, Message

DAY = 24 * 60 * 60 * 1000
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is over is kept, in milliseconds: messages since they were said, sessions since they ended."""

    messages: int = 7 * DAY
    sessions: int = 90 * DAY


@dataclass(frozen=True, slots=True)
class Numbers:
    """The highest numbers ever given out by this store's server."""

    session: int
    message: int


class Archive(Protocol):
    """The reading side, for a thread of its own; every method raises ``StoreFailed``."""

    def history(self, room: str, count: int) -> tuple[Message, ...]:
        """Return the last ``count`` messages of ``room``, oldest first."""
        ...

    def search(self, room: str, words: str, count: int) -> tuple[Message, ...]:
        """Return the last ``count`` messages of ``room`` that hold all ``words``, oldest first."""
        ...

    def past_sessions(self, count: int | None) -> tuple[Entry, ...]:
        """Return the ``count`` (None: all) newest sessions that have ended, newest first."""
        ...

    def past_total(self) -> int:
        """Return how many sessions have ended."""
        ...

    def close(self) -> None:
        """Let go of what the archive holds."""
        ...


class Store(Protocol):
    """The writing side; belongs to the thread that made it."""

    numbers: Numbers

    def commit(self, messages: Sequence[Message], entries: Sequence[Entry]) -> None:
        """Keep all of it or, raising ``StoreFailed``, nothing; an entry replaces the one with its number."""
        ...

    def tend(self, now: int) -> bool:
        """Do a small piece of upkeep (a few milliseconds); True when there is more to do.

        ``now`` counts milliseconds since 1970. Raises ``StoreFailed``.
        """
        ...

    def open_archive(self) -> Archive:
        """Return a reading side; called in the thread that is to use it."""
        ...

    def close(self) -> None:
        """Let go of what the store holds."""
        ...
