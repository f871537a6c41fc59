"""Rooms in IRC: what is read, what is written."""

from __future__ import annotations

import pytest

from chatctl.core.events import rooms as ev
from chatctl.core.requests import rooms as ask
from chatctl.core.requests.presence import Invalid
from chatctl.core.user import Source
from chatctl.errors import (
    CannotRename,
    MissingParameters,
    NotRoomOperator,
    RoomExists,
    TopicTooLong,
    UserInRoom,
    UserNotInRoom,
)
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.isupport import tokens
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.page import Page
from chatctl.wire.irc.refusals import refuse
from chatctl.wire.irc.wire import IrcWire

INFO = ServerInfo(name="irc.example")
ADA = Source("ada", "a@10.0.0.1", "adas")
BOB = Source("bob", "b@10.0.0.2")


def read(line):
    """Return what a line asks, or the error that it is refused with."""
    (request,) = IrcWire(Dialects(INFO)).receive(f"{line}\r\n".encode(), 0.0)
    return request.error if isinstance(request, Invalid) else request


def written(event, *caps, nick="eve"):
    """Return the lines in which ``event`` is told."""
    return Dialects(INFO).speaking(frozenset(caps)).render(event, nick).decode().split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("JOIN 0", ask.LeaveAll()),
        ("JOIN #tea", ask.Join(("#tea",), ("",))),
        ("JOIN #tea,#coffee leaf", ask.Join(("#tea", "#coffee"), ("leaf", ""))),
        ("JOIN #tea,,#coffee leaf,,bean,more", ask.Join(("#tea", "#coffee"), ("leaf", "bean"))),
        ("PART #tea,#tea,#coffee", ask.Leave(("#tea", "#coffee"))),
        ("PART #tea :good bye", ask.Leave(("#tea",), "good bye")),
        ("TOPIC #tea", ask.TopicOf("#tea")),
        ("TOPIC #tea :", ask.TopicOf("#tea", "")),
        ("TOPIC #tea :green leaves", ask.TopicOf("#tea", "green leaves")),
        ("KICK #tea bob", ask.Kick(("#tea",), ("bob",))),
        ("KICK #tea bob,,kim :well, no", ask.Kick(("#tea", "#tea"), ("bob", "kim"), "well, no")),
        ("KICK #tea,#coffee bob,kim", ask.Kick(("#tea", "#coffee"), ("bob", "kim"))),
        ("KICK #tea bob,bob", ask.Kick(("#tea",), ("bob",))),
        ("INVITE", ask.ListInvitations()),
        ("INVITE bob #tea", ask.Invite("bob", "#tea")),
        ("RENAME #tea #coffee", ask.RenameRoom("#tea", "#coffee")),
        ("RENAME #tea #coffee :so tired", ask.RenameRoom("#tea", "#coffee", "so tired")),
    ],
)
def test_a_line_is_read(line, request_):
    assert read(line) == request_


@pytest.mark.parametrize(
    "line", ["JOIN", "PART", "TOPIC", "KICK #tea", "KICK #tea,#coffee bob", "INVITE bob", "RENAME #tea"]
)
def test_a_line_lacks_parameters(line):
    error = read(line)
    assert isinstance(error, MissingParameters)
    assert error.about == (line.split()[0],)


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (ev.Joined(ADA, "#tea", "Ada L", "lunch"), [":ada!a@10.0.0.1 JOIN #tea"]),
        (ev.Left(ADA, "#tea"), [":ada!a@10.0.0.1 PART #tea"]),
        (ev.Left(ADA, "#tea", "good bye"), [":ada!a@10.0.0.1 PART #tea :good bye"]),
        (ev.Kicked(ADA, "#tea", "bob", "no more"), [":ada!a@10.0.0.1 KICK #tea bob :no more"]),
        (ev.Kicked(ADA, "#tea", "bob"), [":ada!a@10.0.0.1 KICK #tea bob ada"]),
        (ev.TopicSet(ADA, "#tea", ""), [":ada!a@10.0.0.1 TOPIC #tea :"]),
        (ev.TopicShown("#tea", ""), [":irc.example 331 eve #tea :No topic is set"]),
        (
            ev.TopicShown("#tea", "green leaves", ADA.mask, 1_700_000_000_999),
            [":irc.example 332 eve #tea :green leaves", ":irc.example 333 eve #tea ada!a@10.0.0.1 1700000000"],
        ),
        (ev.Invited(ADA, "eve", "#tea"), [":ada!a@10.0.0.1 INVITE eve #tea"]),
        (ev.Invited(ADA, "bob", "#tea", witness=True), []),
        (ev.Inviting("bob", "#tea"), [":irc.example 341 eve bob #tea"]),
        (
            ev.InvitationsListed(("#tea", "#coffee")),
            [
                ":irc.example 336 eve #tea",
                ":irc.example 336 eve #coffee",
                ":irc.example 337 eve :End of /INVITE list",
            ],
        ),
    ],
)
def test_an_event_is_written_without_capabilities(event, lines):
    assert written(event) == lines


