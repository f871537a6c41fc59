"""Accounts: logging in and out, making one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from chatctl.core.records import Account, Credentials
from chatctl.core.requests.base import Request
from chatctl.errors import BadPassword


class Way(Enum):
    """How somebody logs in, which decides what they are told."""

    SASL = "SASL"
    SERVICE = "NickServ"
    REGISTER = "REGISTER"


@dataclass(frozen=True, slots=True)
class Authenticate(Request):
    """One ``AUTHENTICATE`` parameter: a mechanism, a piece of base64, ``+`` or ``*``."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Register(Request):
    """Make an account named ``name``, or as one's nick (``*``), and log in to it; ``email`` may be ``*``."""

    name: str
    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verify(Request):
    """Complete the making of an account by a code, which this server never asks for."""

    name: str


@dataclass(frozen=True, slots=True)
class Command(Request):
    """Something told to NickServ."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordJudged(Request):
    """The answer to a password: the account that it opens, or None."""

    name: str
    account: Account | None
    way: Way


@dataclass(frozen=True, slots=True)
class Challenged(Request):
    """The answer to the first step of SCRAM: for which account, what to send, and the exchange so far."""

    name: str
    data: bytes = field(repr=False)
    exchange: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProofJudged(Request):
    """The answer to the second step of SCRAM: what to send and the account, or None for a wrong proof."""

    name: str
    account: Account | None
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoginFailed(Request):
    """The answer to a step that could not be understood."""


@dataclass(frozen=True, slots=True)
class CredentialsRefused(Request):
    """The answer to a password that cannot be one."""

    name: str
    error: BadPassword
    way: Way


@dataclass(frozen=True, slots=True)
class CredentialsMade(Request):
    """The answer to a new account's, or an account's new, password."""

    name: str
    email: str
    credentials: Credentials = field(repr=False)
    way: Way
    replaces: bool = False
