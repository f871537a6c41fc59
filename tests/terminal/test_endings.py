"""Other ways in and out of the terminal client, and keys in a storm."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.terminal.conftest import Screen, Scripted

SENTENCE = "the quick brown fox jumps over the lazy dog"
Terminal = Callable[..., "Screen"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_and_gives_the_terminal_back(
    start_house: Callable[..., House], ada: Terminal, number: int, status: int
) -> None:
    screen = ada(start_house().server.address[1])
    screen.process.send_signal(number)
    assert screen.status() == status
    assert screen.raw.rindex(b"\x1b[?2004l") > screen.raw.rindex(b"\x1b[?2004h")


def test_a_person_who_only_reads_gets_no_prompt(start_house: Callable[..., House], terminal: Terminal) -> None:
    house = start_house()
    screen = terminal(house.server.address[1], "--read-only", "--name", "ada")
    screen.wait("ada joined #lobby")
    house.enter("river").send("[hi]")
    screen.wait("river: [hi]")
    assert "#lobby>" not in screen.text
    screen.key(b"\x03")
    assert screen.status() == 130


def test_a_dumb_terminal_gets_plain_lines(start_house: Callable[..., House], terminal: Terminal) -> None:
    screen = terminal(start_house().server.address[1], TERM="dumb")
    screen.wait("connected to")
    screen.key("hi\r", b"\x04")
    assert screen.status() == 0
    assert b"\x1b" not in screen.raw


def test_a_server_that_says_no_goodbye_is_left_all_the_same(ada: Terminal, scripted: Scripted) -> None:
    with_visitor = threading.Thread(target=lambda: scripted.accept().come_in())
    with_visitor.start()
    screen = ada(scripted.port)
    with_visitor.join()
    screen.key("exit\r")
    assert screen.status() == 0


def test_a_burst_of_keys_among_messages_loses_none(start_house: Callable[..., House], ada: Terminal) -> None:
    house = start_house()
    river, judge = house.enter("river"), house.enter("judge")
    screen = ada(house.server.address[1])
    judge.until("ada joined")
    texts = [f"{SENTENCE} {number}" for number in range(30)]
    for number, text in enumerate(texts):
        river.send(f"message {number}")
        screen.key(f"{text}\r")
        screen.pump()
    heard = judge.until(f"ada: {texts[-1]}")
    assert [line.removeprefix("ada: ") for line in heard if line.startswith("ada: ")] == texts


def test_keys_have_their_turn_in_a_storm(ada: Terminal, scripted: Scripted) -> None:
    block = [f":river!r@h PRIVMSG #lobby :message {number}" for number in range(100)]

    def storm() -> None:
        visitor = scripted.accept()
        visitor.come_in()
        # It lasts until the sentence is through: were the keys to wait for its end, they would wait for ever.
        visitor.say(*block, "PING :more", *block)
        while "PRIVMSG" not in (line := visitor.line()):
            if "PONG" in line:
                visitor.say("PING :more", *block)
        said.append(line)
        visitor.say(":river!r@h PRIVMSG #lobby :the last message")

    said: list[str] = []
    storming = threading.Thread(target=storm)
    storming.start()
    screen = ada(scripted.port)
    screen.key(f"{SENTENCE}\r")
    screen.wait("the last message")
    storming.join()
    assert said[0].endswith(SENTENCE)
