"""What operators do to a server that runs."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace

import pytest

from chatctl.core.policy import Policy

SECRET = Policy(operators={"root": "sesame"})


def irc(house, nick):
    """Connect by IRC and take a name."""
    peer = house.connect()
    peer.send(f"NICK {nick}\r", f"USER {nick} 0 * :{nick}\r")
    peer.until("There is no message of the day")
    return peer


def operator(house):
    peer = irc(house, "ada")
    peer.send("OPER root sesame\r")
    peer.until("MODE ada +o")
    return peer


@pytest.fixture
def house(start_house):
    return start_house(policy=SECRET, max_clients=2)


def test_more_may_come_at_once_when_the_limit_is_raised(house):
    ada = operator(house)
    bob = house.enter("bob")
    late = house.connect()
    late.send("")
    assert late.line().startswith("ERROR :Server full (2/2 clients)")
    ada.send("SET MAXCLIENTS 3\r")
    assert ada.until("max-clients is")[-1].rstrip().endswith("max-clients is 3")
    house.enter("kim")
    bob.send("/who")
    assert bob.until("in #lobby: ")[-1] == "* 2 in #lobby: bob kim"


def test_the_process_says_what_it_can_hold(house, monkeypatch):
    monkeypatch.setattr(
        "chatctl.server.app._affordable", lambda wanted: replace(wanted, max_clients=min(wanted.max_clients, 10))
    )
    ada = operator(house)
    ada.send("SET MAXCLIENTS 20\r")
    assert "max-clients is 10; this machine allows no more" in ada.until("max-clients is")[-1]


def test_a_shutdown_is_told_noted_and_asked_for(house, caplog):
    ada, bob = operator(house), house.enter("bob")
    with caplog.at_level(logging.WARNING, "chatctl"):
        ada.send("SHUTDOWN :good night\r")
        house.server.wait()
    assert house.server.stop_requested
    assert "ada!ada@127.0.0.1, operator root, stops the server: good night" in caplog.text
    house.server.stop()
    assert bob.rest() == ["* the server is shutting down (good night)"]
    assert ada.rest()[-1].rstrip() == "ERROR :the server is shutting down: good night"


def test_a_ban_holds_after_a_restart(start_house, tmp_path):
    before = start_house(policy=SECRET, data_dir=tmp_path)
    ada = operator(before)
    ada.send("KLINE 2h text@127.0.0.1 :no netcat\r")
    ada.until("is banned until")
    before.server.stop()
    with sqlite3.connect(tmp_path / "chatctl.db") as connection:
        assert connection.execute("SELECT mask, reason FROM bans").fetchall() == [("text@127.0.0.1", "no netcat")]
    connection.close()
    after = start_house(policy=SECRET, data_dir=tmp_path)
    peer = after.connect()
    peer.send("")
    (line,) = peer.rest()
    assert line.startswith("ERROR :You are banned until ")
    assert line.endswith(": no netcat")
    ada = operator(after)
    ada.send("UNKLINE text@127.0.0.1\r")
    ada.until("is not banned any more")
    after.enter("bob")
