"""Before one takes part: Modern IRC, section "Connection Registration"; and further clients under one nick."""

from __future__ import annotations

import pytest

from chatctl.core.commands.sharing import CLIENTS_LIMIT
from chatctl.core.events import presence as ev
from chatctl.core.events.accounts import AccountChanged, LoggedIn
from chatctl.core.events.rooms import Joined, Left, MembersListed, TopicShown
from chatctl.core.events.status import AwayNoted, UserModesChanged
from chatctl.core.events.talk import Acknowledged, Said
from chatctl.core.modes import ModeChange
from chatctl.core.policy import Policy
from chatctl.core.queries import SecretQuery
from chatctl.core.records import Account, Ban
from chatctl.core.requests import presence as ask
from chatctl.core.requests.accounts import Command, PasswordJudged, Way
from chatctl.core.requests.rooms import Join, Leave, ListRooms
from chatctl.core.requests.status import Away, ChangeUserModes
from chatctl.core.requests.talk import Send
from chatctl.errors import (
    AlreadyRegistered,
    Banned,
    NickInUse,
    NickOwned,
    NickReserved,
    NoNick,
    NotRegistered,
    TooManyClients,
    WrongPassword,
)

ADA = Account("ada", 1)


def told(play, person):
    """Return the classes of what a person was told, for refusals those of the errors."""
    return [type(one.error if isinstance(one, ev.Rejected) else one) for one in play.seen(person)]


def comes(play, person, nick="ada", account=None):
    """Connect by IRC, log in if there is an account, and register."""
    play.connects(person, wire="irc")
    play.asks(person, ask.Rename(nick))
    if account is not None:
        play.asks(person, PasswordJudged(account.name, account, Way.SASL))
    play.asks(person, ask.Introduce(person, f"{person} the real"))


class TestAlone:
    def test_nick_and_user_are_what_it_takes(self, play):
        play.connects("ada", wire="irc")
        play.asks("ada", ask.Introduce("ada", "Ada"))
        assert play.seen("ada") == []
        play.asks("ada", ask.Rename("ada"))
        (welcomed,) = play.seen("ada")
        assert (welcomed.entry.nick, welcomed.entry.user, welcomed.entry.realname) == ("ada", "ada", "Ada")
        assert play.rows == [welcomed.entry]

    def test_before_that_little_is_allowed(self, play):
        play.connects("ada", wire="irc")
        play.asks("ada", ListRooms())
        assert told(play, "ada") == [NotRegistered]

    def test_after_it_one_is_somebody_else_no_more(self, play):
        play.registers("ada")
        play.asks("ada", ask.Introduce("eve", "Eve"), ask.GivePassword("x"), ask.Release())
        assert told(play, "ada") == [AlreadyRegistered] * 2
        for nick in ("river", "River", "River"):
            play.asks("ada", ask.Rename(nick))
            assert play.nick("ada") == nick

    def test_it_waits_while_capabilities_are_negotiated(self, play):
        answer = ev.Stopping()
        play.connects("ada", wire="irc")
        play.asks("ada", ask.Hold(answer), ask.Rename("ada"), ask.Introduce("ada", "Ada"))
        assert play.seen("ada") == [answer]
        play.asks("ada", ask.Release())
        assert told(play, "ada") == [ev.Welcomed]
        play.asks("ada", ask.Hold(answer), ask.Release())
        assert play.seen("ada") == [answer]

    @pytest.mark.parametrize(("nick", "error"), [("", NoNick), ("eve", NickInUse), ("Client99", NickReserved)])
    def test_a_nick_that_cannot_be_had_is_refused_at_once(self, play, nick, error):
        play.registers("eve")
        play.connects("ada", wire="irc")
        play.asks("ada", ask.Introduce("ada", "Ada"), ask.Rename(nick))
        assert told(play, "ada") == [error]
        play.asks("ada", ask.Rename("*"))
        assert play.nick("ada") == "Client02"

    def test_the_faster_one_gets_the_nick(self, play):
        for person in ("one", "two"):
            play.connects(person, wire="irc")
            play.asks(person, ask.Rename("ada"))
        for person in ("one", "two"):
            play.asks(person, ask.Introduce(person, ""))
        assert told(play, "two") == [NickInUse]
        assert play.user("two").source.nick == "*"
        play.asks("two", ask.Rename("eve"))
        assert told(play, "two") == [ev.Welcomed]

    def test_an_account_s_nick_may_be_hoped_for(self, play):
        play.chat.learn_accounts((ADA,))
        comes(play, "eve")
        assert told(play, "eve") == [NickOwned]
        comes(play, "ada", account=ADA)
        assert play.nick("ada") == "ada"

    def test_who_is_banned_does_not_come_in(self, play):
        play.chat.bans = {"eve@*": Ban("eve@*", "noise", "root", 1)}
        comes(play, "eve", "eve")
        (event,) = play.seen("eve")
        assert type(event.error) is Banned
        assert play.dismissed == [1]


