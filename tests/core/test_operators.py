"""Operators of the server: becoming one, and what they may do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatctl.core.commands import patience
from chatctl.core.commands.operators import REASON_LIMIT, REMEMBERED_FOR
from chatctl.core.commands.patience import FIRST_WAIT, KEYS
from chatctl.core.events import operators as ev
from chatctl.core.events.presence import Crowd, Departed, Expelled, Rejected, Stopping
from chatctl.core.events.status import UserModesChanged
from chatctl.core.limits import DEFAULTS, RULES, Limits
from chatctl.core.modes import ModeChange
from chatctl.core.policy import Policy
from chatctl.core.queries import SecretQuery
from chatctl.core.requests import lookups
from chatctl.core.requests import operators as ask
from chatctl.core.requests.presence import Quit
from chatctl.core.requests.rooms import Join
from chatctl.core.requests.status import ChangeUserModes
from chatctl.errors import BadSetting, NoOperators, NoSuchNick, NotOperator, TooManyTries, WrongOperator

SECRETS = {"root": "sesame", "boss": "basil"}


def refusals(play, person):
    return [type(event.error) for event in play.seen(person) if isinstance(event, Rejected)]


def fails(play, person):
    """Let a person tell a wrong password, and return what is refused."""
    play.asks(person, ask.BecomeOperator("root", "open"))
    for question in play.questions:
        play.asks(person, question.query.wrong)
    play.questions.clear()
    return refusals(play, person)


@pytest.fixture
def play(plays):
    """Ada is an operator of a server that has two; bob and kim are people."""
    play = plays(policy=Policy(operators=SECRETS))
    play.registers("ada", "bob", "kim")
    play.asks("ada", ask.OperatorJudged("root", True))
    play.forget()
    return play


def test_the_right_password_makes_an_operator(play):
    play.asks("bob", ask.BecomeOperator("root", "sesame"))
    (question,) = play.questions
    right, wrong = ask.OperatorJudged("root", True), ask.OperatorJudged("root", False)
    assert question.query == SecretQuery("sesame", "sesame", right, wrong)
    turn = play.asks("bob", right)
    assert play.user("bob").operator == "root"
    made, changed = play.seen("bob")
    assert made == ev.OperatorMade()
    assert changed == UserModesChanged(play.user("bob").source, (ModeChange(True, "o"),))
    assert turn.notes == ["bob!bob@127.0.0.1 is operator root now"]


def test_who_is_an_operator_already_gets_no_mode_again(play):
    play.asks("ada", ask.OperatorJudged("boss", True))
    assert play.user("ada").operator == "boss"
    assert play.seen("ada") == [ev.OperatorMade()]


def test_an_unknown_name_is_wrong_whatever_the_password(play):
    play.asks("bob", ask.BecomeOperator("nobody", "sesame"))
    (question,) = play.questions
    wrong = ask.OperatorJudged("nobody", False)
    assert question.query == SecretQuery("sesame", "sesame", wrong, wrong)
    turn = play.asks("bob", wrong)
    assert refusals(play, "bob") == [WrongOperator]
    assert turn.notes == ["bob!bob@127.0.0.1 gave a wrong password for the operator nobody"]


def test_a_server_without_operators_says_so(plays):
    play = plays()
    play.registers("ada")
    play.asks("ada", ask.BecomeOperator("root", "sesame"))
    assert refusals(play, "ada") == [NoOperators]


def test_after_three_wrong_passwords_one_waits_longer_and_longer(play):
    assert [fails(play, "bob") for _ in range(DEFAULTS.login_tries)] == [[WrongOperator]] * DEFAULTS.login_tries
    for wait in (FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT):
        assert fails(play, "bob") == [TooManyTries]
        play.later(wait - 1)
        assert fails(play, "kim") == [TooManyTries]
        play.later(1)
        assert fails(play, "bob") == [WrongOperator]


def test_wrong_passwords_are_forgotten(play):
    assert [fails(play, "bob") for _ in range(DEFAULTS.login_tries)] == [[WrongOperator]] * DEFAULTS.login_tries
    play.later(REMEMBERED_FOR)
    assert [fails(play, "bob") for _ in range(DEFAULTS.login_tries)] == [[WrongOperator]] * DEFAULTS.login_tries
    assert fails(play, "bob") == [TooManyTries]
    play.asks("bob", ask.OperatorJudged("root", True))
    assert fails(play, "bob") == [WrongOperator]


def test_the_oldest_wrong_passwords_make_place(play, monkeypatch):
    monkeypatch.setattr(patience, "KEYS", 2)
    assert KEYS > 2
    for number in range(3):
        play.connects("eve", wire="irc", address=f"10.0.0.{number}:1")
        play.asks("eve", ask.OperatorJudged("root", False))
    play.registers("zoe")
    play.user("zoe").host = "10.0.0.9"
    assert fails(play, "zoe") == [WrongOperator]
    play.user("zoe").host = "10.0.0.10"
    fails(play, "zoe")
    play.user("zoe").host = "10.0.0.11"
    fails(play, "zoe")
    assert list(play.chat.failures) == ["operator 10.0.0.10", "operator 10.0.0.11"]


@pytest.mark.parametrize(
    "request_",
    [
        ask.Kill("kim"),
        ask.SetBan("*@10.0.0.1"),
        ask.LiftBan("*@10.0.0.1"),
        ask.ListBans(),
        ask.ListOperators(),
        ask.Wallops("hello"),
        ask.ShowSettings(),
        ask.SetLimit("max-clients", "5"),
        ask.Shutdown(),
    ],
)
def test_others_may_do_nothing_of_this(play, request_):
    turn = play.asks("bob", request_)
    assert refusals(play, "bob") == [NotOperator]
    assert not turn.shutdown
    assert not turn.notes


def test_who_is_killed_is_told_and_so_are_the_others(play):
    for person in ("bob", "kim"):
        play.asks(person, Join(("#tea",)))
    play.forget()
    ada, bob = play.user("ada").source, play.user("bob").source
    turn = play.asks("ada", ask.Kill("BOB", "enough"))
    told, expelled = play.seen("bob")
    assert told == ev.KillTold(ada, "bob", "enough")
    assert isinstance(expelled, Expelled)
    assert str(expelled.error) == "ada, an operator of the server, disconnected you: enough"
    assert play.seen("kim") == [Departed(bob, "Killed (ada: enough)")]
    assert play.seen("ada") == [ev.SomebodyKilled("bob")]
    assert play.dismissed == [play.numbers["bob"]]
    assert play.rows[-1].reason == "killed"
    assert turn.notes == ["ada!ada@127.0.0.1, operator root, disconnects bob!bob@127.0.0.1: enough"]


def test_one_may_be_killed_without_a_word_why(play):
    play.asks("ada", ask.Kill("bob"))
    assert play.seen("bob")[0] == ev.KillTold(play.user("ada").source, "bob", "no reason given")
    play.asks("ada", ask.Kill("kim", "x" * (REASON_LIMIT + 1)))
    assert play.seen("kim")[0].why == "x" * REASON_LIMIT


def test_nobody_is_killed_who_is_not_here(play):
    play.asks("ada", ask.Kill("nobody"))
    assert refusals(play, "ada") == [NoSuchNick]


def test_operators_call_those_who_want_to_hear_it(play):
    play.asks("ada", ask.Wallops("hello"))
    assert play.seen("bob") == play.seen("ada") == []
    play.asks("bob", ChangeUserModes("bob", (ModeChange(True, "w"),)))
    play.forget()
    play.asks("ada", ask.Wallops("hello"))
    assert play.seen("bob") == [ev.Called(play.user("ada").source, "hello")]
    assert play.seen("kim") == []


def test_the_names_of_operators_are_shown_to_them(play):
    play.asks("ada", ask.ListOperators())
    assert play.seen("ada") == [ev.OperatorsListed(("root", "boss"))]


def test_a_limit_is_shown_and_set(play):
    play.asks("ada", ask.ShowSettings("maxclients"))
    assert play.seen("ada") == [ev.SettingsShown(("max-clients",), Limits())]
    turn = play.asks("ada", ask.SetLimit("MAXCLIENTS", "2"))
    assert play.seen("ada") == [ev.SettingsShown(("max-clients",), Limits(max_clients=2))]
    assert play.chat.limits.max_clients == 2
    assert len(play.chat.sessions) == 3
    assert turn.notes == ["ada!ada@127.0.0.1, operator root, sets max-clients to 2"]


def test_all_that_can_be_set_is_shown(play):
    play.asks("ada", ask.ShowSettings())
    (shown,) = play.seen("ada")
    assert set(shown.names) == {name for name, rule in RULES.items() if not rule.fixed}


@pytest.mark.parametrize(("name", "text", "value"), [("ping-after", "60", 60.0), ("Message_Rate", "0.5", 0.5)])
def test_a_limit_can_be_a_fraction(play, name, text, value):
    play.asks("ada", ask.SetLimit(name, text))
    assert play.chat.limits.value(name.lower().replace("_", "-")) == value


def test_the_machine_may_allow_less(play):
    play.chat.grant = lambda wanted: replace(wanted, max_clients=min(wanted.max_clients, 500))
    play.asks("ada", ask.SetLimit("max-clients", "1000"))
    assert play.seen("ada") == [ev.SettingsShown(("max-clients",), Limits(max_clients=500), 1000)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("max-clients", text) for text in ("0", "1000001", "-1", "many", "1.5", "\u0663", "9" * 40)],
        ("ping-after", "150"),
        ("ping-timeout", "1e3"),
        ("message-rate", "0"),
        ("nick-length", "20"),
        ("nothing", "1"),
    ],
)
def test_some_limits_cannot_be(play, name, value):
    play.asks("ada", ask.SetLimit(name, value))
    assert refusals(play, "ada") == [BadSetting]
    assert play.chat.limits == Limits()


@pytest.mark.parametrize(("why", "note"), [("", "stops the server"), ("bye", "stops the server: bye")])
def test_the_server_stops_with_a_word_why(play, why, note):
    turn = play.asks("ada", ask.Shutdown(why))
    assert turn.shutdown
    assert turn.notes == [f"ada!ada@127.0.0.1, operator root, {note}"]
    play.stops()
    assert play.seen("bob")[-1] == Stopping(why)


def test_everybody_is_counted_as_they_are(play):
    play.connects("eve", wire="irc")
    play.asks("kim", ChangeUserModes("kim", (ModeChange(True, "i"),)))
    play.forget()
    play.asks("bob", lookups.Crowd())
    assert play.seen("bob") == [Crowd(users=3, invisible=1, operators=1, unknown=1, rooms=1, most=3)]
    play.asks("ada", ChangeUserModes("ada", (ModeChange(False, "o"),)))
    play.asks("kim", ChangeUserModes("kim", (ModeChange(False, "i"),)))
    play.asks("eve", Quit())
    play.asks("bob", lookups.Crowd())
    assert play.seen("bob") == [Crowd(users=3, invisible=0, operators=0, unknown=0, rooms=1, most=3)]
    play.asks("ada", ask.OperatorJudged("root", True), Quit())
    play.asks("bob", lookups.Crowd())
    assert play.seen("bob") == [Crowd(users=2, invisible=0, operators=0, unknown=0, rooms=1, most=3)]
