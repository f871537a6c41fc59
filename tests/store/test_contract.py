"""What every store does, in memory or in a file."""

from __future__ import annotations

import threading

import pytest

from chatctl.core.history import Page, RoomLog, Wanted

DAY = 24 * 60 * 60 * 1000


def test_a_new_store_holds_nothing(shelf):
    assert (shelf.store.numbers.session, shelf.store.numbers.message) == (0, 0)
    assert shelf.texts() == shelf.found("x") == shelf.past() == []
    assert shelf.archive.past_total() == 0


def test_a_commit_of_nothing_is_fine(shelf):
    shelf.store.commit([], [])
    shelf.store.commit((), ())
    assert shelf.texts() == []


def test_history_gives_messages_back_as_they_were(stored, message, now):
    messages = (
        message(1, "hé 日本 😀 \x1b[31m \u2028 \u202e"),
        message(2, "waves", kind="action", nick="bob", sender=2),
        message(3, "", at=now - 1),
        message(4, "  'quoted' \"twice\" -- %s "),
    )
    assert stored(*messages).read(RoomLog("#lobby")) == messages


def test_history_is_the_last_messages_oldest_first(stored, message):
    shelf = stored(*(message(number) for number in range(1, 11)))
    assert shelf.texts(count=3) == ["line 8", "line 9", "line 10"]


@pytest.mark.parametrize("count", [1, 9, 10, 11, 1000])
def test_history_has_at_most_the_count(stored, message, count):
    shelf = stored(*(message(number) for number in range(1, 11)))
    assert shelf.texts(count=count) == [f"line {number}" for number in range(1, 11)][-count:]


def test_history_is_of_one_room_in_any_case(stored, message):
    shelf = stored(message(1, "a"), message(2, "b", target="#Tea"), message(3, "c"), message(4, "d", target="#TEA"))
    assert shelf.texts("#tea") == shelf.texts("#tEA") == ["b", "d"]
    assert shelf.texts("#LOBBY") == ["a", "c"]
    assert shelf.texts("#te") == shelf.texts("#tea_") == shelf.texts("#%") == []


def test_rooms_that_differ_outside_ascii_are_two(stored, message):
    shelf = stored(message(1, "upper", target="#É"), message(2, "lower", target="#é"))
    assert shelf.texts("#É") == shelf.found("upper", "#É") == ["upper"]
    assert shelf.texts("#é") == shelf.found("lower", "#é") == ["lower"]


def test_private_messages_are_in_no_room(stored, message):
    shelf = stored(
        message(1, "secret", target="bob", recipient=2),
        message(2, "secret", target="#lobby", recipient=2),
        message(3, "open"),
    )
    assert shelf.texts() == ["open"]
    assert shelf.texts("bob") == []
    assert shelf.found("secret") == shelf.found("secret", "bob") == []


def test_history_goes_on_while_upkeep_catches_up(shelf, message):
    for number in range(1, 8):
        shelf.keep(message(number))
        assert shelf.texts() == [f"line {each}" for each in range(1, number + 1)]
        if number % 3 == 0:
            shelf.tidy()
            assert shelf.texts() == [f"line {each}" for each in range(1, number + 1)]


def test_search_finds_what_holds_all_words_oldest_first(stored, message):
    shelf = stored(
        message(1, "green tea"),
        message(2, "tea, not green"),
        message(3, "green"),
        message(4, "greenish tea"),
        message(5, "Tea? Green!"),
    )
    assert shelf.found("green tea") == ["green tea", "tea, not green", "Tea? Green!"]


@pytest.mark.parametrize("words", ["tea", "TEA", "Tea", "  tea  ", "tea tea", "tea\u2003tea"])
def test_search_ignores_case_and_blanks(stored, message, words):
    assert stored(message(1, "green TEA"), message(2, "coffee")).found(words) == ["green TEA"]


@pytest.mark.parametrize(("words", "text"), [("ÜBER", "über"), ("привет", "ПРИВЕТ"), ("日本", "日本")])
def test_search_ignores_case_in_other_scripts_too(stored, message, words, text):
    assert stored(message(1, text)).found(words) == [text]


def test_search_is_of_one_room_in_any_case(stored, message):
    shelf = stored(message(1, "tea a"), message(2, "tea b", target="#Tea"), message(3, "tea c"))
    assert shelf.found("tea") == ["tea a", "tea c"]
    assert shelf.found("tea", "#TEA") == ["tea b"]


