"""The data file's tables and how older files become newer ones."""

from __future__ import annotations

import sqlite3

from chatctl.errors import DataFileCorrupt

APPLICATION_ID = 0x63686174
"""``chat`` in ASCII, so that ``file`` and this program know the file."""


# room_log and message_words follow messages at leisure, up to meta.indexed: indexing each message
# in its own commit would cost six times what storing it does.
_FIRST_TABLES = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO meta VALUES ('indexed', 0), ('last_message', 0), ('last_session', 0)",
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,        -- milliseconds since 1970
        target TEXT NOT NULL,       -- the room, or the recipient's nick
        recipient INTEGER,          -- the recipient's session, for a private message
        sender INTEGER NOT NULL,    -- the sender's session
        nick TEXT NOT NULL,         -- the sender's name then
        kind TEXT NOT NULL,         -- say, action, private
        text TEXT NOT NULL
    )
    """,
    "CREATE TABLE room_log (room TEXT, id INTEGER, PRIMARY KEY (room, id)) WITHOUT ROWID",
    """
    CREATE VIRTUAL TABLE message_words USING fts5 (
        text, content = 'messages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        nick TEXT NOT NULL,
        address TEXT NOT NULL,
        wire TEXT NOT NULL,
        connected INTEGER NOT NULL, -- milliseconds since 1970
        disconnected INTEGER,       -- likewise; NULL while it lasts
        reason TEXT NOT NULL
    )
    """,
    "CREATE INDEX open_sessions ON sessions (id) WHERE disconnected IS NULL",
    "CREATE INDEX past_sessions ON sessions (disconnected) WHERE disconnected IS NOT NULL",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST_TABLES,)
"""The statements that lead from each schema version to the next; those of version 0 make a new file."""


def prepare(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest schema; raises ``DataFileCorrupt`` for a file that is not ours.

    What is refused is left as it was; a first start that is interrupted leaves an empty file.
    """
    version = _pragma(connection, "user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if (tables or version) and _pragma(connection, "application_id") != APPLICATION_ID:
        raise DataFileCorrupt("the data file belongs to another program; choose another --data-dir")
    if version > len(MIGRATIONS):
        raise DataFileCorrupt(
            f"the data file has schema {version}, this chatctl knows {len(MIGRATIONS)}; install a newer chatctl"
        )
    connection.execute("PRAGMA journal_mode = WAL")
    for number, statements in enumerate(MIGRATIONS[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
