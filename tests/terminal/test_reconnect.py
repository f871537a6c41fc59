"""The connection goes and comes back; nothing is lost, nothing is there twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.terminal.conftest import Relay, Screen, ServerProcess

Ada = Callable[..., "Screen"]
StartHouse = Callable[..., "House"]
StartRelay = Callable[[tuple[str, int]], "Relay"]
StartProcess = Callable[[Path], "ServerProcess"]


def stored(house: House) -> list[str]:
    """Return what the server has of #lobby, the oldest first, without numbers and times."""
    peer = house.enter()
    peer.send("/history 100", "/who")
    lines = peer.until(" in #lobby: ")
    return [line.partition("] ")[2] for line in lines if line.startswith("[#")]


def tell(house: House, *lines: str) -> None:
    """Say something as river, and see it stored."""
    river = house.enter("river")
    for line in lines:
        river.send(line)
        river.until(f"{line} ACK")
    river.close()


def test_after_a_kill_9_all_that_was_missed_and_all_that_was_typed_is_there_once(
    start_house: StartHouse, server_process: StartProcess, ada: Ada, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    server = server_process(folder)
    screen = ada(server.port, "--backlog", "0")
    screen.type("before")
    screen.wait("ada: before ✓")
    server.freeze()
    screen.type("into the void")
    screen.wait("  into the void …")
    screen.key("half a sen")
    screen.wait_for_prompt("● ada #lobby> half a sen")
    server.kill()
    screen.wait("connection lost", "○ offline", "○ ada #lobby> half a sen")
    # The others are back first: on another port, where nobody looks for the server.
    meanwhile = start_house(data_dir=folder)
    tell(meanwhile, "one", "two", "three")
    meanwhile.server.stop()
    house = start_house(data_dir=folder, port=server.port)
    screen.wait("ada: into the void ✓")
    screen.wait_for_prompt("● ada #lobby> half a sen")
    rows = [row.rstrip(" ─") for row in screen.rows]
    begin = next(number for number, row in enumerate(rows) if row.endswith("ada: before ✓"))
    without_times = [row[6:] if row[2:3] == ":" else row for row in rows[begin:]]
    assert without_times[0] == "ada: before ✓"
    assert without_times[1].startswith("connection lost: ")
    assert without_times[2:] == [
        f"connected again to 127.0.0.1:{server.port}",
        "3 missed messages",
        "river: one",
        "river: two",
        "river: three",
        "now",
        "ada: into the void ✓",
        "● ada #lobby> half a sen",
    ]
    assert stored(house) == ["ada: before", "river: one", "river: two", "river: three", "ada: into the void"]
    screen.type("tence")
    screen.wait("ada: half a sentence ✓")


def test_what_was_stored_before_the_connection_broke_gets_its_tick_and_is_not_sent_again(
    start_house: StartHouse, relay: StartRelay, ada: Ada
) -> None:
    house = start_house()
    river = house.enter("river")
    between = relay(house.server.address)
    screen = ada(between.port)
    between.mute = True
    screen.type("did it arrive?")
    river.until("ada: did it arrive?")
    river.send("it did")
    river.until("it did ACK")
    screen.wait("  did it arrive? …")
    between.cut()
    screen.wait("connection lost")
    between.mute = False
    between.open()
    screen.wait("ada: did it arrive? ✓", "river: it did")
    screen.type("good")
    screen.wait("ada: good ✓")
    assert screen.said()[-3:] == ["ada: did it arrive? ✓", "river: it did", "ada: good ✓"]
    assert "1 missed message ─" in screen.text
    assert len(between.said("did it arrive?")) == 1
    assert stored(house) == ["ada: did it arrive?", "river: it did", "ada: good"]


def test_ones_own_message_alone_is_no_missed_message(start_house: StartHouse, relay: StartRelay, ada: Ada) -> None:
    house = start_house()
    river = house.enter("river")
    between = relay(house.server.address)
    screen = ada(between.port)
    between.mute = True
    screen.type("did it arrive?")
    river.until("ada: did it arrive?")
    screen.wait("  did it arrive? …")
    between.cut()
    screen.wait("connection lost")
    between.mute = False
    between.open()
    screen.wait("ada: did it arrive? ✓")
    screen.wait_for_prompt("● ada #lobby>")
    assert "missed" not in screen.text
    assert stored(house) == ["ada: did it arrive?"]


def test_what_never_arrived_is_sent_once_more_with_the_same_label(
    start_house: StartHouse, relay: StartRelay, ada: Ada
) -> None:
    house = start_house()
    between = relay(house.server.address)
    screen = ada(between.port)
    between.deaf = True
    screen.type("/me waves")
    screen.type("hello?")
    screen.wait("  waves …", "  hello? …")
    between.cut()
    screen.wait("connection lost")
    between.deaf = False
    between.open()
    screen.wait("* ada waves ✓", "ada: hello? ✓")
    for text in ("waves", "hello?"):
        first, again = between.said(text)
        assert first == again
        assert first.startswith("@label=")
    assert stored(house) == ["* ada waves", "ada: hello?"]


def test_what_is_typed_without_a_connection_is_sent_when_there_is_one(
    start_house: StartHouse, relay: StartRelay, ada: Ada
) -> None:
    house = start_house()
    between = relay(house.server.address)
    screen = ada(between.port)
    between.cut()
    screen.wait("○ offline")
    screen.type("first")
    screen.type("//second")
    screen.key(b"caf\xe9 in another encoding\r")
    screen.wait("UTF-8")
    screen.key("\x15")
    screen.type("/topic nothing of this")
    screen.wait("  first …", "  /second …", "commands are not")
    screen.key("third, not yet")
    between.open()
    screen.wait("ada: first ✓", "ada: /second ✓")
    screen.wait_for_prompt("● ada #lobby> third, not yet")
    assert stored(house) == ["ada: first", "ada: /second"]


@pytest.mark.parametrize(
    ("keys", "status"), [("exit\r", 0), ("/quit bye\r", 0), ("\x04", 0), ("\x03", 130)], ids=["exit", "quit", "d", "c"]
)
def test_one_can_leave_without_a_connection(
    start_house: StartHouse, relay: StartRelay, ada: Ada, keys: str, status: int
) -> None:
    between = relay(start_house().server.address)
    screen = ada(between.port)
    between.cut()
    screen.wait("○ offline")
    screen.key(keys)
    assert screen.status() == status


def test_who_leaves_while_messages_are_on_their_way_is_told_so(
    start_house: StartHouse, relay: StartRelay, ada: Ada
) -> None:
    between = relay(start_house().server.address)
    screen = ada(between.port)
    between.deaf = True
    screen.type("one")
    screen.wait("  one …")
    between.cut()
    screen.wait("○ offline")
    screen.type("two")
    screen.wait("  two …")
    screen.type("exit")
    assert screen.status() == 15
    assert "2 of 2 messages were not acknowledged" in screen.text
