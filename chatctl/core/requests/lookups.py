"""Asking: the past, the sessions, for help."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class History(Request):
    """Ask for the last ``count`` messages of the room one is in."""

    count: int


@dataclass(frozen=True, slots=True)
class Search(Request):
    """Ask for the messages of the room one is in that hold all ``words``."""

    words: str


@dataclass(frozen=True, slots=True)
class Status(Request):
    """Ask for the session table; ``everything`` lifts the limit on its rows."""

    everything: bool = False


@dataclass(frozen=True, slots=True)
class Help(Request):
    """Ask what one can type; about one command only if ``subject`` is given."""

    subject: str = ""


@dataclass(frozen=True, slots=True)
class Crowd(Request):
    """Ask how many there are (LUSERS)."""
