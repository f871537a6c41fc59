"""The accounts of a data file for a program beside its server, which sees what was changed."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from chatctl.core.records import (
    Account,
    AccountAdded,
    AccountChanged,
    AccountRemoved,
    CertificateAdded,
    CertificateRemoved,
    Change,
    Credentials,
)
from chatctl.errors import AccountExists, CertificateRefused, NoSuchAccount
from chatctl.store import sqlite_accounts
from chatctl.store.sqlite_changes import apply
from chatctl.store.sqlite_file import open_to_write, reading, writing

PATIENCE = 10.0
"""Seconds to wait for the server, which writes for a few milliseconds at a time."""


class AccountBook:
    """A write connection of its own to the data file, which is made or upgraded if needed.

    Raises ``DataFileCorrupt`` and ``DataDirUnusable``; every method raises ``StoreFailed``.
    """

    def __init__(self, path: Path) -> None:
        self._connection = open_to_write(path, PATIENCE)

    def add(self, account: Account, credentials: Credentials) -> None:
        """Keep a new account; raises ``AccountExists``."""
        if not self._does(AccountAdded(account, credentials)):
            raise AccountExists(account.name)

    def remove(self, name: str) -> None:
        """Forget the account and its read markers; raises ``NoSuchAccount``."""
        if not self._does(AccountRemoved(name)):
            raise NoSuchAccount(name)

    def change(self, account: Account, credentials: Credentials | None = None) -> None:
        """Give the account other properties and, when not None, other credentials; raises ``NoSuchAccount``."""
        if not self._does(AccountChanged(account, credentials)):
            raise NoSuchAccount(account.name)

    def add_certificate(self, name: str, fingerprint: str) -> None:
        """Let one log in to the account by a certificate; raises ``CertificateRefused`` if another has it."""
        if not self._does(CertificateAdded(name, fingerprint)):
            raise CertificateRefused("an account has this certificate already; remove it there, or use another")

    def remove_certificate(self, name: str, fingerprint: str) -> None:
        """Let nobody log in to the account by the certificate any more; raises ``CertificateRefused``."""
        if not self._does(CertificateRemoved(name, fingerprint)):
            raise CertificateRefused(f"{name} does not have this certificate; chatctl account certificate list tells")

    def list(self) -> tuple[Account, ...]:
        """Return all accounts in the order of their names."""
        with reading():
            return sqlite_accounts.accounts(self._connection)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> AccountBook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _does(self, change: Change) -> bool:
        with writing(self._connection):
            return apply(self._connection, change)
