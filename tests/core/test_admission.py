"""Coming in: the limit, the numbers, the names that one gets."""

from __future__ import annotations

import pytest

from chatctl.core.events.presence import Welcomed
from chatctl.core.events.rooms import Joined
from chatctl.core.records import Entry
from chatctl.core.requests.presence import Quit
from chatctl.core.requests.talk import Say
from chatctl.core.user import Source
from chatctl.errors import ServerFull


def who(nick):
    """Return the person called ``nick`` as others see them."""
    return Source(nick, "text@127.0.0.1")


def test_who_arrives_is_welcomed_and_the_others_are_told(play):
    play.arrives("ada")
    number = play.connects("bob", wire="text", address="[::1]:5")
    entry = Entry(number, "Client02", "[::1]:5", "text", connected=play.now, user="text")
    assert play.seen("bob") == [Welcomed(entry, Source("Client02", "text@0::1"))]
    assert play.seen("ada") == [Joined(Source("Client02", "text@0::1"), "#lobby")]


def test_the_first_to_arrive_is_told_of_nobody(play):
    play.connects("ada")
    assert [type(event) for event in play.seen("ada")] == [Welcomed]


def test_an_arrival_opens_a_row_of_the_ledger(play):
    play.connects("ada", wire="text", address="127.0.0.1:9")
    assert play.rows == [
        Entry(1, "Client01", "127.0.0.1:9", "text", play.now, disconnected=None, reason="", user="text")
    ]


@pytest.mark.parametrize(
    ("last", "name"),
    [(0, "Client01"), (8, "Client09"), (9, "Client10"), (98, "Client99"), (99, "Client100"), (12344, "Client12345")],
)
def test_the_default_name_is_the_number_in_at_least_two_digits(plays, last, name):
    play = plays(last_session=last)
    assert play.connects("ada") == last + 1
    assert play.nick("ada") == name


def test_numbers_go_on_from_those_of_the_store(plays):
    play = plays(last_session=41, last_message=99)
    assert play.connects("ada") == 42
    play.asks("ada", Say("hi"))
    assert play.kept[0].id == 100


def test_a_number_is_never_given_twice(play):
    numbers = []
    for _ in range(3):
        numbers.append(play.connects("ada"))
        play.asks("ada", Quit())
    assert numbers == [1, 2, 3]


def test_a_full_server_refuses_with_both_numbers(plays):
    play = plays(limit=2)
    play.arrives("ada", "bob")
    with pytest.raises(ServerFull, match=r"^Server full \(2/2 clients\), try again later$"):
        play.connects("eve")


def test_a_refusal_changes_nothing(plays):
    play = plays(limit=1)
    play.arrives("ada")
    with pytest.raises(ServerFull):
        play.connects("eve")
    assert play.seen("ada") == []
    assert len(play.chat.sessions) == 1
    play.asks("ada", Quit())
    assert play.connects("bob") == 2


def test_a_slot_is_free_as_soon_as_somebody_has_left(plays):
    play = plays(limit=2)
    play.arrives("ada", "bob")
    play.asks("ada", Quit())
    play.connects("eve")
    assert set(play.chat.sessions) == {2, 3}
