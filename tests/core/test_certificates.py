"""NickServ CERT and SASL EXTERNAL: RFC 4422, appendix A."""

from __future__ import annotations

import base64

import pytest

from chatctl.core.commands.certificates import CERTIFICATES_LIMIT, HELP, holder
from chatctl.core.commands.sasl import CHUNK, MECHANISMS
from chatctl.core.events.accounts import Asked, LoggedIn, Mechanisms, ServiceNotice
from chatctl.core.events.people import WhoisShown
from chatctl.core.events.presence import Rejected
from chatctl.core.queries import PasswordQuery
from chatctl.core.records import Account, CertificateAdded, CertificateRemoved
from chatctl.core.requests.accounts import Authenticate, Command, PasswordJudged, Way
from chatctl.core.requests.people import Whois
from chatctl.errors import CertificateUnknown, NoCertificate, SaslFailed, TooManyLogins

ONE, TWO = "1f" * 32, "2e" * 32
ADA = Account("Ada", 1)


@pytest.fixture
def play(play):
    """Ada by IRC through TLS with the certificate ONE, and eve without."""
    play.connects("ada", wire="irc+tls")
    play.registers("eve")
    play.forget()
    play.chat.sessions[play.numbers["ada"]].certificate = ONE
    play.chat.learn_accounts((ADA,))
    return play


def has(play, *fingerprints):
    play.chat.learn_accounts((Account("Ada", 1, certificates=fingerprints),))


def sends(play, *texts, person="ada"):
    """Send AUTHENTICATE lines, and return what was answered: errors by their class."""
    for text in texts:
        play.asks(person, Authenticate(text))
    return [type(one.error) if isinstance(one, Rejected) else one for one in play.seen(person)]


def says(play, text, person="ada"):
    play.asks(person, Command(text))
    return [event.text for event in play.seen(person) if type(event) is ServiceNotice]


def logs_in(play):
    account = play.chat.accounts["ada"]
    play.asks("ada", PasswordJudged("ada", account, Way.SERVICE))
    play.forget()


class TestExternal:
    @pytest.mark.parametrize("answer", ["+", base64.b64encode(b"aDA").decode()])
    def test_the_certificate_opens_its_account(self, play, answer):
        has(play, TWO, ONE)
        wait, event = sends(play, "external", answer)[:2]
        assert wait == Asked(b"")
        assert (type(event), event.account, event.sasl) == (LoggedIn, "Ada", True)
        assert not play.questions

    @pytest.mark.parametrize("named", [b"eve", b"\xff", b"Ada\0", b"x" * 800])
    def test_not_another_one(self, play, named):
        has(play, ONE)
        text = base64.b64encode(named).decode()
        chunks = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
        assert sends(play, "EXTERNAL", *chunks) == [Asked(b""), CertificateUnknown]
        assert play.user("ada").account == ""

    def test_a_certificate_that_no_account_has_opens_none(self, play):
        has(play, TWO)
        assert sends(play, "EXTERNAL", "+") == [Asked(b""), CertificateUnknown]
        assert sends(play, "EXTERNAL") == [Asked(b"")], "one may try again"

    def test_without_one_the_ways_are_told(self, play):
        assert sends(play, "EXTERNAL", person="eve") == [Mechanisms(MECHANISMS), NoCertificate]
        assert sends(play, "WHAT") == [Mechanisms((*MECHANISMS, "EXTERNAL")), SaslFailed]

    def test_another_way_may_be_begun_instead(self, play):
        assert sends(play, "EXTERNAL", "PLAIN", base64.b64encode(b"\0ada\0sesame").decode()) == [Asked(b"")] * 2
        assert [one.query for one in play.questions] == [PasswordQuery("ada", "sesame", Way.SASL)]

    def test_the_end_of_a_long_message_is_not_taken_for_a_beginning(self, play):
        assert sends(play, "PLAIN", "A" * CHUNK, "EXTERNAL") == [Asked(b""), SaslFailed]

    def test_whoever_tries_too_often_waits_and_nobody_else_does(self, play):
        for _ in range(3):
            sends(play, "EXTERNAL", "+")
        has(play, ONE)
        assert sends(play, "EXTERNAL", "+") == [Asked(b""), TooManyLogins]
        assert play.user("ada").account == ""
        assert list(play.chat.failures) == ["address 127.0.0.1"]
        play.later(61_000)
        assert isinstance(sends(play, "EXTERNAL", "+")[1], LoggedIn)


