"""The store that ends with the server: it is bounded, whatever its retention."""

from __future__ import annotations

from chatctl.store import memory
from chatctl.store.memory import MemoryStore


def test_it_keeps_the_newest_messages_only(monkeypatch, opens, message):
    monkeypatch.setattr(memory, "MESSAGE_LIMIT", 3)
    shelf = opens(MemoryStore())
    shelf.keep(*(message(number) for number in range(1, 6)))
    assert shelf.texts() == ["line 3", "line 4", "line 5"]


def test_it_keeps_the_newest_past_sessions_only(monkeypatch, opens, entry, now):
    monkeypatch.setattr(memory, "SESSION_LIMIT", 3)
    shelf = opens(MemoryStore())
    for number in range(1, 6):
        shelf.keep(entry(number, now + number, "quit"))
    assert shelf.past() == [5, 4, 3]
    assert shelf.archive.past_total() == 3


def test_it_has_no_more_upkeep_to_do(opens, message):
    shelf = opens(MemoryStore())
    shelf.keep(message(1))
    assert shelf.tidy() == 0
