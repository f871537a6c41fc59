"""Making an account, and what becomes of those who have one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatctl.core.commands import logins
from chatctl.core.commands.accounts import EMAIL_LIMIT
from chatctl.core.events.accounts import AccountChanged, LoggedIn, LoggedOut, Registered, ServiceNotice
from chatctl.core.events.presence import Rejected, Renamed
from chatctl.core.policy import Policy, Registering
from chatctl.core.queries import CredentialsQuery
from chatctl.core.records import Account, AccountAdded, Credentials
from chatctl.core.records import AccountChanged as Changed
from chatctl.core.requests.accounts import CredentialsMade, CredentialsRefused, PasswordJudged, Register, Verify, Way
from chatctl.core.requests.presence import GivePassword, Introduce, Rename
from chatctl.core.requests.rooms import Join
from chatctl.core.turn import Turn
from chatctl.errors import (
    AccountExists,
    AlreadyLoggedIn,
    BadAccountName,
    BadPassword,
    ConnectionNotComplete,
    EmailNeeded,
    NameMustBeNick,
    NeedNick,
    NickOwned,
    NoVerification,
    RegistrationClosed,
    TooManyLogins,
    VerifiedTooEarly,
    WeakPassword,
)

SECRETS = Credentials("argon2", "scram")
ADA = Account("ada", 1)


def wrong(play, person):
    """Return the class of the error that a person was told last."""
    return type(play.seen(person)[-1].error)


def logs_in(play, person, account=ADA, way=Way.SASL):
    """Log somebody in as if the password had been right."""
    play.asks(person, PasswordJudged(account.name, account, way))


def learns(play, *accounts):
    """Let the chat know these accounts and no others."""
    turn = Turn(play.now)
    logins.learn(play.chat, accounts, turn)
    return play._conclude(turn)


def made(name="ada", way=Way.REGISTER, replaces=False):
    return CredentialsMade(name, "", SECRETS, way, replaces)


class TestRegister:
    def test_the_password_is_hashed_first(self, play):
        play.registers("ada")
        play.asks("ada", Register("ADA", "ada@example.org", "sesame"))
        (question,) = play.questions
        assert question.query == CredentialsQuery("ADA", "ada@example.org", "sesame", Way.REGISTER)
        assert "sesame" not in repr((question, Register("*", "*", "sesame")))

    @pytest.mark.parametrize("email", ["", "*"])
    def test_a_star_stands_for_the_nick_and_for_no_address(self, play, email):
        play.registers("ada")
        play.asks("ada", Register("*", email, "sesame"))
        assert play.questions[0].query == CredentialsQuery("ada", "", "sesame", Way.REGISTER)

    def test_then_the_account_is_kept_and_one_is_logged_in(self, play):
        play.registers("ada", "bob")
        for person in ("ada", "bob"):
            play.asks(person, Join(("#tea",)))
        play.forget()
        play.asks("ada", CredentialsMade("ada", "a@b.c", SECRETS, Way.REGISTER))
        account = Account("ada", play.now, "a@b.c")
        assert play.changes == [AccountAdded(account, SECRETS)]
        assert play.chat.accounts == {"ada": account}
        source = play.user("ada").source
        assert source.account == "ada"
        assert play.seen("ada") == [
            Registered("ada", Way.REGISTER),
            LoggedIn(source, "ada", sasl=False),
            AccountChanged(source),
        ]
        assert play.seen("bob") == [AccountChanged(source)]
        assert play.rows[-1].account == "ada"

    @pytest.mark.parametrize(
        ("request_", "error"),
        [
            (Register("bob", "*", "sesame"), NameMustBeNick),
            (Register("*", "*", "abc"), WeakPassword),
            (Register("*", "nobody", "sesame"), EmailNeeded),
            (Register("*", f"{'a' * EMAIL_LIMIT}@b.c", "sesame"), EmailNeeded),
            (Register("*", "a\x07@b.c", "sesame"), EmailNeeded),
        ],
    )
    def test_what_cannot_be_is_refused_at_once(self, play, request_, error):
        play.registers("ada")
        play.asks("ada", request_)
        assert wrong(play, "ada") is error
        assert not play.questions

    def test_one_who_is_logged_in_makes_no_other(self, play):
        play.registers("ada")
        logs_in(play, "ada")
        play.asks("ada", Register("*", "*", "sesame"))
        assert wrong(play, "ada") is AlreadyLoggedIn

    def test_an_account_that_came_into_being_meanwhile_is_another_one_s(self, play):
        play.registers("ada")
        learns(play, ADA)
        play.asks("ada", Register("*", "*", "sesame"))
        assert wrong(play, "ada") is AccountExists
        play.asks("ada", made())
        assert wrong(play, "ada") is AccountExists
        play.asks("ada", made(way=Way.SERVICE))
        assert play.seen("ada") == [ServiceNotice(f"{AccountExists('ada')}.")]
        assert not play.changes

    def test_a_server_may_make_none_or_ask_for_an_address(self, plays):
        play = plays(policy=Policy(registering=Registering.CLOSED))
        play.registers("ada")
        play.asks("ada", Register("*", "*", "sesame"))
        assert wrong(play, "ada") is RegistrationClosed
        play = plays(policy=Policy(email_required=True))
        play.registers("ada")
        play.asks("ada", Register("*", "*", "sesame"))
        assert wrong(play, "ada") is EmailNeeded
        assert not play.questions

    def test_a_password_that_cannot_be_one_is_refused_in_the_way_it_was_told(self, play):
        play.registers("ada")
        error = BadPassword("is empty")
        play.asks("ada", CredentialsRefused("ada", error, Way.REGISTER))
        assert play.seen("ada") == [Rejected(error)]
        assert error.about == ("ada",)
        play.asks("ada", CredentialsRefused("ada", error, Way.SERVICE))
        assert play.seen("ada") == [ServiceNotice("the password is empty; choose another.")]

    def test_another_password_takes_the_place_of_the_first(self, play):
        play.registers("ada")
        logs_in(play, "ada")
        play.forget()
        play.asks("ada", made(way=Way.SERVICE, replaces=True))
        assert play.changes == [Changed(ADA, SECRETS)]
        assert play.seen("ada") == [ServiceNotice("Your password is changed.", saved=True)]

    def test_but_not_of_an_account_that_is_gone(self, play):
        play.registers("ada")
        play.asks("ada", made(way=Way.SERVICE, replaces=True))
        assert play.seen("ada") == [ServiceNotice("The account ada is gone.")]
        assert not play.changes


class TestBeforeConnecting:
    @pytest.fixture
    def early(self, plays):
        play = plays(policy=Policy(registering=Registering.BEFORE_CONNECT))
        play.connects("ada", wire="irc")
        return play

    def test_it_works_once_there_is_a_nick(self, early):
        early.asks("ada", Register("*", "*", "sesame"))
        assert wrong(early, "ada") is NeedNick
        early.asks("ada", Rename("ada"), Register("*", "*", "sesame"))
        assert early.questions[0].query.name == "ada"
        early.forget()
        early.asks("ada", made())
        # Nobody else knows of somebody who is not there yet.
        assert [type(event) for event in early.seen("ada")] == [Registered, LoggedIn]

    @pytest.mark.parametrize("nick", ["NickServ", "Client77", "1up", "bob"])
    def test_not_every_nick_is_a_name(self, early, nick):
        early.registers("bob")
        early.asks("ada", Rename(nick), Register("*", "*", "sesame"))
        assert wrong(early, "ada") is (AccountExists if nick == "bob" else BadAccountName)

    def test_a_code_is_never_asked_for(self, early):
        early.asks("ada", Verify("ada"))
        assert wrong(early, "ada") is NoVerification

    @pytest.mark.parametrize(
        "policy",
        [Policy(), Policy(registering=Registering.BEFORE_CONNECT, password="sesame")],
        ids=["open", "password"],
    )
    def test_it_is_too_early_elsewhere_and_where_a_password_is_asked_for(self, plays, policy):
        play = plays(policy=policy)
        play.connects("ada", wire="irc")
        play.asks("ada", GivePassword("sesame"), Rename("ada"), Register("*", "*", "sesame"))
        assert wrong(play, "ada") is ConnectionNotComplete
        play.asks("ada", Verify("ada"))
        assert wrong(play, "ada") is VerifiedTooEarly


class TestPace:
    def fails(self, play, person, name="ada", times=1):
        for _ in range(times):
            play.asks(person, PasswordJudged(name, None, Way.SASL))

    def wait(self, play, person, name="ada"):
        """Return how long somebody has to wait, in seconds."""
        try:
            logins.check_pace(play.chat, play.chat.sessions[play.numbers[person]], name, Turn(play.now))
        except TooManyLogins as error:
            return int(str(error).split()[-2])
        return 0

    def test_three_wrong_ones_make_the_account_and_the_address_wait(self, play):
        play.connects("eve", wire="irc", address="10.0.0.1:1")
        play.connects("ada", wire="irc", address="10.0.0.2:1")
        self.fails(play, "eve", times=2)
        assert self.wait(play, "eve") == self.wait(play, "ada") == 0
        self.fails(play, "eve")
        assert self.wait(play, "eve") == self.wait(play, "ada", "ADA") == self.wait(play, "eve", "") == 61
        assert self.wait(play, "ada", "bob") == self.wait(play, "ada", "") == 0

    def test_the_address_waits_longer_each_time_the_account_does_not(self, play):
        play.connects("eve", wire="irc", address="10.0.0.1:1")
        play.connects("ada", wire="irc", address="10.0.0.2:1")
        self.fails(play, "eve", times=3)
        for seconds in (120, 240):
            play.later(seconds * 500 + 1000)
            self.fails(play, "eve")
            assert self.wait(play, "eve") == seconds + 1
            assert self.wait(play, "ada") == 0

    def test_what_was_asked_for_before_the_third_failure_gains_nothing(self, play):
        play.connects("eve", wire="irc")
        self.fails(play, "eve", times=3)
        logs_in(play, "eve")
        assert wrong(play, "eve") is TooManyLogins
        assert not play.user("eve").account
        logs_in(play, "eve", way=Way.SERVICE)
        assert play.seen("eve") == [ServiceNotice("too many wrong passwords; try again in 61 seconds.")]


class TestNicks:
    def test_the_account_s_name_is_for_who_is_logged_in_to_it(self, play):
        play.arrives("bob")
        play.registers("eve")
        learns(play, ADA)
        for person in ("bob", "eve"):
            play.asks(person, Rename("Ada"))
            assert wrong(play, person) is NickOwned
        logs_in(play, "eve")
        play.asks("eve", Rename("Ada"))
        assert play.nick("eve") == "Ada"

    def test_a_stranger_who_has_it_gives_it_back_when_its_owner_logs_in(self, play):
        play.arrives("ada")
        play.registers("owner")
        learns(play, ADA)
        assert play.nick("ada") == "ada"
        stranger = play.user("ada").source
        logs_in(play, "owner")
        assert play.nick("ada") == "Client01"
        assert Renamed(stranger, "Client01") in play.seen("ada")
        assert play.nick("owner") == "owner"

    def test_a_stranger_gives_it_back_when_its_owner_connects(self, play):
        play.registers("ada")
        learns(play, ADA)
        play.connects("owner", wire="irc")
        logs_in(play, "owner")
        assert play.nick("ada") == "ada"
        play.numbers["stranger"] = play.numbers["ada"]
        play.asks("owner", Rename("ada"), Introduce("o", "the owner"))
        assert (play.nick("owner"), play.nick("stranger")) == ("ada", "Client01")

    def test_who_logs_in_to_another_account_gives_up_the_nick_of_the_first(self, play):
        play.registers("ada")
        logs_in(play, "ada")
        logs_in(play, "ada", Account("eve", 1))
        assert play.nick("ada") == "Client01"
        assert play.user("ada").account == "eve"

    def test_logging_in_again_changes_nothing_for_others(self, play):
        play.registers("ada", "bob")
        play.asks("ada", Join(("#tea",)))
        play.asks("bob", Join(("#tea",)))
        logs_in(play, "ada")
        play.forget()
        logs_in(play, "ada")
        assert play.seen("ada") == [LoggedIn(play.user("ada").source, "ada", sasl=True)]
        assert play.seen("bob") == play.rows == []


class TestLearning:
    def test_who_is_logged_in_to_an_account_that_is_gone_is_logged_out(self, play):
        play.registers("ada", "bob", "eve")
        for person in ("ada", "bob"):
            play.asks(person, Join(("#tea",)))
        logs_in(play, "ada")
        play.connects("early", wire="irc")
        logs_in(play, "early")
        logs_in(play, "eve", Account("eve", 1))
        play.forget()
        turn = learns(play, Account("eve", 1, "e@v.e"))
        source = play.user("ada").source
        assert source.account == play.user("early").account == ""
        assert play.seen("ada") == [LoggedOut(source), AccountChanged(source)]
        assert play.seen("bob") == [AccountChanged(source)]
        assert [type(event) for event in play.seen("early")] == [LoggedOut]
        assert play.seen("eve") == []
        assert [row.account for row in turn.entries.values()] == [""]
        # The name belongs to nobody now, so who has it keeps it.
        assert play.nick("ada") == "ada"

    def test_one_that_was_made_again_is_another_one(self, play):
        play.registers("ada")
        logs_in(play, "ada")
        learns(play, replace(ADA, created=2))
        assert play.user("ada").account == ""
        assert play.nick("ada") == "Client01"
