"""What can be read of a damaged data file is saved, and the file that it is saved in is a data file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from chatctl.cli import main
from chatctl.store.datadir import DATA_FILE, DataDir

PAGE = 4096
WORDS = "something that takes some room " * 8


@pytest.fixture
def folder(start_house, tmp_path):
    """A data folder with 400 messages of one person, whom no server uses any more."""
    house = start_house(data_dir=tmp_path)
    ada = house.enter("ada")
    ada.send(*[f"{number} {WORDS}" for number in range(400)])
    ada.until(f"399 {WORDS} ACK")
    house.server.stop()
    return tmp_path


def texts(path):
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute("SELECT text FROM messages WHERE kind = 'say' ORDER BY id").fetchall()
        return [int(text.partition(" ")[0]) for (text,) in rows]


def damage(path, page):
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(b"\xff" * PAGE)


def page_in_the_middle(path):
    """Return a page with messages from the middle of them."""
    content = path.read_bytes()
    return content.index(f"200 {WORDS}".encode()) // PAGE


def recovered(folder, *options):
    return CliRunner().invoke(main, ["recover", "--data-dir", str(folder), *options])


def test_what_is_before_and_behind_a_damaged_page_is_saved(folder, start_house):
    data = folder / DATA_FILE
    damage(data, page_in_the_middle(data))
    result = recovered(folder)
    assert result.exit_code == 0
    assert "what could be read" in result.output
    assert result.output.endswith(f"{data} can be used again; the damaged file is {data}.damaged-1\n")
    saved = texts(data)
    assert saved[0] == 0
    assert saved[-1] == 399
    assert 350 < len(saved) < 400
    house = start_house(data_dir=folder)
    bob = house.enter("bob")
    bob.send("/history 5", "/search 399", "hello")
    assert bob.until("* 5 messages of #lobby")
    assert bob.until("* 1 message of #lobby with 399")
    assert bob.until("hello ACK")


def test_a_file_that_is_well_is_saved_whole_and_told_as_json(folder):
    before = texts(folder / DATA_FILE)
    told = json.loads(recovered(folder, "--json").output)
    assert told["tables"]["messages"] == {"rows": 400, "whole": True}
    assert texts(folder / DATA_FILE) == before
    assert texts(told["damaged"]) == before
    assert json.loads(recovered(folder, "--json").output)["damaged"].endswith(".damaged-2")


def test_a_file_that_says_nothing_stays_as_it_is(tmp_path):
    data = tmp_path / DATA_FILE
    data.write_bytes(b"this is no database" * 1000)
    result = recovered(tmp_path)
    assert result.exit_code == 1
    assert "nothing of" in result.output
    assert "put a copy in its place" in result.output
    assert data.read_bytes() == b"this is no database" * 1000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chatctl.db", "chatctl.lock"]


def test_a_folder_without_a_data_file_is_told(tmp_path):
    result = recovered(tmp_path)
    assert result.exit_code == 1
    assert "there is no" in result.output


def test_a_folder_that_a_server_uses_is_left_alone(folder):
    with DataDir(folder):
        result = recovered(folder)
    assert result.exit_code == 1
    assert "is used by another server" in result.output


def test_rows_that_the_new_file_does_not_take_are_left_out(folder):
    with closing(sqlite3.connect(folder / DATA_FILE)) as file:
        file.execute("PRAGMA writable_schema = ON")
        file.execute("UPDATE sqlite_schema SET sql = replace(sql, 'nick TEXT NOT NULL', 'nick TEXT')")
        file.commit()
    with closing(sqlite3.connect(folder / DATA_FILE)) as file:
        file.execute("UPDATE messages SET nick = NULL WHERE text LIKE '7 %'")
        file.commit()
    assert recovered(folder).exit_code == 0
    assert texts(folder / DATA_FILE) == [number for number in range(400) if number != 7]
