"""NickServ: accounts for clients that know no SASL."""

from __future__ import annotations

import pytest

from chatctl.core.commands.nickserv import HELP
from chatctl.core.events.accounts import LoggedOut, Registered, ServiceNotice
from chatctl.core.events.presence import Rejected
from chatctl.core.queries import CredentialsQuery, PasswordQuery
from chatctl.core.records import Account, AccountChanged, Credentials
from chatctl.core.requests.accounts import Command, CredentialsMade, PasswordJudged, Way
from chatctl.core.requests.presence import Rename
from chatctl.core.requests.talk import Send, Whisper
from chatctl.errors import NickReserved

ADA = Account("ada", 1)


def says(play, person, text):
    """Tell NickServ something, and return what it answers."""
    play.asks(person, Command(text))
    return answers(play, person)


def answers(play, person):
    return [event.text for event in play.seen(person) if type(event) is ServiceNotice]


def logs_in(play, person, account=ADA):
    play.asks(person, PasswordJudged(account.name, account, Way.SERVICE))
    play.forget()


@pytest.fixture
def play(play):
    """Ada, who has an account and is not logged in to it, and eve."""
    play.registers("ada", "eve")
    play.chat.learn_accounts((ADA,))
    return play


@pytest.mark.parametrize("text", ["", "  ", "HELP", "what now"])
def test_what_it_does_not_know_is_answered_with_what_it_knows(play, text):
    assert says(play, "ada", text) == list(HELP)


@pytest.mark.parametrize(
    ("text", "line"),
    [("REGISTER", 0), ("identify ", 1), ("RECOVER", 3), ("PASSWORD", 4), ("SHARED", 5), ("SHARED x", 5)],
)
def test_a_command_without_what_it_needs_is_explained(play, text, line):
    assert says(play, "ada", text) == [HELP[line]]


@pytest.mark.parametrize("text", ["LOGOUT", "RECOVER ada", "PASSWORD sesame", "SHARED ON", "INFO"])
def test_most_is_for_who_is_logged_in(play, text):
    assert says(play, "ada", text) == ["You are not logged in; IDENTIFY [<account>] <password> logs in."]
    assert not play.questions


def test_it_is_written_to_as_to_anybody(play):
    play.asks("ada", Send(("nickserv",), "say", "INFO"))
    assert len(answers(play, "ada")) == 1
    assert play.kept == []


def test_it_answers_those_with_a_line_client_too(play):
    play.arrives("bob")
    play.asks("bob", Whisper("NickServ", "IDENTIFY ada sesame"))
    assert play.questions[0].query == PasswordQuery("ada", "sesame", Way.SERVICE)


@pytest.mark.parametrize("kind", ["notice", "action", "tags"])
def test_it_answers_nothing_else(play, kind):
    play.asks("ada", Send(("NickServ",), kind, "INFO"))
    assert play.seen("ada") == []


def test_nobody_is_called_so(play):
    play.asks("ada", Rename("NickServ"))
    (event,) = play.seen("ada")
    assert type(event) is Rejected
    assert type(event.error) is NickReserved


class TestRegister:
    def test_it_makes_an_account(self, play):
        assert says(play, "eve", "REGISTER sesame eve@example.org") == []
        assert play.questions[0].query == CredentialsQuery("eve", "eve@example.org", "sesame", Way.SERVICE)
        play.asks("eve", CredentialsMade("eve", "", Credentials("a", "s"), Way.SERVICE))
        assert play.seen("eve")[0] == Registered("eve", Way.SERVICE)
        assert play.user("eve").account == "eve"

    def test_what_is_refused_is_told_by_it(self, play):
        assert says(play, "eve", "REGISTER abc") == ["a password needs at least 4 characters."]