@pytest.mark.parametrize("count", [1, 3, 50])
def test_search_has_at_most_the_count_and_prefers_the_newest(stored, message, count):
    shelf = stored(*(message(number, f"tea {number}") for number in range(1, 6)))
    assert shelf.found("tea", count=count) == [f"tea {number}" for number in range(1, 6)][-count:]


@pytest.mark.parametrize("kind", ["say", "action"])
def test_search_finds_what_was_said_and_what_was_done(stored, message, kind):
    assert stored(message(1, "waves", kind=kind)).found("waves") == ["waves"]


@pytest.mark.parametrize(
    "words",
    [
        "tea OR coffee",
        "tea NOT x",
        "NEAR(tea green)",
        '"tea coffee"',
        '""',
        '" OR "tea',
        "te*",
        "text:tea",
        "^green AND",
        "-coffee tea -coffee juice",
        "{tea} : coffee",
        "'; DROP TABLE messages; --",
        "\\",
        ":room",
        "?1",
    ],
)
def test_quotes_and_operators_are_words_like_others(stored, message, words):
    assert stored(message(1, "green tea"), message(2, "black tea")).found(words) == []


@pytest.mark.parametrize("words", ['tea"', '"tea', "(tea", "tea)", "tea*", "^tea", "-tea", "'tea'"])
def test_signs_around_a_word_do_not_matter(stored, message, words):
    assert stored(message(1, "green tea"), message(2, "coffee")).found(words) == ["green tea"]


def test_operators_find_the_words_that_they_are(stored, message):
    shelf = stored(message(1, "this AND that"), message(2, "this that"), message(3, "not this or that"))
    assert shelf.found("and") == shelf.found("this AND") == ["this AND that"]
    assert shelf.found("NOT OR") == ["not this or that"]


@pytest.mark.parametrize("words", ["!!!", '"', "***", "- - -", "😀", ":-)"])
def test_words_without_letters_find_nothing(stored, message, words):
    assert stored(message(1, f"tea {words}"), message(2, "!!!")).found(words) == []


@pytest.mark.parametrize("words", ["tea !!!", "!!! tea", 'tea "'])
def test_words_without_letters_do_not_matter_next_to_others(stored, message, words):
    assert stored(message(1, "green tea"), message(2, "coffee !!!")).found(words) == ["green tea"]


@pytest.mark.parametrize("words", ["   ", "\t", "\u2003"])
def test_blanks_find_nothing(stored, message, words):
    assert stored(message(1, "green tea")).found(words) == []


@pytest.mark.parametrize(("words", "text"), [("C++", "I like C++ too"), ("tea-time", "it is tea-time"), ("a.b", "a.b")])
def test_words_may_hold_other_signs(stored, message, words, text):
    assert stored(message(1, text), message(2, "nothing of it")).found(words) == [text]


def test_a_search_for_as_many_words_as_a_line_holds_is_fine(stored, message):
    assert stored(message(1, "a tea")).found("a " * 1023) == ["a tea"]


def test_a_search_may_be_repeated(stored, message):
    shelf = stored(message(1, "tea one"), message(2, "tea two"))
    assert [shelf.found("tea") for _ in range(3)] == [["tea one", "tea two"]] * 3


def test_only_sessions_that_have_ended_are_past(shelf, entry, now):
    shelf.keep(entry(1), entry(2, now + 5, "quit"))
    assert shelf.archive.past_sessions(10) == (entry(2, now + 5, "quit"),)
    assert shelf.archive.past_total() == 1


def test_an_entry_replaces_the_one_with_its_number(shelf, entry, now):
    shelf.keep(entry(1))
    shelf.keep(entry(1, nick="river"))
    shelf.keep(entry(1, now + 5, "quit", nick="lake"))
    assert shelf.archive.past_sessions(10) == (entry(1, now + 5, "quit", nick="lake"),)


def test_an_entry_that_is_committed_again_is_there_once(shelf, entry, now):
    shelf.keep(entry(1, now + 5, "eof"))
    shelf.keep(entry(1, now + 6, "quit"))
    assert shelf.archive.past_sessions(None) == (entry(1, now + 6, "quit"),)
    assert shelf.archive.past_total() == 1


@pytest.mark.parametrize(
    ("count", "numbers"), [(1, [9]), (3, [9, 8, 7]), (50, [*range(9, 0, -1)]), (None, [*range(9, 0, -1)])]
)
def test_past_sessions_are_the_newest_first_and_at_most_the_count(shelf, entry, now, count, numbers):
    # They end in another order than they began.
    for number in (5, 1, 9, 3, 7, 2, 8, 4, 6):
        shelf.keep(entry(number, now + 1, "quit"))
    assert shelf.past(count) == numbers
    assert shelf.archive.past_total() == 9


