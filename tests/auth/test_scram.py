"""SCRAM-SHA-256 against the example of RFC 7677 and against a client that shares no code with the server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.auth.passwords import make_credentials
from chatctl.auth.scram import begin, challenge, finish, make_verifier
from chatctl.errors import BadScram, Refused

SECRET = b"the server's own"
SALT = bytes(range(16))
FEW = 4096
"""Iterations; what RFC 7677 has."""


class Client:
    """The other half, as RFC 5802, section 3 words it."""

    def __init__(self, name, password, nonce="abc", gs2="n,,"):
        self.gs2, self.password = gs2, password
        self.bare = f"n={name.replace('=', '=3D').replace(',', '=2C')},r={nonce}"
        self.first = (gs2 + self.bare).encode()

    def final(self, server_first, extension=""):
        """Return the client's last message."""
        nonce, salt, count = re.fullmatch(r"r=([^,]+),s=([^,]+),i=(\d+)", server_first.decode()).groups()
        salted = self._hi(base64.b64decode(salt), int(count))
        client_key = self._hmac(salted, b"Client Key")
        without_proof = f"c={base64.b64encode(self.gs2.encode()).decode()},r={nonce}{extension}"
        auth_message = f"{self.bare},{server_first.decode()},{without_proof}".encode()
        signature = self._hmac(hashlib.sha256(client_key).digest(), auth_message)
        proof = (int.from_bytes(client_key) ^ int.from_bytes(signature)).to_bytes(32)
        server_signature = self._hmac(self._hmac(salted, b"Server Key"), auth_message)
        self.expects = b"v=" + base64.b64encode(server_signature)
        return f"{without_proof},p={base64.b64encode(proof).decode()}".encode()

    def _hi(self, salt, count):
        block = self._hmac(self.password.encode(), salt + b"\0\0\0\1")
        result = int.from_bytes(block)
        for _ in range(count - 1):
            block = self._hmac(self.password.encode(), block)
            result ^= int.from_bytes(block)
        return result.to_bytes(32)

    @staticmethod
    def _hmac(key, message):
        return hmac.new(key, message, hashlib.sha256).digest()


@pytest.fixture(scope="module")
def verifier():
    """What is kept of the password ``pencil``."""
    return make_verifier("pencil", SALT, FEW)


@pytest.fixture(scope="module")
def asked(verifier):
    """A challenge to ``user``."""
    return challenge(begin(b"n,,n=user,r=abc"), verifier, "DEF", SECRET)


