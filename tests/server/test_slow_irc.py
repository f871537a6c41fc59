"""An IRC client that is slow to begin: it is greeted as a person, and becomes an IRC client by its first line."""

from __future__ import annotations

import pytest

from chatctl.core.requests.presence import Quit
from chatctl.transport.inbox import Asked
from chatctl.wire.base import SwitchWire
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo


@pytest.fixture
def house(start_house, readers):
    return start_house(reader_threads=readers)


def greeted(house):
    """Return a peer that has been silent long enough to be taken for a person."""
    peer = house.connect()
    assert peer.line().startswith("Welcome Client")
    peer.line()
    return peer


def test_its_first_line_makes_an_irc_client_of_it(house):
    ada = house.enter("ada")
    peer = greeted(house)
    ada.until("joined")
    peer.send("NICK kim", "USER kim 0 * :Kim")
    assert " 001 kim " in peer.until(" 001 ")[-1]
    assert ada.until("left")[-1] == "* Client02 left #lobby (switched to irc)"
    peer.send("JOIN #lobby", "PRIVMSG #lobby :hello")
    assert ada.until("kim: ")[-1] == "kim: hello"
    ada.send("status")
    rows = ada.until("active")
    assert any(row.split()[1:2] == ["kim"] and " irc " in row for row in rows)
    assert any("switched to irc" in row for row in rows)


def test_it_may_come_in_pieces(house):
    peer = greeted(house)
    for piece in (b"NI", b"CK kim\r", b"\nUSER kim 0 * :Kim\r\n"):
        peer.sock.sendall(piece)
    assert " 001 kim " in peer.until(" 001 ")[-1]


@pytest.mark.parametrize("line", ["nick kim", "NICKNAME", "hello"])
def test_a_person_stays_one(house, line):
    peer = greeted(house)
    peer.send(line, "NICK kim")
    assert peer.line() == f"{line} ACK"
    assert peer.line() == "NICK kim ACK"


def test_a_person_without_line_endings_stays_one(house):
    peer = greeted(house)
    peer.sock.sendall(b"NI")
    assert peer.line() == "NI ACK"


def test_what_a_person_sent_last_is_not_lost(house):
    peer = greeted(house)
    peer.sock.sendall(b"NICK")
    peer.sock.shutdown(1)
    assert peer.line() == "NICK ACK"


def test_after_three_seconds_it_is_too_late(house, monkeypatch):
    monkeypatch.setattr("chatctl.wire.sniff.PATIENCE", 0.0)
    peer = greeted(house)
    peer.send("NICK kim")
    assert peer.line() == "NICK kim ACK"


def test_its_slot_is_used_again(start_house):
    peer = greeted(start_house(max_clients=1))
    peer.send("NICK kim", "USER kim 0 * :Kim")
    assert " 001 kim " in peer.until(" 001 ")[-1]


def test_a_session_that_has_just_ended_does_not_come_back(start_house):
    house = start_house()
    peer = greeted(house)
    engine = house.server._engine
    (connection,) = engine._connections.values()
    engine.inbox.put(Asked(connection, [Quit(), SwitchWire(Dialects(ServerInfo()).speaking(frozenset()))], 0))
    (goodbye,) = peer.rest()
    assert goodbye.startswith("Goodbye Client01.")
    watcher = house.enter()
    watcher.send("status")
    assert "1 active, 1 disconnected" in watcher.until("active, ")[-1]
