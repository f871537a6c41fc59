"""The modes of people, and private messages that R keeps out."""

from __future__ import annotations

import pytest

from chatctl.core.acceptance import ACCEPT_LIMIT, Acceptances
from chatctl.core.events.presence import Rejected
from chatctl.core.events.status import AcceptedListed, UserModesChanged, UserModesShown
from chatctl.core.events.talk import Acknowledged, Said
from chatctl.core.modes import ModeChange
from chatctl.core.requests.presence import Quit, Rename
from chatctl.core.requests.status import Accept, ChangeUserModes, ListAccepted, ShowUserModes
from chatctl.core.requests.talk import Send, Whisper
from chatctl.core.user import User
from chatctl.errors import LoginNeeded, NoSuchNick, NotYourModes, UnknownUserMode


def change(nick, written):
    """Return the request that ``+i-w`` says."""
    changes, sign = [], True
    for letter in written:
        if letter in "+-":
            sign = letter == "+"
        else:
            changes.append(ModeChange(sign, letter))
    return ChangeUserModes(nick, tuple(changes))


def told(event):
    return "".join(f"{'+' if one.adding else '-'}{one.letter}" for one in event.changes)


def error(events):
    (event,) = events
    assert isinstance(event, Rejected)
    return event.error


@pytest.fixture
def town(play):
    """Ada, bob and eve, and river with netcat."""
    play.registers("ada", "bob", "eve")
    play.arrives("river")
    return play


@pytest.fixture
def closed(town):
    """Ada takes private messages only from who is logged in."""
    town.asks("ada", change("ada", "+R"))
    town.forget()
    return town


def test_at_first_one_has_no_modes(town):
    town.asks("ada", ShowUserModes("ADA"))
    assert town.seen("ada") == [UserModesShown("")]


def test_a_change_is_told_to_oneself_and_shown_from_then_on(town):
    town.asks("ada", change("Ada", "+wi"))
    (event,) = town.seen("ada")
    assert event.who == town.user("ada").source
    assert told(event) == "+i+w"
    town.asks("ada", change("ada", "-w+B"), ShowUserModes("ada"))
    first, second = town.seen("ada")
    assert (told(first), second) == ("+B-w", UserModesShown("Bi"))
    assert town.seen("bob") == []


def test_each_client_of_somebody_is_told(town):
    town.connects("phone", wire="irc")
    session = town.chat.sessions[town.numbers["phone"]]
    town.chat.attach(session, town.user("ada"))
    session.registration = None
    town.forget()
    town.asks("phone", change("ada", "+i"))
    assert (
        town.seen("ada") == town.seen("phone") == [UserModesChanged(town.user("ada").source, (ModeChange(True, "i"),))]
    )


@pytest.mark.parametrize("written", ["", "-i", "+i-i", "+o", "-o"])
def test_what_changes_nothing_is_not_answered(town, written):
    town.asks("ada", change("ada", written))
    assert town.seen("ada") == []


def test_a_bot_is_marked_as_one(town):
    town.asks("ada", change("ada", "+B"))
    town.asks("ada", Send(("bob",), "say", "beep"))
    (event,) = town.seen("bob")
    assert isinstance(event, Said)
    assert event.message.tags == "bot"
    town.asks("ada", change("ada", "-B"))
    assert not town.user("ada").source.bot


def test_nobody_makes_an_operator_of_themselves_but_one_may_resign(town):
    town.asks("ada", change("ada", "+o"))
    assert not town.user("ada").operator
    town.user("ada").operator = "root"
    town.asks("ada", change("ada", "+o"), ShowUserModes("ada"))
    assert town.seen("ada") == [UserModesShown("o")]
    town.asks("ada", change("ada", "-o"))
    (event,) = town.seen("ada")
    assert told(event) == "-o"
    assert not town.user("ada").operator


def test_unknown_letters_are_refused_once_and_the_rest_is_done(town):
    town.asks("ada", change("ada", "+xixz"))
    done, refused = town.seen("ada")
    assert told(done) == "+i"
    assert isinstance(refused.error, UnknownUserMode)
    assert "'xz'" in str(refused.error)


