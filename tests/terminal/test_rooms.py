"""Several rooms and several people: what is unread, what is private, and who is put out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from chatctl.core.policy import Policy

if TYPE_CHECKING:
    from tests.conftest import House, Peer
    from tests.terminal.conftest import Screen

Ada = Callable[..., "Screen"]
StartHouse = Callable[..., "House"]

TWO_ROOMS = ("--room", "#lobby", "--room", "#ops", "--backlog", "0")


def chronicle(screen: Screen) -> list[str]:
    """Return all rows without times, the ends of rules and the prompt."""
    return [re.sub(r"^\d\d:\d\d | ─+$", "", row) for row in screen.rows[:-1]]


def test_what_is_said_elsewhere_is_counted_held_and_shown_once_with_its_number(
    start_house: StartHouse, ada: Ada
) -> None:
    house = start_house()
    screen = ada(house.server.address[1], *TWO_ROOMS)
    screen.wait_for_prompt("● ada #lobby>")
    river = house.enter("river", "#ops")
    river.send("disk 3 is full")
    screen.wait_for_prompt("● ada #lobby (2:#ops 1)>")
    river.send("and disk 4")
    screen.wait_for_prompt("● ada #lobby (2:#ops 2)>")
    assert "disk" not in screen.text
    assert b"\a" not in screen.raw
    screen.key("half typed", "\x1b2")
    screen.wait_for_prompt("● ada #ops> half typed")
    screen.wait("#ops · 2 unread", "river: and disk 4")
    rows = chronicle(screen)
    told = rows[rows.index("#ops · 2 unread") + 1 :]
    assert [row for row in told if "disk" in row] == ["river: disk 3 is full", "river: and disk 4"]
    river.send("now")
    screen.wait("river: now")
    screen.key("\x15/room 1\r")
    screen.wait_for_prompt("● ada #lobby>")
    screen.type("/room #ops")
    screen.wait_for_prompt("● ada #ops>")
    # Nothing is unread, and nothing shown twice.
    screen.wait_for(lambda: chronicle(screen)[-3:] == ["river: now", "#lobby", "#ops"])
    screen.key("\x1b9")
    screen.wait("you are in 2 rooms")
    assert screen.prompt == "● ada #ops>"


def test_a_mention_rings_the_bell_and_says_where(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    screen = ada(house.server.address[1], *TWO_ROOMS)
    screen.wait_for_prompt("● ada #lobby>")
    river = house.enter("river", "#ops")
    river.send("adam and ada_ are not her")
    screen.wait_for_prompt("● ada #lobby (2:#ops 1)>")
    river.send("ADA: can you look?")
    screen.wait("river speaks of you in #ops")
    screen.wait_for_prompt("● ada #lobby (2:#ops 2!)>")
    assert screen.raw.count(b"\a") == 1
    river.send("/join #lobby", "not for you", "hey ada!")
    screen.wait("hey ada!", "● ada #lobby")
    assert screen.style("hey ada!", len("hey ")).reverse
    assert not screen.style("hey ada!").reverse
    assert screen.raw.count(b"\a") == 2
    river.send("/msg ada psst")
    screen.wait("river to you: psst", "● ada #lobby")
    assert screen.raw.count(b"\a") == 3
    screen.type("ada is my own name")
    screen.wait("ada: ada is my own name ✓")
    assert screen.raw.count(b"\a") == 3


@pytest.mark.parametrize(
    ("kind", "in_tmux", "expected"),
    [
        ("osc9", False, b"\a\x1b]9;river: ada; look\x1b\\"),
        ("osc777", False, b"\a\x1b]777;notify;river;ada, look\x1b\\"),
        ("osc9", True, b"\a\x1bPtmux;\x1b\x1b]9;river: ada; look\x1b\x1b\\\x1b\\"),
        ("osc777", True, b"\a\x1bPtmux;\x1b\x1b]777;notify;river;ada, look\x1b\x1b\\\x1b\\"),
        ("none", False, b""),
    ],
)
def test_a_mention_is_told_to_the_desktop_as_asked(
    start_house: StartHouse, ada: Ada, kind: str, in_tmux: bool, expected: bytes
) -> None:
    house = start_house()
    tmux = {"TMUX": "/tmp/tmux-0/default,1,0"} if in_tmux else {}
    screen = ada(house.server.address[1], "--notify", kind, "--backlog", "0", **tmux)
    house.enter("river").send("ada; look")
    screen.wait("river: ada; look", "● ada #lobby")
    found = re.findall(rb"\a|\a?\x1b[P\]].*?\x1b\\(?:\x1b\\)?", screen.raw)
    assert b"".join(found) == expected


def test_one_can_talk_with_one_person_alone(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    river, kim = house.enter("river"), house.enter("kim")
    screen = ada(house.server.address[1])
    screen.type("/query river")
    screen.wait_for_prompt("● ada river>")
    screen.type("between us")
    screen.wait("ada to river: between us ✓")
    assert river.until("between us")[-1] == "[private] ada: between us"
    river.send("/msg ada yes")
    screen.wait("river to you: yes")
    screen.type("/msg nobody_here hello?")
    screen.wait("not sent: hello?", "nobody_here")
    screen.type("/room 1")
    screen.wait_for_prompt("● ada #lobby>")
    screen.type("for all")
    screen.wait("ada: for all ✓")
    heard = kim.until("for all")
    assert not [line for line in heard if "between us" in line or "yes" in line]


def test_who_is_kicked_is_told_so_and_stays_connected(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    river = house.connect()
    river.send("NICK river\r", "USER river 0 * :river\r", "JOIN #ops\r")
    river.until("366 river #ops")
    screen = ada(house.server.address[1], "--room", "#ops", "--room", "#lobby", "--backlog", "0")
    screen.wait_for_prompt("● ada #ops>")
    river.send("KICK #ops ada :too loud\r")
    screen.wait("* river kicked ada from #ops (too loud)")
    screen.wait_for_prompt("● ada #lobby>")
    screen.type("still here")
    screen.wait("ada: still here ✓")
    screen.type("/part")
    screen.wait_for_prompt("● ada>")
    screen.type("to whom?")
    screen.wait("you are in no room; /join #room goes into one")
    screen.wait_for_prompt("● ada> to whom?")
    screen.key("\x03")
    screen.type("/join #tea")
    screen.wait_for_prompt("● ada #tea>")


def operator(house: House) -> Peer:
    peer = house.connect()
    peer.send("NICK root\r", "USER root 0 * :root\r", "OPER root sesame\r")
    peer.until("MODE root +o")
    return peer


def test_who_is_killed_learns_by_whom_and_the_program_ends_with_13(start_house: StartHouse, ada: Ada) -> None:
    house = start_house(policy=Policy(operators={"root": "sesame"}))
    screen = ada(house.server.address[1])
    screen.key("half typed")
    screen.wait_for_prompt("● ada #lobby> half typed")
    operator(house).send("KILL ada :enough now\r")
    assert screen.status() == 13
    assert "enough now" in screen.text
    assert "root" in screen.text.replace("ada!root@", "")
    assert "offline" not in screen.text


def test_a_server_that_shuts_down_is_no_reason_to_end(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    screen = ada(house.server.address[1])
    house.server.stop()
    screen.wait("connection lost: ", "shutting down", "○ offline", "○ ada #lobby>")
    screen.key("\x03")
    assert screen.status() == 130
