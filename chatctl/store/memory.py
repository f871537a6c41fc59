"""A store that ends with the server."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice, takewhile

from chatctl.core.names import fold
from chatctl.core.records import Entry, Message
from chatctl.store.base import Archive, Numbers, Retention

MESSAGE_LIMIT = 100_000
SESSION_LIMIT = 10_000

_WORD = re.compile(r"\w+")


class MemoryStore:
    """Keeps the newest messages and past sessions; the store is its own archive."""

    def __init__(self, retention: Retention | None = None) -> None:
        self.numbers = Numbers(0, 0)
        self._retention = retention or Retention()  # immutable
        self._lock = threading.Lock()
        self._messages: deque[Message] = deque(maxlen=MESSAGE_LIMIT)  # guarded by: _lock
        self._past: dict[int, Entry] = {}  # guarded by: _lock

    def commit(self, messages: Sequence[Message], entries: Sequence[Entry]) -> None:
        """Keep the messages and the entries of sessions that have ended."""
        with self._lock:
            self._messages.extend(messages)
            self._past.update((entry.id, entry) for entry in entries if entry.disconnected is not None)
            for number in tuple(islice(self._past, max(len(self._past) - SESSION_LIMIT, 0))):
                del self._past[number]

    def tend(self, now: int) -> bool:
        """Forget what is older than the retention."""
        with self._lock:
            while self._messages and self._messages[0].at < now - self._retention.messages:
                self._messages.popleft()
            oldest = now - self._retention.sessions
            for entry in tuple(takewhile(lambda one: (one.disconnected or 0) < oldest, self._past.values())):
                del self._past[entry.id]
        return False

    def open_archive(self) -> Archive:
        """Return the store itself."""
        return self

    def history(self, room: str, count: int) -> tuple[Message, ...]:
        """Return the last messages of a room, oldest first."""
        return _last(self._of_room(room), count)

    def search(self, room: str, words: str, count: int) -> tuple[Message, ...]:
        """Return the last messages of a room that hold all words, oldest first."""
        wanted = _words_of(words)
        return _last((one for one in self._of_room(room) if wanted and wanted <= _words_of(one.text)), count)

    def past_sessions(self, count: int | None) -> tuple[Entry, ...]:
        """Return the newest past sessions, newest first."""
        with self._lock:
            past = sorted(self._past.values(), key=lambda entry: entry.id, reverse=True)
        return tuple(past[:count])

    def past_total(self) -> int:
        """Return how many past sessions are remembered."""
        with self._lock:
            return len(self._past)

    def close(self) -> None:
        """Nothing to let go of."""

    def _of_room(self, room: str) -> Iterable[Message]:
        with self._lock:
            messages = tuple(self._messages)
        key = fold(room)
        return (one for one in reversed(messages) if one.kind != "private" and fold(one.target) == key)


def _last(newest_first: Iterable[Message], count: int) -> tuple[Message, ...]:
    return tuple(reversed(tuple(islice(newest_first, count))))


def _words_of(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
