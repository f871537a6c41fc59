"""SCRAM-SHA-256, the server's half: RFC 5802 and RFC 7677."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from chatctl.core.names import fold
from chatctl.errors import BadScram

ITERATIONS = 10_000
SALT_BYTES = 16

_NONCE = re.compile(r"[!-+\--~]+")
_NAME = re.compile(r"(?:[^=\0]|=2C|=3D)+")


@dataclass(frozen=True, slots=True)
class ClientFirst:
    """What the client began with: who it says it is, its nonce, and the parts that are signed later.

    ``bare`` is the message without its beginning, which is ``gs2``: RFC 5802, section 7.
    """

    username: str
    nonce: str
    bare: str
    gs2: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the server answered, and what the proof is checked with; ``known`` is whether there is such an account."""

    first: ClientFirst
    server_first: bytes
    nonce: str
    stored_key: bytes
    server_key: bytes
    known: bool


def make_verifier(prepared: str, salt: bytes | None = None, iterations: int = ITERATIONS) -> str:
    """Return ``iterations$salt$stored-key$server-key`` of a prepared password: RFC 5802, section 3."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", prepared.encode(), salt, iterations)
    stored_key = hashlib.sha256(_sign(salted, b"Client Key")).digest()
    parts = (salt, stored_key, _sign(salted, b"Server Key"))
    return "$".join((str(iterations), *(base64.b64encode(part).decode() for part in parts)))


def begin(client_first: bytes) -> ClientFirst:
    """Read the client's first message; raises ``BadScram``. RFC 5802, section 7."""
    text = _decode(client_first)
    flag, comma, rest = text.partition(",")
    authzid, other, bare = rest.partition(",")
    if flag.startswith("p="):
        raise BadScram("channel binding is not supported")
    if not comma or not other or flag not in ("n", "y"):
        raise BadScram("it does not begin with n or y and two commas")
    name, nonce = _attributes(bare, "n", "r")[:2]
    username = _unescape(name)
    if _NONCE.fullmatch(nonce) is None:
        raise BadScram("the nonce is missing, or no printable ASCII")
    if authzid and (not authzid.startswith("a=") or fold(_unescape(authzid[2:])) != fold(username)):
        raise BadScram("nobody can act for somebody else here")
    return ClientFirst(username, nonce, bare, f"{flag},{authzid},")


def challenge(first: ClientFirst, scram: str | None, server_nonce: str, secret: bytes) -> Challenge:
    """Return the answer to the client's first message.

    Without a verifier the salt is made from the name and ``secret``, the same each time, so nobody can tell whether
    there is such an account.
    """
    if scram is None:
        salt = _sign(secret, fold(first.username).encode())[:SALT_BYTES]
        iterations, stored_key, server_key = ITERATIONS, bytes(32), bytes(32)
    else:
        count, *parts = scram.split("$")
        iterations = int(count)
        salt, stored_key, server_key = map(base64.b64decode, parts)
    nonce = first.nonce + server_nonce
    answer = f"r={nonce},s={base64.b64encode(salt).decode()},i={iterations}".encode()
    return Challenge(first, answer, nonce, stored_key, server_key, scram is not None)


def finish(challenge: Challenge, client_final: bytes) -> bytes | None:
    """Return the server's last message if the proof is right, None if not; raises ``BadScram`` if it is none."""
    text = _decode(client_final)
    signed, separator, proof_text = text.rpartition(",p=")
    if not separator:
        raise BadScram("there is no proof")
    binding, nonce = _attributes(signed, "c", "r")[:2]
    proof = _from_base64(proof_text)
    if _from_base64(binding) != challenge.first.gs2.encode() or nonce != challenge.nonce:
        raise BadScram("the binding or the nonce is another one")
    if len(proof) != len(challenge.stored_key):
        raise BadScram("the proof has another length")
    message = b",".join((challenge.first.bare.encode(), challenge.server_first, signed.encode()))
    signature = _sign(challenge.stored_key, message)
    client_key = bytes(one ^ other for one, other in zip(proof, signature, strict=True))
    right = hmac.compare_digest(hashlib.sha256(client_key).digest(), challenge.stored_key)
    if not right or not challenge.known:
        return None
    return b"v=" + base64.b64encode(_sign(challenge.server_key, message))


def _sign(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _decode(message: bytes) -> str:
    try:
        return message.decode()
    except UnicodeDecodeError as error:
        raise BadScram("it is not UTF-8") from error


def _attributes(text: str, *names: str) -> list[str]:
    """Return the values of the attributes that ``text`` begins with, in this order."""
    parts = text.split(",")
    if len(parts) < len(names) or any(
        not part.startswith(f"{name}=") for part, name in zip(parts, names, strict=False)
    ):
        raise BadScram(f"it does not begin with {', '.join(names)}")
    return [part[2:] for part in parts]


def _unescape(name: str) -> str:
    """Undo ``=2C`` and ``=3D``: RFC 5802, section 5.1."""
    if _NAME.fullmatch(name) is None:
        raise BadScram("the user name is missing, or has a bare equals sign or a NUL")
    return name.replace("=2C", ",").replace("=3D", "=")


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadScram("it is not base64") from error
