"""The store in a SQLite file: the writing side."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path

from chatctl.core.records import Account, Ban, Change, Entry, Marker, Message
from chatctl.errors import StoreFailed
from chatctl.store import sqlite_accounts
from chatctl.store.base import Archive, Numbers, Retention
from chatctl.store.sqlite_archive import SqliteArchive
from chatctl.store.sqlite_changes import apply
from chatctl.store.sqlite_file import open_to_write, opening, reading, writing

SLICE = 200
"""Rows that one piece of upkeep handles: a few milliseconds."""

PRUNE_EVERY = 60_000
"""Milliseconds between looks for rows to forget, when the last look found none."""

PATIENCE = 2.0
"""Seconds to wait for another program that writes to the file."""

_ROW = f"({', '.join('?' * len(Message._fields))})"
_INSERT = {rows: f"INSERT INTO messages VALUES {', '.join([_ROW] * rows)}" for rows in (64, 8, 1)}  # noqa: S608
_UPSERT = (
    "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " nick = excluded.nick, disconnected = excluded.disconnected, reason = excluded.reason,"
    " user = excluded.user, realname = excluded.realname, account = excluded.account"
)
_LOG_SPAN = "INSERT INTO room_log SELECT room, id, at FROM message_log WHERE id > ? AND id <= ?"
_INDEX_SPAN = "INSERT INTO message_words (rowid, text) SELECT id, text FROM messages WHERE id > ? AND id <= ?"
_FORGET_WORDS = """
    INSERT INTO message_words (message_words, rowid, text)
    SELECT 'delete', id, text FROM messages WHERE id <= ? AND at < ?
"""
_FORGET_LOGS = """
    DELETE FROM room_log WHERE (room, id) IN (SELECT room, id FROM message_log WHERE id <= ? AND at < ?)
