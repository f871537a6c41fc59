"""Keys, pastes, and the ways out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.terminal.conftest import Screen

Ada = Callable[..., "Screen"]
StartHouse = Callable[..., "House"]

PASTE = "\x1b[200~{}\x1b[201~"
CTRL_C, CTRL_D, CTRL_U, TAB = "\x03", "\x04", "\x15", "\t"


@pytest.mark.parametrize("keys", ["exit\r", "/quit so long\r", "/exit\r", CTRL_D], ids=["exit", "/quit", "/exit", "d"])
def test_who_leaves_hears_the_goodbye(start_house: StartHouse, ada: Ada, keys: str) -> None:
    house = start_house()
    river = house.enter("river")
    screen = ada(house.server.address[1])
    screen.key(keys)
    assert screen.status() == 0
    assert "Goodbye ada. You were connected for 00:0" in screen.text
    assert "#lobby>" not in screen.text, "the prompt is taken away"
    assert river.until("ada left")[-1] == f"* ada left #lobby ({'quit: so long' if 'long' in keys else 'quit'})"
    assert not screen.screen.cursor.hidden
    assert screen.raw.rindex(b"\x1b[?2004l") > screen.raw.rindex(b"\x1b[?2004h")


def test_ctrl_c_clears_what_is_typed_and_then_ends(start_house: StartHouse, ada: Ada) -> None:
    screen = ada(start_house().server.address[1])
    screen.key("never mind")
    screen.wait_for_prompt("● ada #lobby> never mind")
    screen.key(CTRL_C)
    screen.wait_for_prompt("● ada #lobby>")
    screen.key("abc\x1b[D\x1b[D", CTRL_D)
    screen.wait_for_prompt("● ada #lobby> ac")
    screen.key(CTRL_C, CTRL_C)
    assert screen.status() == 130


def test_what_was_sent_is_an_arrow_away_also_next_time(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    first = ada(house.server.address[1])
    first.type("remember me")
    first.wait("remember me ✓")
    first.type("/msg nickserv identify sesame")
    first.wait("no such account", "ada to nickserv: •••• ✓")
    assert "sesame" not in first.text
    first.type("exit")
    assert first.status() == 0
    second = ada(house.server.address[1])
    second.key("\x1b[A\x1b[A")  # the password between the two is not there
    second.wait_for_prompt("● ada #lobby> remember me")


def test_a_pasted_line_waits_for_enter(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    river = house.enter("river")
    screen = ada(house.server.address[1])
    screen.key(PASTE.format("one line\r"))
    screen.wait_for_prompt("● ada #lobby> one line")
    screen.key(" indeed\r")
    screen.wait("ada: one line indeed ✓")
    screen.key(PASTE.format("t\x1b[31mw\x9b2Jo\ttabs\x07 \u202eand\u2028\x00\r\nmore\n"))
    screen.wait("t[31mw2Jo tabs and", "more")
    screen.key("!\r")
    heard = river.until("more!")
    assert [line for line in heard if line.startswith("ada:")] == [
        "ada: one line indeed",
        "ada: t[31mw2Jo tabs and",
        "ada: more!",
    ]


def test_a_paste_of_many_lines_is_sent_only_when_one_says_so(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    river = house.enter("river")
    screen = ada(house.server.address[1], columns=80)
    lines = [f"line {number} of the paste" for number in range(10)]
    question = "send 10 lines to #lobby? Enter sends them, Ctrl-C clears them"
    screen.key(PASTE.format("\r".join(lines)))
    screen.wait(lines[0], lines[9])
    assert question not in screen.text
    screen.key("\r")
    screen.wait(question, lines[9])
    screen.key(CTRL_C)
    screen.wait_for_prompt("● ada #lobby>")
    assert "line 0" not in screen.text
    assert question not in screen.text
    screen.key(PASTE.format("\n".join(lines)), "\r")
    screen.wait(question)
    screen.key("\x7f")
    screen.wait_for(lambda: question not in screen.text)
    screen.key("e\r")
    screen.wait(question)
    screen.key("\r")
    screen.wait(f"ada: {lines[9]} ✓")
    screen.wait_for_prompt("● ada #lobby>")
    heard = river.until(lines[9])
    assert [line for line in heard if line.startswith("ada:")] == [f"ada: {line}" for line in lines]


def test_what_cannot_be_sent_stays_to_be_mended(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    river = house.enter("river")
    screen = ada(house.server.address[1], rows=70)
    screen.key(PASTE.format("first\n" + "x" * 4_097), "\r")
    screen.wait("ada: first ✓", "line is 4097 bytes; the limit is 4096")
    screen.key("\x7f\r")
    screen.wait_for_prompt("● ada #lobby>")
    river.until("ada: first")
    text = ""
    while len(text) < 4_096:
        text += river.line().removeprefix("ada: ")
    assert text == "x" * 4_096
    screen.key(b"caf\xe9\r")
    screen.wait("is not UTF-8", "caf?")
    screen.key("\x7fé\r")
    screen.wait("ada: café ✓")


def test_tab_completes_commands_names_and_rooms(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    house.enter("river")
    house.enter("rita")
    screen = ada(house.server.address[1], "--room", "#lobby", "--room", "#operations")
    screen.wait_for_prompt("● ada #lobby>")
    for typed, completed in {
        "/hi": "/history",
        "ri": "ri",
        "riv": "river:",
        "RIT": "rita:",
        "look, riv": "look, river",
        "/msg riv": "/msg river",
        "/room #op": "/room #operations",
        "#op": "#operations",
        "ad": "ad",
        "no such /jo": "no such /jo",
        "": "",
    }.items():
        screen.key(CTRL_U, typed, TAB)
        screen.wait_for_prompt(f"● ada #lobby> {completed}".rstrip())
        screen.key(".")
        screen.wait_for(lambda: screen.prompt.endswith("."))
    assert "rita  river" in screen.text, "there are two"
    screen.key(CTRL_U, "riv", TAB, "hello", "\r")
    screen.wait("ada: river: hello ✓")
