"""A store that ends with the server."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice, takewhile

from chatctl.core.history import (
    Around,
    Id,
    Log,
    Mark,
    Page,
    RoomLog,
    Wanted,
    conversations_key,
    log_keys,
)
from chatctl.core.names import fold
from chatctl.core.records import (
    EVENTS,
    Account,
    AccountRemoved,
    Ban,
    Change,
    Credentials,
    Entry,
    Marker,
    Message,
    Redacted,
)
from chatctl.store.base import Archive, Numbers, Retention
from chatctl.store.memory_register import Register

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
        self._register = Register()  # guarded by: _lock

    def commit(self, messages: Sequence[Message], entries: Sequence[Entry], changes: Sequence[Change] = ()) -> None:
        """Keep the messages, the entries of sessions that have ended, and the changes."""
        with self._lock:
            self._messages.extend(messages)
            self._past.update((entry.id, entry) for entry in entries if entry.disconnected is not None)
            for number in tuple(islice(self._past, max(len(self._past) - SESSION_LIMIT, 0))):
                del self._past[number]
            for change in changes:
                if isinstance(change, Redacted):
                    self._redact(change.message)
                else:
                    self._register.apply(change)
                if isinstance(change, AccountRemoved):
                    self._forget_conversations(fold(change.name))

    def tend(self, now: int) -> bool:
        """Forget what is older than the retention."""
        with self._lock:
            while self._messages and self._messages[0].at < now - self._retention.messages:
                self._messages.popleft()
            oldest = now - self._retention.sessions
            for entry in tuple(takewhile(lambda one: (one.disconnected or 0) < oldest, self._past.values())):
                del self._past[entry.id]
        return False

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts in the order of their names."""
        with self._lock:
            return self._register.all_accounts()

    def bans(self) -> tuple[Ban, ...]:
        """Return all bans in the order in which they were set."""
        with self._lock:
            return self._register.all_bans()

    def markers_of_all(self) -> tuple[Marker, ...]:
        """Return the read markers of all accounts."""
        with self._lock:
            return self._register.all_markers()

    def changed_outside(self) -> bool:
        """Nobody else can write here."""
        return False

    def open_archive(self) -> Archive:
        """Return the store itself."""
        return self

    def history(self, log: Log, page: Page | Around) -> tuple[Message, ...]:
        """Return a page of a log, oldest first."""
        messages = self._snapshot()
        if isinstance(page, Page):
            return _page(messages, log, page)
        earlier, later = page.halves
        return tuple(sorted(_page(messages, log, earlier) + _page(messages, log, later)))

    def search(self, logs: Sequence[Log], wanted: Wanted) -> tuple[Message, ...]:
        """Return the newest messages of the logs that are wanted, oldest first."""
        keys = {log.key for log in logs}
        words = _words_of(wanted.text)
        if wanted.text and not words:
            return ()
        found = (
            one
            for one in reversed(self._snapshot())
            if not keys.isdisjoint(log_keys(one)) and _is_wanted(one, wanted) and words <= _words_of(one.text)
        )
        return _last(found, wanted.count)

    def message(self, number: int) -> Message | None:
        """Return the message with this number."""
        return next((one for one in reversed(self._snapshot()) if one.id == number), None)

    def latest(self, room: str) -> int | None:
        """Return when the newest message of a room was said."""
        return next((one.at for one in self.history(RoomLog(room), Page(1, events=False))), None)

    def conversations(
        self, owner: str, after: Mark | None, before: Mark | None, count: int
    ) -> tuple[tuple[str, int], ...]:
        """Return the peers of the owner's private logs and the times of the newest messages, the earliest first."""
        start = conversations_key(owner)
        newest = {key: one for one in self._snapshot() for key in log_keys(one) if key.startswith(start)}
        chosen = ((one.at, one.id, key) for key, one in newest.items() if _lies_between(one, after, before))
        return tuple((key.removeprefix(start), at) for at, _, key in islice(sorted(chosen), count))

    def past_sessions(self, count: int | None) -> tuple[Entry, ...]:
        """Return the newest past sessions, newest first."""
        with self._lock:
            past = sorted(self._past.values(), key=lambda entry: entry.id, reverse=True)
        return tuple(past[:count])

    def past_total(self) -> int:
        """Return how many past sessions are remembered."""
        with self._lock:
            return len(self._past)

    def whowas(self, nick: str, count: int | None) -> tuple[Entry, ...]:
        """Return the newest past sessions that ended with this nick, newest first."""
        wanted = fold(nick)
        return tuple(islice((entry for entry in self.past_sessions(None) if fold(entry.nick) == wanted), count))

    def credentials(self, name: str) -> tuple[Account, Credentials] | None:
        """Return the account called so and what checks its password."""
        with self._lock:
            return self._register.accounts.get(fold(name))

    def markers(self, account: str) -> tuple[Marker, ...]:
        """Return the read markers of an account."""
        with self._lock:
            return self._register.markers_of(account)

    def close(self) -> None:
        """Nothing to let go of."""

    def _forget_conversations(self, name: str) -> None:
        """Let the private messages of an account be nobody's, so that the next one of that name does not have them."""
        for place, message in enumerate(self._messages):
            if message.recipient is not None and name in (fold(message.account), fold(message.recipient_account)):
                sender = "" if fold(message.account) == name else message.account
                recipient = "" if fold(message.recipient_account) == name else message.recipient_account
                self._messages[place] = message._replace(account=sender, recipient_account=recipient)

    def _redact(self, number: int) -> None:
        for place, message in enumerate(self._messages):
            if message.id == number:
                del self._messages[place]
                return

    def _snapshot(self) -> tuple[Message, ...]:
        with self._lock:
            return tuple(self._messages)


def _page(messages: Sequence[Message], log: Log, page: Page) -> tuple[Message, ...]:
    key = log.key
    chosen = (
        one
        for one in (reversed(messages) if page.newest else messages)
        if (page.events or one.kind not in EVENTS)
        and _lies_between(one, page.after, page.before)
        and key in log_keys(one)
    )
    return _last(chosen, page.count) if page.newest else tuple(islice(chosen, page.count))


def _is_wanted(message: Message, wanted: Wanted) -> bool:
    return (
        message.kind not in EVENTS
        and (not wanted.sender or fold(message.nick) == fold(wanted.sender))
        and _lies_between(message, wanted.after, wanted.before)
    )


def _lies_between(message: Message, after: Mark | None, before: Mark | None) -> bool:
    follows = after is None or _place(message, after) > _value(after)
    return follows and (before is None or _place(message, before) < _value(before))


def _place(message: Message, mark: Mark) -> int:
    return message.id if isinstance(mark, Id) else message.at


def _value(mark: Mark) -> int:
    return mark.message if isinstance(mark, Id) else mark.ms


def _last(newest_first: Iterable[Message], count: int) -> tuple[Message, ...]:
    return tuple(reversed(tuple(islice(newest_first, count))))


def _words_of(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
