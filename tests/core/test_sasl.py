"""AUTHENTICATE: IRCv3, sasl-3.1 and sasl-3.2."""

from __future__ import annotations

import base64

import pytest

from chatctl.core.commands.sasl import CHUNK, MECHANISMS, MESSAGE_LIMIT
from chatctl.core.events.accounts import AccountChanged, Asked, LoggedIn, Mechanisms
from chatctl.core.events.presence import Rejected, Welcomed
from chatctl.core.queries import PasswordQuery, ScramFinalQuery, ScramFirstQuery
from chatctl.core.records import Account
from chatctl.core.requests.accounts import Authenticate, Challenged, LoginFailed, PasswordJudged, ProofJudged, Way
from chatctl.core.requests.presence import Introduce, Release, Rename
from chatctl.errors import LoginUnavailable, LookupFailed, SaslAborted, SaslFailed, SaslTooLong, TooManyLogins

ADA = Account("ada", 1)


@pytest.fixture
def play(play):
    """An IRC client that has not registered."""
    play.connects("ada", wire="irc", address="127.0.0.1:1")
    return play


def coded(text):
    return base64.b64encode(text.encode()).decode()


def sends(play, *texts):
    """Send AUTHENTICATE lines, and return what was answered: errors by their class."""
    for text in texts:
        play.asks("ada", Authenticate(text))
    return heard(play)


def heard(play):
    return [type(one.error) if isinstance(one, Rejected) else one for one in play.seen("ada")]


def fails(play, times):
    for _ in range(times):
        play.asks("ada", PasswordJudged("ada", None, Way.SASL))
    play.forget()


@pytest.mark.parametrize("acted", ["", "ada", "ADA"])
def test_plain_has_the_password_checked(play, acted):
    assert sends(play, "plain") == [Asked(b"")]
    assert sends(play, coded(f"{acted}\0ada\0sesame")) == []
    assert [one.query for one in play.questions] == [PasswordQuery("ada", "sesame", Way.SASL)]
    play.asks("ada", PasswordJudged("ada", ADA, Way.SASL))
    (event,) = heard(play)
    assert (event.account, event.sasl) == ("ada", True)


def test_a_wrong_password_is_told_as_such(play):
    play.asks("ada", PasswordJudged("ada", None, Way.SASL))
    assert heard(play) == [SaslFailed]


def test_secrets_are_not_shown(play):
    sends(play, "PLAIN", "A" * CHUNK)
    login = play.chat.sessions[play.numbers["ada"]].login
    shown = repr((login, Authenticate("sesame"), PasswordQuery("ada", "sesame", Way.SASL)))
    assert "AAA" not in shown
    assert "sesame" not in shown


@pytest.mark.parametrize("text", ["bob\0ada\0sesame", "ada\0sesame", "\0\0sesame", "\0ada\0", "\0a\0b\0c", ""])
def test_what_plain_cannot_be_fails(play, text):
    assert sends(play, "PLAIN", coded(text) or "+") == [Asked(b""), SaslFailed]
    assert play.chat.sessions[play.numbers["ada"]].login is None
    assert not play.questions


def test_a_password_that_is_not_utf_8_fails(play):
    assert sends(play, "PLAIN", base64.b64encode(b"\0ada\0\xff").decode())[-1] is SaslFailed


@pytest.mark.parametrize("text", ["a!", "abc", "=abc", "YWJé"])
def test_what_is_not_base64_fails(play, text):
    assert sends(play, "PLAIN", text) == [Asked(b""), SaslFailed]


