"""Percentiles, quantities, thresholds, payloads: small and pure."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatctl.stress.drawing import printable, share_bar, sparkline
from chatctl.stress.payload import Message, Stamp
from chatctl.stress.quantities import parse_duration, parse_rate
from chatctl.stress.stats import distribution, percentile, samples_needed
from chatctl.stress.thresholds import METRICS, Threshold, parse_threshold


@pytest.mark.parametrize(("permille", "needed"), [(500, 20), (900, 100), (990, 1000), (999, 10_000)])
def test_a_percentile_needs_ten_samples_above_it(permille, needed):
    assert samples_needed(permille) == needed
    assert percentile(range(needed - 1), permille) is None
    assert percentile(range(needed), permille) is not None


@settings(max_examples=20)
@given(st.lists(st.integers(0, 10**12), min_size=100, max_size=150))
def test_a_percentile_is_a_sample_that_so_many_do_not_exceed(samples):
    found = percentile(sorted(samples), 900)
    assert found in samples
    assert sum(sample <= found for sample in samples) >= 0.9 * len(samples)
    assert sum(sample < found for sample in samples) < 0.9 * len(samples)


def test_a_distribution_says_only_what_the_samples_can_tell():
    spread = distribution(array("q", [ms * 1_000_000 for ms in range(100, 0, -1)]))
    assert (spread.p50_ms, spread.p90_ms, spread.p99_ms, spread.p999_ms) == (50.0, 90.0, None, None)
    assert (spread.max_ms, spread.n) == (100.0, 100)


def test_without_samples_nothing_is_known():
    spread = distribution(array("q"))
    assert (spread.p50_ms, spread.max_ms, spread.n) == (None, None, 0)


@pytest.mark.parametrize(
    ("text", "seconds"), [("10s", 10), ("500ms", 0.5), ("2m", 120), ("1h", 3600), ("3", 3), ("1.5s", 1.5), ("0", 0)]
)
def test_durations_are_read_as_people_write_them(text, seconds):
    assert math.isclose(parse_duration(text), seconds)


@pytest.mark.parametrize(("text", "rate"), [("1/s", 1), ("60/m", 1), ("100", 100), ("7200/h", 2), ("0.5/s", 0.5)])
def test_rates_are_read_as_people_write_them(text, rate):
    assert math.isclose(parse_rate(text), rate)


@pytest.mark.parametrize("text", ["", "s", "-1s", "10 parsecs", "1e3", "nan", "inf"])
def test_what_is_no_duration_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="write 10s"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["", "1/d", "-1/s", "fast", "0", "0/s"])
def test_what_is_no_rate_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="1/s"):
        parse_rate(text)


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("ack_p99_ms<20", 19.9, True),
        ("ack_p99_ms < 20", 20.0, False),
        ("limit==20", 20, True),
        ("limit>=21", 20, False),
        ("lost<=0", 0, True),
        ("acks_per_s>1.5", 1.6, True),
        ("limit==20", None, False),
    ],
)
def test_a_threshold_holds_or_does_not(text, value, holds):
    threshold = parse_threshold(text)
    assert threshold.holds({threshold.metric: value}) is holds


def test_a_threshold_reads_like_it_was_written():
    assert str(parse_threshold("ack_p99_ms <= 20")) == "ack_p99_ms<=20"
    assert parse_threshold("lost==0") == Threshold("lost", "==", 0.0)


@pytest.mark.parametrize("text", ["", "ack_p99_ms", "ack_p99_ms=20", "ack_p99_ms<fast", "<20"])
def test_what_is_no_threshold_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="ack_p99_ms<20"):
        parse_threshold(text)


def test_an_unknown_metric_is_answered_with_the_list_of_metrics():
    with pytest.raises(ValueError, match="there is no metric 'ack_p98_ms'") as refused:
        parse_threshold("ack_p98_ms<20")
    assert all(metric in str(refused.value) for metric in METRICS)


@given(st.integers(0, 19_999), st.integers(0, 9_999_999), st.integers(0, 10**10), st.integers(48, 2000))
def test_a_payload_has_its_size_and_is_found_again(sender, sequence, due_us, size):
    stamp = Stamp("sab12cd", size)
    payload = stamp.write(sender, sequence, due_us)
    assert len(payload) == size
    assert stamp.find(b"Client07: " + payload + b" ACK") == Message(sender, sequence, intact=True)


@given(st.data())
def test_a_changed_letter_is_noticed(data):
    stamp = Stamp("sab12cd", 64)
    payload = bytearray(stamp.write(7, 42, 1234))
    at = data.draw(st.integers(len("sab12cd."), len(payload) - 1))
    payload[at] = data.draw(st.sampled_from(sorted(set(b"0123456789abcdef.!") - {payload[at]})))
    found = stamp.find(bytes(payload))
    assert found is not None
    assert not found.intact


def test_a_payload_that_was_cut_is_noticed():
    stamp = Stamp("sab12cd", 64)
    found = stamp.find(stamp.write(7, 42, 1234)[:-3])
    assert found is not None
    assert not found.intact


def test_a_notice_about_the_runs_room_is_no_message():
    assert Stamp("sab12cd", 64).find(b"* Client07 joined #stress-sab12cd-7") is None


def test_foreign_text_cannot_move_the_cursor():
    assert printable("a\x1b[2Jb\r\n\u202ec") == r"a\x1b[2Jb\r\n\u202ec"


def test_a_sparkline_has_its_highest_bar_at_the_greatest_value():
    assert sparkline([0, 5, 10], 10) == "▁▄█"
    assert sparkline([1, 1, 2, 2], 2) == "▄█"
    assert sparkline([], 10) == ""
    assert sparkline([0, 0], 10) == "▁▁"


def test_every_kind_has_at_least_one_cell_in_the_bar():
    bar = share_bar([("admitted", 1000), ("refused_message", 1), ("unexpected", 0)], 20)
    assert bar.plain == "█" * 19 + "▒"
    assert share_bar([], 20).plain == ""
