"""What one says and hears, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted
    from tests.client.terminal.conftest import Screen

Terminal = Callable[..., "Screen"]
Person = Callable[[int], "Peer"]


def test_one_talks_and_sees_the_tick_and_the_others(terminal: Terminal, server_port: int, person: Person) -> None:
    screen = terminal(server_port, "--name", "ada", "--room", "#ops")
    screen.wait_for_prompt("● ada #ops>")
    river = person(server_port)
    river.say("/nick river", "/join #ops")
    screen.wait_for_text("river joined #ops")
    screen.enter("hi river")
    screen.wait_for_text("ada: hi river ✓")
    river.hear_until(lambda line: line == "ada: hi river")
    river.say("hello ada")
    screen.wait_for_text("river: hello ada")
    screen.wait_for_prompt("● ada #ops>")
    screen.enter("/join #tea")
    screen.wait_for_prompt("● ada #tea>")
    screen.enter("/nick lovelace")
    screen.wait_for_prompt("● lovelace #tea>")


def test_own_messages_are_grey_until_acknowledged(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port)
    peer = scripted.accept()
    peer.welcome()
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.enter("slow one")
    screen.wait_for_text("  slow one …")
    screen.type("next")
    screen.wait_for_prompt("● Client01 #lobby> next")
    assert "✓" not in screen.text
    row = next(index for index, line in enumerate(screen.lines) if "slow one" in line)
    assert screen.screen.buffer[row][2].fg not in ("default", "white")
    assert peer.hear() == "slow one"
    peer.say("slow one ACK")
    screen.wait_for_text("Client01: slow one ✓")
    screen.wait_for_prompt("● Client01 #lobby> next")
    assert "slow one …" not in screen.text


def test_no_color_is_honoured(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port, NO_COLOR="1")
    peer = scripted.accept()
    peer.welcome()
    peer.say("river: hi", "ERR x no")
    screen.wait_for_text("river: hi", "no")
    screen.wait_for_prompt("● Client01 #lobby>")
    colours = re.findall(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-9]|4[0-9]|9[0-7])(?:;[0-9;]*)?m", screen.raw)
    assert colours == []


def test_a_person_who_only_reads_gets_no_prompt(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port, "--read-only")
    peer = scripted.accept()
    peer.welcome()
    peer.say("river: [hi]")
    screen.wait_for_text("river: [hi]")
    assert "#lobby>" not in screen.text
    screen.type("\x03")
    assert screen.exit_status() == 130


def test_a_dumb_terminal_gets_plain_lines(terminal: Terminal, server_port: int) -> None:
    screen = terminal(server_port, TERM="dumb")
    screen.wait_for_text("connected to")
    screen.type("hi\r\x04")
    assert screen.exit_status() == 0
    assert b"\x1b" not in screen.raw
