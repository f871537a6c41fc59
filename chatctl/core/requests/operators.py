"""What operators of the server do. Source: Modern IRC, section "Operator Messages"."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class BecomeOperator(Request):
    """Tell an operator's name and password."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OperatorJudged(Request):
    """The answer to whether the password of the operator ``name`` was right."""

    name: str
    right: bool


@dataclass(frozen=True, slots=True)
class Kill(Request):
    """Disconnect somebody."""

    nick: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class SetBan(Request):
    """Let nobody connect whose address is like ``mask``, for ``milliseconds`` (None: for ever)."""

    mask: str
    why: str = ""
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True)
class LiftBan(Request):
    """Let those connect again whom ``mask`` kept out."""

    mask: str


@dataclass(frozen=True, slots=True)
class ListBans(Request):
    """Ask who may not connect."""


@dataclass(frozen=True, slots=True)
class ListOperators(Request):
    """Ask which names operators have."""


@dataclass(frozen=True, slots=True)
class Wallops(Request):
    """Say something to everybody who wants to hear it from operators."""

    text: str


@dataclass(frozen=True, slots=True)
class ShowSettings(Request):
    """Ask for the limit called ``name``, or for all that can be set while the server runs."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class SetLimit(Request):
    """Let the limit called ``name`` be another one from now on."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Shutdown(Request):
    """Stop the server, with a word why."""

    why: str = ""
