"""A clock that is set an hour forward or back: nobody is cut, nothing is lost or misplaced."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest
from crowd import Irc, Member, Text, crowd
from oracle import check, read_ledger

from chatctl.server import engine

HOUR = 60 * 60_000


class SteppedClock:
    """The real time, and how far it was set off it, in milliseconds."""

    def __init__(self) -> None:
        self.off = 0
        self._now = engine.now_ms

    def __call__(self) -> int:
        return self._now() + self.off


@pytest.fixture
def clock(monkeypatch):
    stepped = SteppedClock()
    monkeypatch.setattr("chatctl.server.engine.now_ms", stepped)
    return stepped


@pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_step_of_an_hour_cuts_nobody_and_misplaces_nothing(start_house, tmp_path, clock, wait_until, step):
    house, stop = start_house(data_dir=tmp_path / "data", ping_after=10.0, ping_timeout=20.0), threading.Event()
    tongues = (Text(), Irc())
    address = house.server.address
    members = [Member(address, f"m{number}", "#r", tmp_path, stop, tongues[number % 2]) for number in range(4)]

    def said() -> int:
        return sum(member.acknowledged for member in members)

    with crowd(members, stop):
        wait_until(lambda: said() > 100, "the talk before")
        clock.off = step
        wait_until(lambda: said() > 300, "the talk after the step")
        clock.off = 0
        wait_until(lambda: said() > 500, "the talk after the step back")
    house.server.stop()
    check(tmp_path, tmp_path / "data" / "chatctl.db")
    assert {past.reason for past in read_ledger(tmp_path / "data" / "chatctl.db")} == {"quit"}


def test_a_session_that_ends_before_it_began_by_the_clock_lasted_no_time(start_house, tmp_path, clock):
    house = start_house(data_dir=tmp_path)
    ada = house.enter("ada")
    clock.off = -HOUR
    ada.send("exit")
    assert ada.until("Goodbye")[-1].startswith("Goodbye ada. You were connected for 00:00:00")
    house.server.stop()
    with closing(sqlite3.connect(tmp_path / "chatctl.db")) as file:
        assert file.execute("SELECT disconnected - connected FROM sessions").fetchall() == [(0,)]
