"""What people with netcat read."""

from __future__ import annotations

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.core.events.accounts import Registered, ServiceNotice
from chatctl.core.events.base import Event
from chatctl.core.events.lookups import Found, HelpShown, HistoryShown, SessionsListed
from chatctl.core.events.presence import Dismissed, Expelled, Rejected, Renamed, Stopping, Welcomed
from chatctl.core.events.rooms import Joined, Left, MembersListed, RoomsListed, TopicSet, TopicShown
from chatctl.core.events.server import LimitsShown
from chatctl.core.events.talk import Acknowledged, AwayTold, Said
from chatctl.core.limits import RULES, Limits
from chatctl.core.requests.accounts import Way
from chatctl.core.user import Source
from chatctl.errors import (
    BadNick,
    BadParameter,
    InternalError,
    LineTooLong,
    NickInUse,
    NoSuchNick,
    OutOfResources,
    ServerFull,
    TooManyBadLines,
    UnknownCommand,
)
from chatctl.wire.clean import clean
from chatctl.wire.text import COMMANDS, TextWire


def who(nick):
    """Return the person called ``nick`` as others see them."""
    return Source(nick, "text@127.0.0.1")


EVENTS = typing.get_args(Event)
HOSTILE = "a\x1b[2J\x07\x7f\x9b\x85\u202e\u2066\u2028\u2029\u200f\u061cb\tc"
HARMLESS = "a[2Jb c"
texts = st.text(st.characters(codec="utf-8"), max_size=60) | st.just(HOSTILE)


def shown(event):
    """Return what a peer is sent, as one text."""
    return TextWire.dialect.render(event).decode()


@pytest.fixture(scope="module")
def samples(message, entry, now):
    """One event of each kind."""
    events = [
        Welcomed(entry(), who("ada")),
        Said(message()),
        Acknowledged(message()),
        Joined(who("river"), "#lobby"),
        Left(who("river"), "#lobby"),
        Renamed(who("Client02"), "river"),
        TopicSet(who("ada"), "#tea", "leaves"),
        TopicShown("#tea", "leaves"),
        RoomsListed((("#lobby", 12, "hello"),)),
        MembersListed("#tea", tuple(("", who(one)) for one in ("ada", "bob"))),
        HistoryShown("#tea", (message(),)),
        Found("#tea", "green tea", (message(),)),
        SessionsListed(now, (entry(),), (), 1, 0, 20),
        HelpShown(),
        Rejected(LineTooLong(9000, 2048)),
        Dismissed(entry(after=83_000)),
        Expelled(TooManyBadLines(3)),
        Stopping(),
    ]
    return {type(event): event for event in events}


@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_has_a_rendering_in_whole_lines(samples, kind):
    rendered = shown(samples[kind])
    assert rendered.endswith("\n")
    assert "\r" not in rendered
    assert all(rendered.removesuffix("\n").split("\n"))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Joined(who("river"), "#lobby"), "* river joined #lobby"),
        (Renamed(who("Client02"), "river"), "* Client02 is now river"),
        (TopicSet(who("ada"), "#tea", "leaves"), "* ada set the topic of #tea: leaves"),
        (TopicShown("#tea", "leaves"), "* topic of #tea: leaves"),
        (TopicShown("#tea", ""), "* #tea has no topic"),
        (MembersListed("#tea", tuple(("", who(one)) for one in ("ada",))), "* 1 in #tea: ada"),
        (MembersListed("#tea", tuple(("", who(one)) for one in ("ada", "bob"))), "* 2 in #tea: ada bob"),
        (Stopping(), "* the server is shutting down"),
        (Rejected(LineTooLong(9000, 2048)), "ERR line-too-long line is 9000 bytes; the limit is 2048"),
        (Expelled(TooManyBadLines(3)), "ERROR :3 unusable lines in a row, goodbye"),
    ],
)
def test_what_happens_is_told_in_one_line(event, line):
    assert shown(event) == f"{line}\n"


def test_a_welcome_is_two_lines(entry):
    assert shown(Welcomed(entry(), who("ada"))) == (
        "Welcome Client01! You are connected since 2026-11-22 14:41:07 UTC.\n"
        'Type a message, "status" for all sessions, "exit" to leave, "/help" for more.\n'
    )


def test_a_goodbye_tells_how_long_one_was_connected(entry):
    ended = entry(after=83_000, reason="quit")
    goodbye = "Goodbye Client01. You were connected for 00:01:23, until 2026-11-22 14:42:30 UTC.\n"
    assert shown(Dismissed(ended)) == goodbye


