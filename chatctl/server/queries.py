"""The thread that looks things up in the store."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

from chatctl.core.events.base import Event
from chatctl.core.events.presence import Labeled, Rejected
from chatctl.core.queries import Query
from chatctl.core.requests.base import Request
from chatctl.core.turn import Question
from chatctl.errors import Refused, StoreFailed
from chatctl.server.lookups import look_up
from chatctl.store.base import Archive
from chatctl.transport.connection import Connection
from chatctl.transport.inbox import Answered, Inbox
from chatctl.wire.base import Dialect

log = logging.getLogger(__name__)


class QueryThread:
    """Answers questions one after the other, into the inbox: an event rendered, a request as it is."""

    def __init__(self, open_archive: Callable[[], Archive], inbox: Inbox) -> None:
        self._open_archive = open_archive  # immutable
        self._inbox = inbox  # immutable
        self._questions: SimpleQueue[tuple[Connection, Dialect, Question] | None] = SimpleQueue()  # immutable
        self._archive: Archive | None = None  # owner: query thread
        self._thread = threading.Thread(target=self._run, name="chatctl-query")  # immutable

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def ask(self, connection: Connection, question: Question) -> None:
        """Have ``question`` answered to ``connection``; from the hub thread."""
        self._questions.put((connection, connection.dialect, question))

    def stop(self) -> None:
        """Answer what was asked, then join the thread."""
        self._questions.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (item := self._questions.get()) is not None:
            connection, dialect, question = item
            answer = self._answer(question.query)
            if isinstance(answer, Event):
                self._inbox.put(Answered(connection, _render(answer, dialect, question), None, question))
            else:
                self._inbox.put(Answered(connection, b"", answer, question))
        if self._archive is not None:
            self._archive.close()

    def _answer(self, query: Query) -> Event | Request:
        try:
            if self._archive is None:
                self._archive = self._open_archive()
            return look_up(query, self._archive)
        except Refused as error:
            return Rejected(error)
        except StoreFailed as error:
            log.warning("%s", error)
        except Exception:
            log.exception("a lookup failed")
        return Rejected(query.failure())


def _render(answer: Event, dialect: Dialect, question: Question) -> bytes:
    if question.label is not None:
        answer = Labeled(question.label, (*question.before, answer))
    return dialect.render(answer, question.nick, time.time_ns() // 1_000_000)
