from __future__ import annotations

import random

import pytest

from chatctl.client.backoff import FIRST, LONGEST, STABLE_SECONDS, Backoff


@pytest.fixture(params=[0.0, 0.5, 1.0])
def luck(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """How far between the least and the most every random number is."""
    share: float = request.param
    monkeypatch.setattr(random, "uniform", lambda least, most: least + share * (most - least))
    return share


def test_the_waiting_doubles_up_to_a_minute_less_up_to_a_half(luck: float) -> None:
    backoff = Backoff()
    part = 0.5 + luck / 2
    assert [backoff.wait() for _ in range(9)] == [part * full for full in (1, 2, 4, 8, 16, 32, 60, 60, 60)]


def test_only_a_connection_that_lasts_lets_the_waiting_begin_from_the_start() -> None:
    backoff = Backoff()
    for _ in range(10):
        assert 0 < backoff.wait() <= LONGEST
    backoff.lasted(STABLE_SECONDS - 0.1)
    assert backoff.wait() >= LONGEST / 2
    backoff.lasted(STABLE_SECONDS)
    assert FIRST / 2 <= backoff.wait() <= FIRST


def test_not_all_come_back_at_once() -> None:
    assert len({Backoff().wait() for _ in range(20)}) > 1
