"""What goes wrong for one must not be noticed by the others."""

from __future__ import annotations

import gc
import logging
import socket
import struct
import threading
import weakref

import pytest

from chatctl.core.commands import HANDLERS, presence
from chatctl.core.requests.rooms import ListRooms
from chatctl.wire.text import TextWire


def test_a_reader_that_stopped_is_cut_and_the_others_get_everything(start_house, readers):
    house = start_house(reader_threads=readers)
    ada, bob = house.enter("ada", "#r"), house.enter("bob", "#r")
    stopped = house.connect()
    stopped.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stopped.send("/join #r")
    bob.until("Client03 joined #r")
    ada.until("Client03 joined #r")
    text = "x" * 2000
    sent = 0
    left = False
    while not left:
        ada.send(*[text] * 50)
        sent += 50
        heard = 0
        while heard < 50:
            line = bob.line()
            heard += line == f"ada: {text}"
            left |= line == "* Client03 left #r (sendq)"
        while (line := ada.line()) and sent > 0:
            sent -= line == f"{text} ACK"
            if sent == 0:
                break
    ada.send("status")
    table = ada.until("2 active, 1 disconnected")
    assert [row.split()[-1] for row in table if row.startswith("3 ")] == ["sendq"]


def test_a_reader_that_stopped_is_cut_when_its_oldest_byte_is_too_old(start_house, monkeypatch):
    monkeypatch.setattr("chatctl.transport.drain._CHECK", 0.05)
    house = start_house(sendq_age=0.05)
    ada = house.enter("ada")
    stopped = house.connect()
    stopped.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stopped.send("")
    ada.until("Client02 joined #lobby")
    text = "x" * 2000
    seen = ""
    while seen != "* Client02 left #lobby (sendq)":
        ada.send(text)
        seen = ada.line()


def test_a_mistake_in_a_verb_ends_that_session_alone(start_house, monkeypatch, caplog):
    def broken(chat, session, request, turn):
        raise ZeroDivisionError("a bug")

    monkeypatch.setitem(HANDLERS, ListRooms, broken)
    house = start_house()
    ada, bob = house.enter("ada"), house.enter("bob")
    with caplog.at_level(logging.ERROR):
        bob.send("/rooms", "never said")
        assert bob.rest()[0].startswith("ERROR :The server made a mistake")
    ada.until("bob left #lobby (internal-error)")
    ada.send("still here")
    assert ada.line() == "still here ACK"
    assert "handling a ListRooms of session 2 failed" in caplog.text


@pytest.mark.parametrize("said_before", [True, False])
def test_a_mistake_in_reading_ends_that_session_alone(start_house, readers, monkeypatch, caplog, said_before):
    house = start_house(reader_threads=readers)
    ada = house.enter("ada")
    bob = house.enter("bob") if said_before else house.connect()

    def broken(self, data, now):
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(TextWire, "receive", broken)
        bob.send("anything")
        answer = bob.rest()
    if said_before:
        assert answer[0].startswith("ERROR :The server made a mistake")
        ada.until("bob left #lobby (internal-error)")
    ada.send("still here")
    ada.until("still here ACK")


def test_when_the_hub_fails_everybody_is_let_go_and_the_server_stops(start_house, readers, monkeypatch, caplog):
    house = start_house(reader_threads=readers)
    ada, bob = house.enter("ada"), house.enter("bob")

    def broken(turn):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(house.server._engine, "_conclude", broken)
    ada.send("anything")
    house.server.wait()
    assert house.server.failed
    assert "the hub thread failed" in caplog.text
    for peer in (ada, bob):
        with pytest.raises((EOFError, ConnectionResetError)):
            peer.until("nothing of the kind")
    house.server.stop()


def test_a_lookup_that_fails_is_answered_and_the_next_one_works(start_house, monkeypatch):
    house = start_house()
    ada = house.enter("ada")
    store = house.server._engine._store
    with monkeypatch.context() as patch:
        patch.setattr(store, "history", None)
        ada.send("/history")
        assert ada.line().startswith("ERR lookup-failed ")
    ada.send("/history")
    assert ada.line() == "* 0 messages of #lobby"


def test_a_peer_that_sends_without_reading_is_cut_not_remembered(start_house):
    house = start_house()
    flooder = house.enter()
    flooder.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line = b"x" * 2000 + b"\n"
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        while True:
            flooder.sock.sendall(line * 50)
    watcher = house.enter()
    watcher.send("status")
    assert watcher.until("1 active, 1 disconnected")[2].endswith("  sendq")


def test_a_client_that_asks_a_lot_at_once_is_answered_in_order_while_others_go_on(start_house, readers):
    house = start_house(reader_threads=readers)
    ada, bob = house.enter("ada", "#a"), house.enter("bob", "#b")
    bob.send(*["/history 1", "/topic"] * 300)
    ada.send("meanwhile")
    assert ada.line() == "meanwhile ACK"
    assert bob.lines(600) == ["* 0 messages of #b", "* #b has no topic"] * 300


def test_what_a_connection_held_is_free_at_once_when_it_is_over(start_house, readers, wait_until, monkeypatch):
    monkeypatch.setattr("chatctl.transport.drain.LINGER", 0.05)
    monkeypatch.setattr("chatctl.transport.drain._CHECK", 0.05)
    house = start_house(reader_threads=readers)
    gc.collect()
    gc.disable()
    try:
        leaves, vanishes = house.enter("ada"), house.enter("bob")
        held = [weakref.ref(one.sock) for one in house.server._open]
        leaves.send("exit")
        leaves.rest()
        leaves.close()
        vanishes.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        vanishes.close()
        # The hub and each reader remember the last one that they had to do with.
        house.enter("eve")
        house.enter("kim")
        wait_until(lambda: [one() for one in held] == [None, None], "the free memory")
    finally:
        gc.enable()


def test_four_times_the_limit_while_the_admission_is_held_up_is_never_one_too_many(start_house, monkeypatch):
    house = start_house(max_clients=3)
    arrive, waiting, go_on = presence.arrive, threading.Event(), threading.Event()

    def held_up(*arguments):
        waiting.set()
        assert go_on.wait(10)
        return arrive(*arguments)

    monkeypatch.setattr("chatctl.core.hub.presence.arrive", held_up)
    peers = [house.connect() for _ in range(12)]
    for peer in peers:
        peer.send("")
    assert waiting.wait(10)
    go_on.set()
    first = [peer.line()[:7] for peer in peers]
    assert (first.count("Welcome"), first.count("ERROR :")) == (3, 9)
    assert len(house.server._engine._hub.chat.sessions) == 3
