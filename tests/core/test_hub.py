"""The hub as a whole: every verb has its function, and whatever is asked leaves the chat in order."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chatctl.core
from chatctl import errors
from chatctl.core.commands import HANDLERS
from chatctl.core.events.base import Event
from chatctl.core.events.talk import Acknowledged, Said
from chatctl.core.names import fold
from chatctl.core.requests.base import Request
from chatctl.core.requests.lookups import Help, History, Search, Status
from chatctl.core.requests.presence import Expel, Invalid, Labeled, Quit, Rename, Vanish
from chatctl.core.requests.rooms import ListMembers, ListRooms, Move, Part, Topic
from chatctl.core.requests.talk import Act, Say, Whisper


def every(base):
    """Return what derives from ``base`` in the core."""
    names = [one.name for one in pkgutil.walk_packages(chatctl.core.__path__, "chatctl.core.")]
    modules = [importlib.import_module(name) for name in names]
    classes = {one for module in modules for one in vars(module).values() if isinstance(one, type)}
    return [one for one in classes if issubclass(one, base) and one is not base]


REQUESTS = sorted(every(Request), key=lambda kind: kind.__name__)
NICKS = ["ada", "ADA", "bob", "river", "Client01", "Client02", "no way", ""]
ROOMS = ["#tea", "#TEA", "#lobby", "#é", "tea", "#a,b"]
texts = st.sampled_from(["", "hi", "\x1b[2J", "x" * 400])
asked = st.one_of(
    st.builds(Say, texts),
    st.builds(Act, texts),
    st.builds(Whisper, st.sampled_from(NICKS), texts),
    st.builds(Rename, st.sampled_from(NICKS)),
    st.builds(Move, st.sampled_from(ROOMS)),
    st.builds(Topic, st.none() | texts),
    st.builds(History, st.integers(-5, 2000)),
    st.builds(Search, texts),
    st.builds(Status, st.booleans()),
    st.builds(Quit, texts),
    st.builds(Vanish, st.just("eof")),
    st.builds(Expel, st.just(errors.InternalError())),
    st.builds(Invalid, st.just(errors.NotUtf8(0))),
    st.sampled_from([Part(), ListRooms(), ListMembers(), Help()]),
)


@pytest.mark.parametrize("kind", [kind for kind in REQUESTS if kind is not Labeled])
def test_every_request_has_a_handler(kind):
    assert callable(HANDLERS[kind])


def test_every_handler_is_for_a_request():
    assert set(HANDLERS) == set(REQUESTS) - {Labeled}


@pytest.mark.parametrize("kind", [*REQUESTS, *sorted(every(Event), key=lambda kind: kind.__name__)])
def test_requests_and_events_are_frozen(kind):
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


def test_a_mistake_in_a_handler_is_not_taken_for_a_refusal(play, monkeypatch):
    def fails(chat, session, request, turn):
        raise RuntimeError("ours")

    monkeypatch.setitem(HANDLERS, Say, fails)
    play.arrives("ada")
    with pytest.raises(RuntimeError, match="ours"):
        play.asks("ada", Say("hi"))


def check_order(play):
    """Assert what is true of every chat at every moment."""
    chat = play.chat
    for number, session in chat.sessions.items():
        assert session.id == number == session.entry.id
        assert session.entry.disconnected is None
        assert chat.nicks[fold(session.nick)] is session.user
        assert session.user.sessions == [session]
        assert session.room.members[session.user].user is session.user
        assert chat.rooms[fold(session.room.name)] is session.room
    assert len(chat.nicks) == len(chat.sessions) == sum(len(room.members) for room in chat.rooms.values())
    for room in chat.rooms.values():
        assert room.audience == tuple(session.id for user in room.members for session in user.sessions)
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
    assert acknowledged == [message for message in play.kept if message.kind != "topic"]


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
    ours = [
        kind for kind in every_error() if kind.__module__.startswith(f"{errors.__name__}.") and "code" in vars(kind)
    ]
    codes = [kind.code for kind in ours]
    assert len(codes) == len(set(codes))
    assert all(code == code.lower() and " " not in code for code in codes)
