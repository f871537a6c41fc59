"""Typing while 100 messages a second arrive."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted
    from tests.client.terminal.conftest import Screen

Terminal = Callable[..., "Screen"]
Person = Callable[[int], "Peer"]

SENTENCE = "the quick brown fox jumps over the lazy dog"


def flood(port: int, person: Person, stop: threading.Event) -> threading.Thread:
    """Say 100 messages a second, numbered, until told to stop."""
    peer = person(port)

    def say() -> None:
        number = 0
        while not stop.wait(0.009):
            number += 1
            peer.say(f"message {number:05d} of many")

    thread = threading.Thread(target=say)
    thread.start()
    return thread


def test_a_sentence_typed_among_100_messages_a_second_arrives_unharmed(
    terminal: Terminal, server_port: int, person: Person
) -> None:
    screen = terminal(server_port, "--name", "ada")
    screen.wait_for_prompt("● ada #lobby>")
    judge = person(server_port)
    stop = threading.Event()
    thread = flood(server_port, person, stop)
    try:
        screen.wait_for_text("message 00010 of many")
        for count, char in enumerate(SENTENCE, 1):
            screen.type(char)
            prompt = f"● ada #lobby> {SENTENCE[:count]}".rstrip()
            screen.wait_for(lambda prompt=prompt: screen.prompt == prompt)  # type: ignore[misc]
        screen.type("\r")
        screen.wait_for_text(f"ada: {SENTENCE} ✓")
    finally:
        stop.set()
        thread.join()
    assert f"ada: {SENTENCE}" in judge.hear_until(lambda line: line.startswith("ada: "))
    screen.enter("last")
    screen.wait_for_text("ada: last ✓")
    assert screen.prompt == "● ada #lobby>"
    assert_no_debris(screen)


def assert_no_debris(screen: Screen) -> None:
    """Every line is whole, the numbers go up by one, and nothing else is on the screen."""
    *lines, prompt = screen.text.split("\n")
    assert prompt.startswith("● ada #lobby>")
    said = [line for line in lines if not re.fullmatch(r"\d\d:\d\d ada: .* ✓", line)]
    numbers = [re.fullmatch(r"\d\d:\d\d Client0\d: message (\d{5}) of many", line) for line in said]
    assert all(numbers), screen.text
    counted = [int(match[1]) for match in numbers if match]
    assert counted == list(range(counted[0], counted[0] + len(counted)))


def test_a_burst_of_keys_among_messages_loses_none(terminal: Terminal, server_port: int, person: Person) -> None:
    screen = terminal(server_port, "--name", "ada")
    screen.wait_for_prompt("● ada #lobby>")
    judge = person(server_port)
    stop = threading.Event()
    thread = flood(server_port, person, stop)
    texts = [f"{SENTENCE} {number}" for number in range(30)]
    try:
        for text in texts:
            screen.enter(text)
            screen.pump()
        heard = judge.hear_until(lambda line: line == f"ada: {texts[-1]}")
    finally:
        stop.set()
        thread.join()
    assert [line.removeprefix("ada: ") for line in heard if line.startswith("ada: ")] == texts


def test_keys_have_their_turn_in_a_storm(terminal: Terminal, scripted: Scripted) -> None:
    screen = terminal(scripted.port)
    peer = scripted.accept()
    peer.welcome()
    screen.wait_for_prompt("● Client01 #lobby>")
    lines = [f"river: message {number}" for number in range(20_000)]
    storm = threading.Thread(target=peer.say, args=lines)
    storm.start()
    try:
        screen.wait_for_text("river: message")
        screen.type(SENTENCE)
        screen.wait_for_prompt(f"● Client01 #lobby> {SENTENCE}")
        assert "message 19999" not in screen.text
        screen.wait_for_text("message 19999")
    finally:
        storm.join()
    screen.wait_for_prompt(f"● Client01 #lobby> {SENTENCE}")
