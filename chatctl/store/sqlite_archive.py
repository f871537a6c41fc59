"""The store in a SQLite file: the reading side."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from chatctl.core.history import Around, Log, Mark, Page, RoomLog, Wanted, conversations_key
from chatctl.core.names import fold
from chatctl.core.records import Account, Credentials, Entry, Marker, Message
from chatctl.store import sqlite_accounts
from chatctl.store import sqlite_questions as questions
from chatctl.store.sqlite_file import reading

Values = Mapping[str, object]


class SqliteArchive:
    """A reading connection of a data file, for the thread that makes it; every method raises ``StoreFailed``."""

    def __init__(self, path: Path) -> None:
        with reading():
            self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)

    def history(self, log: Log, page: Page | Around) -> tuple[Message, ...]:
        """Return a page of a log, oldest first."""
        if isinstance(page, Page):
            return self._page(log, page)
        with self._one_moment():
            earlier, later = (self._page(log, half) for half in page.halves)
        # The clock may have been set back: what is before a time may have been said after it.
        return tuple(sorted(earlier + later))

    def search(self, logs: Sequence[Log], wanted: Wanted) -> tuple[Message, ...]:
        """Return the newest messages of the logs that are wanted, oldest first."""
        with self._one_moment():
            return self._with_words(logs, wanted) if wanted.text else self._filtered(logs, wanted)

    def message(self, number: int) -> Message | None:
        """Return the message with this number."""
        return next(iter(self._messages(questions.ONE, {"id": number})), None)

    def latest(self, room: str) -> int | None:
        """Return when the newest message of a room was said."""
        return next((message.at for message in self._page(RoomLog(room), Page(1, events=False))), None)

    def conversations(
        self, owner: str, after: Mark | None, before: Mark | None, count: int
    ) -> tuple[tuple[str, int], ...]:
        """Return the peers of the owner's private logs and the times of the newest messages, the earliest first."""
        start = conversations_key(owner)
        bounds = questions.between(after, before)
        values = {"first": start, "beyond": f"{start[:-1]}!", "length": len(start), "count": count, **bounds.values}
        with reading(), closing(self._connection.execute(questions.conversations(bounds), values)) as rows:
            return tuple((str(peer), int(at)) for peer, at in rows)

    def past_sessions(self, count: int | None) -> tuple[Entry, ...]:
        """Return the newest past sessions, newest first."""
        return self._entries(questions.PAST, {"count": count})

    def past_total(self) -> int:
        """Return how many sessions have ended."""
        with reading():
            row = self._connection.execute("SELECT count(*) FROM sessions WHERE disconnected IS NOT NULL").fetchone()
        return int(row[0])

    def whowas(self, nick: str, count: int | None) -> tuple[Entry, ...]:
        """Return the newest past sessions that ended with this nick, newest first."""
        return self._entries(questions.WHOWAS, {"nick": fold(nick), "count": count})

    def credentials(self, name: str) -> tuple[Account, Credentials] | None:
        """Return the account called so and what checks its password."""
        with reading():
            return sqlite_accounts.credentials(self._connection, name)

    def markers(self, account: str) -> tuple[Marker, ...]:
        """Return the read markers of an account."""
        with reading():
            return sqlite_accounts.markers(self._connection, account)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _page(self, log: Log, page: Page) -> tuple[Message, ...]:
        bounds = questions.lying(page)
        values = {"log": log.key, "count": page.count, **bounds.values}
        return self._messages(questions.page(bounds, page.newest), values)

    def _filtered(self, logs: Sequence[Log], wanted: Wanted) -> tuple[Message, ...]:
        """Return what a search without words finds: the newest of the newest of each log."""
        bounds = questions.matching(wanted)
        sql = questions.page(bounds, newest=True)
        found: set[Message] = set()
        for log in logs:
            found.update(self._messages(sql, {"log": log.key, "count": wanted.count, **bounds.values}))
        return tuple(sorted(found)[max(len(found) - wanted.count, 0) :])

    def _with_words(self, logs: Sequence[Log], wanted: Wanted) -> tuple[Message, ...]:
        if not wanted.text.split():
            return ()
        bounds = questions.matching(wanted)
        asked = {"logs": json.dumps([log.key for log in logs]), "words": _match_all(wanted.text)}
        connection = self._connection
        connection.execute(questions.TAIL_TABLE)
        connection.execute(questions.TAIL_FILL, asked)
        return self._messages(questions.search(bounds), {**asked, "count": wanted.count, **bounds.values})

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        """Read in one transaction: what is indexed and what is not must be of one moment."""
        connection = self._connection
        with reading():
            connection.execute("BEGIN")
            try:
                yield
            finally:
                # SQLite may have rolled back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _messages(self, sql: str, values: Values) -> tuple[Message, ...]:
        with reading(), closing(self._connection.execute(sql, values)) as rows:
            return tuple(map(Message._make, rows))

    def _entries(self, sql: str, values: Values) -> tuple[Entry, ...]:
        with reading(), closing(self._connection.execute(sql, values)) as rows:
            return tuple(Entry(*row) for row in rows)


def _match_all(words: str) -> str:
    """Return an FTS5 expression for all ``words``; each is quoted, so none of them is an operator."""
    return " ".join('"{}"'.format(word.replace('"', '""')) for word in words.split())
