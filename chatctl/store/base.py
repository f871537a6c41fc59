"""What every store does; one thread writes, another reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chatctl.core.history import Around, Log, Mark, Page, Wanted
from chatctl.core.records import Account, Ban, Change, Credentials, Entry, Marker, Message

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

    def history(self, log: Log, page: Page | Around) -> tuple[Message, ...]:
        """Return the messages of ``log`` that ``page`` is about, oldest first."""
        ...

    def search(self, logs: Sequence[Log], wanted: Wanted) -> tuple[Message, ...]:
        """Return the messages of any of ``logs`` that are ``wanted``, oldest first; never one without text."""
        ...

    def message(self, number: int) -> Message | None:
        """Return the message with this number, if it is kept."""
        ...

    def latest(self, room: str) -> int | None:
        """Return when the newest message of ``room`` was said, in milliseconds since 1970."""
        ...

    def conversations(
        self, owner: str, after: Mark | None, before: Mark | None, count: int
    ) -> tuple[tuple[str, int], ...]:
        """Return peers of ``owner`` (as ``owner_key`` gives it) and when the newest message with each was said.

        Peers are folded nicks, times milliseconds since 1970. Those count whose newest message lies strictly
        between ``after`` and ``before``: of these the ``count`` earliest, the earliest first.
        """
        ...

    def past_sessions(self, count: int | None) -> tuple[Entry, ...]:
        """Return the ``count`` (None: all) newest sessions that have ended, newest first."""
        ...

    def past_total(self) -> int:
        """Return how many sessions have ended."""
        ...

    def whowas(self, nick: str, count: int | None) -> tuple[Entry, ...]:
        """Return the ``count`` (None: all) newest sessions that ended with this nick, newest first."""
        ...

    def credentials(self, name: str) -> tuple[Account, Credentials] | None:
        """Return the account called so, letter case apart, and what checks its password."""
        ...

    def markers(self, account: str) -> tuple[Marker, ...]:
        """Return the read markers of ``account``, names folded, in the order of their targets."""
        ...

    def close(self) -> None:
        """Let go of what the archive holds."""
        ...


class Store(Protocol):
    """The writing side; belongs to the thread that made it."""

    numbers: Numbers

    def commit(self, messages: Sequence[Message], entries: Sequence[Entry], changes: Sequence[Change] = ()) -> None:
        """Keep all of it, in this order, or, raising ``StoreFailed``, nothing.

        An entry replaces the one with its number. What a change is about and is not there makes it no error.
        """
        ...

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts in the order of their names; raises ``StoreFailed``."""
        ...

    def bans(self) -> tuple[Ban, ...]:
        """Return all bans, also those that are over, in the order in which they were set; raises ``StoreFailed``."""
        ...

    def markers_of_all(self) -> tuple[Marker, ...]:
        """Return the read markers of all accounts, names folded, in the order of accounts and targets.

        Raises ``StoreFailed``.
        """
        ...

    def changed_outside(self) -> bool:
        """Tell whether somebody else wrote since this was last asked, or since opening; raises ``StoreFailed``."""
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
