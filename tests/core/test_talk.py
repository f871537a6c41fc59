"""Saying something: to the room, and to one person."""

from __future__ import annotations

import pytest

from chatctl.core.events.presence import Rejected
from chatctl.core.events.talk import Acknowledged, Said
from chatctl.core.records import Message
from chatctl.core.requests.presence import Quit, Rename
from chatctl.core.requests.rooms import Move
from chatctl.core.requests.talk import Act, Say, Whisper
from chatctl.errors import NoSuchNick


@pytest.mark.parametrize(("request_", "kind"), [(Say("hi"), "say"), (Act("hi"), "action")])
def test_what_is_said_is_kept_told_to_the_others_and_acknowledged(play, request_, kind):
    play.arrives("ada", "bob", "eve")
    play.asks("ada", request_)
    message = Message(1, play.now, "#lobby", None, play.numbers["ada"], "ada", kind, "hi", "text@127.0.0.1")
    assert play.kept == [message]
    assert play.seen("bob") == play.seen("eve") == [Said(message)]
    assert play.seen("ada") == [Acknowledged(message)]


def test_who_is_alone_is_acknowledged_and_nobody_else_is_told(play):
    play.arrives("ada")
    play.asks("ada", Say("hello?"))
    assert play.seen("ada") == [Acknowledged(play.kept[0])]
    assert [delivery.event for delivery in play.deliveries] == [Acknowledged(play.kept[0])]


def test_nobody_in_another_room_hears_it(play):
    play.arrives("ada", "bob", "eve")
    play.asks("eve", Move("#tea"))
    play.forget()
    play.asks("ada", Say("hi"))
    assert play.seen("eve") == []
    play.asks("eve", Say("tea?"))
    assert play.kept[1].target == "#tea"
    assert play.seen("bob") == [Said(play.kept[0])]


def test_everybody_hears_everything_in_one_order(play):
    people = ["ada", "bob", "eve"]
    play.arrives(*people)
    for number in range(30):
        play.asks(people[number % 3], Say(f"line {number}"))
    heard = [[event.message for event in play.seen(person)] for person in people]
    assert heard[0] == heard[1] == heard[2] == play.kept
    assert [message.id for message in play.kept] == list(range(1, 31))


def test_one_turn_keeps_the_order_of_what_was_asked(play):
    play.arrives("ada", "bob")
    play.asks("ada", Say("one"), Rename("river"), Act("two"), Whisper("bob", "three"))
    told = [event.message.text if isinstance(event, Said) else "renamed" for event in play.seen("bob")]
    assert told == ["one", "renamed", "two", "three"]


def test_text_is_kept_and_told_exactly_as_it_came(play):
    play.arrives("ada", "bob")
    text = "  \x1b[31m\u202e \u2028 %s [/x] é "
    play.asks("ada", Say(text))
    assert play.kept[0].text == text
    assert play.seen("bob")[0].message.text == text


def test_a_whisper_reaches_one_person_only(play):
    play.arrives("ada", "bob", "eve")
    play.asks("ada", Whisper("bob", "psst"))
    message = Message(
        1, play.now, "bob", play.numbers["bob"], play.numbers["ada"], "ada", "say", "psst", "text@127.0.0.1"
    )
    assert play.kept == [message]
    assert play.seen("bob") == [Said(message)]
    assert play.seen("ada") == [Acknowledged(message)]
    assert play.seen("eve") == []


def test_a_whisper_finds_people_in_any_case_and_in_any_room(play):
    play.arrives("ada", "Bob")
    play.asks("Bob", Move("#tea"))
    play.forget()
    play.asks("ada", Whisper("bOB", "psst"))
    assert play.seen("Bob") == [Said(play.kept[0])]
    assert play.kept[0].target == "Bob"


def test_one_may_whisper_to_oneself(play):
    play.arrives("ada")
    play.asks("ada", Whisper("ada", "note"))
    assert play.seen("ada") == [Said(play.kept[0]), Acknowledged(play.kept[0])]


def test_a_whisper_to_nobody_is_refused_and_not_kept(play):
    play.arrives("ada")
    play.asks("ada", Whisper("bob", "psst"))
    (told,) = play.seen("ada")
    assert isinstance(told, Rejected)
    assert isinstance(told.error, NoSuchNick)
    assert str(told.error) == "nobody is called bob; /who lists who is here"
    assert play.kept == []


@pytest.mark.parametrize("change", [Quit(), Rename("robert")], ids=["left", "renamed"])
def test_a_whisper_to_a_name_of_the_past_is_refused(play, change):
    play.arrives("ada", "bob")
    play.asks("bob", change)
    play.forget()
    play.asks("ada", Whisper("bob", "psst"))
    assert isinstance(play.seen("ada")[0].error, NoSuchNick)


def test_a_refused_whisper_takes_no_number(play):
    play.arrives("ada")
    play.asks("ada", Whisper("bob", "psst"), Say("well"))
    assert [message.id for message in play.kept] == [1]


def test_messages_bear_the_time_of_their_turn(play):
    play.arrives("ada")
    play.asks("ada", Say("one"))
    play.later(1500)
    play.asks("ada", Say("two"))
    first, second = play.kept
    assert second.at - first.at == 1500