@pytest.mark.parametrize("request_", [ShowUserModes("bob"), change("bob", "+i")], ids=["show", "change"])
def test_modes_of_others_are_not_ones_business(town, request_):
    town.asks("ada", request_)
    assert isinstance(error(town.seen("ada")), NotYourModes)
    assert not town.user("bob").modes


def test_modes_of_nobody_are_refused(town):
    town.asks("ada", ShowUserModes("kim"))
    refused = error(town.seen("ada"))
    assert isinstance(refused, NoSuchNick)
    assert refused.about == ("kim",)


def test_who_is_not_logged_in_may_not_write_to_who_wants_none_of_them(closed):
    closed.asks("bob", Send(("ada",), "say", "hi"))
    refused = error(closed.seen("bob"))
    assert isinstance(refused, LoginNeeded)
    assert refused.about == ("ada",)
    closed.asks("river", Whisper("ada", "hi"))
    assert isinstance(error(closed.seen("river")), LoginNeeded)
    closed.asks("bob", Send(("ada",), "notice", "hi"))
    assert closed.seen("bob") == closed.seen("ada") == []
    assert not closed.kept


def test_who_is_logged_in_may(closed):
    closed.user("bob").account = "bob"
    closed.user("bob").changed()
    closed.asks("bob", Send(("ada",), "say", "hi"))
    assert [event.message.text for event in closed.seen("ada")] == ["hi"]


def test_one_may_always_write_to_oneself(closed):
    closed.asks("ada", Send(("ada",), "say", "note"))
    assert {type(event) for event in closed.seen("ada")} == {Said, Acknowledged}


def test_whom_one_accepts_may_whatever_their_nick(closed):
    closed.asks("ada", Accept(("BOB",)))
    closed.asks("bob", Rename("rob"))
    closed.asks("bob", Send(("ada",), "say", "hi"))
    assert [type(event) for event in closed.seen("ada")] == [Said]
    closed.asks("ada", ListAccepted())
    assert closed.seen("ada") == [AcceptedListed(("rob",))]
    closed.asks("ada", Accept((), ("rob", "eve")))
    closed.forget()
    closed.asks("bob", Send(("ada",), "say", "hi"))
    assert isinstance(error(closed.seen("bob")), LoginNeeded)


def test_accepting_nobody_is_refused_and_the_rest_is_done(closed):
    closed.asks("ada", Accept(("kim", "bob"), ("jo",)), ListAccepted())
    first, second, listed = closed.seen("ada")
    assert [first.error.about, second.error.about] == [("kim",), ("jo",)]
    assert listed == AcceptedListed(("bob",))


def test_whom_one_writes_to_may_answer(closed):
    closed.asks("ada", Send(("bob",), "say", "hi"))
    closed.asks("bob", Send(("ada",), "say", "hi"))
    assert [event.message.text for event in closed.seen("ada") if isinstance(event, Said)] == ["hi"]


def test_an_acceptance_ends_when_one_of_the_two_leaves(closed):
    closed.asks("ada", Accept(("bob",)))
    closed.asks("bob", Quit())
    closed.asks("ada", ListAccepted())
    assert closed.seen("ada") == [AcceptedListed(())]
    closed.asks("ada", Accept(("eve",)))
    ada = closed.user("ada")
    closed.asks("ada", Quit())
    assert closed.chat.acceptances.of(ada) == ()


def test_beyond_the_limit_the_oldest_goes():
    people = [User(f"n{number}", "u", "h", "", 0) for number in range(ACCEPT_LIMIT + 1)]
    ada = User("ada", "u", "h", "", 0)
    acceptances = Acceptances()
    for person in (*people[:-1], people[0], people[-1]):
        acceptances.add(ada, person)
    assert acceptances.of(ada) == (*people[2:-1], people[0], people[-1])
    assert not acceptances.allows(people[0], ada)
