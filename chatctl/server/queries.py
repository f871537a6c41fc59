"""The thread that looks things up in the store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import assert_never

from chatctl.core import turn as asked
from chatctl.core.events import Event, Found, HistoryShown, Rejected, SessionsListed
from chatctl.core.turn import Query
from chatctl.errors import LookupFailed, StoreFailed
from chatctl.store.base import Archive
from chatctl.transport.connection import Connection
from chatctl.transport.inbox import Answered, Inbox

SEARCH_COUNT = 50
"""Messages that a search returns at most."""

log = logging.getLogger(__name__)


def look_up(query: Query, archive: Archive) -> Event:
    """Return the answer to ``query``; raises ``StoreFailed``."""
    match query:
        case asked.HistoryQuery(room, count):
            return HistoryShown(room, archive.history(room, count))
        case asked.SearchQuery(room, words):
            return Found(room, words, archive.search(room, words, SEARCH_COUNT))
        case asked.SessionsQuery(now, active, active_total, past_limit, limit):
            past = archive.past_sessions(past_limit)
            return SessionsListed(now, active, past, active_total, archive.past_total(), limit)
        case _:
            assert_never(query)


class QueryThread:
    """Answers questions one after the other, rendered, into the inbox."""

    def __init__(self, open_archive: Callable[[], Archive], inbox: Inbox) -> None:
        self._open_archive = open_archive  # immutable
        self._inbox = inbox  # immutable
        self._questions: SimpleQueue[tuple[Connection, Query] | None] = SimpleQueue()  # immutable
        self._archive: Archive | None = None  # owner: query thread
        self._thread = threading.Thread(target=self._run, name="chatctl-query")  # immutable

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def ask(self, connection: Connection, query: Query) -> None:
        """Have ``query`` answered to ``connection``; from any thread."""
        self._questions.put((connection, query))

    def stop(self) -> None:
        """Answer what was asked, then join the thread."""
        self._questions.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (question := self._questions.get()) is not None:
            connection, query = question
            self._inbox.put(Answered(connection, connection.dialect.render(self._answer(query))))
        if self._archive is not None:
            self._archive.close()

    def _answer(self, query: Query) -> Event:
        try:
            if self._archive is None:
                self._archive = self._open_archive()
            return look_up(query, self._archive)
        except StoreFailed as error:
            log.warning("%s", error)
        except Exception:
            log.exception("a lookup failed")
        return Rejected(LookupFailed())
