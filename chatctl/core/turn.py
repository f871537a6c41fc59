"""What one batch of requests causes, collected in order: what to tell, to keep, to ask, whom to dismiss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from chatctl.core.events import Event
from chatctl.core.records import Entry, Message


class Delivery(NamedTuple):
    """One event for everybody in ``audience`` (session numbers) except session ``but`` (0: nobody).

    A named tuple because two are made for each line said.
    """

    event: Event
    audience: tuple[int, ...]
    but: int = 0


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """The last ``count`` messages of ``room``."""

    room: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The messages of ``room`` that hold all ``words``."""

    room: str
    words: str


@dataclass(frozen=True, slots=True)
class SessionsQuery:
    """The active sessions, known now, and at most ``past_limit`` past ones (None: all), to be looked up."""

    now: int
    active: tuple[Entry, ...]
    active_total: int
    past_limit: int | None
    limit: int


Query = HistoryQuery | SearchQuery | SessionsQuery


@dataclass(frozen=True, slots=True)
class Question:
    """A query of the store on behalf of a session; nothing else of that session is handled before its answer."""

    session: int
    query: Query


class Turn:
    """The outcome of one batch at the time ``now`` (milliseconds since 1970), in the order it came about."""

    __slots__ = ("deliveries", "dismissed", "entries", "messages", "now", "questions")

    def __init__(self, now: int) -> None:
        self.now = now
        self.deliveries: list[Delivery] = []
        self.messages: list[Message] = []
        self.entries: dict[int, Entry] = {}
        self.questions: list[Question] = []
        self.dismissed: list[int] = []

    def tell(self, session: int, event: Event) -> None:
        """Deliver ``event`` to one session."""
        self.deliveries.append(Delivery(event, (session,)))

    def spread(self, event: Event, audience: tuple[int, ...], but: int = 0) -> None:
        """Deliver ``event`` to ``audience`` except session ``but``."""
        self.deliveries.append(Delivery(event, audience, but))

    def keep(self, message: Message) -> None:
        """Have ``message`` stored before anything of this turn is delivered."""
        self.messages.append(message)

    def log(self, entry: Entry) -> None:
        """Have the ledger row of a session written; the last one of a turn counts."""
        self.entries[entry.id] = entry

    def ask(self, session: int, query: Query) -> None:
        """Have ``query`` answered once this turn is stored."""
        self.questions.append(Question(session, query))

    def dismiss(self, session: int) -> None:
        """Have the session's connection closed once it was sent what is for it."""
        self.dismissed.append(session)
