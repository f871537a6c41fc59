"""What people with netcat read."""

from __future__ import annotations

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.core import events as ev
from chatctl.core.events import Event
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
        ev.Welcomed(entry()),
        ev.Said(message()),
        ev.Acknowledged(message()),
        ev.Joined("river", "#lobby"),
        ev.Left("river", "#lobby"),
        ev.Renamed("Client02", "river"),
        ev.TopicSet("ada", "#tea", "leaves"),
        ev.TopicShown("#tea", "leaves"),
        ev.RoomsListed((("#lobby", 12, "hello"),)),
        ev.MembersListed("#tea", ("ada", "bob")),
        ev.HistoryShown("#tea", (message(),)),
        ev.Found("#tea", "green tea", (message(),)),
        ev.SessionsListed(now, (entry(),), (), 1, 0, 20),
        ev.HelpShown(),
        ev.Rejected(LineTooLong(9000, 2048)),
        ev.Dismissed(entry(after=83_000)),
        ev.Expelled(TooManyBadLines(3)),
        ev.Stopping(),
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
        (ev.Joined("river", "#lobby"), "* river joined #lobby"),
        (ev.Renamed("Client02", "river"), "* Client02 is now river"),
        (ev.TopicSet("ada", "#tea", "leaves"), "* ada set the topic of #tea: leaves"),
        (ev.TopicShown("#tea", "leaves"), "* topic of #tea: leaves"),
        (ev.TopicShown("#tea", ""), "* #tea has no topic"),
        (ev.MembersListed("#tea", ("ada",)), "* 1 in #tea: ada"),
        (ev.MembersListed("#tea", ("ada", "bob")), "* 2 in #tea: ada bob"),
        (ev.Stopping(), "* the server is shutting down"),
        (ev.Rejected(LineTooLong(9000, 2048)), "ERR line-too-long line is 9000 bytes; the limit is 2048"),
        (ev.Expelled(TooManyBadLines(3)), "ERROR :3 unusable lines in a row, goodbye"),
    ],
)
def test_what_happens_is_told_in_one_line(event, line):
    assert shown(event) == f"{line}\n"


def test_a_welcome_is_two_lines(entry):
    assert shown(ev.Welcomed(entry())) == (
        "Welcome Client01! You are connected since 2026-11-22 14:41:07 UTC.\n"
        'Type a message, "status" for all sessions, "exit" to leave, "/help" for more.\n'
    )


def test_a_goodbye_tells_how_long_one_was_connected(entry):
    ended = entry(after=83_000, reason="quit")
    goodbye = "Goodbye Client01. You were connected for 00:01:23, until 2026-11-22 14:42:30 UTC.\n"
    assert shown(ev.Dismissed(ended)) == goodbye


def test_the_past_is_told_with_numbers_and_times(message):
    messages = (message("hi"), message("ho", id=8, nick="bob", at=message().at + 1000))
    lines = "[#7 2026-11-22 14:41:07 UTC] ada: hi\n[#8 2026-11-22 14:41:08 UTC] bob: ho\n"
    assert shown(ev.HistoryShown("#tea", messages)) == f"* 2 messages of #tea\n{lines}"
    assert shown(ev.Found("#tea", "h", messages)) == f"* 2 messages of #tea with h\n{lines}"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("say", "ada: hi\n"),
        ("action", "* ada hi\n"),
        ("private", "[private] ada: hi\n"),
    ],
)
def test_others_read_how_a_message_was_meant(message, kind, line):
    assert shown(ev.Said(message("hi", kind=kind))) == line
    assert shown(ev.Acknowledged(message("hi", kind=kind))) == "hi ACK\n"


@pytest.mark.parametrize("text", ["hi", "  hi ", "", "ACK", "hi ACK", HOSTILE, "日本 😀", "[/red]"])
def test_an_ack_is_exactly_the_text_a_space_and_ack(message, text):
    assert TextWire.dialect.render(ev.Acknowledged(message(text))) == text.encode() + b" ACK\n"


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
    assert shown(ev.Left("river", "#lobby", why)) == line


@pytest.mark.parametrize(("count", "said"), [(0, "0 messages"), (1, "1 message"), (2, "2 messages")])
def test_what_was_found_is_counted(message, count, said):
    messages = (message(),) * count
    assert shown(ev.HistoryShown("#tea", messages)).startswith(f"* {said} of #tea\n")
    assert shown(ev.Found("#tea", "x y", messages)).startswith(f"* {said} of #tea with x y\n")
    assert shown(ev.HistoryShown("#tea", messages)).count("\n") == count + 1


def test_actions_of_the_past_look_like_those_of_now(message):
    text = shown(ev.HistoryShown("#tea", (message("waves", kind="action"),)))
    assert text.endswith("[#7 2026-11-22 14:41:07 UTC] * ada waves\n")


def test_a_long_list_of_members_is_several_lines_that_lose_nobody():
    nicks = tuple(f"a-very-long-nick-{number:03d}" for number in range(300))
    lines = shown(ev.MembersListed("#tea", nicks)).removesuffix("\n").split("\n")
    heads, told = zip(*(line.split(": ") for line in lines), strict=True)
    assert heads[0] == "* 300 in #tea"
    assert set(heads[1:]) == {"* in #tea"}
    assert max(map(len, lines)) <= 400
    assert " ".join(told).split(" ") == list(nicks)


def test_the_rooms_are_aligned_whatever_their_names():
    rooms = (("#lobby", 20, "x"), ("#a-longer-name", 3, ""), ("#t", 100, "y"))
    assert shown(ev.RoomsListed(rooms)) == (
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
    assert shown(ev.SessionsListed(now + 65_000, active, past, 2, 9, 20)) == (
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
    head, *lines, _ = shown(ev.SessionsListed(now, rows, (), 3, 0, 5)).splitlines()
    for heading in head.split():
        start = head.index(heading)
        assert all(line[start] != " " and line[:start].endswith(" " * (start > 0)) for line in lines)


def test_help_lists_every_command_once_with_its_usage():
    lines = shown(ev.HelpShown()).splitlines()
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
    assert shown(ev.Rejected(error)) == line


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
    assert TextWire.dialect.render(ev.Expelled(error)) == line


def one_liners(message, text):
    """Return the events that show foreign text in one line to others."""
    return [
        ev.Said(message(text)),
        ev.Said(message(text, kind="action")),
        ev.Said(message(text, kind="private")),
        ev.Left("ada", "#tea", text),
        ev.TopicSet("ada", "#tea", text),
        ev.TopicShown("#tea", text),
        ev.RoomsListed((("#tea", 1, text),)),
        ev.Rejected(NoSuchNick(text)),
        ev.Rejected(BadNick(text, 30)),
        ev.Found("#tea", text, ()),
    ]


@given(text=texts)
def test_whatever_the_text_others_read_one_harmless_line(message, text):
    for event in one_liners(message, text):
        line = shown(event)
        assert line.count("\n") == 1
        assert line.endswith("\n")
        assert len(line.splitlines()) == 1
        assert clean(line[:-1]) == line[:-1]


@given(text=texts)
def test_whatever_was_said_history_is_one_line_for_each_message(message, text):
    messages = (message(text), message(text, kind="action"))
    for event in (ev.HistoryShown("#tea", messages), ev.Found("#tea", "x", messages)):
        assert len(shown(event).splitlines()) == 3


@pytest.mark.parametrize("text", ["[red]x[/red]", "[/x]", "%s {0} \\n", "<b>"])
def test_markup_is_shown_as_it_is(message, text):
    assert shown(ev.Said(message(text))) == f"ada: {text}\n"
