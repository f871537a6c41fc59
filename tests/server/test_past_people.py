"""Who had a nick before, as the ledger knows it."""

from __future__ import annotations

from chatctl.core.queries import WhowasQuery
from chatctl.core.records import Entry
from chatctl.core.requests.people import FormerFound
from chatctl.server.lookups import look_up
from chatctl.store.memory import MemoryStore


def test_the_ledger_answers_with_ended_sessions_the_last_first():
    store = MemoryStore()
    rows = [Entry(number, "Kim", f"192.0.2.{number}:1", "irc", 0, number) for number in (1, 2, 3)]
    present = Entry(4, "kim", "192.0.2.4:1", "irc", 0)
    store.commit([], [*rows, present])
    answer = look_up(WhowasQuery("KIM", 2), store.open_archive())
    assert answer == FormerFound("KIM", 2, (rows[2], rows[1]))
