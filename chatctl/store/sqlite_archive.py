"""The store in a SQLite file: the reading side."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from chatctl.core.names import fold
from chatctl.core.records import Entry, Message
from chatctl.errors import StoreFailed

_COLUMNS = "m.id, m.at, m.target, m.recipient, m.sender, m.nick, m.kind, m.text"
_INDEXED = "(SELECT value FROM meta WHERE name = 'indexed')"
# What is not indexed yet is looked through row by row.
_HISTORY = f"""
    SELECT {_COLUMNS} FROM messages AS m WHERE m.id IN (
        SELECT id FROM (
            SELECT * FROM (SELECT id FROM room_log WHERE room = :room ORDER BY id DESC LIMIT :count)
            UNION ALL
            SELECT * FROM (
                SELECT id FROM messages
                WHERE id > {_INDEXED} AND lower(target) = :room AND kind != 'private'
                ORDER BY id DESC LIMIT :count
            )
        ) ORDER BY id DESC LIMIT :count
    ) ORDER BY m.id
"""  # noqa: S608
_TAIL_TABLE = "CREATE VIRTUAL TABLE temp.tail USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')"
_TAIL_FILL = f"""
    INSERT INTO temp.tail (rowid, text)
    SELECT id, text FROM messages WHERE id > {_INDEXED} AND lower(target) = :room AND kind != 'private'
"""  # noqa: S608
_SEARCH = f"""
    SELECT {_COLUMNS} FROM messages AS m WHERE m.id IN (
        SELECT id FROM (
            SELECT w.rowid AS id FROM message_words AS w JOIN room_log AS l ON l.room = :room AND l.id = w.rowid
            WHERE message_words MATCH :words
            UNION ALL
            SELECT rowid AS id FROM temp.tail WHERE tail MATCH :words
        ) ORDER BY id DESC LIMIT :count
    ) ORDER BY m.id
"""  # noqa: S608
_SESSION_COLUMNS = "id, nick, address, wire, connected, disconnected, reason"
_PAST = f"SELECT {_SESSION_COLUMNS} FROM sessions WHERE disconnected IS NOT NULL ORDER BY id DESC LIMIT ?"  # noqa: S608


class SqliteArchive:
    """A reading connection of a data file, for the thread that makes it; every method raises ``StoreFailed``."""

    def __init__(self, path: Path) -> None:
        with _failing():
            self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)

    def history(self, room: str, count: int) -> tuple[Message, ...]:
        """Return the last messages of a room, oldest first."""
        return self._messages(_HISTORY, {"room": fold(room), "count": count})

    def search(self, room: str, words: str, count: int) -> tuple[Message, ...]:
        """Return the last messages of a room that hold all words, oldest first."""
        if not words.split():
            return ()
        wanted = {"room": fold(room), "count": count, "words": _match_all(words)}
        connection = self._connection
        with _failing():
            connection.execute(_TAIL_TABLE)
            try:
                # One transaction: what is indexed and what is not must be of one moment.
                connection.execute("BEGIN")
                connection.execute(_TAIL_FILL, wanted)
                return self._messages(_SEARCH, wanted)
            finally:
                # SQLite may have rolled back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                connection.execute("DROP TABLE temp.tail")

    def past_sessions(self, count: int | None) -> tuple[Entry, ...]:
        """Return the newest past sessions, newest first."""
        with _failing():
            rows = self._connection.execute(_PAST, (-1 if count is None else count,)).fetchall()
        return tuple(Entry(*row) for row in rows)

    def past_total(self) -> int:
        """Return how many sessions have ended."""
        with _failing():
            row = self._connection.execute("SELECT count(*) FROM sessions WHERE disconnected IS NOT NULL").fetchone()
        return int(row[0])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _messages(self, sql: str, values: dict[str, object]) -> tuple[Message, ...]:
        with _failing(), closing(self._connection.execute(sql, values)) as rows:
            return tuple(
                Message(number, at, target, recipient, sender, nick, kind, text)
                for number, at, target, recipient, sender, nick, kind, text in rows
            )


def _match_all(words: str) -> str:
    """Return an FTS5 expression for all ``words``; each is quoted, so none of them is an operator."""
    return " ".join('"{}"'.format(word.replace('"', '""')) for word in words.split())


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreFailed(f"the data file cannot be read: {error}") from error
