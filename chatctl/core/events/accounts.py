"""What is told about accounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatctl.core.events.base import Event
from chatctl.core.requests.accounts import Way
from chatctl.core.user import Source


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """The server's part of a SASL exchange; empty when it only waits."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mechanisms(Event):
    """The ways to authenticate that there are."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoggedIn(Event):
    """One is logged in now; ``sasl``: it was done by SASL, which has a closing word of its own."""

    who: Source
    account: str
    sasl: bool


@dataclass(frozen=True, slots=True)
class LoggedOut(Event):
    """One is logged in no more."""

    who: Source


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """Somebody logged in or out; told to those who share a room, see ``who.account``."""

    who: Source


@dataclass(frozen=True, slots=True)
class Registered(Event):
    """The account exists now; told in the way in which it was asked for."""

    account: str
    way: Way


@dataclass(frozen=True, slots=True)
class ServiceNotice(Event):
    """NickServ says something to one; ``saved``: that something was stored."""

    text: str
    saved: bool = False
