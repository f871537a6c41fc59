"""Which rooms there are, and who is in them."""

from __future__ import annotations

import pytest

from chatctl.core.commands.listing import MINUTE
from chatctl.core.events.rooms import MembersListed, NamesListed, RoomsFound, RoomsListed
from chatctl.core.requests.rooms import Bound, Join, ListRooms, Names, SearchRooms, TopicOf
from chatctl.core.room import HIDDEN
from chatctl.core.user import INVISIBLE


@pytest.fixture
def town(play):
    """Ada made #tea 10 minutes ago and gave it a topic 5 minutes ago; bob made #coffee now and both are in it."""
    play.registers("ada", "bob", "kim")
    play.asks("ada", Join(("#tea",)))
    play.later(5 * MINUTE)
    play.asks("ada", TopicOf("#tea", "leaves"))
    play.later(5 * MINUTE)
    play.asks("bob", Join(("#coffee",)))
    play.asks("ada", Join(("#coffee",)))
    play.later(1)
    play.forget()
    return play


def found(play, person, *masks, unlike=(), bounds=()):
    play.asks(person, SearchRooms(masks, unlike, tuple(bounds)))
    (event,) = play.seen(person)
    assert isinstance(event, RoomsFound)
    return [name for name, _, _ in event.rooms]


def test_rooms_with_somebody_in_them_are_found_the_fullest_first(town):
    town.asks("kim", SearchRooms())
    assert town.seen("kim") == [RoomsFound((("#coffee", 2, ""), ("#tea", 1, "leaves")))]


@pytest.mark.parametrize(
    ("masks", "unlike", "expected"),
    [
        (("#TEA",), (), ["#tea"]),
        (("*f*", "#te?"), (), ["#coffee", "#tea"]),
        (("#none",), (), []),
        ((), ("*ea",), ["#coffee"]),
        ((), ("#none",), ["#coffee", "#tea"]),
        (("#*",), ("#c*", "#t*"), []),
    ],
)
def test_rooms_are_found_by_name(town, masks, unlike, expected):
    assert found(town, "kim", *masks, unlike=unlike) == expected


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ([Bound("members", True, 1)], ["#coffee"]),
        ([Bound("members", False, 2)], ["#tea"]),
        ([Bound("created", True, 9)], ["#tea"]),
        ([Bound("created", False, 9)], ["#coffee"]),
        ([Bound("created", False, 0)], []),
        ([Bound("topic", True, 4)], ["#tea"]),
        ([Bound("topic", True, 6)], []),
        ([Bound("topic", False, 6)], ["#tea"]),
        ([Bound("members", True, 0), Bound("created", False, 9)], ["#coffee"]),
    ],
)
def test_rooms_are_found_by_members_and_times(town, bounds, expected):
    assert found(town, "kim", bounds=bounds) == expected


def test_a_secret_room_is_known_to_members_and_server_operators(town):
    town.chat.rooms["#tea"].flags.add(HIDDEN)
    assert found(town, "kim") == ["#coffee"]
    assert found(town, "ada") == ["#coffee", "#tea"]
    town.user("kim").operator = "kim"
    assert found(town, "kim") == ["#coffee", "#tea"]


def test_a_secret_room_is_not_in_the_list_for_text_sessions(town):
    town.chat.rooms["#tea"].flags.add(HIDDEN)
    town.arrives("eve")
    town.asks("eve", ListRooms())
    assert town.seen("eve") == [RoomsListed((("#coffee", 2, ""), ("#lobby", 1, "")))]


def test_members_of_several_rooms_are_told_in_one_answer(town):
    town.asks("kim", Names(("#TEA", "#none", "#coffee")))
    ada, bob = town.user("ada").source, town.user("bob").source
    tea = MembersListed("#tea", (("o", ada),))
    coffee = MembersListed("#coffee", (("o", bob), ("", ada)))
    assert town.seen("kim") == [NamesListed(("#TEA", "#none", "#coffee"), (tea, coffee))]


def test_the_members_of_a_secret_room_are_told_to_members(town):
    town.chat.rooms["#tea"].flags.add(HIDDEN)
    town.asks("kim", Names(("#tea",)))
    assert town.seen("kim") == [NamesListed(("#tea",), ())]
    town.asks("ada", Names(("#tea",)))
    assert town.seen("ada") == [
        NamesListed(("#tea",), (MembersListed("#tea", (("o", town.user("ada").source),), secret=True),))
    ]


def test_invisible_members_are_shown_to_members_only(town):
    town.user("ada").modes.add(INVISIBLE)
    ada, bob = town.user("ada").source, town.user("bob").source
    town.asks("kim", Names(("#coffee",)))
    assert town.seen("kim")[0].rooms == (MembersListed("#coffee", (("o", bob),)),)
    town.asks("bob", Names(("#coffee",)))
    assert town.seen("bob")[0].rooms == (MembersListed("#coffee", (("o", bob), ("", ada))),)