def test_messages_are_forgotten_after_their_time(keeps, days, message, now):
    shelf = keeps(days(7, 90))
    ages = (20, 8, 7, 6, 0)
    shelf.keep(*(message(number, f"tea {age}", at=now - age * DAY) for number, age in enumerate(ages, 1)))
    shelf.tidy()
    assert shelf.texts() == shelf.found("tea") == ["tea 7", "tea 6", "tea 0"]


def test_private_messages_are_forgotten_too(keeps, days, message, now):
    shelf = keeps(days(7, 90))
    shelf.keep(message(1, "old", target="bob", recipient=2, at=now - 8 * DAY), message(2, "new"))
    shelf.tidy()
    shelf.keep(message(3, "later"))
    assert shelf.texts() == ["new", "later"]


def test_sessions_are_forgotten_after_their_time(keeps, days, entry, now):
    shelf = keeps(days(7, 90))
    long_ago = now - 200 * DAY
    shelf.keep(
        *(entry(number, now - age * DAY, "quit", began=long_ago) for number, age in enumerate((91, 90, 89, 0), 1))
    )
    shelf.keep(entry(5, began=long_ago))
    shelf.tidy()
    assert shelf.past() == [4, 3, 2]
    assert shelf.archive.past_total() == 3
    shelf.keep(entry(5, now, "quit", began=long_ago))
    assert shelf.past() == [5, 4, 3, 2]


def test_nothing_is_forgotten_before_its_time(keeps, days, message, entry, now):
    shelf = keeps(days(7, 90))
    shelf.keep(message(1, at=now - 6 * DAY), entry(1, now - 89 * DAY, "quit"))
    shelf.tidy()
    assert shelf.texts() == ["line 1"]
    assert shelf.past() == [1]


def test_time_goes_by_and_all_is_forgotten(keeps, days, message, entry, now):
    shelf = keeps(days(1, 2))
    shelf.keep(message(1), entry(1, now, "quit"))
    shelf.tidy(now)
    assert (shelf.texts(), shelf.past()) == (["line 1"], [1])
    shelf.tidy(now + DAY + 1)
    assert (shelf.texts(), shelf.past()) == ([], [1])
    shelf.tidy(now + 2 * DAY + 1)
    assert (shelf.texts(), shelf.past()) == ([], [])


def test_the_usual_retention_is_a_week_and_ninety_days(shelf, message, entry, now):
    shelf.keep(message(1, at=now - 8 * DAY), message(2, at=now - 6 * DAY))
    shelf.keep(entry(1, now - 91 * DAY, "quit"), entry(2, now - 89 * DAY, "quit"))
    shelf.tidy()
    assert shelf.texts() == ["line 2"]
    assert shelf.past() == [2]


def test_an_archive_is_read_in_another_thread(shelf, message, entry, now):
    answers = []

    def read():
        archive = shelf.store.open_archive()
        answers.append(archive.history(RoomLog("#lobby"), Page(5)))
        answers.append(archive.search([RoomLog("#lobby")], Wanted("line", count=5)))
        answers.append(archive.past_sessions(5))
        answers.append(archive.past_total())
        archive.close()

    shelf.keep(message(1), entry(1, now, "quit"))
    reader = threading.Thread(target=read)
    reader.start()
    reader.join()
    assert answers == [(message(1),), (message(1),), (entry(1, now, "quit"),), 1]


def test_an_archive_in_another_thread_keeps_up_with_the_writing(shelf, message):
    total = 300
    problems, done = [], threading.Event()

    def read():
        archive = shelf.store.open_archive()
        while not done.is_set():
            numbers = [one.id for one in archive.history(RoomLog("#lobby"), Page(1000))]
            found = [one.id for one in archive.search([RoomLog("#lobby")], Wanted("line", count=1000))]
            if numbers != list(range(1, len(numbers) + 1)) or found != list(range(1, len(found) + 1)):
                problems.append((numbers, found))
        archive.close()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(1, total, 3):
            shelf.keep(*(message(each) for each in range(number, number + 3)))
            if number % 5 == 0:
                shelf.store.tend(0)
    finally:
        done.set()
        reader.join()
    assert problems == []
    assert len(shelf.texts()) == total
