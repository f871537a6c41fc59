"""Asking about people."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.records import Entry
from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class Who(Request):
    """Ask for people by room, nick or mask; ``fields`` and ``token`` are those of WHOX, None without."""

    mask: str
    operators: bool = False
    fields: str | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Whois(Request):
    """Ask for all that may be known of people; ``asked`` is how they were named, ``through`` whose server to ask."""

    nicks: tuple[str, ...]
    asked: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class Whowas(Request):
    """Ask who had a nick before; ``count`` None for all there is."""

    nick: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FormerFound(Request):
    """The answer to whom the ledger knows by a nick, newest first."""

    nick: str
    count: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Hosts(Request):
    """Ask where people are, briefly (USERHOST)."""

    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Present(Request):
    """Ask which of these nicks are here (ISON)."""

    nicks: tuple[str, ...]
