"""What survives: restarts, crashes, full disks; and who may use a data folder."""

from __future__ import annotations

import sqlite3

import pytest

from chatctl.errors import DataDirBusy, ListenFailed, StoreFailed
from chatctl.server import ChatServer, ServeOptions
from chatctl.store.base import Retention
from chatctl.store.sqlite import SqliteStore


def test_numbers_messages_and_sessions_go_on_after_a_restart(start_house, tmp_path):
    before = start_house(data_dir=tmp_path)
    peer = before.enter("ada")
    peer.send("remember me", "exit")
    peer.rest()
    before.server.stop()
    after = start_house(data_dir=tmp_path).enter()
    after.send("status", "/history", "/search REMEMBER")
    table = after.until("1 active, 1 disconnected")
    assert table[1].startswith("2   Client02 ")
    assert table[2].startswith("1   ada ")
    assert table[2].endswith("  quit")
    assert after.line() == "* 1 message of #lobby"
    assert after.line().endswith(" ada: remember me")
    assert after.line() == "* 1 message of #lobby with REMEMBER"


def test_sessions_that_the_shutdown_ended_have_it_as_their_reason(start_house, tmp_path):
    house = start_house(data_dir=tmp_path)
    peer = house.enter()
    house.server.stop()
    assert peer.rest() == ["* the server is shutting down"]
    with sqlite3.connect(tmp_path / "chatctl.db") as connection:
        assert connection.execute("SELECT reason, disconnected >= connected FROM sessions").fetchall() == [
            ("shutdown", 1)
        ]
    connection.close()


def test_what_was_said_long_ago_is_forgotten_while_the_server_runs(start_house, tmp_path, wait_until):
    store = SqliteStore(tmp_path / "chatctl.db")
    with sqlite3.connect(tmp_path / "chatctl.db") as connection:
        connection.executemany(
            "INSERT INTO messages VALUES (?, 1000, '#lobby', NULL, 1, 'ada', 'say', 'old', '', '', '', '')",
            [(number,) for number in range(1, 1001)],
        )
    connection.close()
    store.close()
    peer = start_house(data_dir=tmp_path, retention=Retention(messages=60_000)).enter()

    def forgotten():
        peer.send("/history 1000")
        count = int(peer.until(" of #lobby")[-1].split()[1])
        peer.lines(count)
        return count == 0

    wait_until(forgotten, "an empty history")
    peer.send("new", "/history")
    assert peer.lines(3)[2].split()[0] == "[#1001"


def test_a_message_that_cannot_be_stored_reaches_nobody_and_its_sender_is_told(start_house, monkeypatch):
    house = start_house()
    ada, bob = house.enter("ada"), house.enter("bob")
    ada.until("is now bob")
    store = house.server._engine._store
    commit = store.commit

    def refuse(messages, entries, changes):
        raise StoreFailed("the data file cannot be written: disk I/O error")

    monkeypatch.setattr(store, "commit", refuse)
    ada.send("lost", "/who")
    assert ada.line().startswith("ERR not-saved ")
    assert ada.line() == "* 2 in #lobby: ada bob"
    carol = house.enter()
    monkeypatch.setattr(store, "commit", commit)
    ada.send("kept")
    ada.until("kept ACK")
    assert bob.until("ada: ")[-1] == "ada: kept"
    carol.send("exit")
    carol.rest()
    ada.send("/history", "status")
    assert ada.until("of #lobby")[-1] == "* 1 message of #lobby"
    table = ada.until("active, ")
    assert table[-1] == "2 active, 1 disconnected, limit 256"


class SmallDisk:
    """Limits the pages of a server's data file: another connection cannot, so its own is asked, by its own thread."""

    def __init__(self, house):
        self.pages = 1
        self._store = house.server._engine._store
        self._commit, self._store.commit = self._store.commit, self._limited

    def _limited(self, messages, entries, changes):
        self._store._connection.execute(f"PRAGMA max_page_count = {self.pages}")
        self._commit(messages, entries, changes)

    def fill(self, peer):
        """Have ``peer`` talk until it is told that there is no room."""
        line = ""
        while not line.startswith("ERR not-saved"):
            peer.send("x" * 2000)
            line = peer.line()


def test_a_full_disk_heals_by_itself(start_house, tmp_path):
    house = start_house(data_dir=tmp_path)
    ada, disk = house.enter(), SmallDisk(house)
    disk.fill(ada)
    disk.pages = 1_000_000
    ada.send("healed")
    assert ada.line() == "healed ACK"


def test_a_server_whose_disk_is_full_ends_all_the_same(start_house, tmp_path):
    house = start_house(data_dir=tmp_path)
    ada = house.enter("ada")
    SmallDisk(house).fill(ada)
    house.server.stop()
    assert ada.rest()[-1] == "* the server is shutting down"
    again = start_house(data_dir=tmp_path)
    bob = again.enter("bob")
    bob.send("/status all")
    past = [line for line in bob.until(" active, ") if " ada " in line]
    # A row that could not be written is what a crash leaves: it is closed at the next start.
    assert [line.split()[-1] in ("shutdown", "crash") for line in past] == [True]


def test_a_second_server_on_the_same_folder_is_refused_with_the_first_ones_process(start_house, tmp_path):
    start_house(data_dir=tmp_path)
    with pytest.raises(DataDirBusy, match=r"used by another server \(process \d+\)"):
        ChatServer(ServeOptions(port=0, data_dir=tmp_path)).start()


def test_a_port_that_is_taken_is_refused_and_leaves_nothing_open(start_house):
    port = start_house().server.address[1]
    with pytest.raises(ListenFailed, match="another program listens there"):
        ChatServer(ServeOptions(port=0, listen=(f"127.0.0.1:{port}",), in_memory=True)).start()


def test_nothing_is_acknowledged_that_goes_into_a_file_which_is_gone(start_house, tmp_path):
    house = start_house(data_dir=tmp_path / "data")
    ada, bob = house.enter("ada"), house.enter("bob")
    ada.send("before")
    ada.until("before ACK")
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    ada.send("lost?")
    assert "not-saved" in ada.until("ERR")[-1]
    (tmp_path / "elsewhere").rename(tmp_path / "data")
    ada.send("after")
    ada.until("after ACK")
    assert [line for line in bob.until("ada: after") if line.startswith("ada: ")] == ["ada: before", "ada: after"]
