"""A byte stream cut into bounded lines."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.errors import LineTooLong
from chatctl.wire.lines import Lines

LIMIT = 2048
SMALL = 5
streams = st.lists(st.sampled_from([b"a", b"bc", b"\r", b"\n", b"\r\n", b"x" * 5, b"y" * 9])).map(b"".join)
places = st.lists(st.integers(0, 60), max_size=12)


def plain(line):
    """Return a line, or what is said of one that is too long, so that it can be compared."""
    return str(line) if isinstance(line, LineTooLong) else line


def received(chunks, limit):
    lines = Lines(limit)
    found = [plain(line) for chunk in chunks for line in lines.receive(chunk)]
    return found, plain(lines.flush())


def expected(stream, limit):
    lines = [line.removesuffix(b"\r") for line in stream.split(b"\n")]
    found = [line if len(line) <= limit else str(LineTooLong(len(line), limit)) for line in lines]
    return found[:-1], found[-1]


@given(streams)
def test_a_stream_is_cut_at_every_lf(stream):
    assert received([stream], SMALL) == expected(stream, SMALL)


@given(streams, places)
def test_any_cut_of_a_stream_gives_the_same_lines(pieces, stream, places):
    assert received(pieces(stream, places), SMALL) == expected(stream, SMALL)


@given(st.binary(max_size=200), places, st.integers(0, 50))
def test_any_cut_of_any_bytes_gives_the_same_lines(pieces, stream, places, limit):
    assert received(pieces(stream, places), limit) == expected(stream, limit)


@pytest.mark.parametrize("cut", [1, 2047, 2048, 2049, 2050, 10_000], ids=lambda cut: f"{cut} bytes at a time")
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["LF", "CR LF"])
class TestAtTheLimit:
    def receive(self, stream, cut):
        found, rest = received([stream[start : start + cut] for start in range(0, len(stream), cut)], LIMIT)
        assert rest == b""
        return found

    def test_a_line_of_just_the_limit_is_whole(self, ending, cut):
        line = b"x" * LIMIT
        assert self.receive(line + ending + b"next" + ending, cut) == [line, b"next"]

    def test_a_line_of_one_byte_more_is_too_long(self, ending, cut):
        stream = b"x" * (LIMIT + 1) + ending + b"next" + ending
        assert self.receive(stream, cut) == ["line is 2049 bytes; the limit is 2048", b"next"]

    def test_the_size_that_is_told_is_without_the_ending(self, ending, cut):
        stream = b"x" * 9000 + ending + b"next" + ending
        assert self.receive(stream, cut) == ["line is 9000 bytes; the limit is 2048", b"next"]

    def test_two_lines_in_a_row_may_be_too_long(self, ending, cut):
        stream = (b"x" * 3000 + ending) * 2 + b"next" + ending
        assert self.receive(stream, cut) == ["line is 3000 bytes; the limit is 2048"] * 2 + [b"next"]


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        (b"", []),
        (b"no end", []),
        (b"\n", [b""]),
        (b"\r\n", [b""]),
        (b"\n\n\r\n", [b"", b"", b""]),
        (b"a\rb\n", [b"a\rb"]),
        (b"a\r\r\n", [b"a\r"]),
        ("a\u2028b\u0085c\x0bd\x0ce\x1cf\n".encode(), ["a\u2028b\u0085c\x0bd\x0ce\x1cf".encode()]),
    ],
)
def test_only_lf_ends_a_line_and_only_one_cr_belongs_to_it(stream, lines):
    assert Lines(LIMIT).receive(stream) == lines


def test_flush_returns_the_unfinished_line_once():
    lines = Lines(LIMIT)
    lines.receive(b"one\ntwo")
    assert lines.flush() == b"two"
    assert lines.flush() == b""
    assert lines.receive(b"three\n") == [b"three"]


def test_flush_ends_a_line_that_is_too_long():
    lines = Lines(LIMIT)
    assert lines.receive(b"x" * 5000) == []
    assert plain(lines.flush()) == "line is 5000 bytes; the limit is 2048"
    assert lines.receive(b"next\n") == [b"next"]


def test_a_line_without_an_end_takes_no_memory():
    lines = Lines(LIMIT)
    chunk = b"x" * 65_536
    tracemalloc.start()
    try:
        for _ in range(500):
            assert lines.receive(chunk) == []
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 8 * LIMIT
    assert peak < 4 * len(chunk)
    assert plain(lines.receive(b"\n")[0]) == f"line is {500 * 65_536} bytes; the limit is 2048"
