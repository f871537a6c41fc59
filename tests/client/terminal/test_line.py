"""The line that one types in."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted
    from tests.client.terminal.conftest import Screen

Terminal = Callable[..., "Screen"]
Person = Callable[[int], "Peer"]

SENTENCE = "the quick brown fox jumps over the lazy dog"
PASTE = "\x1b[200~{}\x1b[201~"


def test_status_is_a_table(terminal: Terminal, server_port: int, person: Person) -> None:
    screen = terminal(server_port, "--name", "ada", size=(24, 110))
    screen.wait_for_prompt("● ada #lobby>")
    screen.enter("status")
    screen.wait_for_text("1 active, 0 disconnected, limit")
    header = next(line for line in screen.lines if line.lstrip().startswith("id"))
    assert header.split()[1:] == ["name", "address", "protocol", "connected", "disconnected", "duration", "reason"]
    row = screen.lines[screen.lines.index(header) + 1]
    assert re.fullmatch(r" 1  ada +127\.0\.0\.1:\d+ +text +\d\d:\d\d:\d\d +\d\d:\d\d:\d\d", row)


def test_ctrl_d_in_a_line_deletes_and_does_not_leave(terminal: Terminal, server_port: int) -> None:
    screen = terminal(server_port)
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type("abc\x1b[D\x1b[D\x04")
    screen.wait_for_prompt("● Client01 #lobby> ac")


def test_what_is_too_long_stays_to_be_shortened(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port, size=(40, 80))
    peer = scripted.accept()
    peer.welcome()
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type(PASTE.format("first\n" + "x" * 2049))
    screen.type("\r")
    screen.wait_for_text("line is 2049 bytes; the limit is 2048")
    assert peer.hear() == "first"
    screen.type("\x7f\r")
    assert peer.hear() == "x" * 2048


def test_a_paste_sends_nothing_until_enter_and_then_every_line(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port)
    peer = scripted.accept()
    peer.welcome()
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type(PASTE.format("one line\r"))
    screen.wait_for_prompt("● Client01 #lobby> one line")
    screen.type("\x15" + PASTE.format("one\r\nt\x1b[31mwo\ttabs\n"))
    screen.wait_for_text("one\nt[31mwo tabs")
    screen.type("!\r")
    assert [peer.hear(), peer.hear()] == ["one", "t[31mwo tabs!"]


def test_tab_completes_commands(terminal: Terminal, server_port: int) -> None:
    screen = terminal(server_port)
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type("/hi\t3")
    screen.wait_for_prompt("● Client01 #lobby> /history 3")
    screen.type("\x15/\t")
    screen.wait_for_text("/nick  /join  /part")
    screen.wait_for_prompt("● Client01 #lobby> /")
    screen.type("\x15no command\t.")
    screen.wait_for_prompt("● Client01 #lobby> no command.")


def test_input_is_remembered_in_a_file_of_ones_own(terminal: Terminal, server_port: int, state_dir: Path) -> None:
    first = terminal(server_port)
    first.wait_for_prompt("● Client01 #lobby>")
    first.enter("remember me")
    first.wait_for_text("remember me ✓")
    first.enter("exit")
    assert first.exit_status() == 0
    assert stat.S_IMODE((state_dir / "history").stat().st_mode) == 0o600
    second = terminal(server_port)
    second.wait_for_prompt("● Client02 #lobby>")
    second.type("\x1b[A\x1b[A")
    second.wait_for_prompt("● Client02 #lobby> remember me")


def test_a_new_size_keeps_what_is_typed(terminal: Terminal, server_port: int, person: Person) -> None:
    screen = terminal(server_port, "--name", "ada")
    screen.wait_for_prompt("● ada #lobby>")
    screen.type(SENTENCE)
    screen.wait_for_prompt(f"● ada #lobby> {SENTENCE}")
    screen.resize(30, 120)
    person(server_port).say("wide")
    screen.wait_for_text("wide")
    screen.wait_for_prompt(f"● ada #lobby> {SENTENCE}")
    screen.enter("!")
    screen.wait_for_text(f"ada: {SENTENCE}! ✓")
