"""Pages of rooms and conversations, and what a search finds in them: compared with the plainest way to tell."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatctl.core.history import Around, At, Id, Page, PrivateLog, RoomLog, Wanted, log_keys, owner_key
from chatctl.core.records import Message, Redacted
from chatctl.store.memory import MemoryStore
from chatctl.store.sqlite import SqliteStore

TIMES = range(20)
"""Milliseconds; the clock of a story may be set back."""

NOON = 1_700_000_000_000
"""A time that upkeep takes for now."""

LOGS = (
    RoomLog("#lobby"),
    RoomLog("#TEA"),
    PrivateLog(owner_key("", 1), "Bob"),
    PrivateLog(owner_key("", 2), "ada"),
    PrivateLog(owner_key("River", 3), "BOB"),
    PrivateLog(owner_key("", 2), "river"),
    PrivateLog(owner_key("river", 77), "river"),
    PrivateLog(owner_key("", 1), "nobody"),
)
OWNERS = ("*1", "*2", "*4", "river", "ada", "nobody")
PEOPLE = {"ada": (1, ""), "bob": (2, ""), "River": (3, "River"), "ADA": (4, "ada")}


def tell(number, at, nick, target, text, kind="say"):
    """Return a message from one of the people to a room or to another of them."""
    session, account = PEOPLE[nick]
    recipient, recipient_account = PEOPLE.get(target, (None, ""))
    extra = {"user": f"{nick}@host", "account": account, "recipient_account": recipient_account, "tags": "+x=1"}
    return Message(number, at, target, recipient, session, nick, kind, "" if kind == "tags" else text, **extra)


targets = st.sampled_from(["#lobby", "#Lobby", "#tea", *PEOPLE])
texts = st.sampled_from(["green tea", "Tea", "green", "black\ntea", ""])
kinds = st.sampled_from(["say", "action", "notice", "tags", "topic"])
said = st.tuples(st.sampled_from(TIMES), st.sampled_from([*PEOPLE]), targets, texts, kinds)
stories = st.lists(said, max_size=30).map(lambda rows: [tell(2 * place + 1, *row) for place, row in enumerate(rows)])
ids = st.integers(-1, 62).map(Id)
times = st.integers(-1, 21).map(At)
marks = st.none() | ids | times
counts = st.integers(0, 6) | st.just(100)
pages = st.builds(Page, counts, marks, marks, st.booleans(), st.booleans())
arounds = st.builds(Around, ids | times, counts, st.booleans())
senders = st.sampled_from(["", "ada", "RIVER", "nobody"])
wishes = st.builds(
    Wanted, st.sampled_from(["", "tea", "GREEN tea", "!!!", "  ", "absent"]), senders, marks, marks, counts
)


def belongs(message, log):
    """Tell whether a message is in a log, from its sender's or its recipient's side."""
    if isinstance(log, RoomLog):
        return message.recipient is None and message.target.lower() == log.room.lower()
    sides = (
        (message.account.lower() or f"*{message.sender}", message.target.lower()),
        (message.recipient_account.lower() or f"*{message.recipient}", message.nick.lower()),
    )
    return message.recipient is not None and (log.owner, log.peer.lower()) in sides


def sign(message, mark):
    """Return how a message lies to a mark: before (negative), at (zero) or after it."""
    return message.id - mark.message if isinstance(mark, Id) else message.at - mark.ms


def lies_between(message, after, before):
    return (after is None or sign(message, after) > 0) and (before is None or sign(message, before) < 0)


def newest(messages, count):
    return tuple(messages[len(messages) - min(count, len(messages)) :])


def paged(story, log, page):
    """Return what a page of a log is to be."""
    here = [one for one in story if belongs(one, log) and (page.events or one.kind not in ("tags", "topic"))]
    if isinstance(page, Around):
        earlier = newest([one for one in here if sign(one, page.mark) < 0], page.count // 2)
        later = [one for one in here if sign(one, page.mark) >= 0][: page.count - page.count // 2]
        return tuple(sorted([*earlier, *later], key=lambda one: one.id))
    chosen = [one for one in here if lies_between(one, page.after, page.before)]
    return newest(chosen, page.count) if page.newest else tuple(chosen[: page.count])


def sought(story, logs, wanted):
    """Return what a search is to find."""
    words = wanted.text.lower().split()
    if wanted.text in ("!!!", "  "):
        return ()
    return newest(
        [
            one
            for one in story
            if any(belongs(one, log) for log in logs)
            and one.kind not in ("tags", "topic")
            and wanted.sender.lower() in ("", one.nick.lower())
            and lies_between(one, wanted.after, wanted.before)
            and set(words) <= set(one.text.lower().split())
        ],
        wanted.count,
    )


def spoken_with(story, owner, after, before, count):
    """Return what the conversations of somebody are to be."""
    last = {}
    for message in story:
        for peer in {message.nick.lower(), message.target.lower()}:
            if belongs(message, PrivateLog(owner, peer)):
                last[peer] = message
    chosen = [(one.at, one.id, peer) for peer, one in last.items() if lies_between(one, after, before)]
    return tuple((peer, at) for at, _, peer in sorted(chosen)[:count])


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Tell a story to a store of each kind, with upkeep after so many of its messages; return archives and stores."""
    path = tmp_path_factory.mktemp("told") / "chatctl.db"

    def tell_all(stack, story, seen):
        path.unlink(missing_ok=True)
        shelves = []
        for store in (MemoryStore(), SqliteStore(path)):
            stack.callback(store.close)
            store.commit(story[:seen], ())
            while store.tend(0):
                pass
            store.commit(story[seen:], ())
            archive = store.open_archive()
            stack.callback(archive.close)
            shelves.append((archive, store))
        return shelves

    return tell_all


