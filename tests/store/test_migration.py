"""Data files of earlier schemas become files of this one, with all that was in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from chatctl.core.history import At, PrivateLog, RoomLog, Wanted
from chatctl.core.records import Entry
from chatctl.store import schema
from chatctl.store.accounts import AccountBook
from chatctl.store.sqlite import SqliteStore

# id, at, target, recipient, sender, nick, kind, text: as schema 1 has them, in this order.
ROWS = (
    (1, 10, "#Tea", None, 1, "ada", "say", "green tea"),
    (2, 20, "Bob", 2, 1, "ada", "private", "secret tea"),
    (3, 30, "ada", 1, 2, "Bob", "private", "thanks"),
    (4, 25, "bob", 2, 2, "Bob", "private", "note to myself"),
    (5, 50, "#tea", None, 2, "Bob", "action", "drinks tea"),
)
SESSIONS = (
    (1, "ada", "127.0.0.1:1", "text", 5, 60, "quit"),
    (2, "Bob", "127.0.0.1:2", "text", 6, None, ""),
)
NOW = 60


@pytest.fixture
def old(path, monkeypatch):
    """Make a file of schema 1 whose upkeep has seen the messages up to ``indexed``."""

    def make(indexed):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            with monkeypatch.context() as patch:
                patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
                schema.prepare(connection)
            connection.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ROWS)
            connection.executemany("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)", SESSIONS)
            seen = "FROM messages WHERE id <= ? AND kind != 'private'"
            connection.execute(f"INSERT INTO room_log SELECT lower(target), id {seen}", (indexed,))
            connection.execute(f"INSERT INTO message_words (rowid, text) SELECT id, text {seen}", (indexed,))
            connection.execute("UPDATE meta SET value = ? WHERE name = 'indexed'", (indexed,))

    return make


@pytest.fixture(params=[0, 1, 2, 3, 4, 5])
def upgraded(request, old, opens, path):
    """A shelf of a file that was of schema 1; upkeep had seen some of its messages."""
    old(request.param)
    return opens(SqliteStore(path))


def read(shelf, log):
    return [(one.id, one.kind, one.text) for one in shelf.read(log)]


@pytest.mark.parametrize("tended", [False, True])
def test_everything_is_found_in_its_log(upgraded, tended):
    if tended:
        upgraded.tidy(NOW)
    assert read(upgraded, RoomLog("#tea")) == [(1, "say", "green tea"), (5, "action", "drinks tea")]
    between = [(2, "say", "secret tea"), (3, "say", "thanks")]
    assert read(upgraded, PrivateLog("*1", "bob")) == read(upgraded, PrivateLog("*2", "ada")) == between
    assert read(upgraded, PrivateLog("*2", "bob")) == [(4, "say", "note to myself")]
    assert upgraded.archive.conversations("*2", None, None, 9) == (("bob", 25), ("ada", 30))
    assert upgraded.archive.latest("#tea") == 50
    assert [one.id for one in upgraded.read(RoomLog("#tea"), after=At(9), before=At(11))] == [1]
    assert [one.id for one in upgraded.read(PrivateLog("*1", "bob"), after=At(20))] == [3]


@pytest.mark.parametrize("tended", [False, True])
def test_everything_is_searched(upgraded, tended):
    if tended:
        upgraded.tidy(NOW)
    everywhere = (RoomLog("#tea"), PrivateLog("*1", "bob"), PrivateLog("*2", "bob"))
    assert [one.id for one in upgraded.archive.search(everywhere, Wanted("tea"))] == [1, 2, 5]
    assert [one.id for one in upgraded.archive.search(everywhere, Wanted(sender="BOB"))] == [3, 4, 5]


def test_what_is_new_is_empty_for_what_is_old(upgraded):
    message = upgraded.archive.message(2)
    assert (message.user, message.account, message.recipient_account, message.tags) == ("", "", "", "")
    assert upgraded.archive.whowas("ADA", None) == (Entry(1, "ada", "127.0.0.1:1", "text", 5, 60, "quit"),)
    assert upgraded.store.accounts() == upgraded.store.bans() == upgraded.archive.markers("ada") == ()


def test_numbers_go_on(upgraded):
    assert (upgraded.store.numbers.session, upgraded.store.numbers.message) == (2, 5)


def test_what_was_old_is_forgotten_without_a_trace(upgraded):
    connection = upgraded.store._connection
    upgraded.tidy(NOW)
    connection.execute("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)")
    upgraded.store._next_prune = 0
    upgraded.tidy(10**12)
    connection.execute("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)")
    assert connection.execute("SELECT id FROM messages UNION ALL SELECT id FROM room_log").fetchall() == []
    for word in ("tea", "secret", "myself"):
        assert connection.execute("SELECT rowid FROM message_words (?)", (word,)).fetchall() == []


def test_an_account_book_upgrades_as_well(old, path, opens):
    old(3)
    with AccountBook(path) as book:
        assert book.list() == ()
    assert read(opens(SqliteStore(path)), PrivateLog("*2", "bob")) == [(4, "say", "note to myself")]


@pytest.mark.parametrize("statements", [1, 2, 9, 14])
def test_an_upgrade_that_fails_leaves_the_file_as_it_was(old, path, opens, monkeypatch, statements):
    old(3)
    broken = (*schema.MIGRATIONS[1][:statements], "this is no SQL")
    with monkeypatch.context() as patch, pytest.raises(Exception, match="syntax error"):
        patch.setattr(schema, "MIGRATIONS", (schema.MIGRATIONS[0], broken))
        SqliteStore(path)
    assert read(opens(SqliteStore(path)), PrivateLog("*2", "bob")) == [(4, "say", "note to myself")]


@pytest.mark.parametrize("exists", [False, True])
def test_two_may_upgrade_at_once(old, path, exists):
    if exists:
        old(3)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as first,
        closing(sqlite3.connect(path, isolation_level=None)) as second,
    ):

        def be_overtaken(sql):
            if sql == "BEGIN IMMEDIATE":
                first.set_trace_callback(None)
                schema.prepare(second)

        first.set_trace_callback(be_overtaken)
        schema.prepare(first)
        for connection in (first, second):
            assert connection.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)
