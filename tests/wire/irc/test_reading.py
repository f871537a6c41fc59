"""Reading IRC, whatever comes: cuts do not matter, and nothing but a refusal is raised."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatctl import errors
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Expel, Invalid, Labeled
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.commands import COMMANDS
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.message import Line
from chatctl.wire.irc.wire import IrcWire

DIALECTS = Dialects(ServerInfo(name="irc.example"))
CAPS = frozenset(offered(DIALECTS.info))

# What a line may hold; a test of the commands need not write one.
letters = st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r\n")
texts = st.text(letters, max_size=30) | st.text("aA1:,*#@+-=!.?%~&\\/ \t\x01\x7f²٣ßİé\U0001f600", max_size=12)
places = st.sampled_from(["#lobby", "#a,#b", ",", ",,#a,", "*", "*,*", "@#lobby", "ada", "ada,,bob", ":", "::", "#"])
numbers = st.sampled_from(
    ["0", "-0", "1", "+5", "-1", "00", "1e9", "0x1f", "1_0", "²", "٣", "9" * 19, "9" * 400, "1.5", "NaN", "inf"]
)
times = st.sampled_from(
    [
        *("timestamp=2026-11-22T14:41:07.123Z", "timestamp=", "timestamp=9999-12-31T23:59:60.999Z"),
        *("timestamp=0000-00-00T00:00:00.000Z", "timestamp=2026-02-30T00:00:00.000Z", "timestamp=*"),
        *("msgid=", "msgid=7", "msgid=²", "msgid=-1", "msgid=" + "9" * 400, "*"),
    ]
)
words = st.sampled_from(
    [
        *("LS", "LIST", "REQ", "END", "ack", "302", "LATEST", "BEFORE", "AFTER", "AROUND", "BETWEEN", "TARGETS"),
        *("GET", "SET", "SUB", "UNSUB", "SUBS", "SYNC", "CLEAR", "+", "-", "+1", "-1", "+o-v+b", "C", "L", "S", "all"),
        *("PLAIN", "SCRAM-SHA-256", "=", "A" * 400, "YQBiAGM=", "draft/multiline", "%tcuihsnfdlaor,152", "from=ada"),
        *("in=#lobby;from=", "after=x;limit=²", "10.0.0.0/99", "*!*@*", "$a:", "~a:ada"),
    ]
)
params = st.lists(texts | places | numbers | times | words, max_size=5).map(tuple)
tags = st.dictionaries(
    st.sampled_from(["label", "batch", "+typing", "+", "+draft/reply", "msgid", "draft/multiline-concat"]), texts
)

# Streams: lines with mistakes among them, and what may stand between them.
heads = st.sampled_from(
    [b"", b"@label=1 ", b"@", b"@ ", b"@label=2;+a=\\:\\ ", b":ada!a@b ", b": ", b"  ", b"@batch=1 ", b"@a=\xff "]
)
names = st.sampled_from([*(name.encode() for name in sorted(COMMANDS)), b"nosuch", b"123", b"", b"privmsg", b"\xff"])
tails = st.sampled_from(
    [
        b"",
        b" ",
        b" #lobby :hi",
        b" :",
        b" ::) x",
        b" +1 draft/multiline #lobby",
        b" -1",
        b" a\0b",
        b" a\rb",
        b" \xe2\x82",
    ]
) | st.binary(max_size=20).map(b" ".__add__)
long_lines = st.sampled_from(
    [
        *(b"PRIVMSG #lobby :" + b"x" * size for size in (493, 494, 495, 4_700)),
        *(b"@" + b"t" * size + b" PING 1" for size in (4_093, 4_094, 4_095)),
    ]
)
endings = st.sampled_from([b"\n", b"\r\n", b"\r\r\n", b"\n\n"])
stream_lines = st.tuples(heads, names, tails, endings).map(b"".join) | st.tuples(long_lines, endings).map(b"".join)
setup = b"CAP REQ :labeled-response batch message-tags draft/multiline\r\n"
streams = st.tuples(st.sampled_from([b"", setup]), st.lists(stream_lines, max_size=10).map(b"".join)).map(b"".join)


def told(requests):
    """Return requests so that they can be compared: errors are equal if they say the same."""
    return [repr(request) for request in requests]


def inside(request):
    """Return what is asked under a label."""
    return request.request if isinstance(request, Labeled) else request


@given(streams, st.lists(st.integers(0, 12_000), max_size=6))
def test_wherever_a_stream_is_cut_it_asks_the_same(pieces, stream, cuts):
    whole, cut = IrcWire(DIALECTS), IrcWire(DIALECTS)
    expected = whole.receive(stream, 0.0)
    assert told(one for piece in pieces(stream, cuts) for one in cut.receive(piece, 0.0)) == told(expected)
    assert told(cut.receive(b"\nPING end\n", 0.0)) == told(whole.receive(b"\nPING end\n", 0.0))


@settings(max_examples=30)
@given(streams.filter(lambda stream: len(stream) < 2_000))
def test_byte_by_byte_a_stream_asks_the_same(stream):
    cut = IrcWire(DIALECTS)
    found = [one for byte in stream for one in cut.receive(bytes([byte]), 0.0)]
    assert told(found) == told(IrcWire(DIALECTS).receive(stream, 0.0))


@given(st.lists(st.binary(max_size=700) | streams, max_size=8))
def test_arbitrary_bytes_ask_for_something_or_nothing(chunks):
    wire = IrcWire(DIALECTS)
    for request in (one for chunk in chunks for one in wire.receive(chunk, 0.0)):
        assert isinstance(request, Request)
        asked = inside(request)
        if isinstance(asked, Invalid):
            assert isinstance(asked.error, errors.Refused)
        if isinstance(asked, Expel):
            assert isinstance(asked.error, errors.Misbehaved)
    assert (wire.replies(), wire.silence(), wire.finish(), wire.over) == (b"", [], [], False)


@pytest.mark.parametrize("name", sorted(COMMANDS))
@settings(max_examples=60)
@given(params, tags, st.sampled_from([frozenset(), CAPS]))
def test_a_command_is_a_request_or_nothing_yet_or_refused(name, params, tags, caps):
    command = COMMANDS[name]
    caller = Caller(DIALECTS)
    caller.caps = caps
    padded = params + ("",) * (command.minimum - len(params))
    for _ in range(2):
        try:
            request = command.read(caller, Line(name, padded, tags))
        except errors.Refused as error:
            assert str(error)
        else:
            assert request is None or isinstance(request, Request)


@pytest.mark.parametrize("name", sorted(COMMANDS))
@given(st.lists(st.sampled_from(["a", "#lobby", "1", "*"]), max_size=5))
@settings(max_examples=10)
def test_a_command_with_too_few_parameters_is_refused_by_its_name(name, given_):
    minimum = COMMANDS[name].minimum
    found = IrcWire(DIALECTS).receive(" ".join([name, *given_]).encode() + b"\n", 0.0)
    assert len(found) <= 1
    if len(given_) < minimum:
        assert isinstance(found[0].error, errors.MissingParameters)
        assert found[0].error.about == (name,)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_known_in_any_case_and_by_ascii_letters_only(name):
    def first(written):
        found = IrcWire(DIALECTS).receive(f"{written} #lobby 1 2 3\n".encode(), 0.0)
        return told(found)

    assert first(name.lower()) == first(name)
    strange = name.replace("I", "ı").replace("S", "ſ").replace("K", "\u212a")
    assert strange == name or "UnknownCommand" in first(strange)[0]