@given(
    story=stories,
    seen=st.integers(0, 30),
    asked=st.lists(st.tuples(st.sampled_from(LOGS), pages | arounds), min_size=5, max_size=20),
)
@settings(max_examples=60)
def test_a_page_is_what_it_says(told, story, seen, asked):
    with ExitStack() as stack:
        for archive, _ in told(stack, story, seen):
            for log, page in asked:
                assert archive.history(log, page) == paged(story, log, page)


@given(
    story=stories,
    seen=st.integers(0, 30),
    asked=st.lists(st.tuples(st.lists(st.sampled_from(LOGS), max_size=3), wishes), min_size=5, max_size=20),
)
@settings(max_examples=60)
def test_a_search_finds_what_is_wanted(told, story, seen, asked):
    with ExitStack() as stack:
        for archive, _ in told(stack, story, seen):
            for logs, wanted in asked:
                assert archive.search(logs, wanted) == sought(story, logs, wanted)


@given(
    story=stories,
    seen=st.integers(0, 30),
    asked=st.lists(st.tuples(st.sampled_from(OWNERS), marks, marks, counts), min_size=5, max_size=20),
)
@settings(max_examples=60)
def test_conversations_are_told_by_their_newest_message(told, story, seen, asked):
    with ExitStack() as stack:
        for archive, _ in told(stack, story, seen):
            for question in asked:
                assert archive.conversations(*question) == spoken_with(story, *question)


@given(story=stories, seen=st.integers(0, 30), gone=st.lists(st.integers(0, 62), max_size=10))
@settings(max_examples=60)
def test_what_was_redacted_is_nowhere(told, story, seen, gone):
    kept = [message for message in story if message.id not in gone]
    with ExitStack() as stack:
        for archive, store in told(stack, story, seen):
            store.commit((), (), [Redacted(number) for number in gone])
            for _ in range(2):
                assert [archive.history(log, Page(100)) for log in LOGS] == [
                    paged(kept, log, Page(100)) for log in LOGS
                ]
                for text in ("", "tea", "green"):
                    assert archive.search(LOGS, Wanted(text)) == sought(kept, LOGS, Wanted(text))
                while store.tend(0):
                    pass


@pytest.mark.parametrize("after", [None, Id(3), At(NOON + 3)])
@pytest.mark.parametrize("before", [None, Id(7), At(NOON + 7)])
@pytest.mark.parametrize("count", [0, 2, 100])
def test_pages_lie_strictly_between_their_marks(stored, message, after, before, count):
    shelf = stored(*(message(number, at=NOON + number) for number in range(1, 10)))
    between = list(range(4 if after else 1, 7 if before else 10))
    for newest_ones, expected in ((True, between[max(len(between) - count, 0) :]), (False, between[:count])):
        page = Page(count, after, before, newest_ones)
        assert [one.id for one in shelf.archive.history(RoomLog("#lobby"), page)] == expected


