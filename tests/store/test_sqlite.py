"""The store in a file: what lasts, what a crash leaves, what it does when the file does not allow it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.core.history import RoomLog, Wanted
from chatctl.errors import StoreFailed
from chatctl.store import schema
from chatctl.store.sqlite import PRUNE_EVERY, SLICE, Durability, SqliteStore
from chatctl.store.sqlite_archive import SqliteArchive

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def reopened(opens, path):
    """Close a shelf as a server does that stops, and open its file again."""

    def again(shelf, retention=None):
        shelf.close()
        return opens(SqliteStore(path, retention))

    return again


@pytest.fixture
def look(path):
    """Read the data file with another connection."""

    def query(sql):
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(sql).fetchall()

    return query


@pytest.fixture
def locked(path):
    """Another program that writes to the data file, until its transaction ends."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        yield other


def numbers(shelf):
    return shelf.store.numbers.session, shelf.store.numbers.message


class TestWhatLasts:
    def test_messages_and_sessions_outlast_the_server(self, sqlite, reopened, message, entry, now):
        sqlite.keep(message(1), entry(1, now, "quit"))
        again = reopened(sqlite)
        assert again.read(RoomLog("#lobby")) == (message(1),)
        assert again.found("line") == ["line 1"]
        assert again.archive.past_sessions(5) == (entry(1, now, "quit"),)

    def test_what_is_committed_is_there_for_other_connections(self, sqlite, message, look):
        sqlite.keep(message(1, "kept"))
        assert look("SELECT text FROM messages") == [("kept",)]

    def test_an_archive_that_was_open_before_sees_what_comes_after(self, sqlite, message):
        assert sqlite.texts() == []
        sqlite.keep(message(1))
        assert sqlite.texts() == ["line 1"]

    @pytest.mark.parametrize("count", [1, 7, 8, 9, 63, 64, 65, 72, 73, 129, 200])
    def test_batches_of_every_size_are_kept_in_order(self, sqlite, message, count):
        messages = tuple(message(number) for number in range(1, count + 1))
        sqlite.keep(*messages)
        assert sqlite.read(RoomLog("#lobby")) == messages

    def test_a_search_ignores_accents(self, sqlite, message):
        sqlite.keep(message(1, "café"), message(2, "cafe"))
        assert sqlite.found("cafe") == sqlite.found("CAFÉ") == ["café", "cafe"]

    def test_upkeep_goes_on_after_reopening(self, sqlite, reopened, message):
        sqlite.keep(*(message(number) for number in range(1, SLICE + 2)))
        assert sqlite.store.tend(0)
        again = reopened(sqlite)
        assert len(again.texts()) == len(again.found("line")) == SLICE + 1
        assert again.tidy() == 1
        assert len(again.texts()) == len(again.found("line")) == SLICE + 1


class TestNumbers:
    def test_they_go_on_after_reopening(self, sqlite, reopened, message, entry):
        sqlite.keep(message(41), entry(7))
        assert numbers(reopened(sqlite)) == (7, 41)

    def test_they_go_on_after_reopening_twice(self, sqlite, reopened, message, entry):
        sqlite.keep(message(41), entry(7))
        assert numbers(reopened(reopened(sqlite))) == (7, 41)

    def test_they_go_on_even_after_everything_was_forgotten(self, sqlite, reopened, message, entry, now, look):
        sqlite.keep(message(41), entry(7, now, "quit"))
        sqlite.tidy(now + 1000 * DAY)
        assert look("SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM sessions)") == [(0,)]
        again = reopened(sqlite)
        assert numbers(again) == (7, 41)
        again.keep(message(42), entry(8))
        assert numbers(reopened(again)) == (8, 42)

    def test_private_messages_count_too(self, sqlite, reopened, message, now):
        sqlite.keep(message(41), message(42, recipient=1, target="ada"))
        sqlite.tidy(now + 1000 * DAY)
        assert numbers(reopened(sqlite)) == (0, 42)

    def test_messages_after_everything_was_forgotten_are_found(self, sqlite, reopened, message, now):
        sqlite.keep(message(1, "old tea"))
        sqlite.tidy(now + 1000 * DAY)
        again = reopened(sqlite)
        again.keep(message(2, "new tea", at=now + 1000 * DAY))
        assert again.texts() == again.found("tea") == ["new tea"]
        again.tidy(now + 1000 * DAY)
        assert again.texts() == again.found("tea") == ["new tea"]


