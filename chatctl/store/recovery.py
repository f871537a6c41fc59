"""Saving what can still be read of a damaged data file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from chatctl.errors import DataFileCorrupt
from chatctl.store.sqlite_file import open_to_write

TABLES = ("messages", "sessions", "accounts", "certificates", "markers", "bans")
"""What is worth saving; the rest is made anew from it."""

PATIENCE = 2.0
"""Seconds to wait for another program that writes to the file."""


_HIGHEST = {
    "last_message": "SELECT coalesce(max(id), 0) FROM messages",
    "last_session": "SELECT coalesce(max(id), 0) FROM sessions",
}


class Saved(NamedTuple):
    """How many rows of a table were saved; ``whole`` says that nothing of it was unreadable."""

    table: str
    rows: int
    whole: bool


def recover(damaged: Path, into: Path) -> list[Saved]:
    """Write what can be read of ``damaged`` into a new data file; raises ``DataFileCorrupt`` when that is nothing.

    A table is read from its beginning up to what cannot be read, and from its end down to it.
    """
    with closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as source:
        try:
            known = {name for (name,) in source.execute("SELECT name FROM sqlite_schema")}
        except sqlite3.Error as error:
            raise DataFileCorrupt(
                f"nothing of {damaged} can be read: {error}; put a copy in its place, or move it away to begin anew"
            ) from error
        with closing(open_to_write(into, PATIENCE)) as target:
            saved = [_save(table, source, target) for table in TABLES if table in known]
            for name, highest in _HIGHEST.items():
                target.execute("UPDATE meta SET value = ? WHERE name = ?", (*target.execute(highest).fetchone(), name))
            return saved


def _save(table: str, source: sqlite3.Connection, target: sqlite3.Connection) -> Saved:
    shared = [name for name in _columns(table, target) if name in _columns(table, source)]
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(shared)}) VALUES ({', '.join('?' * len(shared))})"  # noqa: S608
    target.execute("BEGIN")
    whole = _copy(_rows(table, shared, source, ""), insert, target) or _copy(
        _rows(table, shared, source, "DESC"), insert, target
    )
    target.execute("COMMIT")
    all_rows = f"SELECT count(*) FROM {table}"  # noqa: S608
    return Saved(table, target.execute(all_rows).fetchone()[0], whole)


def _columns(table: str, connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def _rows(table: str, columns: list[str], source: sqlite3.Connection, direction: str) -> Iterator[tuple[object, ...]]:
    sql = f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED ORDER BY {columns[0]} {direction}"  # noqa: S608
    yield from source.execute(sql)


def _copy(rows: Iterator[tuple[object, ...]], insert: str, target: sqlite3.Connection) -> bool:
    """Insert rows until one cannot be read; tell whether all could."""
    try:
        for row in rows:
            # What a damaged row holds may be anything; a row that the new table does not take is left out.
            with suppress(sqlite3.IntegrityError):
                target.execute(insert, row)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    return True
