"""The hub as a whole: every verb has its function, and whatever is asked leaves the chat in order."""

from __future__ import annotations

import dataclasses
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl import errors
from chatctl.core import requests as ask
from chatctl.core.commands import HANDLERS
from chatctl.core.events import Acknowledged, Event, Said
from chatctl.core.names import fold
from chatctl.core.requests import Request

REQUESTS = typing.get_args(Request)
NICKS = ["ada", "ADA", "bob", "river", "Client01", "Client02", "no way", ""]
ROOMS = ["#tea", "#TEA", "#lobby", "#é", "tea", "#a,b"]
texts = st.sampled_from(["", "hi", "\x1b[2J", "x" * 400])
asked = st.one_of(
    st.builds(ask.Say, texts),
    st.builds(ask.Act, texts),
    st.builds(ask.Whisper, st.sampled_from(NICKS), texts),
    st.builds(ask.Rename, st.sampled_from(NICKS)),
    st.builds(ask.Move, st.sampled_from(ROOMS)),
    st.builds(ask.Topic, st.none() | texts),
    st.builds(ask.History, st.integers(-5, 2000)),
    st.builds(ask.Search, texts),
    st.builds(ask.Status, st.booleans()),
    st.builds(ask.Quit, texts),
    st.builds(ask.Vanish, st.just("eof")),
    st.builds(ask.Expel, st.just(errors.InternalError())),
    st.builds(ask.Invalid, st.just(errors.NotUtf8(0))),
    st.sampled_from([ask.Part(), ask.ListRooms(), ask.ListMembers(), ask.Help()]),
)


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_request_has_a_handler(kind):
    assert callable(HANDLERS[kind])


def test_every_handler_is_for_a_request():
    assert set(HANDLERS) == set(REQUESTS)


@pytest.mark.parametrize("kind", [*REQUESTS, *typing.get_args(Event)])
def test_requests_and_events_are_frozen(kind):
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


def test_a_mistake_in_a_handler_is_not_taken_for_a_refusal(play, monkeypatch):
    def fails(chat, session, request, turn):
        raise RuntimeError("ours")

    monkeypatch.setitem(HANDLERS, ask.Say, fails)
    play.arrives("ada")
    with pytest.raises(RuntimeError, match="ours"):
        play.asks("ada", ask.Say("hi"))


def check_order(play):
    """Assert what is true of every chat at every moment."""
    chat = play.chat
    for number, session in chat.sessions.items():
        assert session.id == number == session.entry.id
        assert session.entry.disconnected is None
        assert chat.nicks[fold(session.nick)] is session
        assert session.room.members[number] is session
        assert chat.rooms[fold(session.room.name)] is session.room
    assert len(chat.nicks) == len(chat.sessions) == sum(len(room.members) for room in chat.rooms.values())
    for room in chat.rooms.values():
        assert room.audience == tuple(room.members)
        assert room.members or room is chat.lobby


@given(steps=st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), asked), max_size=40))
def test_whatever_is_asked_the_chat_stays_in_order(plays, steps):
    play = plays(limit=3)
    for person in ("one", "two", "three"):
        play.connects(person)
    for person, request in steps:
        play.later(1)
        play.asks(person, request)
        check_order(play)
    play.stops()
    assert play.chat.sessions == {}
    assert sorted(play.dismissed) == [1, 2, 3]
    closed = [row.id for row in play.rows if row.disconnected is not None]
    assert sorted(closed) == [1, 2, 3]
    assert [message.id for message in play.kept] == list(range(1, len(play.kept) + 1))
    acknowledged = [delivery.event.message for delivery in play.deliveries if isinstance(delivery.event, Acknowledged)]
    assert acknowledged == play.kept


@given(steps=st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), asked), max_size=40))
def test_everybody_sees_the_messages_of_a_room_in_their_order(plays, steps):
    play = plays()
    for person in ("one", "two", "three"):
        play.connects(person)
    for person, request in steps:
        play.asks(person, request)
    for person in ("one", "two", "three"):
        numbers = [event.message.id for event in play.seen(person) if isinstance(event, Said | Acknowledged)]
        assert numbers == sorted(numbers)


def every_error(base=errors.ChatctlError):
    for kind in base.__subclasses__():
        yield kind
        yield from every_error(kind)


def test_no_two_errors_share_a_code():
    ours = [kind for kind in every_error() if kind.__module__ == errors.__name__ and "code" in vars(kind)]
    codes = [kind.code for kind in ours]
    assert len(codes) == len(set(codes))
    assert all(code == code.lower() and " " not in code for code in codes)