"""


class Durability(StrEnum):
    """What an acknowledged message survives."""

    NORMAL = "normal"
    FULL = "full"


class SqliteStore:
    """The one write connection of a data file.

    Raises ``DataFileCorrupt`` for a file that SQLite or this program cannot use, ``DataDirUnusable`` for one
    that cannot be opened, ``StoreFailed`` for one that cannot be read. Sessions that a crash
    left open are closed with the reason ``crash`` at the last time that the file knows of.
    """

    def __init__(
        self, path: Path, retention: Retention | None = None, durability: Durability = Durability.NORMAL
    ) -> None:
        self._path = path  # immutable
        self._retention = retention or Retention()  # immutable
        self._next_prune = 0  # owner: hub thread
        self._connection = open_to_write(path, PATIENCE)
        with contextlib.ExitStack() as on_failure, opening(path):
            on_failure.callback(self._connection.close)
            self._place = path.stat()[1:3]
            self._connection.execute(f"PRAGMA synchronous = {durability}")
            self._close_crashed()
            self.numbers = self._read_numbers()
            self._seen_version = self._data_version()  # owner: hub thread
            on_failure.pop_all()

    def commit(self, messages: Sequence[Message], entries: Sequence[Entry], changes: Sequence[Change] = ()) -> None:
        """Keep all of it in one transaction or, raising ``StoreFailed``, nothing."""
        connection = self._connection
        self._check_place()
        with writing(connection):
            # Each statement releases the interpreter lock, so a block of rows is one statement.
            start = 0
            for size, insert in _INSERT.items():
                while len(messages) - start >= size:
                    rows = messages[start : start + size]
                    connection.execute(insert, tuple(chain.from_iterable(rows)))
                    start += size
            if entries:
                connection.executemany(_UPSERT, map(_entry_row, entries))
            for change in changes:
                apply(connection, change)

    def _check_place(self) -> None:
        """Refuse to write to a file that nobody would find again; raises ``StoreFailed``."""
        try:
            there = self._path.stat()[1:3] == self._place
        except OSError:
            there = False
        if not there:
            raise StoreFailed(f"{self._path} was moved or removed; put it back, or start the server again")

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts in the order of their names."""
        with reading():
            return sqlite_accounts.accounts(self._connection)

    def bans(self) -> tuple[Ban, ...]:
        """Return all bans in the order in which they were set."""
        with reading():
            return sqlite_accounts.bans(self._connection)

    def markers_of_all(self) -> tuple[Marker, ...]:
        """Return the read markers of all accounts."""
        with reading():
            return sqlite_accounts.all_markers(self._connection)

    def changed_outside(self) -> bool:
        """Tell whether another connection wrote since this was last asked."""
        with reading():
            earlier, self._seen_version = self._seen_version, self._data_version()
        return self._seen_version != earlier

    def tend(self, now: int) -> bool:
        """Index a slice of new messages, or forget a slice of old rows."""
        with reading():
            return self._index_slice() or self._prune(now)

    def open_archive(self) -> Archive:
        """Return a reading side with a connection of its own."""
        return SqliteArchive(self._path)

    def close(self) -> None:
        """Close the file; SQLite folds the log into it."""
        self._connection.close()

    def _index_slice(self) -> bool:
        indexed = self._meta("indexed")
        sql = "SELECT max(id) FROM (SELECT id FROM messages WHERE id > ? ORDER BY id LIMIT ?)"
        upto = self._number(sql, indexed, SLICE)
        if not upto:
            return False
        span = (indexed, upto)
        connection = self._connection
        with writing(connection):
            connection.execute(_LOG_SPAN, span)
            connection.execute(_INDEX_SPAN, span)
            connection.execute("UPDATE meta SET value = ? WHERE name = 'indexed'", (upto,))
        return True

    def _prune(self, now: int) -> bool:
        if now < self._next_prune:
            return False
        more = self._prune_messages(now - self._retention.messages)
        more |= self._prune_sessions(now - self._retention.sessions)
        if not more:
            self._next_prune = now + PRUNE_EVERY
        return more

    def _prune_messages(self, before: int) -> bool:
        sql = "SELECT max(id) FROM (SELECT id, at FROM messages WHERE id <= ? ORDER BY id LIMIT ?) WHERE at < ?"
        upto = self._number(sql, self._meta("indexed"), SLICE, before)
        if not upto:
            return False
        chosen = (upto, before)
        connection = self._connection
        with writing(connection):
            connection.execute(_FORGET_WORDS, chosen)
            connection.execute(_FORGET_LOGS, chosen)
            connection.execute("UPDATE meta SET value = max(value, ?) WHERE name = 'last_message'", (upto,))
            connection.execute("DELETE FROM messages WHERE id <= ? AND at < ?", chosen)
        return True

    def _prune_sessions(self, before: int) -> bool:
        old = "SELECT id FROM sessions WHERE disconnected < ? ORDER BY disconnected LIMIT ?"
        chosen = (before, SLICE)
        last = self._number(f"SELECT max(id) FROM ({old})", *chosen)  # noqa: S608
        if not last:
            return False
        connection = self._connection
        with writing(connection):
            connection.execute("UPDATE meta SET value = max(value, ?) WHERE name = 'last_session'", (last,))
            connection.execute(f"DELETE FROM sessions WHERE id IN ({old})", chosen)  # noqa: S608
        return True

    def _close_crashed(self) -> None:
        known = self._number(
            "SELECT max((SELECT coalesce(max(connected), 0) FROM sessions),"
            " (SELECT coalesce(max(disconnected), 0) FROM sessions WHERE disconnected IS NOT NULL),"
            " coalesce((SELECT at FROM messages ORDER BY id DESC LIMIT 1), 0))"
        )
        self._connection.execute(
            "UPDATE sessions SET disconnected = max(connected, ?), reason = 'crash' WHERE disconnected IS NULL",
            (known,),
        )

    def _read_numbers(self) -> Numbers:
        return Numbers(
            max(self._meta("last_session"), self._number("SELECT max(id) FROM sessions")),
            max(self._meta("last_message"), self._number("SELECT max(id) FROM messages")),
        )

    def _meta(self, name: str) -> int:
        return self._number("SELECT value FROM meta WHERE name = ?", name)

    def _data_version(self) -> int:
        return self._number("PRAGMA data_version")

    def _number(self, sql: str, *values: object) -> int:
        try:
            row = self._connection.execute(sql, values).fetchone()
        except sqlite3.OperationalError as error:
            raise StoreFailed(f"the data file cannot be read: {error}") from error
        return int(row[0] or 0)


def _entry_row(entry: Entry) -> tuple[object, ...]:
    return (
        entry.id,
        entry.nick,
        entry.address,
        entry.wire,
        entry.connected,
        entry.disconnected,
        entry.reason,
        entry.user,
        entry.realname,
        entry.account,
    )
