"""IRC as a stream of bytes: however it is cut and whatever it holds, requests come of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.core.events.presence import Rejected as Rejection
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Expel, Hold, Invalid, Labeled, Nothing, Quit, Release, Rename, Reply
from chatctl.core.requests.talk import Send
from chatctl.errors import (
    BadCapCommand,
    BadCharacter,
    InputTooLong,
    MissingParameters,
    NotUtf8,
    Refused,
    TooManyBadLines,
    UnknownCommand,
)
from chatctl.wire.base import SwitchDialect
from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.commands import COMMANDS
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.lines import BAD_LINES

DIALECTS = Dialects(ServerInfo(name="irc.example"))
CAPS = sorted(offered(DIALECTS.info))
LINES = [
    b"CAP LS 302",
    b"CAP REQ :labeled-response batch message-tags draft/multiline",
    b"CAP END",
    b"NICK ada",
    b"USER ada 0 * :Ada",
    b"@label=7 PRIVMSG #lobby :hello",
    b"@label=8;+draft/typing=active TAGMSG #lobby",
    b"BATCH +1 draft/multiline #lobby",
    b"@batch=1 PRIVMSG #lobby :one",
    b"BATCH -1",
    b"privmsg #lobby hello",
    b":me PRIVMSG #lobby ::) ",
    b"PRIVMSG #lobby :" + b"x" * 500,
    b"@" + b"t" * 4095 + b" PRIVMSG #lobby :x",
    b"PRIVMSG #lobby :\xff",
    b"PRIVMSG #lobby :\0",
    b"PRIVMSG #lobby :a\rb",
    b"NOSUCH :thing",
    b"JOIN",
    b"",
    b" ",
    b"x" * 5000,
    b"QUIT :bye",
]
lines = st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from([b"\n", b"\r\n"])).map(b"".join), max_size=12)
words = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters=" \0\r\n"), min_size=1, max_size=12)
numbers = st.sampled_from(["0", "1", "-1", "302", "9" * 30, "²", "٣", "+", "-", "*", "=", "timestamp=x", "msgid=1"])
names = st.sampled_from(["#lobby", "ada", "#a,#b", "ada,bob", ",", "LS", "LIST", "LATEST", "+1", "-1", "+o-v", *CAPS])
last = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r\n"), max_size=40)
parameters = st.lists(words | numbers | names, max_size=8)


def speaking(*caps):
    """Return a wire whose peer has these capabilities."""
    wire = IrcWire(DIALECTS)
    for cap in caps:
        read(wire, f"CAP REQ {cap}")
    return wire


def read(wire, line):
    """Return the one request that a line makes, None if it makes none."""
    found = wire.receive(line.encode() + b"\r\n", 0.0)
    assert len(found) <= 1
    return found[0] if found else None


def told(requests):
    """Return requests so that they can be compared: errors are equal if they say the same."""
    return [repr(request) for request in requests]


@given(lines, st.lists(st.integers(0, 20_000), max_size=8))
def test_any_cut_of_a_stream_gives_the_same_requests(pieces, stream, places):
    data = b"".join(stream)
    whole = IrcWire(DIALECTS).receive(data, 0.0)
    wire = IrcWire(DIALECTS)
    assert told(request for piece in pieces(data, places) for request in wire.receive(piece, 0.0)) == told(whole)


@given(st.lists(st.binary(max_size=600) | st.sampled_from([b"\r\n", b"\n", b"@", b" :", *LINES]), max_size=12))
def test_arbitrary_bytes_give_requests_only(chunks):
    wire = speaking("labeled-response", "message-tags", "draft/multiline")
    assert all(isinstance(request, Request) for chunk in chunks for request in wire.receive(chunk, 0.0))


@given(st.sampled_from(sorted(COMMANDS)), parameters, last | st.none(), st.sampled_from([(), CAPS]))
def test_a_command_with_any_parameters_is_a_request_or_refused(name, params, final, caps):
    wire = speaking(*caps)
    line = " ".join([name, *params]) + ("" if final is None else f" :{final}")
    request = read(wire, line)
    assert request is None or isinstance(request, Request)
    if isinstance(request, Invalid):
        assert isinstance(request.error, Refused)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"PRIVMSG #lobby :" + b"x" * 495, InputTooLong),
        (b"@" + b"t" * 4095 + b" QUIT", InputTooLong),
        (b"x" * 10_000, InputTooLong),
        (b"PRIVMSG #lobby :\xff", NotUtf8),
        (b"PRIVMSG #lobby :a\0b", BadCharacter),
    ],
)
def test_three_unusable_lines_in_a_row_end_the_session(line, error):
    requests = IrcWire(DIALECTS).receive((line + b"\n") * (BAD_LINES + 1), 0.0)
    assert [type(one.error) for one in requests] == [error] * BAD_LINES + [TooManyBadLines, error]
    assert isinstance(requests[BAD_LINES], Expel)


@pytest.mark.parametrize("between", [b"PING 1", b"NOSUCH", b"JOIN"])
def test_a_line_between_them_saves_it(between):
    bad = b"\xff\n" * (BAD_LINES - 1)
    requests = IrcWire(DIALECTS).receive(bad + between + b"\n" + bad, 0.0)
    assert not any(isinstance(request, Expel) for request in requests)


def test_an_empty_line_between_them_does_not():
    requests = IrcWire(DIALECTS).receive(b"\xff\n\n" * BAD_LINES, 0.0)
    assert isinstance(requests[-1], Expel)


def test_a_line_of_510_bytes_is_none_too_long():
    request = read(IrcWire(DIALECTS), "PRIVMSG #lobby :" + "x" * 494)
    assert isinstance(request, Send)


@pytest.mark.parametrize(
    ("line", "error", "about"),
    [
        ("NOSUCH thing", UnknownCommand, ("NOSUCH",)),
        ("PING", MissingParameters, ("PING",)),
        ("user a 0 *", MissingParameters, ("USER",)),
        ("CAP", MissingParameters, ("CAP",)),
        ("CAP LSS 302", BadCapCommand, ("LSS",)),
        ("STATUS", UnknownCommand, ("STATUS",)),
        ("TAGMSG #lobby", UnknownCommand, ("TAGMSG",)),
    ],
)
def test_what_it_is_refused_with_names_what_it_is_about(line, error, about):
    request = read(IrcWire(DIALECTS), line)
    assert (type(request.error), request.error.about) == (error, about)


class TestLabels:
    def test_a_label_is_for_those_who_asked_for_labels(self):
        line = "@label=7 QUIT :bye"
        assert read(speaking("labeled-response"), line) == Labeled("7", Quit("bye"))
        assert read(speaking(), line) == Quit("bye")

    @pytest.mark.parametrize("line", ["@label QUIT", "@label= QUIT", "@time=1 QUIT"])
    def test_an_empty_label_is_none(self, line):
        assert read(speaking("labeled-response"), line) == Quit()

    def test_a_refusal_is_labelled_too(self):
        request = read(speaking("labeled-response"), "@label=7 NOSUCH")
        assert request.label == "7"
        assert isinstance(request.request.error, UnknownCommand)

    def test_a_line_that_asks_for_nothing_yet_is_not_labelled(self):
        wire = speaking("labeled-response", "draft/multiline", "batch")
        assert read(wire, "@label=7 BATCH +1 draft/multiline #lobby") is None
        assert read(wire, "@batch=1 PRIVMSG #lobby :hello") is None
        request = read(wire, "BATCH -1")
        assert (request.label, request.request.text) == ("7", "hello")

    def test_other_capabilities_are_labelled_as_they_are_acknowledged(self):
        request = read(speaking("labeled-response"), "@label=7 CAP REQ setname")
        assert isinstance(request, SwitchDialect)
        assert request.event.label == "7"

    def test_the_capability_counts_from_the_next_line_on(self):
        wire = speaking()
        assert read(wire, "@label=7 CAP REQ labeled-response").event.verb == "ACK"
        assert read(wire, "@label=8 CAP REQ -labeled-response").event.label == "8"
        assert read(wire, "@label=9 PONG") == Nothing()

    def test_a_request_that_is_labelled_already_is_not_labelled_again(self):
        wire = speaking("labeled-response", "draft/multiline", "batch")
        read(wire, "@label=7 BATCH +1 draft/multiline #lobby")
        read(wire, "@batch=1 PRIVMSG #lobby :hello")
        request = read(wire, "@label=8 BATCH -1")
        assert (request.label, type(request.request)) == ("7", Send)


class TestCapabilities:
    def test_to_list_them_holds_the_registration(self):
        assert isinstance(read(speaking(), "CAP LS"), Hold)
        assert read(speaking(), "cap end") == Release()

    def test_only_version_302_is_told_values(self):
        old = read(speaking(), "CAP LS").event
        new = read(speaking(), "CAP LS 302").event
        assert not any("=" in name for name in old.names)
        assert "sasl=PLAIN,SCRAM-SHA-256" in new.names
        assert [name.partition("=")[0] for name in new.names] == list(old.names)

    @pytest.mark.parametrize("version", ["301", "٣٠٢", "²", "-302", "302x", ""])
    def test_another_version_is_an_old_one(self, version):
        assert read(speaking(), f"CAP LS :{version}").event.version == 301

    @pytest.mark.parametrize("version", ["302", "303", "0302", "9" * 30])
    def test_a_later_version_is_302_and_stays(self, version):
        wire = speaking()
        assert read(wire, f"CAP LS {version}").event.version == 302
        assert read(wire, "CAP LS").event.version == 302

    def test_version_302_is_told_of_changes_whether_it_asks_or_not(self):
        wire = speaking()
        read(wire, "CAP LS 302")
        assert read(wire, "CAP LIST").event.names == ("cap-notify",)
        assert read(wire, "CAP REQ cap-notify").event.verb == "ACK"
        assert read(wire, "CAP REQ :setname -cap-notify").event.verb == "NAK"
        assert read(wire, "CAP LIST").event.names == ("cap-notify",)

    def test_an_older_client_may_stop_being_told_of_changes(self):
        wire = speaking("cap-notify")
        assert read(wire, "CAP REQ -cap-notify").event.verb == "ACK"
        assert read(wire, "CAP LIST").event.names == ()

    def test_what_is_asked_for_is_had_and_given_back(self):
        wire = speaking()
        assert read(wire, "CAP REQ :  setname   away-notify setname ").event.names == (
            "setname",
            "away-notify",
            "setname",
        )
        assert read(wire, "CAP LIST").event.names == ("away-notify", "setname")
        assert read(wire, "CAP REQ :-setname -batch").event.verb == "ACK"
        assert read(wire, "CAP LIST").event.names == ("away-notify",)

    def test_the_last_word_about_a_capability_counts(self):
        wire = speaking()
        read(wire, "CAP REQ :setname -setname batch")
        assert read(wire, "CAP LIST").event.names == ("batch",)

    @pytest.mark.parametrize(
        "asked", ["setname nosuch", "nosuch", "-nosuch", "sasl=PLAIN", "--setname", "-", "SETNAME"]
    )
    def test_all_or_nothing_is_changed(self, asked):
        wire = speaking("batch")
        request = read(wire, f"CAP REQ :{asked} -batch")
        assert isinstance(request, Hold)
        assert (request.event.verb, request.event.names) == ("NAK", (*asked.split(), "-batch"))
        assert read(wire, "CAP LIST").event.names == ("batch",)

    @pytest.mark.parametrize("line", ["CAP REQ", "CAP REQ :", "CAP REQ :  "])
    def test_to_ask_for_nothing_changes_nothing(self, line):
        request = read(speaking(), line)
        assert (request.event.verb, request.event.names) == ("ACK", ())


class TestSession:
    def test_a_nick_of_one_star_asks_for_one_with_the_capability(self):
        assert read(speaking("chatctl.dev/session"), "NICK *") == Rename("*")
        assert isinstance(read(speaking(), "NICK *"), Invalid)
        assert read(speaking(), "NICK") == Rename("")

    @pytest.mark.parametrize(
        ("line", "code"), [("USER : 0 * :Ada", "461"), ("USER a 0 * :", "461"), ("USER !!! 0 * x", "468")]
    )
    def test_a_user_needs_both_names(self, line, code):
        request = read(speaking(), line)
        assert f" {code} " in DIALECTS.speaking(frozenset()).render(Rejection(request.error)).decode()

    def test_the_status_is_there_with_the_capability(self):
        wire = speaking("chatctl.dev/session")
        assert not read(wire, "STATUS").everything
        assert read(wire, "STATUS ALL").everything

    def test_a_ping_is_answered_by_the_wire(self):
        assert read(speaking(), "PING :a b").event.token == "a b"
        assert isinstance(read(speaking(), "MOTD"), Reply)

    def test_silence_and_the_end_of_the_stream_ask_for_nothing(self):
        wire = speaking()
        assert wire.receive(b"PING 1", 0.0) == wire.silence() == wire.finish() == []
        assert wire.replies() == b""
        assert wire.deadline is None


class TestTalk:
    @pytest.mark.parametrize(
        ("line", "kind", "text"),
        [
            ("PRIVMSG #lobby :\x01ACTION waves\x01", "action", "waves"),
            ("PRIVMSG #lobby :\x01ACTION waves", "action", "waves"),
            ("PRIVMSG #lobby :\x01VERSION\x01", "say", "\x01VERSION\x01"),
            ("NOTICE #lobby :\x01ACTION waves\x01", "notice", "\x01ACTION waves\x01"),
        ],
    )
    def test_an_action_is_a_message_in_a_certain_form(self, line, kind, text):
        assert read(speaking(), line) == Send(("#lobby",), kind, text)

    def test_only_client_tags_are_passed_on_and_only_with_the_capability(self):
        line = r"@+a=x\:y;time=1;+b;account=eve PRIVMSG ada,bob :hello"
        assert read(speaking("message-tags"), line) == Send(("ada", "bob"), "say", "hello", r"+a=x\:y;+b")
        assert read(speaking(), line) == Send(("ada", "bob"), "say", "hello")
        assert read(speaking("message-tags"), "@+a TAGMSG #lobby") == Send(("#lobby",), "tags", "", "+a")

    @pytest.mark.parametrize(
        ("line", "code"), [("PRIVMSG", "411"), ("NOTICE :", "411"), ("PRIVMSG ada", "412"), ("PRIVMSG ada :", "412")]
    )
    def test_a_message_has_somebody_to_read_it_and_something_to_read(self, line, code):
        request = read(speaking(), line)
        assert f" {code} " in DIALECTS.speaking(frozenset()).render(Rejection(request.error)).decode()