class TestPassword:
    @pytest.fixture
    def play(self, plays):
        play = plays(policy=Policy(password="sesame"))
        play.connects("ada", wire="irc")
        play.asks("ada", ask.GivePassword("basil"), ask.Rename("ada"), ask.Introduce("ada", "Ada"))
        return play

    def test_the_server_s_is_asked_for_and_not_shown(self, play):
        right, wrong = ask.PasswordChecked(True), ask.PasswordChecked(False)
        assert [one.query for one in play.questions] == [SecretQuery("basil", "sesame", right, wrong)]
        shown = repr((play.questions, play.chat.policy, play.chat.sessions, ask.GivePassword("basil")))
        assert "sesame" not in shown
        assert "basil" not in shown

    def test_a_right_one_lets_in(self, play):
        play.asks("ada", ask.PasswordChecked(True))
        assert told(play, "ada") == [ev.Welcomed]
        play.asks("ada", ask.PasswordChecked(True))
        assert told(play, "ada") == []

    def test_a_wrong_one_does_not(self, play):
        play.asks("ada", ask.PasswordChecked(False))
        (event,) = play.seen("ada")
        assert type(event.error) is WrongPassword


class TestSharing:
    """Several clients of one account under one nick."""

    @pytest.fixture
    def play(self, play):
        play.chat.learn_accounts((ADA,))
        play.registers("bob")
        comes(play, "one", account=ADA)
        play.asks("one", Join(("#tea",)))
        play.asks("bob", Join(("#tea",)))
        play.forget()
        return play

    def test_a_further_one_is_shown_where_it_is_and_nobody_else_hears(self, play):
        play.chat.rooms["#tea"].topic = "leaves"
        comes(play, "two", account=ADA)
        events = play.seen("two")
        kinds = [type(event) for event in events]
        assert kinds[:2] == [LoggedIn, ev.Welcomed]
        assert {Joined, TopicShown, MembersListed} <= set(kinds)
        assert kinds.index(Joined) < kinds.index(TopicShown) < kinds.index(MembersListed)
        assert play.user("two") is play.user("one")
        assert play.seen("one") == play.seen("bob") == []
        # Each has a row of its own in the ledger.
        assert [(row.id, row.nick, row.account) for row in play.rows] == [(3, "ada", "ada")]

    def test_it_is_told_modes_and_absence(self, play):
        play.asks("one", ChangeUserModes("ada", (ModeChange(True, "i"),)), Away("lunch"))
        play.forget()
        comes(play, "two", account=ADA)
        events = play.seen("two")
        assert UserModesChanged(play.user("two").source, (ModeChange(True, "i"),)) in events
        assert AwayNoted(True) in events
        assert play.user("two").away == "lunch"

    def test_it_comes_and_goes_unseen_until_the_last(self, play):
        comes(play, "two", account=ADA)
        play.forget()
        play.asks("one", ask.Quit())
        assert play.seen("two") == play.seen("bob") == []
        play.asks("two", ask.Quit())
        assert told(play, "bob") == [ev.Departed]

    def test_what_one_does_all_do(self, play):
        comes(play, "two", account=ADA)
        play.forget()
        play.asks("two", ask.Rename("river"), Join(("#r",)))
        assert told(play, "one")[:2] == [ev.Renamed, Joined]
        assert play.nick("one") == "river"
        assert [row.nick for row in play.rows] == ["river", "river"]
        play.forget()
        play.asks("one", Leave(("#r",)))
        assert told(play, "one") == told(play, "two") == [Left]

    def test_what_one_says_all_hear(self, play):
        comes(play, "two", account=ADA)
        play.forget()
        play.asks("two", Send(("#tea",), "say", "hi"), Send(("bob",), "say", "psst"))
        assert told(play, "two") == [Acknowledged, Acknowledged]
        assert told(play, "one") == told(play, "bob") == [Said, Said]
        play.asks("bob", Send(("ada",), "say", "yes?"))
        assert told(play, "one") == told(play, "two") == [Said]

    def test_all_are_logged_in_to_the_same(self, play):
        comes(play, "two", account=ADA)
        play.forget()
        play.asks("two", PasswordJudged("eve", Account("eve", 1), Way.SASL))
        first, *_ = play.seen("one")
        assert (first.account, first.sasl) == ("eve", False)
        assert AccountChanged in told(play, "bob")
        play.forget()
        play.asks("two", PasswordJudged("eve", Account("eve", 1), Way.SASL))
        assert (told(play, "one"), told(play, "two")) == ([], [LoggedIn])

    def test_another_nick_is_shared_with_who_logs_in_first(self, play):
        play.asks("one", ask.Rename("river"))
        play.connects("two", wire="irc")
        play.asks("two", PasswordJudged("ada", ADA, Way.SASL), ask.Rename("river"), ask.Introduce("two", "Two"))
        assert play.user("two") is play.user("one")

    def test_there_is_a_limit(self, play):
        for number in range(CLIENTS_LIMIT - 1):
            comes(play, f"client {number}", account=ADA)
        comes(play, "last", account=ADA)
        assert told(play, "last") == [LoggedIn, TooManyClients]
        assert len(play.user("one").sessions) == CLIENTS_LIMIT

    def test_who_does_not_share_has_one(self, play):
        play.asks("one", Command("SHARED OFF"))
        comes(play, "two", account=ADA)
        assert told(play, "two") == [LoggedIn, NickInUse]

    def test_a_line_client_shares_with_nobody(self, play):
        play.asks("one", ask.Quit())
        play.arrives("line")
        play.asks("line", PasswordJudged("ada", ADA, Way.SERVICE), ask.Rename("ada"))
        assert play.nick("line") == "ada"
        comes(play, "two", account=ADA)
        assert told(play, "two") == [LoggedIn, NickInUse]
