"""AWAY, SETNAME, MONITOR, ACCEPT and the modes of people as they are read and written."""

from __future__ import annotations

import pytest

from chatctl.core.events import status as ev
from chatctl.core.events.accounts import AccountChanged
from chatctl.core.events.presence import Labeled, Rejected
from chatctl.core.events.rooms import Joined
from chatctl.core.modes import ModeChange
from chatctl.core.requests import status as ask
from chatctl.core.requests.presence import Invalid
from chatctl.core.user import Source
from chatctl.errors import (
    BadParameter,
    BadRealname,
    LoginNeeded,
    MissingParameters,
    NotYourModes,
    UnknownUserMode,
    WatchListFull,
)
from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.dialect import Dialects, IrcDialect
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.isupport import tokens
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.text_render import TextDialect

INFO = ServerInfo(name="s")
ADA = Source("ada", "a@host", "adas")
BOB = Source("bob", "b@host", bot=True)


def read(line, *caps):
    """Return what a line asks, or the error that it is refused with."""
    wire = IrcWire(Dialects(INFO))
    wire.receive(f"CAP REQ :{' '.join(caps)}\r\n".encode(), 0.0)
    (request,) = wire.receive(f"{line}\r\n".encode(), 0.0)
    return request.error if isinstance(request, Invalid) else request


def write(event, *caps):
    return IrcDialect(INFO, frozenset(caps)).render(event, "eve", 0).decode().split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("AWAY :gone for lunch", ask.Away("gone for lunch")),
        ("AWAY", ask.Away()),
        ("AWAY :", ask.Away()),
        ("SETNAME :Ada L.", ask.SetRealname("Ada L.")),
        ("SETNAME :", ask.SetRealname("")),
        ("MONITOR + a,b,,a", ask.Watch(("a", "b"))),
        ("MONITOR - a", ask.Unwatch(("a",))),
        ("MONITOR C", ask.UnwatchAll()),
        ("monitor l", ask.ListWatched()),
        ("MONITOR S", ask.ShowWatched()),
        ("ACCEPT a,-b,+c,-", ask.Accept(("a", "c"), ("b", ""))),
        ("ACCEPT *", ask.ListAccepted()),
        ("MODE ada", ask.ShowUserModes("ada")),
        ("MODE ada :", ask.ShowUserModes("ada")),
        (
            "MODE ada i-w+B ignored",
            ask.ChangeUserModes("ada", (ModeChange(True, "i"), ModeChange(False, "w"), ModeChange(True, "B"))),
        ),
        ("MODE ada +", ask.ChangeUserModes("ada", ())),
    ],
)
def test_each_command_is_read(line, request_):
    assert read(line) == request_


@pytest.mark.parametrize("line", ["SETNAME", "MONITOR", "MONITOR +", "MONITOR -", "ACCEPT"])
def test_what_is_missing_is_refused(line):
    assert isinstance(read(line), MissingParameters)


def test_monitor_cannot_do_anything_else():
    assert isinstance(read("MONITOR x a"), BadParameter)


def test_with_pre_away_one_may_be_away_early():
    assert read("AWAY *", "draft/pre-away") == ask.Away("*", early=True)


def test_going_away_and_coming_back_are_numerics_for_oneself():
    assert write(ev.AwayNoted(True)) == [":s 306 eve :You have been marked as being away"]
    assert write(ev.AwayNoted(False)) == [":s 305 eve :You are no longer marked as being away"]


@pytest.mark.parametrize(
    ("event", "cap", "line"),
    [
        (ev.AwayChanged(ADA, "for lunch"), "away-notify", ":ada!a@host AWAY :for lunch"),
        (ev.AwayChanged(ADA, ""), "away-notify", ":ada!a@host AWAY"),
        (ev.RealnameChanged(ADA, "Ada"), "setname", ":ada!a@host SETNAME Ada"),
        (AccountChanged(ADA), "account-notify", ":ada!a@host ACCOUNT adas"),
        (AccountChanged(BOB), "account-notify", ":bob!b@host ACCOUNT *"),
    ],
)
def test_changes_are_told_to_those_who_understand_them(event, cap, line):
    assert write(event, cap) == [line]
    assert write(event) == []
    assert write(ev.Watched(event), cap, "extended-monitor") == [line]
    assert write(ev.Watched(event), cap) == []
    assert write(ev.Watched(event), "extended-monitor") == []