def test_the_example_of_rfc_7677():
    scram = make_verifier("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096)
    first = begin(b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
    step = challenge(first, scram, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", SECRET)
    assert step.server_first == (
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    answer = finish(
        step,
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    )
    assert answer == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


@pytest.mark.parametrize("gs2", ["n,,", "y,,", "n,a=Ada,", "n,a=aDA,"])
@pytest.mark.parametrize("extension", ["", ",x=more"])
def test_a_client_that_knows_the_password_is_let_in(verifier, gs2, extension):
    client = Client("ada", "pencil", gs2=gs2)
    step = challenge(begin(client.first), verifier, "DEF", SECRET)
    final = client.final(step.server_first, extension)
    assert finish(step, final) == client.expects


def test_what_is_kept_of_a_password_is_what_a_client_proves():
    client = Client("ada", "caf\u00e9")
    step = challenge(begin(client.first), make_credentials("cafe\u0301").scram, "DEF", SECRET)
    assert step.server_first.endswith(b",i=10000")
    final = client.final(step.server_first)
    assert finish(step, final) == client.expects


def test_a_client_that_does_not_know_it_is_not(verifier):
    client = Client("ada", "pencils")
    step = challenge(begin(client.first), verifier, "DEF", SECRET)
    assert finish(step, client.final(step.server_first)) is None


def test_a_proof_is_good_for_one_exchange_only(verifier):
    client = Client("ada", "pencil")
    final = client.final(challenge(begin(client.first), verifier, "DEF", SECRET).server_first)
    other = challenge(begin(client.first), verifier, "GHI", SECRET)
    with pytest.raises(BadScram, match="the nonce is another one"):
        finish(other, final)
    assert finish(other, final.replace(b"abcDEF", b"abcGHI")) is None


def test_the_name_is_told_as_it_was_meant():
    assert begin(Client("a=b,c", "x").first).username == "a=b,c"
    assert begin(b"n,,n==3D2C,r=x").username == "=2C"
    assert begin("n,,n=\u00e9,r=x".encode()).username == "\u00e9"
    first = begin(b"y,a=ADA,n=Ada,r=xyz,z=later")
    assert (first.username, first.nonce, first.gs2, first.bare) == ("Ada", "xyz", "y,a=ADA,", "n=Ada,r=xyz,z=later")


def test_an_absent_account_is_answered_like_one_that_is_there():
    def salt_of(name, secret=SECRET, nonce="DEF"):
        answer = challenge(begin(Client(name, "x").first), None, nonce, secret).server_first
        return re.fullmatch(rf"r=abc{nonce},s=([A-Za-z0-9+/]{{22}}==),i=10000", answer.decode())[1]

    real = challenge(begin(Client("bob", "x").first), make_credentials("x").scram, "DEF", SECRET).server_first
    assert re.fullmatch(r"r=abcDEF,s=[A-Za-z0-9+/]{22}==,i=10000", real.decode())
    assert salt_of("ada") == salt_of("ADA", nonce="GHI")
    assert len({salt_of("ada"), salt_of("eve"), salt_of("ada", b"another")}) == 3


def test_nobody_proves_the_password_of_an_absent_account():
    client = Client("ada", "x")
    step = challenge(begin(client.first), None, "DEF", SECRET)
    assert finish(step, client.final(step.server_first)) is None
    # Not even one who finds what hashes to the key of an account that is not there.
    key = b"what nobody is supposed to guess"
    found = replace(step, stored_key=hashlib.sha256(key).digest())
    signed = b"c=biws,r=abcDEF"
    message = b",".join((b"n=ada,r=abc", step.server_first, signed))
    signature = hmac.digest(found.stored_key, message, "sha256")
    proof = base64.b64encode(bytes(one ^ other for one, other in zip(key, signature, strict=True)))
    assert finish(found, signed + b",p=" + proof) is None
    assert finish(replace(found, known=True), signed + b",p=" + proof) is not None


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"", "it does not begin with n or y and two commas"),
        (b"n", "it does not begin with n or y and two commas"),
        (b"n,", "it does not begin with n or y and two commas"),
        (b"x,,n=user,r=abc", "it does not begin with n or y and two commas"),
        (b"p=tls-unique,,n=user,r=abc", "channel binding is not supported"),
        (b"n,,", "it does not begin with n, r"),
        (b"n,,n=user", "it does not begin with n, r"),
        (b"n,,r=abc,n=user", "it does not begin with n, r"),
        (b"n,,m=must,n=user,r=abc", "it does not begin with n, r"),
        (b"n,,n=,r=abc", "the user name is missing"),
        (b"n,,n=us=er,r=abc", "has a bare equals sign"),
        (b"n,,n=us=3=2CD,r=abc", "has a bare equals sign"),
        (b"n,,n=us=2c,r=abc", "has a bare equals sign"),
        (b"n,,n=us\0er,r=abc", "or a NUL"),
        (b"n,,n=user,r=", "the nonce is missing"),
        (b"n,,n=user,r=a b", "no printable ASCII"),
        (b"n,,n=user,r=a\x7f", "no printable ASCII"),
        ("n,,n=user,r=\u00e9".encode(), "no printable ASCII"),
        (b"n,,n=us\xe9r,r=abc", "it is not UTF-8"),
        (b"n,a=root,n=user,r=abc", "nobody can act for somebody else here"),
        (b"n,a=,n=user,r=abc", "the user name is missing"),
        (b"n,user,n=user,r=abc", "nobody can act for somebody else here"),
    ],
)
def test_a_first_message_that_is_none_is_told_why(message, why):
    with pytest.raises(BadScram, match=why) as caught:
        begin(message)
    assert isinstance(caught.value, Refused)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"", "there is no proof"),
        (b"c=biws,r=abcDEF", "there is no proof"),
        (b"r=abcDEF,c=biws,p=AAAA", "it does not begin with c, r"),
        (b"c=biws,p=AAAA", "it does not begin with c, r"),
        (b"c=biws,r=abcDEF,p=AAAA", "the proof has another length"),
        (b"c=biws,r=abcDEF,p=", "the proof has another length"),
        (b"c=biws,r=abcDEF,p=A", "it is not base64"),
        (b"c=biws,r=abcDEF,p=!!!!", "it is not base64"),
        ("c=biws,r=abcDEF,p=\u00e9".encode(), "it is not base64"),
        (b"c=biw,r=abcDEF,p=AAAA", "it is not base64"),
        (b"c=eSws,r=abcDEF,p=AAAA", "the binding or the nonce is another one"),
        (b"c=biws,r=abc,p=AAAA", "the binding or the nonce is another one"),
        (b"c=biws,r=DEF,p=AAAA", "the binding or the nonce is another one"),
        (b"\xff,p=AAAA", "it is not UTF-8"),
    ],
)
def test_a_last_message_that_is_none_is_told_why(asked, message, why):
    with pytest.raises(BadScram, match=why):
        finish(asked, message)


PIECES = st.lists(
    st.sampled_from([b"n", b"y", b"p=", b",", b"a=", b"n=", b"r=", b"c=", b",p=", b"=2C", b"biws", b"abcDEF", b"AAAA"])
    | st.binary(max_size=3),
    max_size=12,
).map(b"".join)


@given(st.binary(max_size=80) | PIECES | PIECES.map(lambda end: b"n,," + end))
def test_any_first_message_is_taken_or_refused(message):
    try:
        first = begin(message)
    except BadScram:
        return
    assert message == (first.gs2 + first.bare).encode()
    assert challenge(first, None, "DEF", SECRET).server_first.startswith(f"r={first.nonce}DEF,".encode())


@given(
    st.binary(max_size=80)
    | PIECES
    | PIECES.map(lambda end: b"c=biws,r=abcDEF" + end)
    | st.binary(min_size=32, max_size=32).map(lambda proof: b"c=biws,r=abcDEF,p=" + base64.b64encode(proof))
)
def test_any_last_message_is_wrong_or_refused(asked, message):
    with suppress(BadScram):
        assert finish(asked, message) is None
