"""The client's half of a login: SASL 3.1 and 3.2 (IRCv3).

RFC 4422 (EXTERNAL), RFC 4616 (PLAIN), RFC 5802 and 7677 (SCRAM-SHA-256).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Generator

from chatctl.auth.passwords import prepare
from chatctl.client.errors import AuthenticationFailed
from chatctl.errors import BadPassword

MECHANISMS = ("SCRAM-SHA-256", "PLAIN")
"""Mechanisms, the best first: the first never shows the server the password."""

CHUNK = 400
"""Characters of base64 in one AUTHENTICATE: SASL 3.1, section "The AUTHENTICATE command"."""

ITERATIONS_LIMIT = 10_000_000
"""Rounds of hashing that a server may ask for: some seconds of work."""

Exchange = Generator[bytes, bytes, None]
"""Yields what to answer to each challenge; the first challenge is empty."""


EXTERNAL = "EXTERNAL"
"""By the certificate that was shown in TLS: RFC 4422, appendix A."""


def choose(offered: str, external: bool = False) -> str | None:
    """Return the best mechanism of the capability's value, None if there is none.

    Where it is empty, ``external`` or PLAIN is tried. ``external`` is used alone.
    """
    usable = (EXTERNAL,) if external else MECHANISMS
    names = offered.upper().split(",") if offered else [usable[-1]]
    return next((name for name in usable if name in names), None)


def begin(mechanism: str, account: str, password: str, nonce: str = "") -> Exchange:
    """Return the answers of ``mechanism``; SCRAM raises ``AuthenticationFailed`` if the server does not know either."""
    if mechanism == EXTERNAL:
        return _external(account)
    if mechanism == "PLAIN":
        return _plain(account, password)
    return _scram(account, password, nonce or secrets.token_urlsafe(18))


def chunks(answer: bytes) -> list[str]:
    """Return the parameters of AUTHENTICATE that carry ``answer``."""
    text = base64.b64encode(answer).decode()
    parts = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    return parts if parts and len(parts[-1]) < CHUNK else [*parts, "+"]


def _external(account: str) -> Exchange:
    yield account.encode()


def _plain(account: str, password: str) -> Exchange:
    yield f"\0{account}\0{password}".encode()


def _scram(account: str, password: str, nonce: str) -> Exchange:
    name = account.replace("=", "=3D").replace(",", "=2C")
    bare = f"n={name},r={nonce}"
    server_first = (yield f"n,,{bare}".encode()).decode(errors="replace")
    server_nonce, salt, rounds = _challenge(server_first, nonce)
    unsigned = f"c=biws,r={server_nonce}"
    signed = f"{bare},{server_first},{unsigned}".encode()
    try:
        prepared = prepare(password).encode()
    except BadPassword as error:
        raise AuthenticationFailed(str(error)) from None
    salted = hashlib.pbkdf2_hmac("sha256", prepared, salt, rounds)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(hashlib.sha256(client_key).digest(), signed, "sha256")
    proof = bytes(one ^ other for one, other in zip(client_key, signature, strict=True))
    last = yield f"{unsigned},p={base64.b64encode(proof).decode()}".encode()
    expected = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), signed, "sha256")
    if not hmac.compare_digest(last, b"v=" + base64.b64encode(expected)):
        raise AuthenticationFailed("the server does not know the password itself; somebody may stand in its place")
    yield b""


def _challenge(text: str, nonce: str) -> tuple[str, bytes, int]:
    parts = dict(part.split("=", 1) for part in text.split(",") if "=" in part)
    try:
        answer = parts["r"], base64.b64decode(parts["s"], validate=True), int(parts["i"])
    except (KeyError, ValueError):
        answer = "", b"", 0
    if not answer[0].startswith(nonce) or answer[0] == nonce or not 0 < answer[2] <= ITERATIONS_LIMIT:
        raise AuthenticationFailed("the server's challenge makes no sense; try again, or another server")
    return answer