class TestAfterACrash:
    def test_open_sessions_are_closed_at_the_last_time_that_is_known(self, sqlite, reopened, message, entry, now):
        sqlite.keep(entry(1), entry(2, began=now + 10), message(1, at=now + 500))
        again = reopened(sqlite)
        assert [(one.id, one.disconnected, one.reason) for one in again.archive.past_sessions(5)] == [
            (2, now + 500, "crash"),
            (1, now + 500, "crash"),
        ]

    @pytest.mark.parametrize("last", ["connect", "disconnect"])
    def test_the_last_time_may_be_that_of_a_session(self, sqlite, reopened, entry, now, last):
        ended = None if last == "connect" else now + 900
        sqlite.keep(entry(1), entry(2, ended, "quit" if ended else "", began=now + 700))
        (closed,) = [one for one in reopened(sqlite).archive.past_sessions(5) if one.id == 1]
        assert closed.disconnected == now + (700 if last == "connect" else 900)

    def test_no_session_ends_before_it_began(self, sqlite, reopened, entry, now):
        sqlite.keep(entry(1, began=now))
        (closed,) = reopened(sqlite).archive.past_sessions(5)
        assert closed.disconnected == closed.connected == now

    def test_sessions_that_had_ended_keep_their_reason_and_time(self, sqlite, reopened, entry, now):
        sqlite.keep(entry(1, now + 5, "quit"), entry(2))
        assert reopened(sqlite).archive.past_sessions(5)[-1] == entry(1, now + 5, "quit")

    def test_every_session_is_closed_once(self, sqlite, reopened, entry, now, look):
        sqlite.keep(entry(1), entry(2))
        again = reopened(sqlite)
        again.keep(entry(3, began=now + DAY))
        reopened(again)
        rows = look("SELECT id, disconnected FROM sessions ORDER BY id")
        assert rows == [(1, now), (2, now), (3, now + DAY)]

    def test_the_numbers_go_on(self, sqlite, reopened, entry):
        sqlite.keep(entry(1), entry(2))
        assert numbers(reopened(sqlite)) == (2, 0)


class TestUpkeep:
    def test_it_is_done_in_slices(self, sqlite, message):
        sqlite.keep(*(message(number) for number in range(1, 2 * SLICE + 2)))
        assert sqlite.tidy(0) == 3
        assert sqlite.tidy(0) == 0

    def test_it_forgets_in_slices(self, sqlite, message, entry, now):
        sqlite.keep(*(message(number) for number in range(1, SLICE + 2)))
        sqlite.keep(*(entry(number, now, "quit") for number in range(1, SLICE + 2)))
        sqlite.tidy(0)
        assert sqlite.tidy(now + 1000 * DAY) == 2
        assert (sqlite.texts(), sqlite.past()) == ([], [])

    def test_it_looks_for_old_rows_once_in_a_while(self, sqlite, message, now):
        later = now + 7 * DAY + 1
        sqlite.keep(message(1))
        sqlite.tidy(later - 2)
        assert not sqlite.store.tend(later)
        assert sqlite.texts() == ["line 1"]
        assert sqlite.store.tend(later - 2 + PRUNE_EVERY)
        assert sqlite.texts() == []

    def test_new_messages_are_indexed_before_old_ones_are_forgotten(self, sqlite, message, now):
        sqlite.keep(message(1), message(2, at=now + 1000 * DAY))
        sqlite.tidy(now + 1000 * DAY)
        assert sqlite.texts() == sqlite.found("line") == ["line 2"]

    def test_nothing_is_left_of_what_was_forgotten(self, sqlite, message, now, look):
        sqlite.keep(*(message(number, f"tea {number}", target=f"#Room{number % 3}") for number in range(1, 50)))
        sqlite.tidy(now + 1000 * DAY)
        assert look("SELECT count(*) FROM room_log") == [(0,)]
        assert look("SELECT count(*) FROM message_words WHERE message_words MATCH 'tea'") == [(0,)]
        assert look("INSERT INTO message_words (message_words) VALUES ('integrity-check')") == []

    def test_messages_out_of_the_order_of_time_are_forgotten_one_by_one(self, sqlite, message, now):
        # The clock was set back an hour between the second and the third.
        hour = DAY // 24
        for number, at in enumerate((now, now + hour, now, now + hour), 1):
            sqlite.keep(message(number, at=at))
        sqlite.tidy(now + 7 * DAY + 1)
        assert sqlite.texts() == sqlite.found("line") == ["line 2", "line 4"]


