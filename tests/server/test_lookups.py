"""How questions about what was said are answered from the store."""

from __future__ import annotations

import pytest

from chatctl.core import queries as asked
from chatctl.core.events.history import RecentShown, Sought, TargetsShown
from chatctl.core.events.lookups import HistoryShown
from chatctl.core.history import At, Id, Page, RoomLog, Wanted
from chatctl.core.records import Message
from chatctl.core.requests.history import Redact, Redaction
from chatctl.server.lookups import look_up
from chatctl.store.memory import MemoryStore

EARLY, LATE = At(0), At(99)


def message(number, target="#tea", text="tea", kind="say", recipient=None, nick="ada"):
    return Message(number, number, target, recipient, 1 if nick == "ada" else 2, nick, kind, text)


@pytest.fixture
def archive():
    """ada (session 1) has said something in two rooms and to two people; one wrote back."""
    store = MemoryStore()
    store.commit(
        [
            message(1),
            message(2, "Bob", recipient=2),
            message(3, "#cake", "leaves", kind="topic"),
            message(4, "#cake", "cake"),
            message(5, "eve", recipient=3),
            message(6, "ada", recipient=1, nick="Bob"),
        ],
        (),
    )
    return store


def test_the_other_direction_counts_if_nothing_lies_in_the_first(archive):
    log = RoomLog("#tea")
    both = asked.HistoryQuery(log, Page(9, Id(5), At(0)), "#tea", Page(9, At(0), Id(5)))
    assert look_up(both, archive) == HistoryShown("#tea", (message(1),))
    assert look_up(asked.HistoryQuery(log, Page(9, Id(5)), "#tea"), archive) == HistoryShown("#tea", ())
    assert look_up(asked.HistoryQuery(log, Page(9), "#tea", Page(9)), archive) == HistoryShown("#tea", (message(1),))


def test_what_was_said_last_up_to_a_message(archive):
    found = look_up(asked.RecentQuery(("#tea", "#cake", "#none"), 5, 4), archive)
    assert found == RecentShown(
        (
            HistoryShown("#tea", (message(1),)),
            HistoryShown("#cake", (message(4, "#cake", "cake"),)),
            HistoryShown("#none", ()),
        )
    )
    assert look_up(asked.RecentQuery(("#cake",), 5, 3), archive) == RecentShown((HistoryShown("#cake", ()),))


@pytest.mark.parametrize(
    ("first", "second", "count", "targets"),
    [
        (EARLY, LATE, 9, (("#tea", 1), ("#cake", 4), ("eve", 5), ("Bob", 6))),
        (EARLY, LATE, 2, (("#tea", 1), ("#cake", 4))),
        (LATE, EARLY, 2, (("eve", 5), ("Bob", 6))),
        (At(1), At(6), 9, (("#cake", 4), ("eve", 5))),
    ],
)
def test_rooms_and_conversations_by_their_newest_message(archive, first, second, count, targets):
    query = asked.TargetsQuery(("#tea", "#cake", "#none"), "*1", first, second, count)
    assert look_up(query, archive) == TargetsShown(targets)


def test_a_search_in_everything_one_may_read(archive):
    everything = asked.SeekQuery((RoomLog("#cake"),), "*1", Wanted("tea"))
    found = look_up(everything, archive)
    assert isinstance(found, Sought)
    assert [one.id for one in found.messages] == [2, 5, 6]
    assert look_up(asked.SeekQuery((RoomLog("#tea"),), "", Wanted()), archive) == Sought((message(1),))


@pytest.mark.parametrize(("number", "found"), [(1, message(1)), (9, None), (None, None)])
def test_a_message_to_take_back(archive, number, found):
    request = Redact("#tea", str(number), number)
    assert look_up(asked.MessageQuery(request), archive) == Redaction(request, found)


def test_a_peer_whose_last_message_is_gone_is_called_as_it_is_filed():
    class Forgetful(MemoryStore):
        def history(self, log, page):
            return ()

    store = Forgetful()
    store.commit([message(2, "Bob", recipient=2)], ())
    assert look_up(asked.TargetsQuery((), "*1", EARLY, LATE, 9), store) == TargetsShown((("bob", 2),))
