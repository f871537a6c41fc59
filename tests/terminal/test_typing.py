"""Typing while 100 messages a second arrive."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import House, Peer
    from tests.terminal.conftest import Screen

Ada = Callable[..., "Screen"]

RATE = 100
TEXT = "message {:04} of very many, whole"

LEFT, BACKSPACE = "\x1b[D", "\x7f"
KEYS = [*"we meet at seven by the brdge", *[LEFT] * 3, "i", *[LEFT] * 11, *[BACKSPACE] * 5, *"eight"]
SENTENCE = "we meet at eight by the bridge"


def flood(peer: Peer, count: int) -> threading.Thread:
    """Begin to say ``count`` messages, 100 a second."""

    def say() -> None:
        begun = time.monotonic()
        never = threading.Event()
        for number in range(count):
            never.wait(max(0.0, begun + number / RATE - time.monotonic()))
            peer.send(TEXT.format(number))

    thread = threading.Thread(target=say)
    thread.start()
    return thread


def type_sentence(screen: Screen, seconds: float, sizes: dict[int, tuple[int, int]]) -> None:
    """Type and mend the sentence key by key; before some of the keys the window gets another size."""
    begun = time.monotonic()
    for number, key in enumerate(KEYS):
        screen.pump_until(begun + number * seconds / len(KEYS))
        if number in sizes:
            screen.resize(*sizes[number])
        screen.key(key)


def expected_rows(heard: list[str], columns: int) -> list[str]:
    """Return what the screen has to show of what was said, row by row."""
    lines = [f"HH:MM {line}{' ✓' if line.startswith('ada: ') else ''}" for line in heard]
    return [line[at : at + columns].rstrip() for line in lines for at in range(0, len(line), columns)]


def shown_rows(screen: Screen, before: int) -> list[str]:
    return [re.sub(r"^\d\d:\d\d ", "HH:MM ", row) for row in screen.rows[before:]]


def converse(house: House, ada: Ada, columns: int, count: int, sizes: dict[int, tuple[int, int]] | None = None) -> None:
    """Type the sentence among ``count`` messages; see to it that nobody lost a letter."""
    river, judge = house.enter("river"), house.enter("judge")
    # What is said while it comes in would be history, not a message.
    screen = ada(house.server.address[1], "--backlog", "0", columns=columns)
    judge.until("ada joined")
    before = len(screen.rows) - 1
    flooding = flood(river, count)
    try:
        screen.wait(TEXT.format(3)[:12])
        type_sentence(screen, 0.6 * count / RATE, sizes or {})
        screen.key("\r")
        screen.wait_for_prompt("● ada #lobby>")
        screen.key("not yet sent")
        heard = judge.until(TEXT.format(count - 1))
    finally:
        flooding.join()
    assert heard.count(f"ada: {SENTENCE}") == 1
    expected = [*expected_rows(heard, columns), "● ada #lobby> not yet sent"]
    screen.wait_for(lambda: len(shown_rows(screen, before)) >= len(expected) and screen.prompt == expected[-1])
    assert shown_rows(screen, before) == expected


def test_a_sentence_typed_and_mended_among_100_messages_a_second_arrives_unharmed(
    start_house: Callable[..., House], ada: Ada
) -> None:
    converse(start_house(), ada, columns=100, count=300)


def test_on_40_columns_every_message_is_whole_and_in_its_place(start_house: Callable[..., House], ada: Ada) -> None:
    converse(start_house(), ada, columns=40, count=150)


def test_other_sizes_in_mid_sentence_leave_no_debris(start_house: Callable[..., House], ada: Ada) -> None:
    converse(start_house(), ada, columns=60, count=150, sizes={15: (120, 30), 35: (60, 32)})
