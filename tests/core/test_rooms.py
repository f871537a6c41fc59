"""Rooms: going to one, coming back, who is there, what it is about."""

from __future__ import annotations

import pytest

from chatctl.core.commands.circles import NOTICE_LIMIT
from chatctl.core.events.presence import Rejected, Renamed
from chatctl.core.events.rooms import Joined, Left, MembersListed, RoomsListed, TopicSet, TopicShown
from chatctl.core.limits import DEFAULTS
from chatctl.core.requests.presence import Quit, Rename
from chatctl.core.requests.rooms import ListMembers, ListRooms, Move, Part, Topic
from chatctl.core.requests.talk import Say
from chatctl.core.user import Source
from chatctl.errors import AlreadyInRoom, BadRoom, InLobby, TopicTooLong


def who(nick):
    """Return the person called ``nick`` as others see them."""
    return Source(nick, "text@127.0.0.1")


def refusal(play, person):
    (told,) = play.seen(person)
    assert isinstance(told, Rejected)
    return told.error


def test_a_move_is_told_in_both_rooms(play):
    play.arrives("ada", "bob", "eve")
    play.asks("bob", Move("#tea"))
    play.forget()
    play.asks("ada", Move("#tea"))
    assert play.seen("ada") == [Joined(who("ada"), "#tea")]
    assert play.seen("bob") == [Joined(who("ada"), "#tea")]
    assert play.seen("eve") == [Left(who("ada"), "#lobby")]


def test_who_moves_hears_the_new_room_and_no_longer_the_old(play):
    play.arrives("ada", "bob", "eve")
    play.asks("bob", Move("#tea"))
    play.asks("ada", Move("#tea"))
    play.forget()
    play.asks("eve", Say("in the lobby"))
    play.asks("bob", Say("at tea"))
    assert [event.message.text for event in play.seen("ada")] == ["at tea"]


def test_part_goes_back_to_the_lobby(play):
    play.arrives("ada", "bob")
    play.asks("ada", Move("#tea"))
    play.forget()
    play.asks("ada", Part())
    assert play.room("ada") is play.chat.lobby
    assert play.seen("ada") == play.seen("bob") == [Joined(who("ada"), "#lobby")]


def test_part_from_the_lobby_is_refused(play):
    play.arrives("ada")
    play.asks("ada", Part())
    error = refusal(play, "ada")
    assert isinstance(error, InLobby)
    assert str(error).startswith("you are in #lobby, where everyone starts")


@pytest.mark.parametrize("again", ["#tea", "#TEA", "#Tea"])
def test_a_move_to_the_room_one_is_in_is_refused_in_any_case(play, again):
    play.arrives("ada")
    play.asks("ada", Move("#tea"))
    play.forget()
    play.asks("ada", Move(again))
    error = refusal(play, "ada")
    assert isinstance(error, AlreadyInRoom)
    assert str(error) == "you are in #tea already"


def test_a_move_to_no_room_is_refused_and_moves_nobody(play):
    play.arrives("ada", "bob")
    play.asks("ada", Move("tea"))
    assert isinstance(refusal(play, "ada"), BadRoom)
    assert play.room("ada") is play.chat.lobby
    assert play.seen("bob") == []


def test_rooms_are_the_same_in_any_case_and_keep_their_first_spelling(play):
    play.arrives("ada", "bob")
    play.asks("ada", Move("#Tea"))
    play.forget()
    play.asks("bob", Move("#tEA"))
    assert play.room("ada") is play.room("bob")
    assert play.seen("ada") == play.seen("bob") == [Joined(who("bob"), "#Tea")]


def test_rooms_that_differ_outside_ascii_are_two(play):
    play.arrives("ada", "bob")
    play.asks("ada", Move("#É"))
    play.asks("bob", Move("#é"))
    assert play.room("ada") is not play.room("bob")


def test_the_lobby_in_another_case_is_the_lobby(play):
    play.arrives("ada")
    play.asks("ada", Move("#tea"), Move("#LOBBY"))
    assert play.room("ada") is play.chat.lobby
    assert set(play.chat.rooms) == {"#lobby"}


