"""Watching who comes and goes, and how they are."""

from __future__ import annotations

import pytest

from chatctl.core.commands.status import tell_account_change
from chatctl.core.events.accounts import AccountChanged
from chatctl.core.events.presence import Rejected
from chatctl.core.events.status import Appeared, AwayChanged, Vanished, Watched, WatchedListed
from chatctl.core.requests import status as ask
from chatctl.core.requests.presence import Introduce, Quit, Rename, Vanish
from chatctl.core.requests.rooms import Join
from chatctl.core.turn import Turn
from chatctl.core.watching import WATCH_LIMIT, WatchLists
from chatctl.errors import BadNick, WatchListFull


def source(play, person):
    return play.user(person).source


@pytest.fixture
def town(play):
    """Ada, bob and eve share no room."""
    play.registers("ada", "bob", "eve")
    return play


def test_who_begins_to_watch_is_told_who_is_here(town):
    town.asks("ada", ask.Watch(("BOB", "kim", "eve")))
    assert town.seen("ada") == [Appeared((source(town, "bob"), source(town, "eve"))), Vanished(("kim",))]


def test_watching_one_name_makes_one_answer(town):
    town.asks("ada", ask.Watch(("bob",)))
    assert town.seen("ada") == [Appeared((source(town, "bob"),))]
    town.asks("ada", ask.Watch(("kim",)))
    assert town.seen("ada") == [Vanished(("kim",))]


def test_what_cannot_be_a_nick_is_refused_and_the_rest_is_watched(town):
    town.asks("ada", ask.Watch(("*!*@host", "kim")))
    refused, answer = town.seen("ada")
    assert isinstance(refused.error, BadNick)
    assert answer == Vanished(("kim",))
    town.asks("ada", ask.ListWatched())
    assert town.seen("ada") == [WatchedListed(("kim",))]


def test_who_registers_appears_to_those_who_watch_the_name(town):
    town.asks("ada", ask.Watch(("KIM",)))
    town.forget()
    _register(town, "kim")
    assert town.seen("ada") == [Appeared((source(town, "kim"),))]
    assert town.seen("bob") == []


def _register(play, person):
    play.connects(person, wire="irc")
    play.asks(person, Rename(person))
    play.asks(person, Introduce(person, "real"))


def test_a_nick_before_registration_is_nobody_yet(town):
    town.asks("ada", ask.Watch(("kim",)))
    town.forget()
    town.connects("kim", wire="irc")
    town.asks("kim", Rename("kim"))
    assert town.seen("ada") == []
    town.asks("kim", Vanish("reset"))
    assert town.seen("ada") == []


def test_people_with_netcat_appear_and_vanish_too(town):
    town.asks("ada", ask.Watch(("Client04", "river")))
    town.forget()
    town.connects("river")
    assert town.seen("ada") == [Appeared((source(town, "river"),))]
    town.asks("river", Rename("river"))
    assert town.seen("ada") == [Vanished(("Client04",)), Appeared((source(town, "river"),))]
    town.asks("river", Quit())
    assert town.seen("ada") == [Vanished(("river",))]


def test_only_the_case_of_a_nick_is_no_coming_or_going(town):
    town.asks("ada", ask.Watch(("bob",)))
    town.forget()
    town.asks("bob", Rename("BOB"))
    assert town.seen("ada") == []
    town.asks("bob", Rename("rob"))
    assert town.seen("ada") == [Vanished(("BOB",))]


def test_who_has_another_client_here_does_not_vanish(town):
    town.asks("ada", ask.Watch(("bob",)))
    _attach(town, "bob", "bob's phone")
    town.forget()
    town.asks("bob", Quit())
    assert town.seen("ada") == []
    town.asks("bob's phone", Quit())
    assert town.seen("ada") == [Vanished(("bob",))]


def _attach(play, person, further):
    """Begin a further session of a person."""
    play.connects(further, wire="irc")
    session = play.chat.sessions[play.numbers[further]]
    play.chat.attach(session, play.user(person))
    session.registration = None


