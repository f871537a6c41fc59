"""What people with netcat type, and what it asks for."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatctl.core.limits import DEFAULTS
from chatctl.core.requests.base import Request
from chatctl.core.requests.lookups import Help, History, Search, Status
from chatctl.core.requests.presence import Expel, Invalid, Quit, Rename
from chatctl.core.requests.rooms import ListMembers, ListRooms, Move, Part, Topic
from chatctl.core.requests.server import ShowLimits
from chatctl.core.requests.talk import Act, Say, Whisper
from chatctl.wire.text import COMMANDS, MESSAGE_SILENCE, TextWire

TYPED = [
    ("hello", Say("hello")),
    ("  hello  ", Say("  hello  ")),
    ("   ", Say("   ")),
    ("héllo 日本 😀", Say("héllo 日本 😀")),
    ("//nick ada", Say("/nick ada")),
    ("//", Say("/")),
    ("///", Say("//")),
    (" /nick ada", Say(" /nick ada")),
    ("status", Status()),
    ("STATUS", Status()),
    ("  Status  ", Status()),
    ("status?", Say("status?")),
    ("the status", Say("the status")),
    ("status" + " " * 11, Say("status" + " " * 11)),
    ("exit", Quit()),
    ("EXIT", Quit()),
    ("\texit ", Quit()),
    ("exit now", Say("exit now")),
    ("quit", Say("quit")),
    ("help", Say("help")),
    ("/nick ada", Rename("ada")),
    ("/nick   ada  ", Rename("ada")),
    ("/nick a b", Rename("a b")),
    ("/join #tea", Move("#tea")),
    ("/join tea", Move("tea")),
    ("/part", Part()),
    ("/part #tea", Part()),
    ("/rooms", ListRooms()),
    ("/who", ListMembers()),
    ("/who ", ListMembers()),
    ("/msg ada hi there", Whisper("ada", "hi there")),
    ("/msg  ada   hi  there ", Whisper("ada", "hi  there")),
    ("/msg ada /nick", Whisper("ada", "/nick")),
    ("/me waves", Act("waves")),
    ("/me  waves  twice ", Act("waves  twice")),
    ("/topic", Topic()),
    ("/topic ", Topic()),
    ("/topic tea and cake", Topic("tea and cake")),
    ("/history", History(50)),
    ("/history 20", History(20)),
    ("/history 007", History(7)),
    ("/history 0", History(0)),
    ("/history 999999999", History(999_999_999)),
    ("/search green tea", Search("green tea")),
    ("/status", Status()),
    ("/status all", Status(everything=True)),
    ("/status ALL", Status(everything=True)),
    ("/status limits", ShowLimits()),
    ("/help", Help()),
    ("/quit", Quit()),
    ("/quit tea time", Quit("tea time")),
    ("/exit", Quit()),
    ("/exit now", Quit()),
]
REFUSED = [
    ("/", "unknown-command", "there is no command /; /help lists them, // at the start sends a slash"),
    ("/nope", "unknown-command", "there is no command /nope; /help lists them, // at the start sends a slash"),
    ("/nickada", "unknown-command", "there is no command /nickada; /help lists them, // at the start sends a slash"),
    ("/ nick", "unknown-command", "there is no command /; /help lists them, // at the start sends a slash"),
    ("/nick", "missing-parameter", "usage: /nick NAME"),
    ("/nick  ", "missing-parameter", "usage: /nick NAME"),
    ("/join", "missing-parameter", "usage: /join #ROOM"),
    ("/msg", "missing-parameter", "usage: /msg NAME TEXT"),
    ("/msg ada", "missing-parameter", "usage: /msg NAME TEXT"),
    ("/msg ada  ", "missing-parameter", "usage: /msg NAME TEXT"),
    ("/me", "missing-parameter", "usage: /me TEXT"),
    ("/search", "missing-parameter", "usage: /search WORDS"),
    ("/search \u2003", "missing-parameter", "usage: /search WORDS"),
    ("/history x", "bad-parameter", "'x' is no count; write /history 20"),
    ("/history -1", "bad-parameter", "'-1' is no count; write /history 20"),
    ("/history 1.5", "bad-parameter", "'1.5' is no count; write /history 20"),
    ("/history 1 2", "bad-parameter", "'1 2' is no count; write /history 20"),
    ("/history ٣", "bad-parameter", "'٣' is no count; write /history 20"),
    ("/history ²", "bad-parameter", "'²' is no count; write /history 20"),
    ("/history 1_0", "bad-parameter", "'1_0' is no count; write /history 20"),
    ("/history 1000000000", "bad-parameter", "'1000000000' is no count; write /history 20"),
    ("/status me", "bad-parameter", "'me' means nothing here; write /status, /status all or /status limits"),
]
UNUSABLE = [
    (b"a\0b", "bad-character", "line holds a NUL character; send it without"),
    (b"\0", "bad-character", "line holds a NUL character; send it without"),
    (b"/quit\0", "bad-character", "line holds a NUL character; send it without"),
    (b"a\rb", "bad-character", "line holds a bare CR; send it without"),
    (b"exit\r\r", "bad-character", "line holds a bare CR; send it without"),
    (b"\xff", "not-utf8", "byte 0 is not UTF-8; set your client to UTF-8"),
    (b"caf\xe9", "not-utf8", "byte 3 is not UTF-8; set your client to UTF-8"),
    (b"ab\xc3", "not-utf8", "byte 2 is not UTF-8; set your client to UTF-8"),
    (b"\xc0\xaf", "not-utf8", "byte 0 is not UTF-8; set your client to UTF-8"),
    (b"x\xed\xa0\x80", "not-utf8", "byte 1 is not UTF-8; set your client to UTF-8"),
    (b"\xf4\x90\x80\x80", "not-utf8", "byte 0 is not UTF-8; set your client to UTF-8"),
    (b"x" * 9000, "line-too-long", "line is 9000 bytes; the limit is 2048"),
]
BAD = b"\xff\n"
byte_streams = st.lists(
    st.sampled_from([b"\n", b"\r\n", b"\r", b"\0", b"\xff", b"/", b" ", "é".encode(), b"exit", b"/msg a b", b"x" * 700])
    | st.sampled_from([f"{command.name} x".encode() for command in COMMANDS])
    | st.binary(max_size=5),
    max_size=20,
).map(b"".join)


def asked(stream):
    return TextWire().receive(stream, 0.0)


def plain(requests):
    """Return requests so that they can be compared, also those that bear an error."""
    return [
        (type(one), str(one.error), one.error.code) if isinstance(one, Invalid | Expel) else one for one in requests
    ]


def refused(stream):
    (request,) = asked(stream)
    assert isinstance(request, Invalid)
    return request.error.code, str(request.error)


def expulsions(requests):
    return [request for request in requests if isinstance(request, Expel)]


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CR LF"])
@pytest.mark.parametrize(("line", "request_"), TYPED)
def test_this_is_what_people_type(line, request_, ending):
    assert asked(f"{line}{ending}".encode()) == [request_]


@pytest.mark.parametrize(("line", "code", "sentence"), REFUSED)
def test_this_is_refused(line, code, sentence):
    assert refused(f"{line}\n".encode()) == (code, sentence)


@pytest.mark.parametrize(("line", "code", "sentence"), UNUSABLE)
def test_this_is_no_line(line, code, sentence):
    assert refused(line + b"\n") == (code, sentence)


def test_every_command_was_typed_above():
    typed = {line.split()[0] for line, _ in TYPED if line.startswith("/") and not line.startswith("//")}
    assert typed == {command.name for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
@pytest.mark.parametrize("change", [str.upper, str.title, str.swapcase])
def test_commands_are_known_in_any_case(command, change):
    parameters = {"/history": "9", "/status": "all", "/msg": "ada hi"}.get(command.name, "x")
    usual = asked(f"{command.name} {parameters}\n".encode())
    assert not isinstance(usual[0], Invalid)
    assert asked(f"{change(command.name)} {parameters}\n".encode()) == usual


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_that_lacks_something_tells_its_usage(command):
    (request,) = asked(f"{command.name}\n".encode())
    needs = command.parameters and not command.parameters.startswith("[")
    assert isinstance(request, Invalid) is bool(needs)
    if needs:
        assert str(request.error) == f"usage: {command.usage}"


def test_no_two_commands_share_a_name():
    names = [command.name for command in COMMANDS]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() and name.startswith("/") for name in names)


@pytest.mark.parametrize("stream", [b"\n", b"\r\n", b"\n\n\r\n\n"])
def test_empty_lines_are_ignored(stream):
    assert asked(stream) == []


def test_several_lines_are_asked_in_their_order():
    assert asked(b"one\n/who\r\n\ntwo\n") == [Say("one"), ListMembers(), Say("two")]


@pytest.mark.parametrize(
    "text", ["a\tb", "\x1b[31mred", "a\u2028b", "\u202eevil", "a\x0bb\x0cc\x85d", "\x7f", "\ufeffx"]
)
def test_characters_that_are_cleaned_for_others_are_kept(text):
    assert asked(f"{text}\n".encode()) == [Say(text)]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["LF", "CR LF"])
def test_a_line_may_have_just_so_many_bytes(ending):
    text = "é" * (DEFAULTS.text_line // 2)
    assert asked(text.encode() + ending) == [Say(text)]
    assert refused(b"x" + text.encode() + ending) == ("line-too-long", "line is 2049 bytes; the limit is 2048")


def test_the_third_unusable_line_in_a_row_ends_the_session():
    requests = asked(BAD * 3)
    assert [type(request) for request in requests] == [Invalid, Invalid, Invalid, Expel]
    assert requests[3].error.code == "too-many-bad-lines"
    assert str(requests[3].error) == "3 unusable lines in a row, goodbye"


@pytest.mark.parametrize(
    "stream",
    [b"\xff\na\0b\na\rb\n", b"x" * 3000 + b"\n" + BAD * 2, BAD + b"\n" + BAD + b"\r\n" + BAD],
    ids=["of several kinds", "too long ones", "with empty lines between"],
)
def test_unusable_lines_of_every_kind_count(stream):
    assert len(expulsions(asked(stream))) == 1


@pytest.mark.parametrize("good", [b"hi\n", b"/who\n", b"/nope\n", b"/nick\n"])
def test_a_usable_line_starts_the_count_again(good):
    assert expulsions(asked(BAD * 2 + good + BAD * 2)) == []
    assert len(expulsions(asked(BAD * 2 + good + BAD * 3))) == 1


def test_refused_commands_end_no_session():
    assert expulsions(asked(b"/nope\n" * 10)) == []


def test_a_session_is_ended_once_for_a_row_of_any_length():
    assert len(expulsions(asked(BAD * 10))) == 1


def test_unusable_lines_count_across_chunks():
    wire = TextWire()
    assert len(expulsions([request for _ in range(3) for request in wire.receive(BAD, 0.0)])) == 1


def test_bytes_without_a_line_ending_are_a_message_after_silence():
    wire = TextWire()
    assert wire.receive(b"hello", 10.0) == []
    assert wire.deadline == 10.0 + MESSAGE_SILENCE == 10.2
    assert wire.silence() == [Say("hello")]
    assert wire.deadline is None


def test_bytes_that_follow_in_time_belong_to_the_same_message():
    wire = TextWire()
    wire.receive(b"hel", 10.0)
    wire.receive(b"lo", 10.1)
    assert wire.deadline == pytest.approx(10.3)
    assert wire.silence() == [Say("hello")]


def test_a_peer_without_line_endings_can_go_on_for_ever():
    wire = TextWire()
    for text in ("one", "/who", "status", "three"):
        wire.receive(text.encode(), 0.0)
        assert wire.deadline is not None
        assert len(wire.silence()) == 1
    wire.receive(b"exit", 0.0)
    assert wire.silence() == [Quit()]


def test_after_the_first_line_ending_only_line_endings_count():
    wire = TextWire()
    wire.receive(b"one", 0.0)
    wire.silence()
    assert wire.receive(b"two\nthr", 1.0) == [Say("two")]
    assert wire.deadline is None
    assert wire.receive(b"ee", 2.0) == []
    assert wire.deadline is None
    assert wire.receive(b"\n", 3.0) == [Say("three")]


def test_a_line_ending_in_time_ends_the_message_and_the_waiting():
    wire = TextWire()
    wire.receive(b"hel", 0.0)
    assert wire.receive(b"lo\n", 0.1) == [Say("hello")]
    assert wire.deadline is None


def test_a_new_wire_waits_for_nothing():
    assert TextWire().deadline is None


def test_silence_after_nothing_asks_nothing():
    assert TextWire().silence() == []


def test_messages_by_silence_are_bounded_and_counted_like_lines():
    wire = TextWire()
    found = []
    for data in (b"x" * 9000, b"\xff", b"a\0b"):
        wire.receive(data, 0.0)
        found += wire.silence()
    assert [request.error.code for request in found] == [
        "line-too-long",
        "not-utf8",
        "bad-character",
        "too-many-bad-lines",
    ]


@pytest.mark.parametrize("before", [b"", b"one\n"], ids=["no line ending before", "a line ending before"])
def test_an_unfinished_last_line_counts_when_the_peer_ends(before):
    wire = TextWire()
    wire.receive(before + b"two", 0.0)
    assert wire.finish() == [Say("two")]
    assert wire.deadline is None
    assert wire.finish() == []


def test_a_peer_that_ends_after_a_whole_line_has_nothing_left_to_ask():
    wire = TextWire()
    wire.receive(b"one\n", 0.0)
    assert wire.finish() == []


def test_an_unfinished_last_line_may_be_unusable():
    wire = TextWire()
    wire.receive(b"one\nca\xc3", 0.0)
    assert [request.error.code for request in wire.finish()] == ["not-utf8"]


def test_the_ledger_calls_it_text():
    assert TextWire().name == "text"


def test_listeners_of_this_wire_share_one_dialect():
    assert TextWire().dialect is TextWire().dialect


@given(st.lists(byte_streams | st.sampled_from(["silence", "finish"]), max_size=12))
@example([b"\xff" * 3, "silence", b"\xff", "silence", b"\r", "silence", b"\0", "finish"])
def test_any_bytes_ask_for_something_or_nothing_and_never_fail(steps):
    wire = TextWire()
    for step in steps:
        found = wire.receive(step, 0.0) if isinstance(step, bytes) else getattr(wire, step)()
        assert all(isinstance(request, Request) for request in found)


@given(byte_streams, st.lists(st.integers(0, 3000), max_size=12))
def test_any_cut_of_a_stream_asks_for_the_same(pieces, stream, places):
    cut = TextWire()
    found = [request for piece in pieces(stream, places) for request in cut.receive(piece, 0.0)] + cut.finish()
    whole = TextWire()
    assert plain(found) == plain(whole.receive(stream, 0.0) + whole.finish())


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), min_size=1, max_size=500))
def test_any_other_text_is_said_exactly_as_it_was_typed(text):
    assert asked(f"//{text}\n".encode()) == [Say(f"/{text}")]
