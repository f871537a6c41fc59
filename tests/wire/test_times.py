"""Times and durations as people read them."""

from __future__ import annotations

import pytest

from chatctl.wire.times import show_duration, show_time


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01 00:00:00 UTC"),
        (999, "1970-01-01 00:00:00 UTC"),
        (1000, "1970-01-01 00:00:01 UTC"),
        (1_795_358_467_000, "2026-11-22 14:41:07 UTC"),
        (1_795_358_467_999, "2026-11-22 14:41:07 UTC"),
        (951_782_400_000, "2000-02-29 00:00:00 UTC"),
        (4_102_444_799_999, "2099-12-31 23:59:59 UTC"),
    ],
)
def test_a_time_is_shown_to_the_second_in_utc(milliseconds, text):
    assert show_time(milliseconds) == text


def test_a_time_is_shown_in_utc_wherever_one_is(monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert show_time(0) == "1970-01-01 00:00:00 UTC"


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "00:00:00"),
        (999, "00:00:00"),
        (1000, "00:00:01"),
        (59_999, "00:00:59"),
        (60_000, "00:01:00"),
        (83_000, "00:01:23"),
        (3_599_999, "00:59:59"),
        (3_600_000, "01:00:00"),
        (86_400_000, "24:00:00"),
        (360_000_000, "100:00:00"),
        (-1, "00:00:00"),
        (-3_600_000, "00:00:00"),
    ],
)
def test_a_duration_is_shown_in_hours_minutes_and_seconds(milliseconds, text):
    assert show_duration(milliseconds) == text
