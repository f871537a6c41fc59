"""Operators of the server in IRC: what is read, what is written."""

from __future__ import annotations

import pytest

from chatctl.core.events import operators as ev
from chatctl.core.events.presence import Dismissed, Expelled, Rejected, Stopping
from chatctl.core.limits import Limits
from chatctl.core.records import Ban, Entry
from chatctl.core.requests import operators as ask
from chatctl.core.requests.presence import Invalid
from chatctl.core.user import Source
from chatctl.errors import (
    BadBan,
    BadDuration,
    BadSetting,
    Banned,
    BansYourself,
    Killed,
    MissingParameters,
    NoOperators,
    NoSuchBan,
    NotOperator,
    ServerFull,
    TooManyBans,
    TooManyTries,
    WrongOperator,
    WrongPassword,
)
from chatctl.wire.irc.commands.operators import read_duration
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.text import TextWire

INFO = ServerInfo(name="irc.example")
ADA = Source("ada", "a@10.0.0.1")
MINUTE = 60_000
SINCE = 1_700_000_000_000


def read(line):
    """Return what a line asks, or the error that it is refused with."""
    (request,) = IrcWire(Dialects(INFO)).receive(f"{line}\r\n".encode(), 0.0)
    return request.error if isinstance(request, Invalid) else request


def written(event):
    """Return the lines in which ``event`` is told to eve."""
    return Dialects(INFO).speaking(frozenset()).render(event, "eve").decode().split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("OPER root sesame", ask.BecomeOperator("root", "sesame")),
        ("KILL bob", ask.Kill("bob")),
        ("KILL bob :well, no", ask.Kill("bob", "well, no")),
        ("KLINE 10.0.0.7", ask.SetBan("10.0.0.7")),
        ("KLINE 10.0.0.7 :spam and more", ask.SetBan("10.0.0.7", "spam and more")),
        ("KLINE 10.0.0.7 spam and more", ask.SetBan("10.0.0.7", "spam and more")),
        ("KLINE 30 *@10.0.0.7 :spam", ask.SetBan("*@10.0.0.7", "spam", 30 * MINUTE)),
        ("KLINE 2H *@10.0.0.7", ask.SetBan("*@10.0.0.7", "", 120 * MINUTE)),
        ("KLINE 0 *@10.0.0.7 :spam", ask.SetBan("*@10.0.0.7", "spam")),
        ("KLINE 30", ask.SetBan("30")),
        ("UNKLINE 10.0.0.7", ask.LiftBan("10.0.0.7")),
        ("WALLOPS :hello all", ask.Wallops("hello all")),
        ("SET", ask.ShowSettings()),
        ("SET maxclients", ask.ShowSettings("maxclients")),
        ("SET MAXCLIENTS 300", ask.SetLimit("MAXCLIENTS", "300")),
        ("SHUTDOWN", ask.Shutdown()),
        ("SHUTDOWN :good night", ask.Shutdown("good night")),
    ],
)
def test_a_line_is_read(line, request_):
    assert read(line) == request_


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("OPER root", MissingParameters),
        ("KILL", MissingParameters),
        ("WALLOPS", MissingParameters),
        ("KLINE 3651d 10.0.0.7", BadDuration),
    ],
)
def test_a_line_is_refused(line, kind):
    assert type(read(line)) is kind


@pytest.mark.parametrize(
    ("text", "minutes"), [("90", 90), ("30m", 30), ("2h", 120), ("7d", 10_080), ("1W", 10_080), ("3650d", 5_256_000)]
)
def test_a_duration_is_read(text, minutes):
    assert read_duration(text) == minutes * MINUTE


