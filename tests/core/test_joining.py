"""Being in several rooms at once, and their topics."""

from __future__ import annotations

import pytest

from chatctl.core.events.history import MarkerTold
from chatctl.core.events.presence import Rejected
from chatctl.core.events.rooms import Joined, Left, MembersListed, TopicSet, TopicShown
from chatctl.core.limits import DEFAULTS
from chatctl.core.requests.rooms import Join, Leave, LeaveAll, Move, Topic, TopicOf
from chatctl.core.room import OP, TOPIC_KEPT
from chatctl.errors import (
    BadRoom,
    InviteOnly,
    NoSuchRoom,
    NotInRoom,
    NotRoomOperator,
    TooManyRooms,
    TopicTooLong,
    WrongKey,
)


@pytest.fixture
def people(play):
    """Ada and bob, by IRC, are in no room."""
    play.registers("ada", "bob")
    return play


def refusals(play, person):
    return [type(event.error) for event in play.seen(person) if isinstance(event, Rejected)]


def test_who_comes_is_told_the_coming_the_topic_and_the_members_in_this_order(people):
    people.asks("ada", Join(("#tea",)), TopicOf("#tea", "leaves"))
    people.forget()
    people.asks("bob", Join(("#TEA",)))
    ada, bob = people.user("ada"), people.user("bob")
    joined = Joined(bob.source, "#tea", bob.realname)
    assert people.seen("bob") == [
        joined,
        MarkerTold("#tea", None),
        TopicShown("#tea", "leaves", ada.source.mask, people.now),
        MembersListed("#tea", (("o", ada.source), ("", bob.source)), implicit=True),
    ]
    assert people.seen("ada") == [joined]


def test_only_who_makes_a_room_is_its_operator_and_nobody_in_the_lobby(people):
    people.asks("ada", Join(("#tea", "#lobby")))
    people.asks("bob", Join(("#tea",)))
    tea = people.chat.rooms["#tea"]
    assert [user.nick for user in tea.members if tea.has_role(user, OP)] == ["ada"]
    assert not people.chat.lobby.has_role(people.user("ada"), OP)


def test_entering_a_room_again_is_nothing(people):
    people.asks("ada", Join(("#tea",)))
    people.forget()
    people.asks("ada", Join(("#TEA",)))
    assert people.seen("ada") == []


def test_what_one_room_refuses_does_not_concern_the_others(people):
    people.asks("ada", Join(("#tea", "tea", "#coffee")))
    assert refusals(people, "ada") == [BadRoom]
    assert list(people.user("ada").rooms) == ["#tea", "#coffee"]


def test_each_room_has_its_own_key(people):
    people.asks("ada", Join(("#tea", "#coffee")))
    people.chat.rooms["#tea"].key = "leaf"
    people.chat.rooms["#coffee"].key = "bean"
    people.asks("bob", Join(("#tea", "#coffee"), ("leaf",)))
    assert refusals(people, "bob") == [WrongKey]
    people.asks("bob", Join(("#coffee",), ("bean",)))
    assert list(people.user("bob").rooms) == ["#tea", "#coffee"]


def test_there_is_a_limit_of_rooms(people):
    people.asks("ada", Join(tuple(f"#{number}" for number in range(DEFAULTS.rooms_per_client + 1))))
    assert refusals(people, "ada") == [TooManyRooms]
    assert len(people.user("ada").rooms) == 20


def test_a_text_session_that_may_not_enter_stays_where_it_is(people):
    people.arrives("eve")
    people.asks("ada", Join(("#tea",)))
    people.chat.rooms["#tea"].flags.add("i")
    people.asks("eve", Move("#tea"))
    assert refusals(people, "eve") == [InviteOnly]
    assert people.room("eve") is people.chat.lobby


def test_leaving_is_told_with_its_word(people):
    people.asks("ada", Join(("#tea",)))
    people.asks("bob", Join(("#tea", "#coffee")))
    people.forget()
    people.asks("bob", Leave(("#none", "#TEA", "#tea"), "bye"))
    assert Left(people.user("bob").source, "#tea", "bye") in people.seen("ada")
    assert refusals(people, "bob") == [NoSuchRoom, NotInRoom]
    people.asks("bob", LeaveAll())
    assert people.user("bob").rooms == {}
    assert "#coffee" not in people.chat.rooms


def test_a_kept_topic_is_set_by_operators_only(people):
    people.asks("ada", Join(("#tea",)))
    people.asks("bob", Join(("#tea",)))
    tea = people.chat.rooms["#tea"]
    tea.flags.add(TOPIC_KEPT)
    people.forget()
    people.asks("bob", TopicOf("#tea", "coffee"))
    assert refusals(people, "bob") == [NotRoomOperator]
    people.asks("bob", TopicOf("#tea"))
    assert people.seen("bob") == [TopicShown("#tea", "")]
    people.asks("ada", TopicOf("#tea", "leaves"))
    assert people.seen("bob") == [TopicSet(people.user("ada").source, "#tea", "leaves", message=1)]
    tea.flags.discard(TOPIC_KEPT)
    people.asks("bob", TopicOf("#tea", ""))
    assert people.seen("ada")[-1] == TopicSet(people.user("bob").source, "#tea", "", message=2)


def test_a_kept_topic_is_kept_from_text_sessions_too(people):
    people.arrives("eve")
    people.asks("ada", Join(("#tea",)))
    people.chat.rooms["#tea"].flags.add(TOPIC_KEPT)
    people.asks("eve", Move("#tea"))
    people.forget()
    people.asks("eve", Topic("mine"))
    assert refusals(people, "eve") == [NotRoomOperator]


@pytest.mark.parametrize(
    ("room", "text", "error"),
    [("#none", None, NoSuchRoom), ("#tea", "x", NotInRoom), ("#own", "x" * 391, TopicTooLong)],
)
def test_a_topic_is_refused(people, room, text, error):
    people.asks("ada", Join(("#tea",)))
    people.asks("bob", Join(("#own",)))
    people.forget()
    people.asks("bob", TopicOf(room, text))
    assert refusals(people, "bob") == [error]