def test_the_past_is_told_with_numbers_and_times(message):
    messages = (message("hi"), message("ho", id=8, nick="bob", at=message().at + 1000))
    lines = "[#7 2026-11-22 14:41:07 UTC] ada: hi\n[#8 2026-11-22 14:41:08 UTC] bob: ho\n"
    assert shown(HistoryShown("#tea", messages)) == f"* 2 messages of #tea\n{lines}"
    assert shown(Found("#tea", "h", messages)) == f"* 2 messages of #tea with h\n{lines}"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("say", "ada: hi\n"),
        ("action", "* ada hi\n"),
        ("notice", "ada: hi\n"),
    ],
)
def test_others_read_how_a_message_was_meant(message, kind, line):
    assert shown(Said(message("hi", kind=kind))) == line
    assert shown(Said(message("hi", kind=kind, recipient=2))) == f"[private] {line}"
    assert shown(Acknowledged(message("hi", kind=kind))) == "hi ACK\n"


@pytest.mark.parametrize("text", ["hi", "  hi ", "", "ACK", "hi ACK", HOSTILE, "日本 😀", "[/red]"])
def test_an_ack_is_exactly_the_text_a_space_and_ack(message, text):
    assert TextWire.dialect.render(Acknowledged(message(text))) == text.encode() + b" ACK\n"


@pytest.mark.parametrize(
    ("why", "line"),
    [
        ("", "* river left #lobby\n"),
        ("quit", "* river left #lobby (quit)\n"),
        ("quit: tea time", "* river left #lobby (quit: tea time)\n"),
        (f"quit: {HOSTILE}", f"* river left #lobby (quit: {HARMLESS})\n"),
    ],
)
def test_a_leave_says_why_when_there_is_a_reason(why, line):
    assert shown(Left(who("river"), "#lobby", why)) == line


@pytest.mark.parametrize(("count", "said"), [(0, "0 messages"), (1, "1 message"), (2, "2 messages")])
def test_what_was_found_is_counted(message, count, said):
    messages = (message(),) * count
    assert shown(HistoryShown("#tea", messages)).startswith(f"* {said} of #tea\n")
    assert shown(Found("#tea", "x y", messages)).startswith(f"* {said} of #tea with x y\n")
    assert shown(HistoryShown("#tea", messages)).count("\n") == count + 1


def test_actions_of_the_past_look_like_those_of_now(message):
    text = shown(HistoryShown("#tea", (message("waves", kind="action"),)))
    assert text.endswith("[#7 2026-11-22 14:41:07 UTC] * ada waves\n")


def test_a_long_list_of_members_is_several_lines_that_lose_nobody():
    nicks = tuple(f"a-very-long-nick-{number:03d}" for number in range(300))
    lines = shown(MembersListed("#tea", tuple(("", who(nick)) for nick in nicks))).removesuffix("\n").split("\n")
    heads, told = zip(*(line.split(": ") for line in lines), strict=True)
    assert heads[0] == "* 300 in #tea"
    assert set(heads[1:]) == {"* in #tea"}
    assert max(map(len, lines)) <= 400
    assert " ".join(told).split(" ") == list(nicks)


def test_the_rooms_are_aligned_whatever_their_names():
    rooms = (("#lobby", 20, "x"), ("#a-longer-name", 3, ""), ("#t", 100, "y"))
    assert shown(RoomsListed(rooms)) == (
        "* #lobby             20  x\n"
        "* #a-longer-name      3\n"
        "* #t                100  y\n"
    )  # fmt: skip


def test_the_session_table_has_aligned_columns_and_a_last_line_of_totals(entry, now):
    active = (entry(12, "river", "[::1]:50123"), entry(3, "ada"))
    past = (
        entry(11, "Client11", "10.0.0.1:9", after=3_723_000, reason="quit"),
        entry(10, "a_very_long_nick", "10.0.0.1:8", after=100, reason="too-many-bad-lines"),
    )
    assert shown(SessionsListed(now + 65_000, active, past, 2, 9, 20)) == (
        "id  name              address          protocol  connected                disconnected             "
        "duration  reason\n"
        "12  river             [::1]:50123      text      2026-11-22 14:41:07 UTC  -                        "
        "00:01:05  -\n"
        "3   ada               127.0.0.1:40000  text      2026-11-22 14:41:07 UTC  -                        "
        "00:01:05  -\n"
        "11  Client11          10.0.0.1:9       text      2026-11-22 14:41:07 UTC  2026-11-22 15:43:10 UTC  "
        "01:02:03  quit\n"
        "10  a_very_long_nick  10.0.0.1:8       text      2026-11-22 14:41:07 UTC  2026-11-22 14:41:07 UTC  "
        "00:00:00  too-many-bad-lines\n"
        "2 active, 9 disconnected, limit 20\n"
    )