def test_an_extended_join_tells_account_and_real_name():
    assert written(ev.Joined(ADA, "#tea", "Ada L"), "extended-join") == [":ada!a@10.0.0.1 JOIN #tea adas :Ada L"]
    assert written(ev.Joined(BOB, "#tea", "Bob"), "extended-join") == [":bob!b@10.0.0.2 JOIN #tea * Bob"]


def test_who_comes_away_is_told_to_be_away():
    assert written(ev.Joined(BOB, "#tea", "Bob", "out"), "away-notify") == [
        ":bob!b@10.0.0.2 JOIN #tea",
        ":bob!b@10.0.0.2 AWAY out",
    ]


def test_a_witness_of_an_invitation_reads_it_with_invite_notify():
    event = ev.Invited(ADA, "bob", "#tea", witness=True)
    assert written(event, "invite-notify") == [":ada!a@10.0.0.1 INVITE bob #tea"]


def moved(why="", topic="", respelled=False):
    """Return the renaming of #tea, made by ada, as bob is told it."""
    renamed = ev.RoomRenamed(ADA, "#tea", "#coffee", why)
    members = ev.MembersListed("#coffee", (("o", ADA), ("", BOB)), implicit=True)
    shown = ev.TopicShown("#coffee", topic, ADA.mask, 1_700_000_000_000)
    return ev.MovedAlong(renamed, respelled, ev.Joined(BOB, "#coffee", "Bob"), shown, members)


def test_a_renaming_is_one_line_for_who_knows_it():
    cap = "draft/channel-rename"
    assert written(moved("so tired", "beans"), cap) == [":ada!a@10.0.0.1 RENAME #tea #coffee :so tired"]
    assert written(moved(respelled=True), cap) == [":ada!a@10.0.0.1 RENAME #tea #coffee :"]


def test_a_renaming_is_leaving_and_entering_for_the_others():
    assert written(moved("so tired", "beans"), nick="bob") == [
        ":bob!b@10.0.0.2 PART #tea :so tired",
        ":bob!b@10.0.0.2 JOIN #coffee",
        ":irc.example 332 bob #coffee beans",
        ":irc.example 333 bob #coffee ada!a@10.0.0.1 1700000000",
        ":irc.example 353 bob = #coffee :@ada bob",
        ":irc.example 366 bob #coffee :End of /NAMES list",
    ]
    assert written(moved(), "no-implicit-names", nick="bob") == [
        ":bob!b@10.0.0.2 PART #tea",
        ":bob!b@10.0.0.2 JOIN #coffee",
    ]


def test_another_spelling_is_nothing_for_the_others():
    assert written(moved(respelled=True)) == []


@pytest.mark.parametrize("letter", ["x", "é", "☕", "😀"])
def test_a_line_is_cut_where_irc_ends_it(letter):
    (line,) = written(ev.TopicSet(ADA, "#tea", letter * 600))
    assert BODY_LIMIT - 4 < len(line.encode()) <= BODY_LIMIT
    assert line.endswith(letter)


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (UserNotInRoom("bob", "#tea"), "441 eve bob #tea :"),
        (UserInRoom("bob", "#tea"), "443 eve bob #tea :"),
        (NotRoomOperator("#tea"), "482 eve #tea :"),
        (TopicTooLong(391, 390), "FAIL TOPIC TOPIC_TOO_LONG :"),
        (RoomExists("#tea", "#coffee"), "FAIL RENAME CHANNEL_NAME_IN_USE #tea #coffee :"),
        (CannotRename("#tea", "#coffee", "why not"), "FAIL RENAME CANNOT_RENAME #tea #coffee :"),
    ],
)
def test_a_refusal_is_written(error, start):
    ((_, line),) = refuse(Page(INFO, frozenset(), "eve", 0), error)
    assert line.startswith(f":irc.example {start}")


def test_the_limits_are_told():
    known = tokens(INFO)
    assert {"CHANLIMIT=#:20", "CHANNELLEN=64", "CHANTYPES=#", "KICKLEN=390", "TOPICLEN=390", "SAFELIST"} <= set(known)
    (targets,) = [token for token in known if token.startswith("TARGMAX=")]
    for each in ("JOIN:", "KICK:", "NAMES:", "PART:", "PRIVMSG:4", "NOTICE:4", "TAGMSG:4"):
        assert each in targets.partition("=")[2].split(",")
