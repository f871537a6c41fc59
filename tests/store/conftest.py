"""Stores of both kinds, and records to put into them."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from chatctl.core.history import Page, RoomLog, Wanted
from chatctl.core.records import Account, Credentials, Entry, Message
from chatctl.store.base import Retention
from chatctl.store.memory import MemoryStore
from chatctl.store.sqlite import SqliteStore

NOW = 1_700_000_000_000
"""The time at which a story begins, in milliseconds since 1970."""


class Shelf:
    """A store and the one archive of it; ``tidy`` does all the upkeep there is."""

    def __init__(self, store):
        self.store = store
        self.archive = store.open_archive()

    def keep(self, *records):
        """Commit messages, entries and changes in one go."""
        messages = [record for record in records if isinstance(record, Message)]
        entries = [record for record in records if isinstance(record, Entry)]
        self.store.commit(messages, entries, [record for record in records if not isinstance(record, Message | Entry)])

    def tidy(self, now=NOW):
        """Return after how many pieces of upkeep there is no more to do."""
        pieces = 0
        while self.store.tend(now):
            pieces += 1
        return pieces

    def texts(self, room="#lobby", count=1000):
        """Return what the history of a room holds."""
        return [message.text for message in self.read(RoomLog(room), count=count)]

    def read(self, log, count=1000, **marks):
        """Return a page of a log."""
        return self.archive.history(log, Page(count, **marks))

    def found(self, words, room="#lobby", count=1000):
        """Return the texts that a search finds."""
        return [message.text for message in self.archive.search([RoomLog(room)], Wanted(words, count=count))]

    def past(self, count=None):
        """Return the numbers of the past sessions."""
        return [entry.id for entry in self.archive.past_sessions(count)]

    def close(self):
        """Close the archive and the store."""
        self.archive.close()
        self.store.close()


@pytest.fixture(scope="session")
def now():
    """The time at which a story begins, in milliseconds since 1970."""
    return NOW


@pytest.fixture(scope="session")
def message():
    """Make message number ``number``, of ada's to the lobby, with what is to be different."""

    def make(number, text=None, **changes):
        plain = Message(number, NOW, "#lobby", None, 1, "ada", "say", f"line {number}" if text is None else text)
        return plain._replace(**changes)

    return make


@pytest.fixture(scope="session")
def entry():
    """Make the ledger row of session ``number``, of one that lasts unless it says when it ended."""

    def make(number, ended=None, reason="", nick="ada", began=NOW):
        return Entry(number, nick, f"127.0.0.1:{number}", "text", began, ended, reason)

    return make


@pytest.fixture(scope="session")
def account():
    """Make an account and what checks its password."""

    def make(name, password="secret", **changes):
        return Account(name, NOW, **changes), Credentials(f"argon2 of {password}", f"scram of {password}")

    return make


@pytest.fixture
def path(tmp_path):
    """Where the data file is, or is to be."""
    return tmp_path / "chatctl.db"


@pytest.fixture
def opens():
    """Make a shelf of any store; it is closed after the test at the latest."""
    with ExitStack() as stack:

        def make(store):
            stack.callback(store.close)
            shelf = Shelf(store)
            stack.callback(shelf.archive.close)
            return shelf

        yield make


@pytest.fixture
def sqlite(opens, path):
    """A shelf of the data file."""
    return opens(SqliteStore(path))


@pytest.fixture(params=["memory", "sqlite"])
def keeps(request, opens, path):
    """Make a shelf of each kind of store, with a retention."""

    def make(retention=None):
        return opens(MemoryStore(retention) if request.param == "memory" else SqliteStore(path, retention))

    return make


@pytest.fixture
def shelf(keeps):
    """A shelf of each kind of store."""
    return keeps()


@pytest.fixture(params=["untended", "tended", "half tended"])
def stored(request, shelf):
    """Commit messages, which upkeep has seen, has not seen, or has seen half of."""

    def commit(*messages):
        half = len(messages) // 2 if request.param == "half tended" else 0
        shelf.keep(*messages[:half])
        if half:
            shelf.tidy()
        shelf.keep(*messages[half:])
        if request.param == "tended":
            shelf.tidy()
        return shelf

    return commit


@pytest.fixture(scope="session")
def days():
    """Make a retention of so many days of messages and so many of sessions."""

    def make(messages, sessions):
        day = 24 * 60 * 60 * 1000
        return Retention(messages * day, sessions * day)

    return make
