"""What only the store, or slow arithmetic, can answer; a thread of its own does."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatctl.core.history import Around, At, Log, Page, Wanted
from chatctl.core.records import Entry
from chatctl.core.requests.accounts import Way
from chatctl.core.requests.base import Request
from chatctl.core.requests.history import Redact
from chatctl.errors import HistoryFailed, LoginUnavailable, LookupFailed, Refused, SearchFailed


class Query:
    """Something to look up or to compute; its answer is an event for the asker, or a request in the asker's name."""

    __slots__ = ()

    def failure(self) -> Refused:
        """Return what the asker is told when the store fails."""
        return LookupFailed()


@dataclass(frozen=True, slots=True)
class HistoryQuery(Query):
    """A page of ``log``, or ``otherwise`` if nothing is on it; ``title`` is what the asker calls the log.

    ``command`` is what was asked, if the asker has to be told when it fails.
    """

    log: Log
    page: Page | Around
    title: str
    otherwise: Page | None = None
    command: str = ""

    def failure(self) -> Refused:
        """Return what the asker is told when the store fails."""
        return HistoryFailed(self.command, self.title) if self.command else LookupFailed()


@dataclass(frozen=True, slots=True)
class RecentQuery(Query):
    """The newest ``count`` messages, up to the one numbered ``last``, of each of the rooms."""

    rooms: tuple[str, ...]
    count: int
    last: int


@dataclass(frozen=True, slots=True)
class TargetsQuery(Query):
    """Which of the rooms and of the conversations of ``owner`` have their newest message between two times.

    ``count`` of them at most, counted from ``first``, which may be the later one.
    """

    rooms: tuple[str, ...]
    owner: str
    first: At
    second: At
    count: int

    def failure(self) -> Refused:
        """Return what the asker is told when the store fails."""
        return HistoryFailed("TARGETS", "*")


@dataclass(frozen=True, slots=True)
class MessageQuery(Query):
    """The message that somebody wants to take back; answered by ``Redaction``."""

    request: Redact


@dataclass(frozen=True, slots=True)
class SearchQuery(Query):
    """The messages of ``logs`` that are ``wanted``; ``title`` is what the asker calls them."""

    logs: tuple[Log, ...]
    wanted: Wanted
    title: str


@dataclass(frozen=True, slots=True)
class SeekQuery(Query):
    """The messages of ``logs``, and of all conversations of ``owner`` unless that is empty, that are ``wanted``."""

    logs: tuple[Log, ...]
    owner: str
    wanted: Wanted

    def failure(self) -> Refused:
        """Return what the asker is told when the store fails."""
        return SearchFailed()


@dataclass(frozen=True, slots=True)
class WhowasQuery(Query):
    """Whom the ledger knows by a nick, the newest ``count``; answered by ``FormerFound``."""

    nick: str
    count: int


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

    secret: str = field(repr=False)
    stored: str = field(repr=False)
    right: Request
    wrong: Request


@dataclass(frozen=True, slots=True)
class PasswordQuery(Query):
    """Whether ``password`` opens the account ``name``; answered by ``PasswordJudged``."""

    name: str
    password: str = field(repr=False)
    way: Way

    def failure(self) -> Refused:
        """Return what the asker is told when the store fails."""
        return LoginUnavailable() if self.way is Way.SASL else LookupFailed()


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

    def failure(self) -> Refused:
        """Return what the asker is told when the store fails."""
        return LoginUnavailable()


@dataclass(frozen=True, slots=True)
class ScramFinalQuery(Query):
    """Whether the client's proof is right; answered by ``ProofJudged``."""

    exchange: object = field(repr=False)
    data: bytes = field(repr=False)
