"""The store in a SQLite file: how it keeps what is neither a message nor a ledger row."""

from __future__ import annotations

import sqlite3
from typing import assert_never

from chatctl.core.history import conversations_key
from chatctl.core.names import fold
from chatctl.core.records import (
    Account,
    AccountAdded,
    AccountChanged,
    AccountRemoved,
    BanLifted,
    BanSet,
    CertificateAdded,
    CertificateRemoved,
    Change,
    Credentials,
    MarkerMoved,
    Redacted,
)
from chatctl.store.schema import INDEXED

_FORGET_WORDS = f"""
    INSERT INTO message_words (message_words, rowid, text)
    SELECT 'delete', id, text FROM messages WHERE id = :id AND id <= {INDEXED}
"""  # noqa: S608
_FORGET_LOGS = "DELETE FROM room_log WHERE (room, id) IN (SELECT room, id FROM message_log WHERE id = :id)"
_REMEMBER_NUMBER = """
    UPDATE meta SET value = max(value, :id)
    WHERE name = 'last_message' AND EXISTS (SELECT 1 FROM messages WHERE id = :id)
"""
_DISOWN_MESSAGES = f"""
    UPDATE messages SET
        account = CASE lower(account) WHEN :name THEN '' ELSE account END,
        recipient_account = CASE lower(recipient_account) WHEN :name THEN '' ELSE recipient_account END
    WHERE recipient IS NOT NULL
    AND (id > {INDEXED} OR id IN (SELECT id FROM room_log WHERE room > :first AND room < :beyond))
"""  # noqa: S608
_FORGET_CONVERSATIONS = "DELETE FROM room_log WHERE room > :first AND room < :beyond"
_ADD_CERTIFICATE = """
    INSERT INTO certificates SELECT ?, name FROM accounts WHERE name = ? ON CONFLICT DO NOTHING
"""
_FORGET_MESSAGE = "DELETE FROM messages WHERE id = :id"


def apply(connection: sqlite3.Connection, change: Change) -> bool:
    """Do ``change`` in the transaction that is open; False when there was nothing to change."""
    match change:
        case AccountAdded(account, credentials):
            return _add(connection, account, credentials)
        case AccountRemoved(name):
            _forget_conversations(connection, fold(name))
            connection.execute("DELETE FROM markers WHERE account = ?", (fold(name),))
            connection.execute("DELETE FROM certificates WHERE account = ?", (fold(name),))
            return _does(connection, "DELETE FROM accounts WHERE name = ?", fold(name))
        case AccountChanged(account, credentials):
            return _change(connection, account, credentials)
        case CertificateAdded(name, fingerprint):
            return _does(connection, _ADD_CERTIFICATE, fingerprint, fold(name))
        case CertificateRemoved(name, fingerprint):
            sql = "DELETE FROM certificates WHERE fingerprint = ? AND account = ?"
            return _does(connection, sql, fingerprint, fold(name))
        case MarkerMoved(marker):
            values = (fold(marker.account), fold(marker.target), marker.at)
            return _does(connection, "INSERT OR REPLACE INTO markers VALUES (?, ?, ?)", *values)
        case BanSet(ban):
            row = (ban.mask, ban.reason, ban.by, ban.since, ban.until)
            return _does(connection, "INSERT OR REPLACE INTO bans VALUES (?, ?, ?, ?, ?)", *row)
        case BanLifted(mask):
            return _does(connection, "DELETE FROM bans WHERE mask = ?", mask)
        case Redacted(message):
            return _redact(connection, message)
        case _:
            assert_never(change)


def _add(connection: sqlite3.Connection, account: Account, credentials: Credentials) -> bool:
    row = (account.name, account.created, account.email, account.shared, credentials.argon2, credentials.scram)
    sql = "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    return _does(connection, sql, fold(account.name), *row)


def _change(connection: sqlite3.Connection, account: Account, credentials: Credentials | None) -> bool:
    name = fold(account.name)
    if credentials is not None:
        secrets = (credentials.argon2, credentials.scram)
        connection.execute("UPDATE accounts SET argon2 = ?, scram = ? WHERE name = ?", (*secrets, name))
    sql = "UPDATE accounts SET shown = ?, created = ?, email = ?, shared = ? WHERE name = ?"
    return _does(connection, sql, account.name, account.created, account.email, account.shared, name)


def _forget_conversations(connection: sqlite3.Connection, name: str) -> None:
    """Let the private messages of an account be nobody's, so that the next one of that name does not have them."""
    start = conversations_key(name)
    values = {"name": name, "first": start, "beyond": f"{start[:-1]}!"}
    for sql in (_DISOWN_MESSAGES, _FORGET_CONVERSATIONS):
        connection.execute(sql, values)


def _redact(connection: sqlite3.Connection, message: int) -> bool:
    for sql in (_FORGET_WORDS, _FORGET_LOGS, _REMEMBER_NUMBER):
        connection.execute(sql, {"id": message})
    return connection.execute(_FORGET_MESSAGE, {"id": message}).rowcount > 0


def _does(connection: sqlite3.Connection, sql: str, *values: object) -> bool:
    return connection.execute(sql, values).rowcount > 0