@pytest.mark.parametrize("going", [Part(), Quit(), Move("#elsewhere")], ids=["part", "quit", "move"])
def test_a_room_and_its_topic_end_with_the_last_member(play, going):
    play.arrives("ada", "bob")
    play.asks("ada", Move("#tea"), Topic("leaves"), going)
    assert "#tea" not in play.chat.rooms
    play.forget()
    play.asks("bob", Move("#tea"))
    assert play.seen("bob") == [Joined(who("bob"), "#tea")]
    assert play.room("bob").topic == ""


def test_a_room_lasts_while_somebody_is_in_it(play):
    play.arrives("ada", "bob")
    play.asks("ada", Move("#tea"), Topic("leaves"))
    play.asks("bob", Move("#tea"))
    play.asks("ada", Part())
    assert play.chat.rooms["#tea"].topic == "leaves"


def test_the_lobby_and_its_topic_outlast_everybody(play):
    play.arrives("ada")
    play.asks("ada", Topic("hello"), Quit())
    assert play.chat.rooms == {"#lobby": play.chat.lobby}
    assert play.chat.lobby.topic == "hello"


def test_rooms_are_listed_the_fullest_first_and_then_by_name(play):
    play.arrives("ada", "bob", "eve", "kim", "lea")
    play.asks("ada", Move("#Tea"), Topic("leaves"))
    play.asks("bob", Move("#ale"))
    play.asks("eve", Move("#Bar"))
    play.forget()
    play.asks("kim", ListRooms())
    rows = (("#lobby", 2, ""), ("#ale", 1, ""), ("#Bar", 1, ""), ("#Tea", 1, "leaves"))
    assert play.seen("kim") == [RoomsListed(rows)]


def test_the_empty_lobby_is_listed_too(play):
    play.arrives("ada")
    play.asks("ada", Move("#tea"))
    play.forget()
    play.asks("ada", ListRooms())
    assert play.seen("ada") == [RoomsListed((("#tea", 1, ""), ("#lobby", 0, "")))]


def test_members_are_listed_in_the_order_of_their_coming(play):
    play.arrives("zoe", "ada", "bob")
    play.asks("zoe", Move("#tea"), Part())
    play.forget()
    play.asks("bob", ListMembers())
    assert play.seen("bob") == [MembersListed("#lobby", tuple(("", who(one)) for one in ("ada", "bob", "zoe")))]


def test_a_topic_is_told_to_everybody_in_the_room(play):
    play.arrives("ada", "bob", "eve")
    play.asks("eve", Move("#tea"))
    play.forget()
    play.asks("ada", Topic("today"))
    assert play.seen("ada") == play.seen("bob") == [TopicSet(who("ada"), "#lobby", "today", message=1)]
    assert play.seen("eve") == []


def test_the_topic_is_shown_to_who_asks(play):
    play.arrives("ada", "bob")
    play.asks("bob", Topic("today"))
    play.forget()
    play.asks("ada", Topic())
    assert play.seen("ada") == [TopicShown("#lobby", "today", "bob!text@127.0.0.1", play.now)]
    assert play.seen("bob") == []


def test_a_room_without_a_topic_says_so(play):
    play.arrives("ada")
    play.asks("ada", Topic())
    assert play.seen("ada") == [TopicShown("#lobby", "")]


def test_an_empty_topic_takes_it_away(play):
    play.arrives("ada")
    play.asks("ada", Topic("today"), Topic(""), Topic())
    assert play.seen("ada")[1:] == [
        TopicSet(who("ada"), "#lobby", "", message=2),
        TopicShown("#lobby", "", "ada!text@127.0.0.1", play.now),
    ]


def test_who_comes_to_a_room_is_shown_its_topic(play):
    play.arrives("ada", "bob")
    play.asks("ada", Move("#tea"), Topic("leaves"))
    play.forget()
    play.asks("bob", Move("#tea"))
    assert play.seen("bob") == [
        Joined(who("bob"), "#tea"),
        TopicShown("#tea", "leaves", "ada!text@127.0.0.1", play.now),
    ]
    assert play.seen("ada") == [Joined(who("bob"), "#tea")]


