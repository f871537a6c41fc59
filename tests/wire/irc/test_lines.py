"""A byte stream cut into IRC lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.errors import LineTooLong
from chatctl.wire.irc.lines import LINE_LIMIT, IrcLines
from chatctl.wire.irc.message import parse

streams = st.lists(
    st.sampled_from([b"PING x", b"@a=b ", b":ada ", b"\r", b"\n", b"\r\n", b"\xc3\xa9", b"x" * 600, b"y" * 4600]),
    max_size=12,
).map(b"".join)
places = st.lists(st.integers(0, 12_000), max_size=12)


def received(chunks):
    lines = IrcLines()
    found = [line for chunk in chunks for line in lines.receive(chunk)]
    return [str(line) if isinstance(line, LineTooLong) else line for line in found]


@given(streams, places)
def test_any_cut_of_a_stream_gives_the_same_lines(pieces, stream, places):
    assert received(pieces(stream, places)) == received([stream])


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["LF", "CR LF"])
def test_the_longest_line_with_tags_is_whole(ending):
    line = b"@" + b"a" * 4094 + b" " + b"X" * 510
    assert len(line) == LINE_LIMIT
    assert received([line + ending]) == [line]
    assert parse(line).command == "X" * 510
    assert received([line + b"X" + ending]) == ["line is 4607 bytes; the limit is 4606"]


def test_lf_alone_ends_a_line_and_cr_alone_does_not():
    assert received([b"PING 1\nPING 2\r\n\r\nPING\r3\nPING 4"]) == [b"PING 1", b"PING 2", b"", b"PING\r3"]
