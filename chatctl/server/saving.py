"""What the hub has to write, and what could not be written yet."""

from __future__ import annotations

import logging

from chatctl.core.records import Entry
from chatctl.core.turn import Turn
from chatctl.errors import StoreFailed
from chatctl.store.base import Store
from chatctl.transport.complaints import Complaints

log = logging.getLogger(__name__)


class Saving:
    """Commits turns, from the hub thread; a ledger row that could not be written waits for the next that works."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unsaved: dict[int, Entry] = {}
        self._complaints = Complaints(log, logging.ERROR)

    @property
    def pending(self) -> bool:
        """Whether something could not be written yet."""
        return bool(self._unsaved)

    def needed(self, turn: Turn) -> bool:
        """Tell whether there is anything to write after this turn."""
        return bool(turn.messages or turn.entries or turn.changes or self._unsaved)

    def commit(self, turn: Turn) -> bool:
        """Write what the turn says and what still waits; False when that failed."""
        self._unsaved.update(turn.entries)
        try:
            self._store.commit(turn.messages, tuple(self._unsaved.values()), turn.changes)
        except StoreFailed as error:
            self._complaints.tell("%s", error)
            return False
        self._unsaved.clear()
        _log_sessions(turn)
        return True


def _log_sessions(turn: Turn) -> None:
    if not log.isEnabledFor(logging.INFO):
        return
    for entry in turn.entries.values():
        if entry.disconnected is not None:
            log.info("session %d (%s, %s) ended: %s", entry.id, entry.nick, entry.address, entry.reason)
        elif entry.connected == turn.now:
            log.info("session %d (%s) connected from %s by %s", entry.id, entry.nick, entry.address, entry.wire)