class TestCert:
    @pytest.mark.parametrize("text", ["CERT", "cert what"])
    def test_what_it_does_not_know_is_explained(self, play, text):
        logs_in(play)
        assert says(play, text) == [HELP]

    def test_it_is_for_who_is_logged_in(self, play):
        assert says(play, "CERT ADD") == ["You are not logged in; IDENTIFY [<account>] <password> logs in."]

    def test_the_own_certificate_is_added_and_taken_away(self, play):
        logs_in(play)
        assert says(play, "CERT ADD") == [f"You can log in by the certificate {ONE} now."]
        assert play.changes == [CertificateAdded("Ada", ONE)]
        assert holder(play.chat, ONE).name == "Ada"
        assert says(play, "CERT DEL") == [f"Nobody can log in by the certificate {ONE} any more."]
        assert play.changes[1:] == [CertificateRemoved("Ada", ONE)]
        assert holder(play.chat, ONE) is None

    def test_another_is_named_as_people_write_it(self, play):
        logs_in(play)
        written = ":".join(["2E"] * 32)
        assert says(play, f"CERT ADD SHA256:{written}") == [f"You can log in by the certificate {TWO} now."]
        assert play.changes == [CertificateAdded("Ada", TWO)]

    def test_they_are_listed(self, play):
        logs_in(play)
        assert says(play, "CERT LIST") == ["Your account has no certificates."]
        has(play, ONE)
        assert says(play, "CERT LIST") == [f"{ONE} (the one you use now)", "Your account has 1 certificate."]
        has(play, ONE, TWO)
        assert says(play, "CERT LIST")[1:] == [TWO, "Your account has 2 certificates."]

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("CERT ADD rubbish", "'rubbish' is no SHA-256 fingerprint; give 64 hexadecimal digits"),
            (f"CERT DEL {TWO}", "your account does not have this certificate; CERT LIST tells which it has."),
            (f"CERT ADD {ONE}", "an account has this certificate already; take it away there, or use another."),
        ],
    )
    def test_what_cannot_be_is_told_with_the_remedy(self, play, text, why):
        has(play, ONE)
        logs_in(play)
        (said,) = says(play, text)
        assert said.startswith(why)
        assert not play.changes

    def test_who_came_without_a_certificate_names_one(self, play):
        play.chat.sessions[play.numbers["ada"]].certificate = ""
        logs_in(play)
        assert says(play, "CERT ADD") == ["you came without a certificate; connect with one, or tell its fingerprint."]

    def test_there_is_a_limit(self, play):
        has(play, *[f"{number:064x}" for number in range(CERTIFICATES_LIMIT)])
        logs_in(play)
        assert says(play, "CERT ADD") == ["an account has 20 certificates at most; take one away first."]
        assert not play.changes


class TestWhois:
    def whois(self, play, asker, person):
        play.asks(asker, Whois((play.nick(person),), play.nick(person)))
        return next(event for event in play.seen(asker) if isinstance(event, WhoisShown))

    def test_everybody_may_know_of_tls(self, play):
        assert self.whois(play, "eve", "ada").secure
        assert not self.whois(play, "ada", "eve").secure

    def test_the_certificate_is_for_oneself_and_operators(self, play):
        assert self.whois(play, "ada", "ada").certificates == (ONE,)
        assert self.whois(play, "eve", "ada").certificates == ()
        play.user("eve").operator = "root"
        assert self.whois(play, "eve", "ada").certificates == (ONE,)
        assert self.whois(play, "eve", "eve").certificates == ()