class TestIdentify:
    @pytest.mark.parametrize(
        ("text", "name", "password"),
        [
            ("IDENTIFY sesame", "ada", "sesame"),
            ("identify eve sesame", "eve", "sesame"),
            ("IDENTIFY  eve  open  sesame ", "eve", "open sesame"),
            ("IDENTIFY eve ses\name", "eve", "ses ame"),
        ],
    )
    def test_the_password_is_checked(self, play, text, name, password):
        assert says(play, "ada", text) == []
        assert play.questions[0].query == PasswordQuery(name, password, Way.SERVICE)

    def test_then_one_is_logged_in_or_not(self, play):
        play.asks("ada", PasswordJudged("ada", None, Way.SERVICE))
        assert answers(play, "ada") == ["Wrong password, or there is no such account."]
        play.asks("ada", PasswordJudged("ada", ADA, Way.SERVICE))
        assert answers(play, "ada") == ["You are now logged in as ada."]

    def test_three_wrong_ones_are_enough(self, play):
        for _ in range(3):
            play.asks("ada", PasswordJudged("ada", None, Way.SERVICE))
        play.forget()
        assert says(play, "ada", "IDENTIFY sesame") == ["too many wrong passwords; try again in 61 seconds."]


def test_who_logs_out_gives_up_the_account_s_nick(play):
    logs_in(play, "ada")
    play.asks("ada", Command("LOGOUT"))
    events = play.seen("ada")
    assert LoggedOut in map(type, events)
    assert events[-1] == ServiceNotice("You are logged out.")
    assert (play.user("ada").account, play.nick("ada")) == ("", "Client01")


def test_who_has_another_nick_keeps_it(play):
    logs_in(play, "eve")
    says(play, "eve", "LOGOUT")
    assert play.nick("eve") == "eve"


class TestRecover:
    def test_one_s_own_nick_comes_back_from_another_client(self, play):
        logs_in(play, "ada")
        logs_in(play, "eve")
        assert says(play, "eve", "RECOVER Ada") == ["You are Ada now."]
        assert (play.nick("eve"), play.nick("ada")) == ("Ada", "Client01")

    @pytest.mark.parametrize("verb", ["GHOST", "release"])
    def test_or_from_nobody(self, play, verb):
        logs_in(play, "eve")
        play.asks("ada", Rename("river"))
        assert says(play, "eve", f"{verb} ada") == ["You are ada now."]

    def test_another_nick_of_one_s_own_clients_may_be_had_too(self, play):
        logs_in(play, "ada")
        play.asks("ada", Rename("river"))
        logs_in(play, "eve")
        assert says(play, "eve", "RECOVER river") == ["You are river now."]
        assert play.nick("ada") == "Client01"

    def test_but_not_the_one_that_the_server_gave_it(self, play):
        logs_in(play, "ada")
        play.asks("ada", Rename("Client01"))
        logs_in(play, "eve")
        assert says(play, "eve", "RECOVER Client01") == [f"{NickReserved('Client01')}."]
        assert (play.nick("ada"), play.nick("eve")) == ("Client01", "eve")

    @pytest.mark.parametrize("nick", ["eve", "nobody"])
    def test_others_nicks_are_not_for_the_taking(self, play, nick):
        logs_in(play, "ada")
        assert says(play, "ada", f"RECOVER {nick}") == [f"{nick} is not yours; log in to the account of that name."]


class TestPassword:
    def test_it_is_changed(self, play):
        logs_in(play, "eve")
        assert says(play, "eve", "PASSWORD sesame") == []
        assert play.questions[0].query == CredentialsQuery("ada", "", "sesame", Way.SERVICE, replaces=True)

    def test_not_to_one_that_is_too_short(self, play):
        logs_in(play, "eve")
        assert says(play, "eve", "PASSWORD abc") == ["A password needs at least 4 characters."]
        assert not play.questions


def test_a_nick_is_shared_or_not(play):
    logs_in(play, "ada")
    for word, shared, answer in (("off", False, "Only one"), ("ON", True, "Several")):
        play.forget()
        play.asks("ada", Command(f"SHARED {word}"))
        (event,) = play.seen("ada")
        assert event.saved
        assert event.text.startswith(answer)
        account = play.chat.accounts["ada"]
        assert account.shared is shared
        assert play.changes == [AccountChanged(account)]


def test_it_tells_what_is_known(play):
    logs_in(play, "ada")
    assert says(play, "ada", "INFO") == [
        "You are logged in as ada; your clients here as ada: 1.",
        "Your nick is shared among your clients.",
        "Your e-mail address is not known.",
    ]
    says(play, "ada", "SHARED OFF")
    assert says(play, "ada", "INFO")[1] == "Your nick is for one client at a time."
