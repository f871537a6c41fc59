"""What others can do to the terminal: nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.client.conftest import Scripted
    from tests.client.terminal.conftest import Screen

Terminal = Callable[..., "Screen"]


HOSTILE = [
    "\x1b[2J\x1b[H\x1b[31mred",
    "\x1b]0;title\x07\x1b]52;c;aGk=\x07",
    "\u009b2J\u009d0;t\u009c",
    "\x1bc\x1b(0\x1b#8\x0e",
    "\b\b\b\b\r\x0b\x0c\x07",
    "\u202eabc\u2066def\u200f",
    "[bold red]x[/] [/nope] [link=http://x]y[/link]",
    "one\u2028two\u2029three\x85four",
]


def test_hostile_bytes_leave_the_terminal_untouched(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port)
    peer = scripted.accept()
    peer.welcome()
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type("typed before")
    screen.wait_for_prompt("● Client01 #lobby> typed before")
    before = screen.raw
    for text in HOSTILE:
        peer.say(
            f"river: {text}",
            f"ri{text}ver: hi",
            f"* {text}river joined #{text}",
            f"[private] {text}river: {text}",
            f"* topic of #{text}: {text}",
            f"ERR {text} {text}",
            text,
            "id  name  address  protocol  connected  disconnected  duration  reason",
            f"1  {text}  {text}  {text}  {text}  {text}  {text}  {text}",
            "1 active, 0 disconnected, limit 2",
        )
    peer.say(f"* Client01 joined #\x1b[2Jevil{HOSTILE[1]}", "river: the end")
    screen.wait_for_text("river: the end")
    screen.wait_for(lambda: screen.prompt.endswith("> typed before"))
    assert screen.prompt.startswith("● Client01 #[2Jevil]0;title]52;c;aGk=>")
    written = screen.raw[len(before) :].decode()
    assert not set(written) & set("\x07\x0b\x0c\x0e\x85\u009b\u009d\u202e\u2066\u200f\u2028\u2029")
    assert not re.search(r"\x1b(\]|c|\(|#|\[2J|\[H)", written), "a sequence that only they can have sent"


def test_a_hostile_name_of_ones_own_leaves_the_terminal_untouched(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port)
    peer = scripted.accept()
    peer.welcome("Cli\x1b[2Jent")
    screen.wait_for_prompt("● Cli[2Jent #lobby>")
    assert b"\x1b[2J" not in screen.raw
