"""Putting people out of rooms."""

from __future__ import annotations

import pytest

from chatctl.core.commands.circles import NOTICE_LIMIT
from chatctl.core.commands.kicking import REASON_LIMIT
from chatctl.core.events.presence import Expelled, Rejected
from chatctl.core.events.rooms import Joined, Kicked, TopicShown
from chatctl.core.requests.rooms import Join, Kick, Move, Topic
from chatctl.errors import Kicked as KickedOut
from chatctl.errors import NoSuchNick, NoSuchRoom, NotInRoom, NotRoomOperator, UserNotInRoom


def refusals(play, person):
    return [type(event.error) for event in play.seen(person) if isinstance(event, Rejected)]


@pytest.fixture
def tea(play):
    """Ada is the operator of #tea; bob, by IRC, and eve, by text, are in it; kim is elsewhere."""
    play.registers("ada", "bob", "kim")
    play.arrives("eve")
    play.asks("ada", Join(("#tea",)))
    play.asks("bob", Join(("#tea",)))
    play.asks("eve", Move("#tea"))
    play.forget()
    return play


def test_everybody_in_the_room_hears_and_the_one_is_out(tea):
    tea.asks("ada", Kick(("#TEA",), ("BOB",), "enough"))
    told = [Kicked(tea.user("ada").source, "#tea", "bob", "enough")]
    assert tea.seen("ada") == tea.seen("bob") == tea.seen("eve") == told
    assert tea.seen("kim") == []
    assert tea.user("bob") not in tea.chat.rooms["#tea"].members
    assert tea.user("bob").rooms == {}


def test_a_text_session_goes_back_to_the_lobby(tea):
    tea.chat.lobby.topic = "welcome"
    tea.asks("ada", Kick(("#tea",), ("eve",), "enough"))
    eve = tea.user("eve").source
    assert tea.room("eve") is tea.chat.lobby
    kicked, joined, topic = tea.seen("eve")
    assert kicked == Kicked(tea.user("ada").source, "#tea", "eve", "enough")
    assert joined == Joined(eve, "#lobby")
    assert topic == TopicShown("#lobby", "welcome")


def test_a_text_session_kicked_from_the_lobby_ends(tea):
    tea.user("kim").operator = "kim"
    tea.arrives("zoe", "lea")
    tea.asks("kim", Kick(("#lobby",), ("zoe",), "enough"))
    kicked = Kicked(tea.user("kim").source, "#lobby", "zoe", "enough")
    heard, expelled = tea.seen("zoe")
    assert heard == kicked
    assert isinstance(expelled, Expelled)
    assert isinstance(expelled.error, KickedOut)
    assert str(expelled.error) == "kim kicked you from #lobby (enough)"
    assert tea.dismissed == [tea.numbers["zoe"]]
    assert [row.reason for row in tea.rows] == ["kicked"]
    assert tea.seen("lea") == [kicked]
    assert "zoe" not in tea.chat.nicks


def test_a_kick_from_the_lobby_needs_no_word():
    assert str(KickedOut("#lobby", "kim", "")) == "kim kicked you from #lobby"


def test_a_server_operator_kicks_from_outside_and_is_told(tea):
    tea.user("kim").operator = "kim"
    tea.asks("kim", Kick(("#tea",), ("ada",)))
    told = [Kicked(tea.user("kim").source, "#tea", "ada")]
    assert tea.seen("kim") == tea.seen("ada") == tea.seen("bob") == told


def test_in_a_big_room_who_is_kicked_is_told_and_other_text_sessions_are_not(tea):
    tea.arrives("lea")
    tea.asks("lea", Move("#tea"))
    tea.crowd(NOTICE_LIMIT)
    for person in [name for name in tea.numbers if name.startswith("extra")]:
        tea.asks(person, Move("#tea"))
    tea.forget()
    tea.asks("ada", Kick(("#tea",), ("eve",)))
    told = Kicked(tea.user("ada").source, "#tea", "eve")
    assert tea.seen("bob") == tea.seen("ada") == [told]
    assert tea.seen("eve")[0] == told
    assert tea.seen("lea") == []


@pytest.mark.parametrize(
    ("person", "rooms", "nicks", "error"),
    [
        ("ada", ("#none",), ("bob",), NoSuchRoom),
        ("kim", ("#tea",), ("bob",), NotInRoom),
        ("bob", ("#tea",), ("ada",), NotRoomOperator),
        ("ada", ("#tea",), ("nobody",), NoSuchNick),
        ("ada", ("#tea",), ("kim",), UserNotInRoom),
    ],
)
def test_a_kick_is_refused(tea, person, rooms, nicks, error):
    tea.asks(person, Kick(rooms, nicks))
    assert refusals(tea, person) == [error]
    assert len(tea.chat.rooms["#tea"].members) == 3


def test_what_one_refuses_does_not_concern_the_others(tea):
    tea.asks("ada", Kick(("#tea", "#tea", "#tea"), ("kim", "bob", "eve")))
    assert [type(event) for event in tea.seen("ada")] == [Rejected, Kicked, Kicked]
    assert list(tea.chat.rooms["#tea"].members) == [tea.user("ada")]


def test_a_word_that_is_too_long_is_cut(tea):
    tea.asks("ada", Kick(("#tea",), ("bob",), "x" * (REASON_LIMIT + 1)))
    assert tea.seen("bob")[0].why == "x" * 390


def test_who_kicks_oneself_as_the_last_ends_the_room(play):
    play.arrives("ada")
    play.asks("ada", Move("#tea"), Topic("leaves"))
    play.forget()
    play.asks("ada", Kick(("#tea",), ("ada",)))
    assert play.room("ada") is play.chat.lobby
    assert set(play.chat.rooms) == {"#lobby"}
