"""What CAP answers, and how IRC says no."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatctl import errors
from chatctl.core.events.lookups import HelpShown, HistoryShown
from chatctl.core.events.presence import Dismissed, Expelled, Labeled, Rejected, Stopping
from chatctl.core.events.rooms import MembersListed
from chatctl.core.events.talk import Acknowledged
from chatctl.core.policy import Registering
from chatctl.core.user import Source
from chatctl.wire.base import Link
from chatctl.wire.irc.caps import offered, told
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo, Sts
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.replies.capabilities import CapAnswered
from chatctl.wire.irc.replies.session import Ponged

INFO = ServerInfo(name="irc.example")
LONG = ServerInfo(name=".".join(["x" * 55, "example"]))
NICK = "n" * 30


def written(event, *caps, info=INFO, nick="ada"):
    """Return the lines in which ``event`` is told to ada."""
    return Dialects(info).speaking(frozenset(caps)).render(event, nick).decode().split("\r\n")[:-1]


def shown(lines, verb):
    """Return the names in the lines of a ``CAP`` answer, and whether every line but the last says that it goes on."""
    heads = [line.split(f" {verb} ", 1)[1] for line in lines]
    goes_on = [head.startswith("* ") for head in heads]
    return " ".join(head.removeprefix("* ").removeprefix(":") for head in heads).split(), goes_on


@pytest.mark.parametrize("verb", ["LS", "LIST"])
def test_a_long_list_is_told_in_lines_that_belong_together(verb):
    names = tuple(f"{name}={value}" if value else name for name, value in offered(LONG).items())
    lines = written(CapAnswered(verb, names, 302), info=LONG, nick=NICK)
    found, goes_on = shown(lines, verb)
    assert sorted(found) == sorted(names)
    assert goes_on == [True] * (len(lines) - 1) + [False]
    assert all(len(line.encode()) <= BODY_LIMIT for line in lines)


@pytest.mark.parametrize("verb", ["LS", "LIST"])
def test_an_old_client_is_told_in_one_line_and_the_drafts_give_way(verb):
    names = tuple(offered(LONG))
    (line,) = written(CapAnswered(verb, names, 301), info=LONG, nick=NICK)
    found, _ = shown([line], verb)
    assert set(found) < set(names)
    assert {name for name in names if "/" not in name} <= set(found)
    assert len(line.encode()) <= BODY_LIMIT


@pytest.mark.parametrize("verb", ["ACK", "NAK"])
@pytest.mark.parametrize("version", [301, 302])
def test_what_was_asked_is_answered_whole_and_in_its_order(verb, version):
    names = tuple(f"name{number}" for number in range(70))
    lines = written(CapAnswered(verb, names, version), info=LONG, nick=NICK)
    assert len(lines) == 2
    assert shown(lines, verb) == (list(names), [False, False])


def test_a_name_that_fits_no_line_is_cut():
    (line,) = written(CapAnswered("NAK", ("x" * 500,), 301), info=LONG, nick=NICK)
    assert len(line) == BODY_LIMIT


@pytest.mark.parametrize("verb", ["LIST", "ACK"])
def test_nothing_is_told_as_nothing(verb):
    assert written(CapAnswered(verb, (), 302)) == [f":irc.example CAP ada {verb} :"]


@pytest.mark.parametrize(
    ("info", "value"),
    [
        (ServerInfo(), ""),
        (ServerInfo(registering=Registering.BEFORE_CONNECT), "before-connect"),
        (ServerInfo(email_required=True), "email-required"),
        (ServerInfo(registering=Registering.BEFORE_CONNECT, email_required=True), "before-connect,email-required"),
        (ServerInfo(registering=Registering.CLOSED), None),
    ],
)
def test_the_capability_tells_how_accounts_are_made(info, value):
    assert offered(info).get("draft/account-registration") == value


@pytest.mark.parametrize(
    ("link", "value"),
    [
        (Link(), "PLAIN,SCRAM-SHA-256"),
        (Link(secure=True), "PLAIN,SCRAM-SHA-256"),
        (Link(secure=True, certified=True), "PLAIN,SCRAM-SHA-256,EXTERNAL"),
    ],
)
def test_external_is_for_who_showed_a_certificate(link, value):
    assert offered(INFO, link)["sasl"] == value


@pytest.mark.parametrize(
    ("sts", "secure", "value"),
    [
        (None, False, {}),
        (None, True, {}),
        (Sts(6697, 60), False, {"sts": "port=6697,duration=60"}),
        (Sts(6697, 60), True, {"sts": "duration=60"}),
        (Sts(6697, 0), False, {}),
        (Sts(6697, 0), True, {"sts": "duration=0"}),
    ],
)
def test_sts_names_the_port_to_who_came_without_tls(sts, secure, value):
    info = replace(INFO, sts=sts)
    assert told(info, Link(secure)) == value
    assert "sts" not in offered(info, Link(secure))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (errors.UnknownCommand("XYZ"), "421 ada XYZ :there is no command XYZ; HELP lists them"),
        (errors.UnknownCommand("{x}"), "421 ada {x} :there is no command {x}; HELP lists them"),
        (errors.NoSuchNick("bob"), "401 ada bob :nobody is called bob; WHO * lists who is here"),
        (errors.NotRegistered(), "451 ada :tell your name first, with NICK and USER"),
        (errors.MissingParameters("JOIN"), "461 ada JOIN :JOIN needs more parameters; HELP JOIN tells which"),
        (errors.BadCapCommand("LSS"), "410 ada LSS :CAP knows LS, LIST, REQ and END"),
        (errors.BadCapCommand(""), "410 ada * :CAP knows LS, LIST, REQ and END"),
        (errors.BadCapCommand(":x"), "410 ada * :CAP knows LS, LIST, REQ and END"),
        (errors.BadCapCommand("a b"), "410 ada * :CAP knows LS, LIST, REQ and END"),
        (errors.InputTooLong(600, 510), "417 ada :line is 600 bytes; the limit is 510"),
        (
            errors.NotUtf8(9, "PRIVMSG"),
            "FAIL PRIVMSG INVALID_UTF8 :byte 9 is not UTF-8; set your client to UTF-8",
        ),
        (errors.NotUtf8(9), "FAIL * INVALID_UTF8 :byte 9 is not UTF-8; set your client to UTF-8"),
        (errors.BadCharacter("a bare CR"), "FAIL * BAD_CHARACTER :line holds a bare CR; send it without"),
    ],
)
def test_a_refusal_names_what_it_is_about(error, line):
    assert written(Rejected(error)) == [f":irc.example {line}"]


@pytest.mark.parametrize("caps", [(), ("draft/metadata-3",)])
def test_the_earlier_draft_calls_a_bad_value_otherwise(caps):
    (line,) = written(Rejected(errors.BadMetadataValue("avatar", 400, 300)), *caps)
    assert (" INVALID_VALUE avatar " in line, " VALUE_INVALID :" in line) == (bool(caps), not caps)


def test_no_refusal_speaks_of_slashes():
    assert not [
        line
        for error in (errors.UnknownCommand("X"), errors.NoSuchNick("x"))
        for line in written(Rejected(error))
        if "/" in line
    ]


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (
            Expelled(errors.WrongPassword()),
            [":irc.example 464 ada :wrong server password", "ERROR :wrong server password"],
        ),
        (Expelled(errors.TooManyBadLines(3)), ["ERROR :3 unusable lines in a row, goodbye"]),
        (Stopping(), ["ERROR :the server is shutting down"]),
        (Stopping("new disks"), ["ERROR :the server is shutting down: new disks"]),
        (Ponged("a b"), [":irc.example PONG irc.example :a b"]),
    ],
)
def test_the_last_words_are_an_error(event, lines):
    assert written(event) == lines


@pytest.mark.parametrize(("note", "why"), [("", "goodbye"), ("tea", "tea")])
def test_who_leaves_is_told_goodbye(entry, note, why):
    assert written(Dismissed(entry(), note)) == [f"ERROR :Closing link: {why}"]


def test_with_the_session_capability_the_goodbye_tells_how_long_it_lasted(entry):
    """Whoever asked for the session table gets the goodbye that people with netcat get."""
    left = replace(entry(), disconnected=entry().connected + 83_000)
    (line,) = written(Dismissed(left, "tea"), "chatctl.dev/session")
    assert line.startswith(f"ERROR :Goodbye {left.nick}. You were connected for 00:01:23, until ")


def test_somebody_who_cannot_come_in_is_told_why():
    assert Dialects(INFO).speaking(frozenset()).refuse(errors.ServerFull(3, 3)) == (
        b"ERROR :Server full (3/3 clients), try again later\r\n"
    )


class TestLabels:
    members = MembersListed("#lobby", (("", Source("ada", "ada@host")),))

    def test_no_answer_is_acknowledged(self):
        assert written(Labeled("a;b", ()), "batch") == [r"@label=a\:b :irc.example ACK"]

    def test_one_line_has_the_label(self):
        assert written(Labeled("7", (Ponged("x"),)), "batch") == ["@label=7 :irc.example PONG irc.example x"]

    def test_several_lines_are_a_batch(self):
        first, *inside, last = written(Labeled("7", (self.members, Ponged("x"))), "batch")
        assert (first, last) == ("@label=7 :irc.example BATCH +label labeled-response", ":irc.example BATCH -label")
        assert all(line.startswith("@batch=label :irc.example ") for line in inside)

    def test_without_batches_the_first_line_has_the_label(self):
        lines = written(Labeled("7", (Ponged("x"), Ponged("y"))))
        assert lines == ["@label=7 :irc.example PONG irc.example x", ":irc.example PONG irc.example y"]

    def test_what_is_one_batch_already_has_the_label_at_its_beginning(self, message):
        event = Labeled("7", (HistoryShown("#lobby", (message(user="ada@host"),)),))
        first, inside, last = written(event, "batch", "draft/chathistory", "server-time")
        assert first.startswith("@label=7;time=")
        assert " BATCH +" in first
        assert inside.startswith("@batch=chathistory")
        assert last.endswith(" BATCH -chathistory")

    def test_a_batch_among_other_lines_is_inside(self, message):
        long = message("one\ntwo", user="ada@host")
        event = Labeled("7", (Acknowledged(long), Ponged("x")))
        lines = written(event, "batch", "draft/multiline", "echo-message", "message-tags")
        assert lines[1].startswith("@batch=label;msgid=7 :ada!ada@host BATCH +m7 ")
        assert lines[2].startswith("@batch=m7 ")
        assert lines[4].startswith("@batch=label :ada!ada@host BATCH -m7")
        assert lines[-1].endswith("BATCH -label")

    def test_a_message_that_is_not_echoed_is_acknowledged(self, message):
        assert written(Labeled("7", (Acknowledged(message()),)), "batch") == ["@label=7 :irc.example ACK"]

    def test_what_only_people_are_told_is_no_line(self):
        assert written(Labeled("7", (HelpShown(),)), "batch") == ["@label=7 :irc.example ACK"]
