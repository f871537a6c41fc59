"""Passwords: what is kept of them, and who is let in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatctl.auth import passwords
from chatctl.auth.passwords import (
    PASSWORD_LIMIT,
    check_password,
    hash_secret,
    make_credentials,
    prepare,
    read_secret,
    verify_secret,
)
from chatctl.core.records import Credentials
from chatctl.errors import BadPassword, CannotRun, SecretUnreadable


@pytest.fixture(scope="module")
def kept():
    """What is kept of the password ``open sesame``."""
    return make_credentials("open sesame")


def test_what_is_kept_has_the_recommended_cost_and_not_the_password(kept):
    assert kept.argon2.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    iterations, salt, stored_key, server_key = kept.scram.split("$")
    assert iterations == "10000"
    assert (len(salt), len(stored_key), len(server_key)) == (24, 44, 44)
    assert "sesame" not in kept.argon2 + kept.scram


def test_the_same_password_is_kept_differently_each_time(kept):
    again = make_credentials("open sesame")
    assert again.argon2 != kept.argon2
    assert again.scram.split("$")[1:] != kept.scram.split("$")[1:]


def test_the_right_password_is_let_in_and_no_other(kept):
    assert check_password("open sesame", kept)
    assert not check_password("Open Sesame", kept)
    assert not check_password("-", kept)
    assert not check_password("open sesame", None)


@pytest.mark.parametrize(
    "password", ["", "\0", "\ud800", "open\nsesame", "x" * (PASSWORD_LIMIT + 1), "\u05d0a", "\u00ad"]
)
def test_what_is_no_password_is_not_let_in(kept, password):
    assert check_password(password, kept) is False
    assert check_password(password, None) is False


def test_not_even_what_stands_in_for_an_absent_account_is_let_in():
    assert not check_password("-", None)


@pytest.mark.parametrize("password", ["right", "\0"])
@pytest.mark.parametrize("known", [True, False])
def test_the_work_is_the_same_whether_or_not_there_is_such_an_account(monkeypatch, kept, password, known):
    costs = []
    verify = passwords._verify
    monkeypatch.setattr(
        passwords, "_verify", lambda stored, told: costs.append(stored.split("$")[1:4]) or verify(stored, told)
    )
    check_password(password, kept if known else None)
    assert costs == [["argon2id", "v=19", "m=19456,t=2,p=1"]]


@pytest.mark.parametrize("stored", ["", "$argon2", "$argon2id$\u00e9", "$argon2id$v=19$m=0,t=0,p=0$AAAA$AAAA", "plain"])
def test_a_damaged_hash_lets_nobody_in(stored):
    assert check_password("plain", Credentials(stored, "")) is False


@settings(max_examples=20)
@given(st.text(st.characters(exclude_categories=()), max_size=PASSWORD_LIMIT + 100))
def test_checking_never_raises(password):
    assert check_password(password, None) is False


@pytest.mark.parametrize(
    ("typed", "prepared"),
    [
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("a\u00a0b\u3000c", "a b c"),
        ("e\u0301", "\u00e9"),
        ("\u0627\u0628", "\u0627\u0628"),
    ],
)
def test_two_ways_to_type_a_password_are_one(typed, prepared):
    """The first five are the examples of RFC 4013, section 3."""
    assert prepare(typed) == prepared
    assert prepare(prepared) == prepared


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "is empty"),
        ("\u00ad\u200d", "is empty"),
        ("\u0007", "holds characters that cannot be typed everywhere"),
        ("\u0627\u0031", "holds characters that cannot be typed everywhere"),
        ("\u05d0a\u05d0", "holds characters that cannot be typed everywhere"),
        ("\ud800", "holds characters that cannot be typed everywhere"),
        ("\ue000", "holds characters that cannot be typed everywhere"),
        ("\ufffd", "holds characters that cannot be typed everywhere"),
        ("\u0221", "holds characters that cannot be typed everywhere"),
    ],
)
def test_what_cannot_be_a_password_is_told_why(typed, why):
    """The control character and the mixed directions are the last two examples of RFC 4013, section 3."""
    with pytest.raises(BadPassword, match=f"^the password {why}; choose another$"):
        prepare(typed)
    for make in (make_credentials, hash_secret):
        with pytest.raises(BadPassword):
            make(typed)


@pytest.mark.parametrize("letter", ["x", "\u00e9", "\ufdfa"], ids=["one byte", "two bytes", "33 when prepared"])
def test_a_password_has_so_many_bytes_at_most(letter):
    size = len(prepare(letter).encode())
    most = PASSWORD_LIMIT // size
    assert prepare(letter * most) == prepare(letter) * most
    with pytest.raises(BadPassword, match=f"^the password is longer than {PASSWORD_LIMIT} bytes; choose another$"):
        prepare(letter * (most + 1))


def test_a_password_is_let_in_however_it_was_typed():
    assert check_password("cafe\u0301", make_credentials("caf\u00e9"))


def test_a_secret_is_kept_as_it_is_or_as_a_hash():
    assert verify_secret("sesame", "sesame")
    assert not verify_secret("Sesame", "sesame")
    hashed = hash_secret("sesame")
    assert hashed.startswith("$argon2id$")
    assert verify_secret("sesame", hashed)
    assert not verify_secret("Sesame", hashed)
    assert not verify_secret(hashed, hashed)


@pytest.mark.parametrize(
    "stored", ["", "\u00e9", "$argon2", "$argon2id$\u00e9", "$argon2id$v=19$m=0,t=0,p=0$AAAA$AAAA"]
)
@pytest.mark.parametrize("secret", ["x", "\0", "\ud800", "\u00e9\u00e9", "x" * (PASSWORD_LIMIT + 1)])
def test_odd_secrets_are_wrong_and_nothing_else(secret, stored):
    assert verify_secret(secret, stored) is False


@pytest.mark.parametrize("content", [b"sesame", b"sesame\n", b"sesame\r\n", b"sesame\nanother\n"])
def test_the_first_line_of_a_file_is_the_secret(tmp_path, content):
    path = tmp_path / "secret"
    path.write_bytes(content)
    assert read_secret(path) == "sesame"


def test_blanks_belong_to_the_secret(tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(" caf\u00e9 \n".encode())
    assert read_secret(path) == " caf\u00e9 "


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "its first line is empty"), (b"\nsesame\n", "its first line is empty"), (b"caf\xe9\n", "it is not UTF-8")],
)
def test_a_file_without_a_secret_is_told_with_the_remedy(tmp_path, content, why):
    path = tmp_path / "secret"
    path.write_bytes(content)
    with pytest.raises(SecretUnreadable) as caught:
        read_secret(path)
    assert str(caught.value) == (f"cannot take a password from {path}: {why}; write it, or its hash, in the first line")
    assert isinstance(caught.value, CannotRun)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(SecretUnreadable, match="No such file or directory"):
        read_secret(tmp_path / "absent")
    with pytest.raises(SecretUnreadable, match="Is a directory"):
        read_secret(tmp_path)
