"""Giving rooms other names."""

from __future__ import annotations

import pytest

from chatctl.core.commands.renaming import PAUSE
from chatctl.core.events.presence import Rejected
from chatctl.core.events.rooms import Joined, MembersListed, MovedAlong, RoomRenamed, TopicShown
from chatctl.core.requests.rooms import Join, Move, Part, RenameRoom, TopicOf
from chatctl.core.requests.talk import Say
from chatctl.errors import BadRoom, CannotRename, NoSuchRoom, NotInRoom, NotRoomOperator, RoomExists


@pytest.fixture
def tea(play):
    """Ada, by IRC, is the operator of #tea; eve, by text, and bob are in it; kim is elsewhere."""
    play.registers("ada", "bob", "kim")
    play.arrives("eve")
    play.asks("ada", Join(("#first", "#tea", "#last")), TopicOf("#tea", "leaves"))
    play.asks("bob", Join(("#tea",)))
    play.asks("eve", Move("#tea"))
    play.forget()
    return play


def refusal(play, person):
    (told,) = play.seen(person)
    assert isinstance(told, Rejected)
    return told.error


def test_a_room_keeps_its_members_its_topic_and_their_order(tea):
    room = tea.chat.rooms["#tea"]
    tea.asks("ada", RenameRoom("#TEA", "#Coffee", "tired"))
    assert tea.chat.rooms["#coffee"] is room
    assert "#tea" not in tea.chat.rooms
    assert (room.name, room.topic) == ("#Coffee", "leaves")
    assert list(tea.user("ada").rooms) == ["#first", "#coffee", "#last"]
    assert tea.room("eve") is room


def test_each_member_is_told_and_who_keeps_lists_what_it_amounts_to(tea):
    tea.asks("ada", RenameRoom("#tea", "#coffee", "tired"))
    people = [tea.user(name).source for name in ("ada", "bob", "eve")]
    renamed = RoomRenamed(people[0], "#tea", "#coffee", "tired")
    members = MembersListed("#coffee", (("o", people[0]), ("", people[1]), ("", people[2])), implicit=True)
    topic = TopicShown("#coffee", "leaves", people[0].mask, tea.now)
    for name in ("ada", "bob"):
        user = tea.user(name)
        joined = Joined(user.source, "#coffee", user.realname)
        assert tea.seen(name) == [MovedAlong(renamed, False, joined, topic, members)]
    assert tea.seen("eve") == [renamed]
    assert tea.seen("kim") == []


def test_life_goes_on_in_the_renamed_room(tea):
    tea.asks("ada", RenameRoom("#tea", "#coffee"))
    tea.forget()
    tea.asks("eve", Say("hi"), Part())
    assert tea.kept[0].target == "#coffee"
    assert list(tea.user("eve").rooms) == ["#lobby"]


def test_a_room_without_text_sessions_is_renamed_too(tea):
    tea.asks("ada", RenameRoom("#last", "#end"))
    (told,) = tea.seen("ada")
    assert isinstance(told, MovedAlong)
    assert [delivery.audience for delivery in tea.deliveries] == [(tea.numbers["ada"],)]


def test_only_the_spelling_may_change(tea):
    tea.asks("ada", RenameRoom("#tea", "#TEA"))
    assert tea.chat.rooms["#tea"].name == "#TEA"
    assert tea.seen("bob")[0].respelled


def test_the_old_name_is_free_again(tea):
    tea.asks("ada", RenameRoom("#tea", "#coffee"))
    tea.asks("kim", Join(("#tea",)))
    assert list(tea.chat.rooms["#tea"].members) == [tea.user("kim")]


def test_a_room_is_not_renamed_again_at_once(tea):
    tea.asks("ada", RenameRoom("#tea", "#coffee"))
    tea.forget()
    tea.later(PAUSE - 1)
    tea.asks("ada", RenameRoom("#coffee", "#tea"))
    assert isinstance(refusal(tea, "ada"), CannotRename)
    tea.later(1)
    tea.asks("ada", RenameRoom("#coffee", "#tea"))
    assert "#tea" in tea.chat.rooms


@pytest.mark.parametrize(
    ("person", "room", "new", "error"),
    [
        ("ada", "#none", "#coffee", NoSuchRoom),
        ("kim", "#tea", "#coffee", NotInRoom),
        ("bob", "#tea", "#coffee", NotRoomOperator),
        ("ada", "#tea", "coffee", BadRoom),
        ("ada", "#tea", "#LAST", RoomExists),
        ("ada", "#tea", "#lobby", RoomExists),
        ("ada", "#tea", "#tea", CannotRename),
    ],
)
def test_a_renaming_is_refused(tea, person, room, new, error):
    tea.asks(person, RenameRoom(room, new))
    assert isinstance(refusal(tea, person), error)
    assert tea.chat.rooms["#tea"].name == "#tea"


def test_the_lobby_keeps_its_name(tea):
    tea.user("kim").operator = "kim"
    tea.asks("kim", Join(("#lobby",)))
    tea.forget()
    tea.asks("kim", RenameRoom("#lobby", "#hall"))
    assert isinstance(refusal(tea, "kim"), CannotRename)
