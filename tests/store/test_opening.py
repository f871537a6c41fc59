"""Data files that cannot be used: refused with a remedy, let go of, and left as they are."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing

import pytest

from chatctl.errors import DataDirUnusable, DataFileCorrupt
from chatctl.store import schema
from chatctl.store.sqlite import SqliteStore

FOREIGN = "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('tea');"


@pytest.fixture
def made(path):
    """Make a data file with some SQL."""

    def run(*statements):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for sql in statements:
                connection.executescript(sql)

    return run


@pytest.fixture
def connections(monkeypatch):
    """The connections that are made: each tells whether it was closed; all are, after the test."""
    made = []
    connect = sqlite3.connect

    class Watched(sqlite3.Connection):
        closed = False

        def close(self):
            self.closed = True
            super().close()

    def watch(*args, **options):
        connection = connect(*args, **{"factory": Watched, **options})
        made.append(connection)
        return connection

    monkeypatch.setattr(sqlite3, "connect", watch)
    yield made
    for connection in made:
        connection.close()


@pytest.fixture
def refused(path):
    """Have a data file refused, and return the sentence."""

    def sentence():
        with pytest.raises(DataFileCorrupt) as caught:
            SqliteStore(path)
        return str(caught.value)

    return sentence


@pytest.mark.usefixtures("connections")
class TestRefusals:
    @pytest.mark.parametrize("content", [b"garbage" * 1000, b"x" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
    def test_garbage_is_refused_with_a_way_to_save_it(self, path, refused, content):
        path.write_bytes(content)
        sentence = refused()
        assert sentence.startswith(f"{path} cannot be used: ")
        assert sentence.endswith(f"chatctl recover --data-dir {path.parent}")
        assert path.read_bytes() == content

    def test_a_damaged_file_is_refused_and_not_made_anew(self, path, refused, made):
        SqliteStore(path).close()
        content = path.read_bytes()
        path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
        damaged = path.read_bytes()
        assert "cannot be used" in refused()
        assert path.read_bytes() == damaged

    @pytest.mark.parametrize("version", [0, 1, 7])
    def test_the_database_of_another_program_is_refused(self, refused, made, version):
        made(FOREIGN, f"PRAGMA user_version = {version}")
        assert "the data file belongs to another program; choose another --data-dir" in refused()

    @pytest.mark.parametrize("version", [0, 1, 7])
    def test_the_database_of_another_program_is_left_as_it_is(self, path, made, version):
        made(FOREIGN, f"PRAGMA user_version = {version}; PRAGMA application_id = 77")
        content = path.read_bytes()
        with pytest.raises(DataFileCorrupt):
            SqliteStore(path)
        assert path.read_bytes() == content

    def test_a_newer_schema_is_refused_with_both_numbers(self, path, refused, made):
        SqliteStore(path).close()
        made("PRAGMA user_version = 99")
        known = len(schema.MIGRATIONS)
        sentence = f"the data file has schema 99, this chatctl knows {known}; install a newer chatctl"
        assert sentence in refused()

    def test_a_folder_in_the_place_of_the_file_is_refused(self, path):
        path.mkdir()
        with pytest.raises(DataDirUnusable, match="unable to open database file; choose another folder"):
            SqliteStore(path)

    def test_a_file_in_a_folder_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(DataDirUnusable, match="unable to open database file"):
            SqliteStore(tmp_path / "absent" / "chatctl.db")


@pytest.mark.parametrize("what", ["garbage", "newer", "foreign"])
def test_a_file_that_is_refused_is_let_go_of(path, made, connections, what):
    if what == "garbage":
        path.write_bytes(b"garbage" * 1000)
    elif what == "foreign":
        made(FOREIGN)
    else:
        SqliteStore(path).close()
        made("PRAGMA user_version = 99")
    connections.clear()
    with pytest.raises(DataFileCorrupt):
        SqliteStore(path)
    assert [connection.closed for connection in connections] == [True]


def test_an_empty_file_becomes_a_data_file(path):
    path.touch()
    SqliteStore(path).close()
    assert path.stat().st_size > 0


def test_a_first_start_that_was_interrupted_leaves_a_file_that_the_next_can_use(path, monkeypatch):
    class Interrupted(sqlite3.Connection):
        """Fails half way through the first tables, and is closed as the end of a process would close it."""

        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            made.append(self)
            self.set_authorizer(
                lambda action, name, *_: (
                    sqlite3.SQLITE_DENY
                    if (action, name) == (sqlite3.SQLITE_CREATE_TABLE, "sessions")
                    else sqlite3.SQLITE_OK
                )
            )

    made = []
    connect = sqlite3.connect
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *args, **options: connect(*args, factory=Interrupted, **options))
        with pytest.raises(DataFileCorrupt):
            SqliteStore(path)
    for connection in made:
        connection.close()
    SqliteStore(path).close()


def test_migrations_are_applied_from_where_the_file_is(path, monkeypatch, opens, message):
    shelf = opens(SqliteStore(path))
    shelf.keep(message(1))
    shelf.close()
    known = len(schema.MIGRATIONS)
    another = ("ALTER TABLE messages ADD COLUMN mood TEXT",)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, another))
    again = opens(SqliteStore(path))
    assert again.store._connection.execute("SELECT id, mood FROM messages").fetchall() == [(1, None)]
    assert again.store._connection.execute("PRAGMA user_version").fetchone() == (known + 1,)
    assert again.texts() == ["line 1"]


def test_a_file_of_this_version_needs_no_migration(path, monkeypatch):
    SqliteStore(path).close()
    monkeypatch.setattr(schema, "MIGRATIONS", (("this is no SQL, and was done before",),) * len(schema.MIGRATIONS))
    SqliteStore(path).close()


def test_nobody_else_can_read_a_new_data_file(tmp_path):
    path = tmp_path / "chat.db"
    SqliteStore(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
