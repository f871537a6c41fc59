"""Inviting people into rooms."""

from __future__ import annotations

import pytest

from chatctl.core.events.presence import Rejected
from chatctl.core.events.rooms import InvitationsListed, Invited, Inviting, Joined
from chatctl.core.events.talk import AwayTold
from chatctl.core.requests.presence import Quit
from chatctl.core.requests.rooms import Invite, Join, Leave, ListInvitations
from chatctl.core.room import INVITE_ONLY, OP
from chatctl.errors import InviteOnly, NoSuchNick, NoSuchRoom, NotInRoom, NotRoomOperator, UserInRoom


@pytest.fixture
def tea(play):
    """Ada is the operator of #tea, bob a member of it; kim is elsewhere."""
    play.registers("ada", "bob", "kim")
    play.asks("ada", Join(("#tea",)))
    play.asks("bob", Join(("#tea",)))
    play.forget()
    return play


def refusal(play, person):
    (told,) = play.seen(person)
    assert isinstance(told, Rejected)
    return type(told.error)


def test_an_invitation_is_told_to_the_one_and_confirmed(tea):
    tea.asks("ada", Invite("KIM", "#TEA"))
    assert tea.seen("ada") == [Inviting("kim", "#tea")]
    assert tea.seen("kim") == [Invited(tea.user("ada").source, "kim", "#tea")]
    assert tea.seen("bob") == []


def test_other_operators_are_witnesses(tea):
    tea.chat.rooms["#tea"].members[tea.user("bob")].roles.add(OP)
    tea.asks("ada", Invite("kim", "#tea"))
    assert tea.seen("bob") == [Invited(tea.user("ada").source, "kim", "#tea", witness=True)]
    assert tea.seen("ada") == [Inviting("kim", "#tea")]


def test_who_invites_somebody_away_is_told_so(tea):
    tea.user("kim").away = "lunch"
    tea.asks("ada", Invite("kim", "#tea"))
    assert tea.seen("ada") == [Inviting("kim", "#tea"), AwayTold("kim", "lunch")]


def test_an_operators_invitation_opens_a_closed_room_once(tea):
    tea.chat.rooms["#tea"].flags.add(INVITE_ONLY)
    tea.asks("kim", Join(("#tea",)))
    assert refusal(tea, "kim") is InviteOnly
    tea.asks("ada", Invite("kim", "#tea"))
    tea.forget()
    tea.asks("kim", Join(("#tea",)))
    assert isinstance(tea.seen("kim")[0], Joined)
    tea.asks("kim", Leave(("#tea",)))
    tea.forget()
    tea.asks("kim", Join(("#tea",)))
    assert refusal(tea, "kim") is InviteOnly


def test_the_rooms_that_one_is_invited_to_are_listed(tea):
    tea.asks("kim", ListInvitations())
    tea.asks("ada", Invite("kim", "#tea"))
    tea.asks("kim", ListInvitations())
    assert tea.seen("kim")[::2] == [InvitationsListed(()), InvitationsListed(("#tea",))]


def test_the_invitation_of_somebody_else_opens_nothing(tea):
    tea.asks("bob", Invite("kim", "#tea"))
    tea.asks("kim", ListInvitations())
    assert tea.seen("kim") == [Invited(tea.user("bob").source, "kim", "#tea"), InvitationsListed(())]


def test_a_server_operator_in_the_room_opens_it(tea):
    tea.user("bob").operator = "bob"
    tea.chat.rooms["#tea"].flags.add(INVITE_ONLY)
    tea.asks("bob", Invite("kim", "#tea"))
    assert tea.chat.rooms["#tea"].invited == {tea.user("kim")}


def test_who_has_left_the_server_is_no_longer_remembered(tea):
    tea.asks("ada", Invite("kim", "#tea"))
    tea.asks("kim", Quit())
    tea.registers("lea")
    tea.asks("ada", Invite("lea", "#tea"))
    assert tea.chat.rooms["#tea"].invited == {tea.user("lea")}


@pytest.mark.parametrize(
    ("person", "nick", "room", "error"),
    [
        ("ada", "nobody", "#tea", NoSuchNick),
        ("ada", "kim", "#none", NoSuchRoom),
        ("kim", "ada", "#tea", NotInRoom),
        ("bob", "kim", "#tea", NotRoomOperator),
        ("ada", "bob", "#tea", UserInRoom),
    ],
)
def test_an_invitation_is_refused(tea, person, nick, room, error):
    tea.chat.rooms["#tea"].flags.add(INVITE_ONLY)
    tea.asks(person, Invite(nick, room))
    assert refusal(tea, person) is error
    assert tea.seen("kim") == []