@pytest.mark.parametrize(
    ("mark", "count", "expected"),
    [
        (Id(5), 4, [3, 4, 5, 6]),
        (At(NOON + 5), 4, [3, 4, 5, 6]),
        (Id(5), 5, [3, 4, 5, 6, 7]),
        (Id(5), 1, [5]),
        (Id(1), 4, [1, 2]),
        (Id(9), 4, [7, 8, 9]),
        (Id(99), 4, [8, 9]),
        (At(NOON - 1), 4, [1, 2]),
        (Id(5), 0, []),
    ],
)
def test_around_a_mark_is_half_before_it_and_half_from_it_on(stored, message, mark, count, expected):
    shelf = stored(*(message(number, at=NOON + number) for number in range(1, 10)))
    assert [one.id for one in shelf.archive.history(RoomLog("#lobby"), Around(mark, count))] == expected


def test_around_a_message_that_is_gone_are_its_neighbours(stored, message):
    shelf = stored(*(message(number) for number in (1, 2, 4, 5)))
    assert [one.id for one in shelf.archive.history(RoomLog("#lobby"), Around(Id(3), 4))] == [1, 2, 4, 5]


class TestPrivateLogs:
    def test_each_side_has_its_own(self, stored, message):
        shelf = stored(message(1, "hello", target="Bob", recipient=2), message(2, "open"))
        for log in (PrivateLog("*1", "bob"), PrivateLog("*2", "ADA")):
            assert [one.text for one in shelf.read(log)] == ["hello"]
        for log in (PrivateLog("*1", "ada"), PrivateLog("*2", "bob"), PrivateLog("*3", "ada"), PrivateLog("", "bob")):
            assert shelf.read(log) == ()

    def test_it_is_the_account_s_whatever_its_session(self, stored, message):
        private = {"target": "bob", "recipient": 2, "account": "River"}
        shelf = stored(message(1, sender=1, **private), message(2, sender=9, **private))
        assert [one.id for one in shelf.read(PrivateLog(owner_key("RIVER", 50), "bob"))] == [1, 2]
        assert shelf.read(PrivateLog(owner_key("", 1), "bob")) == ()

    def test_an_account_that_looks_like_a_session_is_another(self, stored, message):
        shelf = stored(message(1, target="bob", recipient=2, account="12"), message(2, target="bob", recipient=2))
        assert [one.id for one in shelf.read(PrivateLog(owner_key("12", 1), "bob"))] == [1]
        assert shelf.read(PrivateLog(owner_key("", 12), "bob")) == ()

    def test_a_message_to_oneself_is_there_once(self, stored, message):
        shelf = stored(message(1, target="ADA", recipient=1), message(2, target="ada", recipient=1))
        assert [one.id for one in shelf.read(PrivateLog("*1", "ada"))] == [1, 2]
        assert shelf.archive.conversations("*1", None, None, 9) == (("ada", shelf.read(PrivateLog("*1", "ada"))[0].at),)

    def test_a_message_in_two_logs_is_found_once(self, stored, message):
        shelf = stored(message(1, "tea", target="lake", recipient=2, account="river", recipient_account="River"))
        logs = [PrivateLog("river", "lake"), PrivateLog("river", "ada")]
        for wanted in (Wanted(), Wanted("tea")):
            assert [one.id for one in shelf.archive.search(logs, wanted)] == [1]

    def test_they_are_searched_by_who_has_them(self, stored, message):
        shelf = stored(message(1, "green tea", target="bob", recipient=2))
        assert [one.id for one in shelf.archive.search([PrivateLog("*2", "ada")], Wanted("TEA"))] == [1]
        assert shelf.archive.search([PrivateLog("*3", "ada")], Wanted("tea")) == ()

    def test_they_are_forgotten_with_their_messages(self, keeps, days, message, now):
        shelf = keeps(days(7, 90))
        shelf.keep(message(1, "tea", target="bob", recipient=2, at=now - 8 * 24 * 60 * 60 * 1000))
        shelf.tidy()
        for log in (PrivateLog("*1", "bob"), PrivateLog("*2", "ada")):
            assert shelf.read(log) == shelf.archive.search([log], Wanted("tea")) == ()
        assert shelf.archive.conversations("*1", None, None, 9) == ()

    def test_names_that_sql_and_patterns_know_are_names(self, stored, message):
        shelf = stored(message(1, target="b_b", recipient=2), message(2, target="bob", recipient=3))
        assert [one.id for one in shelf.read(PrivateLog("*1", "b_b"))] == [1]
        assert shelf.archive.conversations("*%", None, None, 9) == ()