def test_who_watches_no_more_is_told_nothing(town):
    town.asks("ada", ask.Watch(("bob", "eve")))
    town.asks("bob", ask.Watch(("eve",)))
    town.asks("ada", ask.Unwatch(("EVE", "kim")))
    town.forget()
    town.asks("eve", Quit())
    assert town.seen("ada") == []
    assert town.seen("bob") == [Vanished(("eve",))]
    town.asks("ada", ask.UnwatchAll(), ask.ListWatched())
    assert town.seen("ada") == [WatchedListed(())]


def test_who_has_left_watches_nobody(town):
    town.asks("ada", ask.Watch(("bob", "ada")))
    town.forget()
    turn = town.asks("ada", Quit())
    assert not [one for one in turn.deliveries if isinstance(one.event, Vanished)]
    turn = town.asks("bob", Quit())
    assert not [one for one in turn.deliveries if isinstance(one.event, Vanished)]
    assert town.chat.watching.watchers("bob") == ()


def test_the_state_of_all_that_are_watched_can_be_asked_for(town):
    town.asks("ada", ask.Watch(("bob", "kim")))
    town.forget()
    town.asks("ada", ask.ShowWatched())
    assert town.seen("ada") == [Appeared((source(town, "bob"),)), Vanished(("kim",))]


def test_nobody_watches_more_than_a_hundred_names(town):
    names = tuple(f"n{number}" for number in range(WATCH_LIMIT + 2))
    town.asks("ada", ask.Watch(names))
    answer, refused = town.seen("ada")
    assert answer == Vanished(names[:WATCH_LIMIT])
    assert isinstance(refused.error, WatchListFull)
    assert refused.error.about == (str(WATCH_LIMIT), "n100,n101")
    town.asks("ada", ask.Watch(("N1",)))
    assert town.seen("ada") == [Vanished(("N1",))]


def test_who_watches_and_shares_no_room_is_told_apart(town):
    town.asks("ada", ask.Watch(("bob",)))
    town.asks("eve", ask.Watch(("bob",)))
    town.asks("bob", Join(("#tea",)))
    town.asks("eve", Join(("#tea",)))
    town.forget()
    town.asks("bob", ask.Away("lunch"))
    changed = AwayChanged(source(town, "bob"), "lunch")
    assert town.seen("ada") == [Watched(changed)]
    assert town.seen("eve") == [changed]


def test_who_watches_only_people_of_the_same_room_is_told_once(town):
    town.asks("eve", ask.Watch(("bob",)))
    town.asks("bob", Join(("#tea",)))
    town.asks("eve", Join(("#tea",)))
    town.forget()
    town.asks("bob", ask.Away("lunch"))
    assert town.seen("eve") == [AwayChanged(source(town, "bob"), "lunch")]


def test_an_account_is_told_to_those_who_watch_and_to_oneself(town):
    town.asks("ada", ask.Watch(("bob",)))
    town.forget()
    user = town.user("bob")
    user.account = "bobby"
    user.changed()
    turn = Turn(town.now)
    tell_account_change(town.chat, user, turn)
    town._conclude(turn)
    changed = AccountChanged(source(town, "bob"))
    assert changed.who.account == "bobby"
    assert town.seen("bob") == [changed]
    assert town.seen("ada") == [Watched(changed)]


def test_a_name_is_kept_as_it_was_written_first():
    lists = WatchLists()
    assert lists.add(1, "Kim")
    assert lists.add(1, "kim")
    assert lists.watched(1) == ("Kim",)
    assert lists.watchers("KIM") == (1,)
    lists.remove(1, "kiM")
    lists.remove(1, "kim")
    assert lists.watchers("kim") == lists.watched(1) == ()


def test_removing_or_clearing_what_is_not_there_is_no_mistake():
    lists = WatchLists()
    lists.remove(7, "kim")
    lists.clear(7)
    assert lists.watched(7) == ()


def test_refusals_are_told_to_the_asker_alone(town):
    town.asks("ada", ask.Watch(("9",)))
    assert [type(event) for event in town.seen("ada")] == [Rejected]
    assert town.seen("bob") == []
