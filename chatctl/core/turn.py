"""What one batch of requests causes, collected in order: what to tell, to keep, to ask, whom to dismiss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from chatctl.core.events.base import Event
from chatctl.core.events.presence import Labeled
from chatctl.core.queries import Query
from chatctl.core.records import Change, Entry, Message
from chatctl.core.user import Session


class Delivery(NamedTuple):
    """One event for everybody in ``audience`` (session numbers) except session ``but`` (0: nobody).

    ``nick`` is the name of a single listener at that moment. A named tuple because two are made for each line said.
    """

    event: Event
    audience: tuple[int, ...]
    but: int = 0
    nick: str = "*"


class Question(NamedTuple):
    """A query of the store on behalf of a session; nothing else of that session is handled before its answer.

    The answer carries ``label``, and comes after the events ``before``, if the request had a label.
    """

    session: int
    query: Query
    nick: str
    label: str | None = None
    before: tuple[Event, ...] = ()


@dataclass(slots=True)
class _Reply:
    """What the request with a label has caused for its own session so far."""

    session: int
    label: str
    events: list[Event]
    query: Query | None = None


class Turn:
    """The outcome of one batch at the time ``now`` (milliseconds since 1970), in the order it came about."""

    __slots__ = (
        "_reply",
        "changes",
        "deliveries",
        "dismissed",
        "entries",
        "messages",
        "notes",
        "now",
        "questions",
        "shutdown",
    )

    def __init__(self, now: int) -> None:
        self.now = now
        self.deliveries: list[Delivery] = []
        self.messages: list[Message] = []
        self.entries: dict[int, Entry] = {}
        self.changes: list[Change] = []
        self.questions: list[Question] = []
        self.dismissed: list[int] = []
        self.notes: list[str] = []
        self.shutdown = False
        self._reply: _Reply | None = None

    def tell(self, session: Session, event: Event) -> None:
        """Deliver ``event`` to one session."""
        number = session.id
        if self._reply is not None and self._reply.session == number:
            self._reply.events.append(event)
        else:
            self.deliveries.append(Delivery(event, (number,), 0, session.user.nick))

    def pass_on(self, session: Session, event: Event) -> None:
        """Deliver ``event`` to one session, not as an answer to what it asked."""
        self.deliveries.append(Delivery(event, (session.id,), 0, session.user.nick))

    def spread(self, event: Event, audience: tuple[int, ...], but: int = 0) -> None:
        """Deliver ``event`` to ``audience`` except session ``but``, unless nobody is left."""
        reply = self._reply
        if reply is not None and reply.session != but and reply.session in audience:
            reply.events.append(event)
            if but:
                audience = tuple(number for number in audience if number != but)
            but = reply.session
        if audience and audience != (but,):
            self.deliveries.append(Delivery(event, audience, but))

    def keep(self, message: Message) -> None:
        """Have ``message`` stored before anything of this turn is delivered."""
        self.messages.append(message)

    def log(self, entry: Entry) -> None:
        """Have the ledger row of a session written; the last one of a turn counts."""
        self.entries[entry.id] = entry

    def change(self, change: Change) -> None:
        """Have something else stored before anything of this turn is delivered."""
        self.changes.append(change)

    def ask(self, session: Session, query: Query) -> None:
        """Have ``query`` answered once this turn is stored; at most one for each request."""
        if self._reply is not None and self._reply.session == session.id:
            self._reply.query = query
        else:
            self.questions.append(Question(session.id, query, session.user.nick))

    def dismiss(self, session: int) -> None:
        """Have the session's connection closed once it was sent what is for it."""
        self.dismissed.append(session)

    def note(self, sentence: str) -> None:
        """Have ``sentence`` written to the server's log: what an operator did."""
        self.notes.append(sentence)

    def stop_server(self) -> None:
        """Have the server stopped once this turn is delivered."""
        self.shutdown = True

    def begin_reply(self, session: Session, label: str) -> None:
        """Collect what is for ``session`` under ``label`` from now on."""
        self._reply = _Reply(session.id, label, [])

    def end_reply(self, session: Session) -> None:
        """Deliver what was collected as one labelled answer, or let it wait for the question's answer."""
        reply, self._reply = self._reply, None
        assert reply is not None
        events = tuple(reply.events)
        if reply.query is None:
            self.tell(session, Labeled(reply.label, events))
        else:
            self.questions.append(Question(session.id, reply.query, session.user.nick, reply.label, events))