@pytest.mark.parametrize("letter", ["x", "é", "😀"])
def test_a_topic_may_have_just_so_many_characters(play, letter):
    play.arrives("ada")
    play.asks("ada", Topic(letter * DEFAULTS.topic_length))
    assert play.seen("ada") == [TopicSet(who("ada"), "#lobby", letter * 390, message=1)]
    play.asks("ada", Topic(letter * (DEFAULTS.topic_length + 1)))
    error = refusal(play, "ada")
    assert isinstance(error, TopicTooLong)
    assert str(error) == "topic is 391 characters; the limit is 390"
    assert play.chat.lobby.topic == letter * 390


def test_arrivals_are_told_up_to_fifty_members(play):
    play.arrives("ada")
    play.crowd(NOTICE_LIMIT - 2)
    play.connects("the fiftieth")
    assert play.seen("ada") == [Joined(who("Client50"), "#lobby")]
    play.connects("one too many")
    assert play.seen("ada") == []


def test_leaves_are_told_from_fifty_members_down(play):
    play.arrives("ada", "bob", "eve")
    play.crowd(NOTICE_LIMIT - 2)
    play.asks("bob", Quit())
    assert play.seen("ada") == []
    play.asks("eve", Quit())
    assert play.seen("ada") == [Left(who("eve"), "#lobby", "quit")]


def test_a_new_name_in_a_big_room_is_told_to_its_owner_only(play):
    play.arrives("ada", "bob")
    play.crowd(NOTICE_LIMIT - 1)
    play.asks("ada", Rename("river"))
    assert play.seen("ada") == [Renamed(who("ada"), "river")]
    assert play.seen("bob") == []


def test_coming_to_a_big_room_is_told_to_who_comes_only(play):
    play.arrives("ada", "bob")
    play.crowd(NOTICE_LIMIT - 1)
    play.asks("ada", Move("#tea"))
    play.forget()
    play.crowd(1)
    play.asks("ada", Part())
    assert play.seen("ada") == [Joined(who("ada"), "#lobby")]
    assert play.seen("bob") == []


def test_messages_are_told_in_big_rooms_too(play):
    play.arrives("ada", "bob")
    play.crowd(NOTICE_LIMIT)
    play.asks("ada", Say("hi"))
    assert [event.message.text for event in play.seen("bob")] == ["hi"]


def test_topics_are_told_in_big_rooms_too(play):
    play.arrives("ada", "bob")
    play.crowd(NOTICE_LIMIT)
    play.asks("ada", Topic("hi"))
    assert play.seen("bob") == [TopicSet(who("ada"), "#lobby", "hi", message=1)]


def test_an_audience_is_the_same_tuple_until_the_membership_changes(play):
    play.arrives("ada", "bob")
    before = play.room("ada").audience
    play.asks("ada", Say("one"), Rename("river"), Topic("x"))
    play.asks("bob", Say("two"))
    assert play.room("ada").audience is before
    audiences = [delivery.audience for delivery in play.deliveries if len(delivery.audience) > 1]
    assert len(audiences) == 4
    assert all(audience is before for audience in audiences)


@pytest.mark.parametrize("change", ["arrival", "quit", "move", "part"])
def test_an_audience_is_another_tuple_once_the_membership_has_changed(play, change):
    play.arrives("ada", "bob", "eve")
    play.asks("eve", Move("#tea"))
    before = play.room("ada").audience
    assert before == (1, 2)
    changes = {
        "arrival": lambda: play.connects("kim"),
        "quit": lambda: play.asks("bob", Quit()),
        "move": lambda: play.asks("bob", Move("#tea")),
        "part": lambda: play.asks("eve", Part()),
    }
    changes[change]()
    after = play.room("ada").audience
    assert after != before
    assert set(after) == {session.id for user in play.room("ada").members for session in user.sessions}
