"""The store in a SQLite file: accounts, read markers and bans as they are read; SQLite's errors are not caught."""

from __future__ import annotations

import sqlite3

from chatctl.core.names import fold
from chatctl.core.records import Account, Ban, Credentials, Marker

_ACCOUNT = """
    shown, created, email, shared,
    (SELECT group_concat(fingerprint, ' ') FROM certificates WHERE account = accounts.name)
"""


def accounts(connection: sqlite3.Connection) -> tuple[Account, ...]:
    """Return all accounts in the order of their names."""
    rows = connection.execute(f"SELECT {_ACCOUNT} FROM accounts ORDER BY name").fetchall()  # noqa: S608
    return tuple(_account(*row) for row in rows)


def credentials(connection: sqlite3.Connection, name: str) -> tuple[Account, Credentials] | None:
    """Return the account called so and what checks its password."""
    sql = f"SELECT {_ACCOUNT}, argon2, scram FROM accounts WHERE name = ?"  # noqa: S608
    row = connection.execute(sql, (fold(name),)).fetchone()
    return None if row is None else (_account(*row[:5]), Credentials(*row[5:]))


def markers(connection: sqlite3.Connection, account: str) -> tuple[Marker, ...]:
    """Return the read markers of an account in the order of their targets."""
    sql = "SELECT account, target, at FROM markers WHERE account = ? ORDER BY target"
    return tuple(Marker(*row) for row in connection.execute(sql, (fold(account),)).fetchall())


def all_markers(connection: sqlite3.Connection) -> tuple[Marker, ...]:
    """Return all read markers, in the order of accounts and targets."""
    sql = "SELECT account, target, at FROM markers ORDER BY account, target"
    return tuple(Marker(*row) for row in connection.execute(sql).fetchall())


def bans(connection: sqlite3.Connection) -> tuple[Ban, ...]:
    """Return all bans in the order in which they were set."""
    sql = "SELECT mask, reason, by_whom, since, until FROM bans ORDER BY since, mask"
    return tuple(Ban(*row) for row in connection.execute(sql).fetchall())


def _account(name: str, created: int, email: str, shared: int, certificates: str | None) -> Account:
    return Account(name, created, email, bool(shared), tuple(sorted((certificates or "").split())))