def test_without_setname_only_a_label_is_answered():
    event = Labeled("x", (ev.RealnameChanged(ADA, "Ada"),))
    assert write(event, "batch") == ["@label=x :s ACK"]


def test_what_a_bot_does_is_marked():
    assert write(ev.RealnameChanged(BOB, "Bob"), "setname", "message-tags") == ["@bot :bob!b@host SETNAME Bob"]


def test_modes_of_people():
    changes = (ModeChange(True, "i"), ModeChange(True, "w"), ModeChange(False, "B"))
    assert write(ev.UserModesChanged(ADA, changes)) == [":ada!a@host MODE ada +iw-B"]
    assert write(ev.UserModesShown("Bi")) == [":s 221 eve +Bi"]
    assert write(ev.UserModesShown("")) == [":s 221 eve +"]


def test_who_is_watched():
    assert write(ev.Appeared((ADA, BOB))) == [":s 730 eve ada!a@host,bob!b@host"]
    assert write(ev.Vanished(("kim", "jo"))) == [":s 731 eve kim,jo"]
    assert write(ev.WatchedListed(("kim", "jo"))) == [":s 732 eve kim,jo", ":s 733 eve :End of MONITOR list"]
    assert write(ev.WatchedListed(())) == [":s 733 eve :End of MONITOR list"]


def test_many_names_need_several_lines():
    names = tuple(f"name{number:026d}" for number in range(100))
    lines = write(ev.Vanished(names))
    assert all(len(line.encode()) <= BODY_LIMIT for line in lines)
    assert len(lines) == 7
    assert tuple(name for line in lines for name in line.split()[3].split(",")) == names


def test_who_is_accepted():
    assert write(ev.AcceptedListed(("kim", "jo"))) == [":s 281 eve :kim jo", ":s 282 eve :End of /ACCEPT list"]


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (LoginNeeded("ada"), "477 eve ada :ada takes private messages only from"),
        (UnknownUserMode("xz", "Bi"), "501 eve :there is no user mode 'xz'"),
        (NotYourModes(), "502 eve :"),
        (WatchListFull(100, ("kim", "jo")), "734 eve 100 kim,jo :"),
        (BadRealname(150), "FAIL SETNAME INVALID_REALNAME :"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_refusal_has_its_numeric(error, start):
    (line,) = write(Rejected(error))
    assert line.startswith(f":s {start}")


def test_extended_join_has_account_and_real_name():
    assert write(Joined(ADA, "#tea", "Ada L."), "extended-join") == [":ada!a@host JOIN #tea adas :Ada L."]
    assert write(Joined(BOB, "#tea", "Bob"), "extended-join") == [":bob!b@host JOIN #tea * Bob"]
    assert write(Joined(BOB, "#tea", "", "lunch"), "extended-join", "away-notify") == [
        ":bob!b@host JOIN #tea * :",
        ":bob!b@host AWAY lunch",
    ]


def test_the_server_tells_limits_and_capabilities():
    assert {"AWAYLEN=390", "BOT=B", "MONITOR=100", "NAMELEN=150"} <= set(tokens(INFO))
    assert {"away-notify", "draft/pre-away", "extended-monitor", "setname"} <= set(offered(INFO))


def test_people_with_netcat_are_not_bothered():
    dialect = TextDialect([])
    for event in (ev.AwayChanged(ADA, "x"), ev.RealnameChanged(ADA, "x"), AccountChanged(ADA)):
        assert dialect.render(event) == b""