@pytest.mark.parametrize("text", ["", "h", "1y", "0", "-1", "1.5h", "1234567890"])
def test_something_else_is_no_duration(text):
    assert read_duration(text) is None


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (NotOperator(), "481 eve :"),
        (NoOperators(), "491 eve :"),
        (WrongOperator(), "464 eve :"),
        (TooManyTries(60), "464 eve :"),
        (BadBan("x y"), "415 eve * :"),
        (BansYourself("*", "a@b"), "FAIL KLINE BANS_YOURSELF * :"),
        (TooManyBans(1000), "FAIL KLINE TOO_MANY_BANS :"),
        (BadDuration("9999d", 3650), "FAIL KLINE BAD_DURATION 9999d :"),
        (NoSuchBan("x"), "FAIL UNKLINE NO_SUCH_BAN x :"),
        (BadSetting("colour", "MAXCLIENTS"), "FAIL SET BAD_SETTING colour :"),
    ],
)
def test_a_refusal_has_its_code(error, start):
    (line,) = written(Rejected(error))
    assert line.startswith(f":irc.example {start}")


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (ev.OperatorMade(), [":irc.example 381 eve :You are now an IRC operator"]),
        (ev.KillTold(ADA, "eve", "enough"), [":ada!a@10.0.0.1 KILL eve enough"]),
        (ev.SomebodyKilled("bob"), [":irc.example NOTICE eve :bob is disconnected"]),
        (
            ev.BanPlaced(Ban("*@*.7", "spam", "ada", SINCE), 1),
            [":irc.example NOTICE eve :*@*.7 is banned for ever; 1 session ended"],
        ),
        (
            ev.BanPlaced(Ban("*@*.7", "spam", "ada", SINCE, SINCE), 2),
            [":irc.example NOTICE eve :*@*.7 is banned until 2023-11-14 22:13:20 UTC; 2 sessions ended"],
        ),
        (ev.BanGone("*@*.7"), [":irc.example NOTICE eve :*@*.7 is not banned any more"]),
        (
            ev.BansListed((Ban("b@::1", "spam", "ada!a@h", SINCE), Ban("10.0.0.0/8", "x", "ada!a@h", SINCE, SINCE))),
            [
                ":irc.example 216 eve K 0::1 * b :spam (by ada!a@h since 2023-11-14 22:13:20 UTC, for ever)",
                (
                    ":irc.example 216 eve K 10.0.0.0/8 * * :x (by ada!a@h since 2023-11-14 22:13:20 UTC,"
                    " until 2023-11-14 22:13:20 UTC)"
                ),
                ":irc.example 219 eve k :End of /STATS report",
            ],
        ),
        (
            ev.OperatorsListed(("root",)),
            [":irc.example 243 eve O * * root", ":irc.example 219 eve o :End of /STATS report"],
        ),
        (ev.Called(ADA, "hello all"), [":ada!a@10.0.0.1 WALLOPS :hello all"]),
        (
            ev.SettingsShown(("max-clients", "sendq-age", "message-burst"), Limits(max_clients=5000, message_burst=0)),
            [
                ":irc.example NOTICE eve :max-clients is 5,000",
                ":irc.example NOTICE eve :sendq-age is 30 seconds",
                ":irc.example NOTICE eve :message-burst is none",
            ],
        ),
        (Stopping(), ["ERROR :the server is shutting down"]),
        (Stopping("good night"), ["ERROR :the server is shutting down: good night"]),
        (Expelled(Killed("ada", "x")), ["ERROR :ada, an operator of the server, disconnected you: x"]),
        (Expelled(Banned("spam", None)), [":irc.example 465 eve :You are banned: spam", "ERROR :You are banned: spam"]),
        (Expelled(WrongPassword()), [":irc.example 464 eve :wrong server password", "ERROR :wrong server password"]),
    ],
)
def test_an_event_is_written(event, lines):
    assert written(event) == lines


def test_a_limit_that_the_machine_does_not_allow_is_told():
    (line,) = written(ev.SettingsShown(("max-clients",), Limits(max_clients=500), 1000))
    assert "max-clients is 500; this machine allows no more than that, 1000 were asked for" in line


def test_who_does_not_come_in_is_told_why():
    dialect = Dialects(INFO).speaking(frozenset())
    assert dialect.refuse(Banned("spam", None)) == (
        b":irc.example 465 * :You are banned: spam\r\nERROR :You are banned: spam\r\n"
    )
    assert dialect.refuse(ServerFull(1, 1)).startswith(b"ERROR :Server full ")


def test_the_last_line_is_no_longer_than_others():
    (line,) = written(Dismissed(Entry(7, "eve", "10.0.0.1:1", "irc", 0), "é" * BODY_LIMIT))
    assert BODY_LIMIT - 2 < len(line.encode()) <= BODY_LIMIT


def test_people_with_a_line_client_are_told_in_a_sentence():
    render = TextWire.dialect.render
    assert render(Stopping()) == b"* the server is shutting down\n"
    assert render(Stopping("good night")) == b"* the server is shutting down (good night)\n"
    assert render(ev.KillTold(ADA, "eve", "x")) == b""
