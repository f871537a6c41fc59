"""How it ends, and what it says then."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.client.conftest import Scripted
    from tests.client.terminal.conftest import Screen, ServerProcess

Terminal = Callable[..., "Screen"]


@pytest.mark.parametrize("goodbye", ["exit\r", "/quit\r", "\x04"])
def test_leaving_prints_the_goodbye_and_ends_with_0(terminal: Terminal, server_port: int, goodbye: str) -> None:
    screen = terminal(server_port)
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type(goodbye)
    assert screen.exit_status() == 0
    assert "Goodbye Client01. You were connected for" in screen.text
    assert "#lobby>" not in screen.text


def test_ctrl_c_clears_the_line_and_on_an_empty_one_ends_with_130(terminal: Terminal, server_port: int) -> None:
    screen = terminal(server_port)
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type("never mind")
    screen.wait_for_prompt("● Client01 #lobby> never mind")
    screen.type("\x03")
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type("\x03")
    assert screen.exit_status() == 130
    assert "Traceback" not in screen.text


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_and_gives_the_terminal_back(
    terminal: Terminal, server_port: int, number: int, status: int
) -> None:
    screen = terminal(server_port)
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.child.kill(number)
    assert screen.exit_status() == status
    assert screen.raw.rindex(b"\x1b[?2004l") > screen.raw.rindex(b"\x1b[?2004h")


@pytest.mark.parametrize(
    ("last_words", "status", "sentence"),
    [
        ((), 1, "connection lost: the server closed the connection"),
        (("* the server is shutting down",), 1, "connection lost: the server shut down"),
        (("ERROR :3 unusable lines in a row",), 13, "the server ended the session: 3 unusable lines in a row"),
    ],
)
def test_a_lost_connection_is_said_plainly(
    terminal: Terminal, scripted: Scripted, last_words: tuple[str, ...], status: int, sentence: str
) -> None:
    screen = terminal(scripted.port)
    peer = scripted.accept()
    peer.welcome()
    screen.wait_for_prompt("● Client01 #lobby>")
    peer.say(*last_words)
    peer.close()
    assert screen.exit_status() == status
    assert sentence in screen.text
    assert "Traceback" not in screen.text


def test_a_connection_that_is_reset_is_said_plainly(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port)
    peer = scripted.accept()
    peer.welcome()
    screen.wait_for_prompt("● Client01 #lobby>")
    peer.reset()
    assert screen.exit_status() == 1
    assert "connection lost: " in screen.text


def test_a_server_that_is_killed_ends_it_with_1(
    terminal: Terminal, server_process: ServerProcess, server_port: int, state_dir: Path
) -> None:
    screen = terminal(server_port)
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type("half a line")
    screen.wait_for_prompt("● Client01 #lobby> half a line")
    server_process.process.kill()
    assert screen.exit_status() == 1
    assert "+half a line\n" in (state_dir / "history").read_text()


def test_a_loss_with_messages_on_their_way_ends_with_15(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port)
    peer = scripted.accept()
    peer.welcome()
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.enter("did you get this")
    assert peer.hear() == "did you get this"
    peer.close()
    assert screen.exit_status() == 15
    assert "1 of 1 message was not acknowledged: the server closed the connection" in " ".join(screen.lines)


def test_a_server_that_says_no_goodbye_is_left_all_the_same(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port)
    peer = scripted.accept()
    peer.welcome()
    screen.wait_for_prompt("● Client01 #lobby>")
    screen.type("\x04")
    screen.wait_for_prompt("○ Client01 #lobby>")
    started = time.monotonic()
    screen.enter("too late")
    assert screen.exit_status() == 0
    assert time.monotonic() - started < 5
    assert [peer.hear(), peer.hear()] == ["exit", ""]
