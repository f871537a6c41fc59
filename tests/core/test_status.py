"""Being away, real names."""

from __future__ import annotations

import pytest

from chatctl.core.commands.status import ABSENT, AWAY_LIMIT, REALNAME_LIMIT, bring_note
from chatctl.core.events.presence import Labeled as LabeledEvent
from chatctl.core.events.presence import Rejected
from chatctl.core.events.rooms import Joined
from chatctl.core.events.status import AwayChanged, AwayNoted, RealnameChanged
from chatctl.core.events.talk import AwayTold
from chatctl.core.requests import status as ask
from chatctl.core.requests.presence import Introduce, Labeled, Rename
from chatctl.core.requests.rooms import Join
from chatctl.core.requests.talk import Send
from chatctl.core.turn import Turn
from chatctl.errors import BadRealname, NotRegistered


@pytest.fixture
def tea(play):
    """Ada and bob are in a room, eve is not."""
    play.registers("ada", "bob", "eve")
    play.asks("ada", Join(("#tea",)))
    play.asks("bob", Join(("#tea",)))
    play.forget()
    return play


@pytest.fixture
def shared(tea):
    """The same; ada is there by a phone too."""
    tea.connects("phone", wire="irc")
    session = tea.chat.sessions[tea.numbers["phone"]]
    tea.chat.attach(session, tea.user("ada"))
    session.registration = None
    tea.forget()
    return tea


def test_who_goes_away_is_told_so_and_the_room_learns_it(tea):
    tea.asks("ada", ask.Away("lunch"))
    assert tea.seen("ada") == [AwayNoted(True)]
    assert tea.seen("bob") == [AwayChanged(tea.user("ada").source, "lunch")]
    assert tea.seen("eve") == []
    tea.asks("ada", ask.Away())
    assert tea.seen("ada") == [AwayNoted(False)]
    assert tea.seen("bob") == [AwayChanged(tea.user("ada").source, "")]


def test_who_says_the_same_again_is_told_so_but_nobody_else(tea):
    tea.asks("ada", ask.Away("lunch"))
    tea.forget()
    tea.asks("ada", ask.Away("lunch"))
    assert tea.seen("ada") == [AwayNoted(True)]
    assert tea.seen("bob") == []
    tea.asks("bob", ask.Away())
    assert tea.seen("bob") == [AwayNoted(False)]
    assert tea.seen("ada") == []


def test_a_long_note_is_cut(tea):
    tea.asks("ada", ask.Away("é" * (AWAY_LIMIT + 1)))
    assert tea.user("ada").away == "é" * AWAY_LIMIT


def test_a_labelled_answer_holds_only_what_is_for_oneself(tea):
    tea.asks("ada", Labeled("x", ask.Away("lunch")))
    assert tea.seen("ada") == [LabeledEvent("x", (AwayNoted(True),))]


def test_who_writes_to_somebody_away_is_told_the_note(tea):
    tea.asks("ada", ask.Away("lunch"))
    tea.asks("eve", Send(("ada",), "say", "hi"))
    assert tea.seen("eve")[-1] == AwayTold("ada", "lunch")


def test_each_client_of_somebody_is_told_but_not_as_of_others(shared):
    shared.asks("phone", ask.Away("lunch"))
    assert shared.seen("phone") == shared.seen("ada") == [AwayNoted(True)]
    assert shared.seen("bob") == [AwayChanged(shared.user("ada").source, "lunch")]


def test_nobody_is_told_of_several_clients_who_are_alone(shared):
    shared.user("bob")
    shared.chat.leave(shared.user("bob"), shared.chat.rooms["#tea"])
    turn = shared.asks("phone", ask.Away("lunch"))
    assert {type(one.event) for one in turn.deliveries} == {AwayNoted}


def test_a_client_that_came_by_itself_says_nothing_about_the_others(shared):
    shared.asks("phone", ask.Away(ABSENT))
    assert shared.seen("phone") == [AwayNoted(True)]
    assert shared.seen("ada") == shared.seen("bob") == []
    assert not shared.user("ada").away


def test_the_only_client_may_be_there_without_its_user(tea):
    tea.asks("ada", ask.Away(ABSENT))
    assert tea.seen("bob") == [AwayChanged(tea.user("ada").source, ABSENT)]


def test_who_has_not_registered_may_be_away_only_with_pre_away(play):
    play.connects("kim", wire="irc")
    play.asks("kim", ask.Away("lunch"))
    (event,) = play.seen("kim")
    assert isinstance(event, Rejected)
    assert isinstance(event.error, NotRegistered)


def test_a_note_from_before_registration_holds_after_it(tea):
    tea.connects("kim", wire="irc")
    tea.asks("kim", ask.Away("nap", early=True))
    assert tea.seen("kim") == [AwayNoted(True)]
    tea.asks("kim", ask.Away(early=True), ask.Away("lunch", early=True), Rename("kim"), Introduce("kim", "K"))
    tea.forget()
    tea.asks("kim", Join(("#tea",)))
    (event,) = tea.seen("bob")
    assert event == Joined(tea.user("kim").source, "#tea", "K", "lunch")


@pytest.mark.parametrize(
    ("before", "note", "after"),
    [
        ("", "", ""),
        ("", ABSENT, ""),
        ("", "lunch", "lunch"),
        ("lunch", "", "lunch"),
        ("lunch", ABSENT, "lunch"),
        ("lunch", "nap", "nap"),
        (ABSENT, "", ""),
        (ABSENT, ABSENT, ABSENT),
    ],
)
def test_a_further_client_brings_its_note(tea, before, note, after):
    tea.user("ada").away = before
    turn = Turn(tea.now)
    bring_note(tea.chat, tea.user("ada"), note, turn)
    assert tea.user("ada").away == after
    told = [one.event for one in turn.deliveries]
    assert told == ([] if before == after else [AwayNoted(bool(after)), AwayChanged(tea.user("ada").source, after)])


def test_another_real_name_is_told_and_logged(shared):
    shared.asks("ada", ask.SetRealname("Ada L."))
    event = RealnameChanged(shared.user("ada").source, "Ada L.")
    for person in ("ada", "phone", "bob"):
        assert shared.seen(person) == [event]
    assert shared.seen("eve") == []
    assert shared.user("ada").realname == "Ada L."
    assert {(row.id, row.realname) for row in shared.rows} == {
        (shared.numbers["ada"], "Ada L."),
        (shared.numbers["phone"], "Ada L."),
    }


@pytest.mark.parametrize("realname", ["", "  ", "x" * (REALNAME_LIMIT + 1)])
def test_a_real_name_has_1_to_150_characters(tea, realname):
    tea.asks("ada", ask.SetRealname(realname))
    (event,) = tea.seen("ada")
    assert isinstance(event.error, BadRealname)
    assert tea.user("ada").realname == "ada the real"
    tea.asks("ada", ask.SetRealname("x" * REALNAME_LIMIT))
    assert tea.user("ada").realname == "x" * REALNAME_LIMIT
