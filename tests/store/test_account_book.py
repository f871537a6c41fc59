"""Accounts that are kept beside a running server, which notices."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from chatctl.core.records import AccountAdded, Marker, MarkerMoved
from chatctl.errors import AccountExists, DataDirUnusable, DataFileCorrupt, NoSuchAccount, StoreFailed
from chatctl.store.accounts import AccountBook
from chatctl.store.sqlite import SqliteStore


@pytest.fixture
def book(path):
    """An account book of the data file, which it makes if needed."""
    with AccountBook(path) as book:
        yield book


def test_it_makes_the_file_that_a_server_uses_then(book, opens, path, account):
    assert book.list() == ()
    book.add(*account("Ada"))
    assert opens(SqliteStore(path)).store.accounts() == book.list() == (account("Ada")[0],)


def test_it_leaves_open_sessions_to_the_server(sqlite, path, entry):
    sqlite.keep(entry(1))
    AccountBook(path).close()
    assert sqlite.past() == []


def test_accounts_are_added_changed_and_removed(sqlite, book, account):
    ada, credentials = account("Ada")
    book.add(ada, credentials)
    sqlite.keep(MarkerMoved(Marker("ada", "#tea", 1)))
    assert sqlite.archive.credentials("ADA") == (ada, credentials)
    book.change(replace(ada, email="ada@example.org"))
    assert sqlite.archive.credentials("ADA") == (replace(ada, email="ada@example.org"), credentials)
    book.change(*account("ada", "new"))
    assert sqlite.archive.credentials("ADA") == account("ada", "new")
    book.remove("aDA")
    assert book.list() == sqlite.archive.markers("ada") == ()


def test_an_account_that_exists_is_not_added(sqlite, book, account):
    sqlite.keep(AccountAdded(*account("Ada")))
    with pytest.raises(AccountExists, match=r"^an account ADA exists already; "):
        book.add(*account("ADA", "other"))
    assert sqlite.archive.credentials("ada") == account("Ada")


def test_an_account_that_is_not_there_is_neither_changed_nor_removed(book, account):
    with pytest.raises(NoSuchAccount, match=r"^there is no account Ada; "):
        book.change(*account("Ada"))
    with pytest.raises(NoSuchAccount, match=r"^there is no account ada; "):
        book.remove("ada")
    assert book.list() == ()


def test_a_server_notices_once_what_others_wrote(sqlite, book, account, message):
    assert not sqlite.store.changed_outside()
    book.add(*account("ada"))
    assert sqlite.store.changed_outside()
    assert not sqlite.store.changed_outside()
    sqlite.keep(message(1), AccountAdded(*account("bob")))
    sqlite.tidy()
    assert sqlite.texts() == ["line 1"]
    assert not sqlite.store.changed_outside()
    book.remove("bob")
    sqlite.keep(message(2))
    assert sqlite.store.changed_outside()


def test_reading_and_refusing_change_nothing(sqlite, path, account):
    sqlite.keep(AccountAdded(*account("ada")))
    with AccountBook(path) as book:
        book.list()
        with pytest.raises(AccountExists):
            book.add(*account("ada"))
    assert not sqlite.store.changed_outside()


def test_a_file_that_is_locked_cannot_be_written(book, path, account):
    book._connection.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailed, match=r"^the data file cannot be written: database is locked$"):
            book.add(*account("ada"))
        assert book.list() == ()
        other.execute("ROLLBACK")
    book.add(*account("ada"))
    assert book.list() == (account("ada")[0],)


def test_what_is_no_data_file_is_refused(path, tmp_path):
    path.write_bytes(b"garbage" * 1000)
    with pytest.raises(DataFileCorrupt):
        AccountBook(path)
    with pytest.raises(DataDirUnusable):
        AccountBook(tmp_path / "absent" / "chatctl.db")
