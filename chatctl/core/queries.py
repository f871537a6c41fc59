"""What only the store, or slow arithmetic, can answer; a thread of its own does."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatctl.core.history import Around, Log, Page, Wanted
from chatctl.core.records import Entry
from chatctl.core.requests.accounts import Way
from chatctl.core.requests.base import Request


class Query:
    """Something to look up or to compute; its answer is an event for the asker, or a request in the asker's name."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class HistoryQuery(Query):
    """A page of ``log``; ``title`` is what the asker calls it."""

    log: Log
    page: Page | Around
    title: str


@dataclass(frozen=True, slots=True)
class SearchQuery(Query):
    """The messages of ``logs`` that are ``wanted``; ``title`` is what the asker calls them."""

    logs: tuple[Log, ...]
    wanted: Wanted
    title: str


@dataclass(frozen=True, slots=True)
class SessionsQuery(Query):
    """The active sessions, known now, and at most ``past_limit`` past ones (None: all), to be looked up."""

    now: int
    active: tuple[Entry, ...]
    active_total: int
    past_limit: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class SecretQuery(Query):
    """Whether ``secret`` is the ``stored`` one; the answer is the request ``right`` or ``wrong``."""

    secret: str
    stored: str
    right: Request
    wrong: Request


@dataclass(frozen=True, slots=True)
class PasswordQuery(Query):
    """Whether ``password`` opens the account ``name``; answered by ``PasswordJudged``."""

    name: str
    password: str = field(repr=False)
    way: Way


@dataclass(frozen=True, slots=True)
class CredentialsQuery(Query):
    """What is to be kept of a password; answered by ``CredentialsMade``."""

    name: str
    email: str
    password: str = field(repr=False)
    way: Way
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class ScramFirstQuery(Query):
    """The server's answer to the client's first SCRAM message; answered by ``Challenged``."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScramFinalQuery(Query):
    """Whether the client's proof is right; answered by ``ProofJudged``."""

    exchange: object = field(repr=False)
    data: bytes = field(repr=False)