def test_owners_that_begin_alike_have_their_own_conversations(stored, message, now):
    shelf = stored(
        message(1, target="bob", recipient=2, sender=1),
        message(2, target="eve", recipient=2, sender=12),
        message(3, target="joe", recipient=2, account="a"),
        message(4, target="kim", recipient=2, account="a!"),
    )
    asked = {owner: shelf.archive.conversations(owner, None, None, 9) for owner in ("*1", "*12", "a", "a!")}
    assert asked == {"*1": (("bob", now),), "*12": (("eve", now),), "a": (("joe", now),), "a!": (("kim", now),)}


def test_conversations_of_one_time_come_in_the_order_of_their_messages(stored, message, now):
    peers = ("joe", "bob", "kim", "ann")
    shelf = stored(*(message(number, target=peer, recipient=2) for number, peer in enumerate(peers, 1)))
    assert shelf.archive.conversations("*1", None, None, 3) == (("joe", now), ("bob", now), ("kim", now))


def test_an_empty_text_filters_only_and_leaves_out_what_has_no_text(stored, message):
    shelf = stored(message(1, "tea"), message(2, "", kind="tags"), message(3, "!!!", nick="bob"), message(4, ""))
    room = [RoomLog("#lobby")]
    assert [one.id for one in shelf.archive.search(room, Wanted())] == [1, 3, 4]
    assert [one.id for one in shelf.archive.search(room, Wanted(sender="BOB"))] == [3]
    assert [one.id for one in shelf.read(room[0])] == [1, 2, 3, 4]


@pytest.mark.parametrize("wanted", [Wanted(), Wanted("tea")])
def test_a_search_in_no_log_finds_nothing(stored, message, wanted):
    assert stored(message(1, "tea")).archive.search([], wanted) == ()


def test_lines_of_a_message_are_searched_together(stored, message):
    shelf = stored(message(1, "green\ntea\rtime"), message(2, "green"))
    assert shelf.found("tea green") == ["green\ntea\rtime"]


def test_a_message_is_found_by_its_number(stored, message):
    first = message(3, user="ada@host", account="Ada", tags="+draft/reply=a;b=c", target="bob", recipient=2)
    shelf = stored(first, message(5))
    assert shelf.archive.message(3) == first
    assert shelf.archive.message(4) is None


def test_the_latest_of_a_room_is_the_time_of_its_newest_message(stored, message):
    shelf = stored(message(1, at=NOON + 10), message(2, at=NOON + 5), message(3, at=NOON + 20, target="#tea"))
    assert (shelf.archive.latest("#LOBBY"), shelf.archive.latest("#tea")) == (NOON + 5, NOON + 20)
    assert shelf.archive.latest("#none") is None


def test_whowas_is_who_had_the_nick_at_the_end(shelf, entry, now):
    shelf.keep(entry(1, now, "quit", nick="Ada"), entry(2, nick="ada"), entry(3, now - 5, "quit", nick="bob"))
    shelf.keep(entry(4, now, "quit", nick="aDA"), entry(5, now, "quit", nick="ada"))
    assert [one.id for one in shelf.archive.whowas("ADA", None)] == [5, 4, 1]
    assert [one.id for one in shelf.archive.whowas("ada", 2)] == [5, 4]
    assert shelf.archive.whowas("nobody", None) == ()


def test_a_session_s_user_realname_and_account_are_those_of_its_end(shelf, entry, now):
    shelf.keep(entry(1))
    last = replace(entry(1, now, "quit"), user="~ada", realname="Ada L.", account="Ada")
    shelf.keep(last)
    assert shelf.archive.whowas("ada", None) == shelf.archive.past_sessions(None) == (last,)


def test_keys_of_a_message_are_those_of_its_logs():
    assert log_keys(tell(1, 0, "ada", "#TEA", "")) == {"#tea"}
    assert log_keys(tell(1, 0, "River", "bob", "")) == {"@river bob", "@*2 river"}
    assert log_keys(tell(1, 0, "bob", "bob", "")) == {"@*2 bob"}