def test_every_column_of_the_session_table_begins_where_its_heading_does(entry, now):
    rows = tuple(entry(number, f"Client{number}", f"10.0.0.1:{number}") for number in (9, 10, 12345))
    head, *lines, _ = shown(SessionsListed(now, rows, (), 3, 0, 5)).splitlines()
    for heading in head.split():
        start = head.index(heading)
        assert all(line[start] != " " and line[:start].endswith(" " * (start > 0)) for line in lines)


def test_limits_are_shown_one_in_a_line_with_what_they_mean():
    lines = shown(LimitsShown(3, Limits(sendq_age=5.0, message_burst=0))).splitlines()
    assert [line.split()[0] for line in lines] == list(RULES)
    assert lines[0].split()[1:4] == ["3", "of", "256"]
    values = {line.split()[0]: line.split()[1] for line in lines}
    assert (values["sendq-age"], values["message-burst"]) == ("5", "none")
    assert len({line.index(RULES[line.split()[0]].summary) for line in lines}) == 1


def test_help_lists_every_command_once_with_its_usage():
    lines = shown(HelpShown()).splitlines()
    assert len(lines) == len(COMMANDS) + 1
    for command, line in zip(COMMANDS, lines, strict=False):
        assert line.startswith(f"{command.usage} ")
        assert line.endswith(f" {command.summary}")
    assert lines[-1].startswith("//TEXT ")
    assert max(map(len, lines)) < 80


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (NickInUse("bob"), "ERR nick-in-use bob is in use; choose another name\n"),
        (BadParameter("'x' is no count"), "ERR bad-parameter 'x' is no count\n"),
        (NoSuchNick(HOSTILE), f"ERR no-such-nick nobody is called {HARMLESS}; /who lists who is here\n"),
        (
            UnknownCommand(f"/{HOSTILE}"),
            f"ERR unknown-command there is no command /{HARMLESS}; /help lists them, // at the start sends a slash\n",
        ),
    ],
)
def test_a_refusal_tells_its_code_and_its_sentence(error, line):
    assert shown(Rejected(error)) == line


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ServerFull(20, 20), b"ERROR :Server full (20/20 clients), try again later\n"),
        (OutOfResources("threads"), b"ERROR :Server has no threads left for another client, try again later\n"),
        (
            InternalError(),
            b"ERROR :The server made a mistake with what you sent, and noted it; please connect again\n",
        ),
    ],
)
def test_the_last_line_before_the_end_is_an_error(error, line):
    assert TextWire.dialect.refuse(error) == line
    assert TextWire.dialect.render(Expelled(error)) == line


def one_liners(message, text):
    """Return the events that show foreign text in one line to others."""
    return [
        Said(message(text)),
        Said(message(text, kind="action")),
        Said(message(text, recipient=2)),
        Left(who("ada"), "#tea", text),
        TopicSet(who("ada"), "#tea", text),
        TopicShown("#tea", text),
        RoomsListed((("#tea", 1, text),)),
        Rejected(NoSuchNick(text)),
        Rejected(BadNick(text, 30)),
        Found("#tea", text, ()),
    ]


@pytest.mark.parametrize("kind", ["say", "action", "notice"])
def test_a_message_of_several_lines_is_told_in_several(message, kind):
    lines = shown(Said(message("one\ntwo\rthree", kind=kind))).splitlines()
    assert [line.removeprefix("* ada ").removeprefix("ada: ") for line in lines] == ["one", "twothree"]


def test_a_message_without_text_is_not_told(message):
    assert shown(Said(message("", kind="tags"))) == ""


@given(text=texts.filter(lambda text: "\n" not in text))
def test_whatever_the_text_others_read_one_harmless_line(message, text):
    for event in one_liners(message, text):
        line = shown(event)
        assert line.count("\n") == 1
        assert line.endswith("\n")
        assert len(line.splitlines()) == 1
        assert clean(line[:-1]) == line[:-1]


@given(text=texts.filter(lambda text: "\n" not in text))
def test_whatever_was_said_history_is_one_line_for_each_message(message, text):
    messages = (message(text), message(text, kind="action"))
    for event in (HistoryShown("#tea", messages), Found("#tea", "x", messages)):
        assert len(shown(event).splitlines()) == 3


@pytest.mark.parametrize("text", ["[red]x[/red]", "[/x]", "%s {0} \\n", "<b>"])
def test_markup_is_shown_as_it_is(message, text):
    assert shown(Said(message(text))) == f"ada: {text}\n"


def test_what_only_one_is_told_is_marked_as_such():
    assert shown(AwayTold("ada", "at tea\x07")) == "* ada is away: at tea\n"
    assert shown(ServiceNotice("You are\x1b logged in.")) == "[private] NickServ: You are logged in.\n"
    made = "[private] NickServ: Account ada created; you are logged in.\n"
    assert shown(Registered("ada", Way.SERVICE)) == made