class TestAFullDisk:
    @pytest.fixture
    def full(self, sqlite, message):
        """A shelf with a message in it, and no room for more."""
        sqlite.keep(message(1, "before"))
        (pages,) = sqlite.store._connection.execute("PRAGMA page_count").fetchone()
        sqlite.store._connection.execute(f"PRAGMA max_page_count = {pages}")
        return sqlite

    def big(self, message, first):
        return [message(number, "x" * 2000) for number in range(first, first + 40)]

    def test_a_commit_fails_as_a_whole(self, full, message, entry, now):
        with pytest.raises(StoreFailed, match=r"^the data file cannot be written: .*full"):
            full.keep(*self.big(message, 2), entry(1, now, "quit"))
        assert full.texts() == ["before"]
        assert full.past() == []

    def test_it_heals_once_there_is_room(self, full, message, entry, now):
        with pytest.raises(StoreFailed):
            full.keep(*self.big(message, 2))
        full.store._connection.execute("PRAGMA max_page_count = 1000000")
        full.keep(*self.big(message, 50), entry(1, now, "quit"))
        assert len(full.texts()) == 41
        assert full.past() == [1]

    def test_what_is_there_is_still_read(self, full, message):
        with pytest.raises(StoreFailed):
            full.keep(*self.big(message, 2))
        assert full.texts() == full.found("before") == ["before"]

    def test_upkeep_fails_and_goes_on_later(self, sqlite, message):
        texts = [f"tea {number} {'and more ' * 100}" for number in range(1, 100)]
        sqlite.keep(*(message(number, text) for number, text in enumerate(texts, 1)))
        (pages,) = sqlite.store._connection.execute("PRAGMA page_count").fetchone()
        sqlite.store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreFailed, match="full"):
            sqlite.tidy()
        assert sqlite.texts() == sqlite.found("tea") == texts
        sqlite.store._connection.execute("PRAGMA max_page_count = 1000000")
        assert sqlite.tidy() == 1
        assert sqlite.texts() == sqlite.found("tea") == texts