@pytest.mark.parametrize("length", [CHUNK * 3 // 4, CHUNK * 3 // 4 + 3, CHUNK])
def test_long_messages_come_in_pieces(play, length):
    password = "x" * (length - len("\0ada\0"))
    text = coded(f"\0ada\0{password}")
    pieces = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    assert sends(play, "PLAIN", *pieces, *(["+"] if len(pieces[-1]) == CHUNK else [])) == [Asked(b"")]
    assert play.questions[0].query.password == password


def test_pieces_and_messages_have_a_limit(play):
    assert sends(play, "PLAIN", "A" * (CHUNK + 1)) == [Asked(b""), SaslTooLong]
    pieces = ["A" * CHUNK] * (MESSAGE_LIMIT // CHUNK)
    assert sends(play, "PLAIN", *pieces) == [Asked(b"")]
    assert sends(play, "AAAA") == [SaslFailed]


def test_an_unknown_mechanism_is_answered_with_those_that_there_are(play):
    assert sends(play, "GSSAPI") == [Mechanisms(MECHANISMS), SaslFailed]


def test_an_exchange_may_be_given_up_or_begun_again(play):
    assert sends(play, "PLAIN", "*") == [Asked(b""), SaslAborted]
    assert sends(play, "PLAIN", "scram-sha-256") == [Asked(b""), Asked(b"")]
    assert play.chat.sessions[play.numbers["ada"]].login.mechanism == "SCRAM-SHA-256"


def test_who_goes_on_in_the_middle_goes_on_without_an_account(play):
    play.asks("ada", Rename("ada"))
    sends(play, "PLAIN")
    play.asks("ada", Introduce("ada", "Ada"), Release())
    refused, welcomed, *_ = heard(play)
    assert refused is SaslAborted
    assert type(welcomed) is Welcomed
    assert play.user("ada").account == ""


def test_one_may_log_in_after_that_and_again(play):
    play.asks("ada", Rename("ada"), Introduce("ada", "Ada"))
    play.forget()
    assert sends(play, "PLAIN") == [Asked(b"")]
    play.asks("ada", PasswordJudged("ada", ADA, Way.SASL))
    source = play.user("ada").source
    assert heard(play) == [LoggedIn(source, "ada", sasl=True), AccountChanged(source)]
    assert sends(play, "PLAIN") == [Asked(b"")]


class TestScram:
    def challenged(self, play):
        sends(play, "SCRAM-SHA-256", coded("first"))
        play.asks("ada", Challenged("ada", b"second", "exchange"))
        return heard(play)

    def test_it_is_three_steps_of_the_server_s(self, play):
        assert self.challenged(play) == [Asked(b"second")]
        assert sends(play, coded("third")) == []
        assert [one.query for one in play.questions] == [
            ScramFirstQuery(b"first"),
            ScramFinalQuery("exchange", b"third"),
        ]
        play.asks("ada", ProofJudged("ada", ADA, b"fourth"))
        assert heard(play) == [Asked(b"fourth")]
        assert not play.user("ada").account
        (event,) = sends(play, "+")
        assert (event.account, event.sasl) == ("ada", True)

    def test_a_wrong_proof_counts_as_a_wrong_password(self, play):
        for _ in range(3):
            self.challenged(play)
            sends(play, coded("third"))
            play.asks("ada", ProofJudged("ada", None, b""))
            assert heard(play) == [SaslFailed]
        assert sends(play, "SCRAM-SHA-256", coded("first")) == [Asked(b""), TooManyLogins]

    def test_the_account_is_known_with_the_first_message(self, play):
        play.connects("eve", wire="irc", address="10.0.0.1:1")
        for _ in range(3):
            play.asks("eve", PasswordJudged("ada", None, Way.SASL))
        assert self.challenged(play) == [TooManyLogins]
        assert play.chat.sessions[play.numbers["ada"]].login is None

    def test_what_was_asked_for_before_the_third_failure_gains_nothing(self, play):
        self.challenged(play)
        fails(play, 3)
        play.asks("ada", ProofJudged("ada", ADA, b"fourth"))
        assert heard(play) == [TooManyLogins]
        assert play.chat.sessions[play.numbers["ada"]].login is None

    def test_what_cannot_be_understood_ends_it(self, play):
        sends(play, "SCRAM-SHA-256", coded("first"))
        play.asks("ada", LoginFailed())
        assert heard(play) == [SaslFailed]
        assert play.chat.sessions[play.numbers["ada"]].login is None


def test_plain_waits_too_after_three_failures(play):
    fails(play, 3)
    assert sends(play, "PLAIN", coded("\0ada\0sesame")) == [Asked(b""), TooManyLogins]


def test_a_store_that_cannot_be_asked_is_told_in_the_way_of_the_question():
    assert type(PasswordQuery("ada", "", Way.SASL).failure()) is LoginUnavailable
    assert type(PasswordQuery("ada", "", Way.SERVICE).failure()) is LookupFailed
    assert type(ScramFirstQuery(b"").failure()) is LoginUnavailable
