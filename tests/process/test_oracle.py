"""The oracle itself: each promise that is broken is seen."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from oracle import Broken, Journal, Past, Row, check, judge

ROWS = [Row(1, "#r", "ada-0"), Row(2, "#r", "bob-0"), Row(3, "#other", "eve-0"), Row(4, "#r", "ada-1")]
ADA = Journal("ada", "#r", ("ada-0", "bob-0", "ada-1"), ("ada-0", "ada-1"), "left")
BOB = Journal("bob", "#R", ("bob-0", "ada-1"), ("bob-0",))
LEDGER = [Past(1, "ada", 10, 20, "quit"), Past(2, "bob", 10, 10, "sendq")]


def verdict(journals=(ADA, BOB), rows=ROWS, ledger=LEDGER):
    return list(judge(journals, rows, ledger))


def test_what_is_right_is_right():
    assert verdict() == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"journals": ()}, "nothing was acknowledged"),
        ({"rows": ROWS[:-1]}, "ada: 'ada-1' was acknowledged and is not stored (1 such)"),
        ({"rows": [*ROWS, Row(5, "#r", "ada-1")]}, "stored twice: 'ada-1'"),
        ({"rows": [*ROWS, Row(5, "#r", "bob-2"), Row(6, "#r", "bob-1")]}, "the rows: 'bob-1' comes after bob-2"),
        (
            {"journals": (replace(ADA, heard=("ada-0", "ada-1")), BOB)},
            "ada heard 'ada-1' after 'ada-0'; 'bob-0' is miss",
        ),
        ({"journals": (replace(ADA, heard=("bob-0", "ada-0", "ada-1")), BOB)}, "ada heard 'ada-0' after 'bob-0'"),
        ({"journals": (replace(ADA, heard=(*ADA.heard, "ada-1")), BOB)}, "heard by ada twice: 'ada-1'"),
        (
            {"journals": (replace(ADA, heard=(*ADA.heard, "eve-0")), BOB)},
            "ada heard 'eve-0', which is not stored in #r",
        ),
        ({"ledger": [LEDGER[0]._replace(disconnected=None), LEDGER[1]]}, "session 1 (ada) is not closed"),
        ({"ledger": [LEDGER[0]._replace(disconnected=9), LEDGER[1]]}, "session 1 (ada) lasted -1 ms"),
        ({"ledger": [LEDGER[0], LEDGER[1]._replace(reason="")]}, "session 2 (bob) lasted 0 ms and ended ''"),
        ({"ledger": [*LEDGER, LEDGER[1]._replace(id=3)]}, "bob has 2 rows in the ledger"),
        ({"ledger": LEDGER[:1]}, "bob has 0 rows in the ledger"),
        ({"ledger": [LEDGER[0]._replace(reason="sendq"), LEDGER[1]]}, "ada left by itself, the ledger says 'sendq'"),
    ],
)
def test_each_broken_promise_is_seen(changed, sentence):
    found = verdict(**changed)
    assert any(sentence in one for one in found), found


def test_journals_and_data_files_are_read(tmp_path):
    (tmp_path / "ada.journal").write_text("ada #r\nA ada-0\nH bob-0\nE left\n")
    (tmp_path / "bob.journal").write_text("bob #r\nA bob-0\nA bob-")
    with closing(sqlite3.connect(tmp_path / "data")) as file:
        file.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, target, recipient, kind, text)")
        file.execute("CREATE TABLE sessions (id INTEGER PRIMARY KEY, nick, connected, disconnected, reason)")
        said = [("#r", None, "say", "ada-0"), ("#r", None, "say", "bob-0"), ("ada", 1, "private", "x")]
        file.executemany("INSERT INTO messages (target, recipient, kind, text) VALUES (?, ?, ?, ?)", said)
        file.executemany("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", [tuple(row) for row in LEDGER])
        file.commit()
        assert check(tmp_path, tmp_path / "data").startswith("2 acknowledged, 0 lost; 3 heard")
        file.execute("DELETE FROM messages WHERE text = 'bob-0'")
        file.commit()
    with pytest.raises(Broken, match="bob: 'bob-0' was acknowledged and is not stored"):
        check(tmp_path, tmp_path / "data")
