"""The data file's tables and how older files become newer ones."""

from __future__ import annotations

import sqlite3

from chatctl.errors import DataFileCorrupt

APPLICATION_ID = 0x63686174
"""``chat`` in ASCII, so that ``file`` and this program know the file."""

INDEXED = "(SELECT value FROM meta WHERE name = 'indexed')"
"""SQL for the last message that is in ``room_log`` and ``message_words``."""


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

# Which logs a message is in: its room's, or for a private one the sender's with the recipient and the
# recipient's with the sender. The same is said in Python by chatctl.core.history.log_keys.
_SENDERS_LOG = "'@' || CASE account WHEN '' THEN '*' || sender ELSE lower(account) END || ' ' || lower(target)"
_RECIPIENTS_LOG = (
    "'@' || CASE recipient_account WHEN '' THEN '*' || recipient ELSE lower(recipient_account) END"
    " || ' ' || lower(nick)"
)
_MESSAGE_LOG = f"""
    CREATE VIEW message_log (room, id, at) AS
    SELECT CASE WHEN recipient IS NULL THEN lower(target) ELSE {_SENDERS_LOG} END, id, at FROM messages
    UNION ALL
    SELECT {_RECIPIENTS_LOG}, id, at FROM messages
    WHERE recipient IS NOT NULL AND {_RECIPIENTS_LOG} != {_SENDERS_LOG}
"""  # noqa: S608

_ACCOUNTS_AND_PRIVATE_LOGS = (
    "ALTER TABLE messages ADD COLUMN user TEXT NOT NULL DEFAULT ''",  # the sender's user@host
    "ALTER TABLE messages ADD COLUMN account TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE messages ADD COLUMN recipient_account TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE messages ADD COLUMN tags TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sessions ADD COLUMN user TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sessions ADD COLUMN realname TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sessions ADD COLUMN account TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX past_nicks ON sessions (lower(nick)) WHERE disconnected IS NOT NULL",
    # With the time in it, a page before some time needs no look at each message after it.
    "ALTER TABLE room_log ADD COLUMN at INTEGER NOT NULL DEFAULT 0",
    "UPDATE room_log SET at = coalesce((SELECT m.at FROM messages AS m WHERE m.id = room_log.id), 0)",
    _MESSAGE_LOG,
    f"""
    INSERT INTO room_log (room, id, at)
    SELECT l.room, l.id, l.at FROM message_log AS l JOIN messages AS m ON m.id = l.id
    WHERE l.id <= {INDEXED} AND m.kind = 'private'
    """,  # noqa: S608
    f"""
    INSERT INTO message_words (rowid, text)
    SELECT id, text FROM messages WHERE kind = 'private' AND id <= {INDEXED}
    """,  # noqa: S608
    "UPDATE messages SET kind = 'say' WHERE kind = 'private'",
    """
    CREATE TABLE accounts (
        name TEXT PRIMARY KEY,      -- letters lowered
        shown TEXT NOT NULL,        -- as it was registered
        created INTEGER NOT NULL,   -- milliseconds since 1970
        email TEXT NOT NULL,
        shared INTEGER NOT NULL,    -- whether several sessions may have its nick at once
        argon2 TEXT NOT NULL,
        scram TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE markers (
        account TEXT,               -- letters lowered, as those of the target
        target TEXT,
        at INTEGER NOT NULL,        -- milliseconds since 1970
        PRIMARY KEY (account, target)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE bans (
        mask TEXT PRIMARY KEY,
        reason TEXT NOT NULL,
        by_whom TEXT NOT NULL,
        since INTEGER NOT NULL,     -- milliseconds since 1970
        until INTEGER               -- likewise; NULL is for ever
    ) WITHOUT ROWID
    """,
)

_CERTIFICATES = (
    """
    CREATE TABLE certificates (
        fingerprint TEXT PRIMARY KEY,   -- SHA-256, 64 lower-case hexadecimal digits
        account TEXT NOT NULL           -- letters lowered
    ) WITHOUT ROWID
    """,
    "CREATE INDEX account_certificates ON certificates (account)",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST_TABLES, _ACCOUNTS_AND_PRIVATE_LOGS, _CERTIFICATES)
"""The statements that lead from each schema version to the next; those of version 0 make a new file."""


def prepare(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest schema; raises ``DataFileCorrupt`` for a file that is not ours.

    What is refused is left as it was; a first start that is interrupted leaves an empty file. Several
    processes may do this at once.
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
        # Another process may have been faster.
        if _pragma(connection, "user_version") < number:
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
