"""Asking for the past and for the sessions."""

from __future__ import annotations

import pytest

from chatctl.core.commands.lookups import TABLE_LIMIT
from chatctl.core.events.lookups import HelpShown
from chatctl.core.events.presence import Rejected
from chatctl.core.history import Page, RoomLog, Wanted
from chatctl.core.limits import DEFAULTS
from chatctl.core.queries import HistoryQuery, SearchQuery
from chatctl.core.requests.lookups import Help, History, Search, Status
from chatctl.core.requests.presence import Invalid, Quit, Rename
from chatctl.core.requests.rooms import Move
from chatctl.errors import BadParameter, NotUtf8


def query(play):
    (question,) = play.questions
    return question.query


@pytest.mark.parametrize("count", [1, 50, DEFAULTS.history_page])
def test_history_is_a_question_about_the_room_one_is_in(play, count):
    play.arrives("ada")
    play.asks("ada", Move("#Tea"), History(count))
    assert [one.query for one in play.questions] == [HistoryQuery(RoomLog("#Tea"), Page(count, events=False), "#Tea")]


@pytest.mark.parametrize("count", [-1, 0, DEFAULTS.history_page + 1, 10**9])
def test_history_of_too_few_or_too_many_is_refused_with_the_bounds(play, count):
    play.arrives("ada")
    play.asks("ada", History(count))
    (told,) = play.seen("ada")
    assert isinstance(told, Rejected)
    assert isinstance(told.error, BadParameter)
    assert str(told.error) == f"cannot show {count} messages; ask for 1 to 1000"
    assert play.questions == []


def test_search_is_a_question_about_the_room_one_is_in(play):
    play.arrives("ada")
    play.asks("ada", Search("green tea"))
    assert [one.query for one in play.questions] == [
        SearchQuery((RoomLog("#lobby"),), Wanted("green tea", count=50), "#lobby")
    ]
    assert play.seen("ada") == []


def test_status_knows_the_active_sessions_newest_first(plays):
    play = plays(limit=7)
    play.arrives("ada", "bob", "eve")
    play.asks("bob", Quit())
    play.forget()
    play.later(10)
    play.asks("ada", Status())
    asked = query(play)
    assert [entry.nick for entry in asked.active] == ["eve", "ada"]
    assert (asked.now, asked.active_total, asked.past_limit, asked.limit) == (play.now, 2, TABLE_LIMIT, 7)


def test_status_shows_the_newest_fifty_and_counts_all(play):
    play.crowd(60)
    play.arrives("ada")
    play.asks("ada", Status())
    asked = query(play)
    assert [entry.id for entry in asked.active] == list(range(61, 11, -1))
    assert (asked.active_total, asked.past_limit) == (61, 50)


def test_status_of_everything_has_no_limit(play):
    play.crowd(60)
    play.arrives("ada")
    play.asks("ada", Status(everything=True))
    asked = query(play)
    assert [entry.id for entry in asked.active] == list(range(61, 0, -1))
    assert asked.past_limit is None


def test_status_shows_names_as_they_are_now(play):
    play.arrives("ada")
    play.asks("ada", Rename("river"), Status())
    assert [entry.nick for entry in query(play).active] == ["river"]


def test_help_is_told_to_who_asks(play):
    play.arrives("ada", "bob")
    play.asks("ada", Help())
    assert play.seen("ada") == [HelpShown()]
    assert play.seen("bob") == []


def test_what_the_wire_did_not_understand_is_refused_in_its_turn(play):
    play.arrives("ada")
    error = NotUtf8(3)
    play.asks("ada", Help(), Invalid(error), Help())
    assert play.seen("ada") == [HelpShown(), Rejected(error), HelpShown()]


def test_questions_of_one_turn_keep_their_order(play):
    play.arrives("ada")
    play.asks("ada", Search("one"), History(2), Status())
    assert [type(question.query).__name__ for question in play.questions] == [
        "SearchQuery",
        "HistoryQuery",
        "SessionsQuery",
    ]