class TestWhatFails:
    def test_a_number_that_was_given_before_fails_the_whole_commit(self, sqlite, message, entry, now):
        sqlite.keep(message(1, "first"))
        with pytest.raises(StoreFailed, match="UNIQUE"):
            sqlite.keep(message(2), message(1, "again"), entry(1, now, "quit"))
        assert sqlite.texts() == ["first"]
        assert sqlite.past() == []
        sqlite.keep(message(2, "second"))
        assert sqlite.texts() == ["first", "second"]

    def test_a_message_that_no_file_can_hold_keeps_nothing_and_breaks_nothing(self, sqlite, message):
        with pytest.raises((StoreFailed, UnicodeEncodeError)):
            sqlite.keep(message(1), message(2, "\ud800"))
        sqlite.keep(message(3))
        assert sqlite.texts() == ["line 3"]

    def test_a_locked_file_cannot_be_written_until_it_is_free(self, sqlite, locked, message):
        sqlite.store._connection.execute("PRAGMA busy_timeout = 0")
        locked.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailed, match=r"^the data file cannot be written: database is locked$"):
            sqlite.keep(message(1))
        assert sqlite.texts() == []
        locked.execute("ROLLBACK")
        sqlite.keep(message(1))
        assert sqlite.texts() == ["line 1"]

    def test_a_locked_file_is_still_read(self, sqlite, locked, message):
        sqlite.keep(message(1))
        locked.execute("BEGIN IMMEDIATE")
        assert sqlite.texts() == sqlite.found("line") == ["line 1"]

    def test_upkeep_of_a_locked_file_fails_and_goes_on_later(self, sqlite, locked, message):
        sqlite.store._connection.execute("PRAGMA busy_timeout = 0")
        sqlite.keep(message(1))
        locked.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailed):
            sqlite.tidy()
        locked.execute("ROLLBACK")
        assert sqlite.tidy() == 1
        assert sqlite.texts() == sqlite.found("line") == ["line 1"]

    def test_upkeep_of_a_file_that_was_damaged_fails(self, sqlite, locked):
        locked.execute("DROP TABLE meta")
        with pytest.raises(StoreFailed, match=r"^the data file cannot be read: no such table"):
            sqlite.tidy()

    def test_a_file_that_was_damaged_cannot_be_read(self, sqlite, locked):
        for table in ("messages", "sessions"):
            locked.execute(f"DROP TABLE {table}")
        for reading in (sqlite.texts, lambda: sqlite.found("x"), sqlite.past, sqlite.archive.past_total):
            with pytest.raises(StoreFailed, match=r"^the data file cannot be read: no such table"):
                reading()

    def test_a_search_that_failed_does_not_spoil_the_next(self, sqlite, message):
        sqlite.keep(message(1))
        connection = sqlite.archive._connection

        def interrupt(sql):
            if not sql.startswith("--"):
                connection.set_progress_handler((lambda: 1) if "INSERT" in sql else None, 1)

        connection.set_trace_callback(interrupt)
        with pytest.raises(StoreFailed):
            sqlite.found("line")
        connection.set_trace_callback(None)
        connection.set_progress_handler(None, 0)
        assert sqlite.found("line") == ["line 1"]

    def test_an_archive_of_no_file_cannot_be_opened(self, tmp_path):
        with pytest.raises(StoreFailed, match="unable to open database file"):
            SqliteArchive(tmp_path / "absent.db")
        assert list(tmp_path.iterdir()) == []

    def test_an_archive_cannot_write(self, sqlite):
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            sqlite.archive._connection.execute("DELETE FROM messages")


class TestTheFile:
    @pytest.mark.parametrize(("durability", "level"), [(Durability.NORMAL, 1), (Durability.FULL, 2)])
    def test_durability_is_how_often_it_is_synced(self, opens, path, durability, level):
        shelf = opens(SqliteStore(path, durability=durability))
        assert shelf.store._connection.execute("PRAGMA synchronous").fetchone() == (level,)

    def test_durability_is_normal_unless_asked_for_more(self, sqlite):
        assert sqlite.store._connection.execute("PRAGMA synchronous").fetchone() == (1,)
        assert [str(each) for each in Durability] == ["normal", "full"]

    def test_it_has_a_write_ahead_log_and_a_mark_of_ours(self, sqlite, look):
        assert look("PRAGMA journal_mode") == [("wal",)]
        assert look("PRAGMA application_id") == [(int.from_bytes(b"chat", "big"),)]
        assert look("PRAGMA user_version") == [(len(schema.MIGRATIONS),)]

    def test_closing_folds_the_log_into_it(self, sqlite, path, message):
        sqlite.keep(message(1))
        sqlite.close()
        assert [file.name for file in path.parent.iterdir()] == [path.name]

    @pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "x#1.db", "é.db"])
    def test_it_may_be_called_anything(self, opens, tmp_path, message, name):
        shelf = opens(SqliteStore(tmp_path / name))
        shelf.keep(message(1))
        assert shelf.texts() == ["line 1"]

    def test_it_may_be_named_from_here(self, opens, tmp_path, monkeypatch, message):
        monkeypatch.chdir(tmp_path)
        shelf = opens(SqliteStore(type(tmp_path)("chatctl.db")))
        shelf.keep(message(1))
        assert shelf.texts() == ["line 1"]


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """A store with one message for each search."""
    store = SqliteStore(tmp_path_factory.mktemp("searched") / "chatctl.db")
    archive = store.open_archive()
    yield archive
    archive.close()
    store.close()


@given(words=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_whatever_the_words_a_search_answers(searched, words):
    assert searched.search([RoomLog("#lobby")], Wanted(words)) == ()
