"""What a peer speaks, told from its first bytes, however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.wire.sniff import BOUND, PATIENCE, SILENCE, Opening, WireName, sniff

TLS, HTTP, IRC, TEXT = WireName.TLS, WireName.HTTP, WireName.IRC, WireName.TEXT
OPENINGS = [
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", TLS),
    (b"\x16", TLS),
    (b"\x16\n", TLS),
    (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP),
    (b"GET ", HTTP),
    (b"HEAD / HTTP/1.0\r\n\r\n", HTTP),
    (b"POST /x HTTP/1.1\r\n", HTTP),
    (b"PUT /x HTTP/1.1\r\n", HTTP),
    (b"DELETE /x HTTP/1.1\r\n", HTTP),
    (b"OPTIONS * HTTP/1.1\r\n", HTTP),
    (b"PATCH /x HTTP/1.1\r\n", HTTP),
    (b"CONNECT x:443 HTTP/1.1\r\n", HTTP),
    (b"TRACE / HTTP/1.1\r\n", HTTP),
    (b"CAP LS 302\r\n", IRC),
    (b"NICK ada\r\n", IRC),
    (b"NICK ada\n", IRC),
    (b"NICK \n", IRC),
    (b"USER ada 0 * :Ada\r\n", IRC),
    (b"PASS secret\r\n", IRC),
    (b"AUTHENTICATE PLAIN\r\n", IRC),
    (b"PING 1\r\n", IRC),
    (b"QUIT\r\n", IRC),
    (b"QUIT\n", IRC),
    (b"QUIT :bye\r\n", IRC),
    (b"CAP LS 302\r\nNICK ada\r\nUSER ada 0 * :Ada\r\n", IRC),
    (b"NICK \xff\xfe\r\x00x\n", IRC),
    (b"\n", TEXT),
    (b"\r\n", TEXT),
    (b"\nNICK ada\r\n", TEXT),
    (b"\nGET / HTTP/1.1\r\n", TEXT),
    (b"hello\n", TEXT),
    (b"hello", TEXT),
    (b"nick me\n", TEXT),
    (b"Nick me\n", TEXT),
    (b"get me a tea\n", TEXT),
    (b" GET / HTTP/1.1\r\n", TEXT),
    (b"GETTING tired\n", TEXT),
    (b"GET\n", TEXT),
    (b"GET\t/\n", TEXT),
    (b"NICK\n", TEXT),
    (b"NICK\r\n", TEXT),
    (b"NICKNAME x\n", TEXT),
    (b"CAPS are loud\n", TEXT),
    (b"QUITTER\n", TEXT),
    (b"QUITE so\n", TEXT),
    (b"QUIT\rx\n", TEXT),
    (b"/nick ada\n", TEXT),
    (b"status\n", TEXT),
    (b"PRIVMSG #x :hi\r\n", TEXT),
    (b"\x15\x03\x01\n", TEXT),
    (b"\x00", TEXT),
    (b"\xff\xfe", TEXT),
]
OPEN = [b"", b"G", b"GE", b"GET", b"P", b"PA", b"PO", b"CAP", b"CAP LS", b"NICK ada", b"QUIT", b"QUITE so", b"QUIT\r"]
starts = st.sampled_from([b"", b"\x16", *(head[:6] for head, _ in OPENINGS), *(head for head, _ in OPENINGS)])
tails = st.lists(st.sampled_from([b"x", b" ", b"\r", b"\n", b"\x00", b"y" * 1000, b"z" * 2043]), max_size=5).map(
    b"".join
)


def verdict(chunks):
    """Return the first verdict that an opening comes to."""
    opening = Opening(0.0)
    for chunk in chunks:
        found = opening.receive(chunk, 0.0)
        if found is not None:
            return found
    return None


@pytest.mark.parametrize(("head", "name"), OPENINGS)
def test_these_openings_tell_the_wire(head, name):
    assert sniff(head) is name


@pytest.mark.parametrize("head", OPEN)
def test_these_beginnings_tell_nothing_yet(head):
    assert sniff(head) is None


@pytest.mark.parametrize(("head", "name"), OPENINGS)
def test_no_prefix_of_an_opening_tells_another_wire(head, name):
    assert {sniff(head[:size]) for size in range(len(head))} <= {None, name}


@pytest.mark.parametrize(("head", "name"), OPENINGS)
def test_every_split_of_an_opening_tells_the_same_wire(head, name):
    assert {verdict([head[:place], head[place:]]) for place in range(len(head) + 1)} == {name}


@pytest.mark.parametrize(("head", "name"), OPENINGS)
def test_one_byte_at_a_time_tells_the_same_wire(head, name):
    assert verdict(bytes([byte]) for byte in head) is name


@given(starts, tails, st.lists(st.integers(0, 5000), max_size=6))
def test_any_cut_of_any_opening_tells_the_same_wire(pieces, start, tail, places):
    stream = start + tail
    assert verdict(pieces(stream, places)) is sniff(stream)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_what_was_told_once_stays(head, more):
    told = sniff(head)
    assert told is None or sniff(head + more) is told


@pytest.mark.parametrize("opener", [b"NICK ", b"QUIT ", b"AUTHENTICATE "])
def test_a_first_line_may_be_as_long_as_the_bound(opener):
    line = opener.ljust(BOUND, b"x")
    assert sniff(line) is None
    assert sniff(line + b"\n") is IRC


@pytest.mark.parametrize("place", [5, 2047, 2048, 2049, 2050, 3005, 3006])
def test_a_longer_first_line_is_text_however_it_is_cut(place):
    stream = b"NICK " + b"x" * 3000 + b"\n"
    assert {verdict([stream]), verdict([stream[:place], stream[place:]])} == {TEXT}


def test_what_is_kept_without_a_verdict_is_bounded():
    opening = Opening(0.0)
    sent = 0
    chunk = b"NICK " + b"x" * 59
    while opening.receive(chunk, 0.0) is None:
        sent += len(chunk)
        assert sent <= BOUND
    assert len(opening.head) <= BOUND + len(chunk)


def test_silence_decides_a_quarter_of_a_second_after_the_connect():
    assert Opening(100.0).deadline == 100.0 + SILENCE == 100.25


def test_each_byte_gives_another_quarter_of_a_second():
    opening = Opening(100.0)
    opening.receive(b"N", 100.2)
    assert opening.deadline == pytest.approx(100.45)


@pytest.mark.parametrize("last", [102.9, 103.0, 200.0])
def test_a_slow_sender_has_three_seconds_in_all(last):
    opening = Opening(100.0)
    opening.receive(b"N", last)
    assert opening.deadline == 100.0 + PATIENCE == 103.0


def test_an_opening_keeps_all_that_came():
    opening = Opening(0.0)
    assert opening.receive(b"NI", 0.0) is None
    assert opening.receive(b"CK ada", 0.0) is None
    assert opening.receive(b"\nUSER", 0.0) is IRC
    assert opening.head == b"NICK ada\nUSER"


def test_the_names_of_the_wires_are_those_of_the_ledger():
    assert [str(name) for name in WireName] == ["tls", "http", "irc", "text"]
