"""Clients that say too much at once are slowed down, and lose nothing."""

from __future__ import annotations

import time

import pytest

from chatctl.transport.pace import Pace


class Clock:
    now = 5.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_free_and_then_there_is_a_wait():
    clock = Clock()
    pace = Pace(10, 2.0, clock)
    assert [pace.spend(1) for _ in range(10)] == [0.0] * 10
    assert pace.spend(1) == clock.now + 0.5
    clock.now += 0.5
    assert pace.spend(1) == clock.now + 0.5
    clock.now += 100
    assert [pace.spend(1) for _ in range(11)] == [*[0.0] * 10, clock.now + 0.5]


@pytest.fixture
def house(start_house, readers):
    return start_house(
        limit_loopback=True, message_burst=5, message_rate=40.0, reader_threads=readers, max_per_address=0
    )


def test_who_says_too_much_at_once_is_slowed_down_and_loses_nothing(house):
    ada, river = house.enter("ada"), house.enter("river")
    began = time.monotonic()
    texts = [f"message {number} {'x' * 100}" for number in range(40)]
    ada.send(*texts)
    heard = [river.until(text)[-1] for text in texts]
    assert heard == [f"ada: {text}" for text in texts]
    # 40 lines, of which the first chunk, 512 bytes, and the burst are free; the others take a fortieth of a second.
    assert time.monotonic() - began > 25 / 40


def test_the_others_are_not_kept_waiting(start_house):
    house = start_house(limit_loopback=True, message_burst=5, message_rate=20.0)
    ada, river = house.enter("ada"), house.enter("river")
    ada.send(*["x" * 100 for _ in range(100)])
    river.send("hello")
    assert river.until("ACK")[-1] == "hello ACK"


def test_who_is_held_back_can_be_ended_at_once(start_house, readers):
    house = start_house(limit_loopback=True, message_burst=1, message_rate=0.01, reader_threads=readers)
    ada = house.enter()
    ada.send(*["x"] * 50)
    ada.until("ACK")
    began = time.monotonic()
    house.server.stop()
    assert time.monotonic() - began < 20, "it is held back for 100 seconds"


def test_this_machines_own_clients_are_not_slowed_down(start_house):
    ada = start_house().enter()
    ada.send(*[f"{number}" for number in range(500)])
    assert ada.until("499 ACK")
