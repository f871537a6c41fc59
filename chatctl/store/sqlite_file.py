"""A data file as SQLite sees it: opened, written, read, each with errors of ours."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from chatctl.errors import CannotRun, DataDirUnusable, DataFileCorrupt, StoreFailed
from chatctl.store import schema


def open_to_write(path: Path, patience: float) -> sqlite3.Connection:
    """Return a write connection to the file, made or brought to the newest schema if needed.

    It waits ``patience`` seconds for other writers. Raises ``DataFileCorrupt`` for a file that SQLite or this
    program cannot use, ``DataDirUnusable`` for one that cannot be opened.
    """
    with suppress(OSError):
        # It holds what people said and what checks their passwords; SQLite would let everybody read it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    with opening(path), ExitStack() as on_failure:
        connection = sqlite3.connect(path, isolation_level=None, timeout=patience)
        on_failure.callback(connection.close)
        schema.prepare(connection)
        on_failure.pop_all()
        return connection


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into those of a file that cannot be used."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _unusable(path, error) from error


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Do what follows in one transaction; when that raises, nothing is kept. Raises ``StoreFailed``."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise StoreFailed(f"the data file cannot be written: {error}") from error
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def reading() -> Iterator[None]:
    """Turn SQLite's errors into ``StoreFailed``."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreFailed(f"the data file cannot be read: {error}") from error


def _unusable(path: Path, error: sqlite3.DatabaseError) -> CannotRun:
    if isinstance(error, sqlite3.OperationalError):
        return DataDirUnusable(f"cannot open {path}: {error}; choose another folder with --data-dir, or --in-memory")
    return DataFileCorrupt(
        f"{path} cannot be used: {error}; if it is damaged, save what is readable with:"
        f" chatctl recover --data-dir {path.parent}"
    )
