"""Going: one door out, one row closed, nothing asked afterwards."""

from __future__ import annotations

import pytest

from chatctl.core.events.presence import Dismissed, Expelled, Stopping
from chatctl.core.events.rooms import Left
from chatctl.core.requests.lookups import Search
from chatctl.core.requests.presence import Expel, Quit, Rename, Vanish
from chatctl.core.requests.rooms import ListRooms, Move
from chatctl.core.requests.talk import Say
from chatctl.core.user import Source
from chatctl.errors import InternalError, TooManyBadLines


def who(nick):
    """Return the person called ``nick`` as others see them."""
    return Source(nick, "text@127.0.0.1")


EXPULSION = TooManyBadLines(3)
WAYS_OUT = [
    pytest.param(Quit(), "quit", "quit", id="quit"),
    pytest.param(Quit("tea time"), "quit", "quit: tea time", id="quit with a note"),
    pytest.param(Vanish("eof"), "eof", "eof", id="eof"),
    pytest.param(Vanish("sendq"), "sendq", "sendq", id="sendq"),
    pytest.param(Expel(EXPULSION), "too-many-bad-lines", "too-many-bad-lines", id="bad lines"),
    pytest.param(Expel(InternalError()), "internal-error", "internal-error", id="our mistake"),
]


@pytest.mark.parametrize(("leaving", "reason", "why"), WAYS_OUT)
def test_a_leave_is_told_to_the_others_and_closes_the_row(play, leaving, reason, why):
    play.arrives("ada", "bob")
    play.later(83_000)
    play.asks("ada", leaving)
    assert play.seen("bob") == [Left(who("ada"), "#lobby", why)]
    (row,) = play.rows
    assert (row.id, row.nick, row.reason) == (1, "ada", reason)
    assert row.disconnected - row.connected == 83_000
    assert play.dismissed == [1]


@pytest.mark.parametrize(("leaving", "reason", "why"), WAYS_OUT)
def test_nothing_of_a_session_is_left_behind(play, leaving, reason, why):
    play.arrives("ada", "bob")
    play.asks("ada", Move("#tea"), leaving)
    assert set(play.chat.sessions) == {2}
    assert set(play.chat.nicks) == {"bob"}
    assert set(play.chat.rooms) == {"#lobby"}
    assert play.chat.lobby.audience == (2,)


@pytest.mark.parametrize(("leaving", "reason", "why"), WAYS_OUT)
def test_a_session_that_has_ended_asks_nothing_more(play, leaving, reason, why):
    play.arrives("ada", "bob")
    turn = play.asks("ada", leaving, Say("ghost"), Rename("ghost"), Search("x"), Quit(), Vanish("eof"), ListRooms())
    assert turn.dismissed == [1]
    assert turn.messages == []
    assert turn.questions == []
    assert turn.entries[1].reason == reason
    later = play.asks("ada", Say("ghost"), Vanish("eof"))
    assert later.deliveries == []
    assert (later.entries, later.dismissed) == ({}, [])
    assert play.seen("bob") == [Left(who("ada"), "#lobby", why)]


def test_who_quits_is_told_a_goodbye_with_the_closed_row(play):
    play.arrives("ada")
    play.later(1000)
    play.asks("ada", Quit("tea"))
    (told,) = play.seen("ada")
    assert told == Dismissed(play.rows[0], "tea")
    assert told.entry.disconnected == play.now


def test_who_is_expelled_is_told_why(play):
    play.arrives("ada", "bob")
    play.asks("ada", Expel(EXPULSION))
    assert play.seen("ada") == [Expelled(EXPULSION)]


def test_who_vanished_is_told_nothing(play):
    play.arrives("ada", "bob")
    play.asks("ada", Vanish("eof"))
    assert play.seen("ada") == []


def test_a_leave_is_told_in_the_room_only(play):
    play.arrives("ada", "bob", "eve")
    play.asks("ada", Move("#tea"))
    play.asks("bob", Move("#tea"))
    play.forget()
    play.asks("ada", Quit())
    assert play.seen("bob") == [Left(who("ada"), "#tea", "quit")]
    assert play.seen("eve") == []


def test_what_was_said_in_the_last_turn_is_kept(play):
    play.arrives("ada", "bob")
    play.asks("ada", Say("last words"), Quit())
    assert [message.text for message in play.kept] == ["last words"]
    assert [type(event).__name__ for event in play.seen("bob")] == ["Said", "Left"]


def test_a_stop_is_told_to_everybody_once_and_closes_every_row(play):
    play.arrives("ada", "bob", "eve")
    play.asks("eve", Move("#tea"))
    play.forget()
    play.later(5000)
    play.stops()
    for person in ("ada", "bob", "eve"):
        assert play.seen(person) == [Stopping()]
    assert [(row.id, row.reason, row.disconnected) for row in play.rows] == [
        (number, "shutdown", play.now) for number in (1, 2, 3)
    ]
    assert play.dismissed == [1, 2, 3]
    assert play.chat.sessions == {}
    assert play.chat.nicks == {}
    assert set(play.chat.rooms) == {"#lobby"}


def test_after_a_stop_nothing_is_asked_and_a_second_stop_ends_nobody_twice(play):
    play.arrives("ada")
    play.stops()
    play.forget()
    play.asks("ada", Vanish("eof"))
    turn = play.stops()
    assert play.rows == []
    assert play.dismissed == []
    assert turn.deliveries == []


def test_who_left_in_the_turn_of_the_stop_keeps_their_own_reason(play):
    play.arrives("ada", "bob")
    play.asks("ada", Vanish("eof"))
    play.stops()
    assert [(row.id, row.reason) for row in play.rows] == [(1, "eof"), (2, "shutdown")]


def test_an_arrival_and_a_leave_in_one_turn_are_one_closed_row(play):
    play.connects("ada")
    turn = play.asks("ada", Rename("river"), Quit())
    (row,) = turn.entries.values()
    assert (row.nick, row.reason) == ("river", "quit")
