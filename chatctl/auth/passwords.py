"""Passwords as they are kept: an argon2id hash, and a SCRAM verifier apart from it."""

from __future__ import annotations

import hmac
import unicodedata
from functools import cache
from pathlib import Path
from stringprep import (
    in_table_a1,
    in_table_b1,
    in_table_c3,
    in_table_c4,
    in_table_c5,
    in_table_c6,
    in_table_c7,
    in_table_c8,
    in_table_c9,
    in_table_c12,
    in_table_c21_c22,
    in_table_d1,
    in_table_d2,
)
from typing import TYPE_CHECKING

from chatctl.auth.scram import make_verifier
from chatctl.core.records import Credentials
from chatctl.errors import BadPassword, SecretUnreadable

if TYPE_CHECKING:
    from argon2 import PasswordHasher

PASSWORD_LIMIT = 1024
"""Bytes."""

HASHED = "$argon2"
"""How a hash begins, in a file that may hold a password or its hash."""

_TOO_LONG = f"is longer than {PASSWORD_LIMIT} bytes"
_PROHIBITED = (
    in_table_c12,
    in_table_c21_c22,
    in_table_c3,
    in_table_c4,
    in_table_c5,
    in_table_c6,
    in_table_c7,
    in_table_c8,
    in_table_c9,
    in_table_a1,
)


def prepare(password: str) -> str:
    """Return the form in which two ways to type a password are the same; raises ``BadPassword``.

    Source: SASLprep, RFC 4013.
    """
    # What is far too long is not worth the work, which anybody may ask for.
    if len(password) > PASSWORD_LIMIT:
        raise BadPassword(_TOO_LONG)
    mapped = "".join(" " if in_table_c12(one) else one for one in password if not in_table_b1(one))
    prepared = unicodedata.ucd_3_2_0.normalize("NFKC", mapped)
    if not prepared:
        raise BadPassword("is empty")
    if len(prepared.encode("utf-8", "surrogatepass")) > PASSWORD_LIMIT:
        raise BadPassword(_TOO_LONG)
    if any(prohibits(one) for one in prepared for prohibits in _PROHIBITED) or not _direction_is_clear(prepared):
        raise BadPassword("holds characters that cannot be typed everywhere")
    return prepared


def _direction_is_clear(text: str) -> bool:
    """Tell whether ``text`` does not mix writing directions: RFC 3454, section 6."""
    if not any(map(in_table_d1, text)):
        return True
    return not any(map(in_table_d2, text)) and in_table_d1(text[0]) and in_table_d1(text[-1])


def make_credentials(password: str) -> Credentials:
    """Return what is kept of a password; raises ``BadPassword``. Takes some hundredths of a second."""
    prepared = prepare(password)
    return Credentials(_hasher().hash(prepared), make_verifier(prepared))


def check_password(password: str, credentials: Credentials | None) -> bool:
    """Tell whether this is the password; without credentials it takes as long and is not."""
    try:
        prepared = prepare(password)
    except BadPassword:
        prepared, credentials = "-", None
    # The decoy is made at the first check of all, whose account it is: it must not tell an absent one apart.
    decoy = _decoy()
    right = _verify(decoy if credentials is None else credentials.argon2, prepared)
    return right and credentials is not None


def hash_secret(secret: str) -> str:
    """Return the argon2id hash of a server's or an operator's password; raises ``BadPassword``."""
    return _hasher().hash(prepare(secret))


def verify_secret(secret: str, stored: str) -> bool:
    """Tell whether ``secret`` is the stored one, which is kept as it is or as an argon2 hash."""
    if stored.startswith(HASHED):
        try:
            return _verify(stored, prepare(secret))
        except BadPassword:
            return False
    return hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), stored.encode("utf-8", "surrogatepass"))


def read_secret(path: Path) -> str:
    """Return the password, or its hash, from the first line of a file; raises ``SecretUnreadable``."""
    try:
        with path.open(encoding="utf-8") as file:
            secret = file.readline().rstrip("\r\n")
    except OSError as error:
        raise SecretUnreadable(path, error.strerror or "it cannot be read") from error
    except UnicodeDecodeError as error:
        raise SecretUnreadable(path, "it is not UTF-8") from error
    if not secret:
        raise SecretUnreadable(path, "its first line is empty")
    return secret


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    # OWASP's second choice for argon2id: 19 MiB, two passes.
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


@cache
def _decoy() -> str:
    return _hasher().hash("-")


def _verify(stored: str, prepared: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(stored, prepared)
    except (InvalidHashError, VerificationError, UnicodeEncodeError):
        return False
