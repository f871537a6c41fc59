"""Every event in IRC: whatever it holds, its lines are lines."""

from __future__ import annotations

import enum
import importlib
import inspect
import pkgutil
import re
import sys
import types
import typing
from dataclasses import is_dataclass
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chatctl.core.events
import chatctl.wire.irc.replies
from chatctl import errors
from chatctl.core.events import lookups, rooms
from chatctl.core.events.base import Event
from chatctl.core.events.lookups import HistoryShown
from chatctl.core.events.operators import SettingsShown
from chatctl.core.events.people import WhoShown
from chatctl.core.events.presence import Expelled, Rejected
from chatctl.core.events.talk import Said
from chatctl.core.limits import DEFAULTS, RULES, Limits
from chatctl.core.records import LINE_BREAK, LINE_JOINT, Ban, Message
from chatctl.core.user import Source
from chatctl.errors import Misbehaved, Refused
from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.replies import RENDERERS
from chatctl.wire.irc.replies.capabilities import CapAnswered

SILENT = {lookups.Found, lookups.HelpShown, rooms.RoomRenamed, rooms.RoomsListed}
"""What only people with netcat are told: IRC clients get the same by other events."""

for package in (chatctl.core.events, chatctl.wire.irc.replies):
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


def subclasses(kind):
    """Return what derives from ``kind``; a class that was replaced by one with slots is left out."""
    for one in kind.__subclasses__():
        if one.__module__.startswith("chatctl.") and getattr(sys.modules[one.__module__], one.__name__, None) is one:
            yield one
        yield from subclasses(one)


EVENTS = sorted(set(subclasses(Event)), key=lambda kind: (kind.__module__, kind.__name__))
LONGEST_NAME = ".".join(["irc", "x" * 50, "example"])
INFO = ServerInfo(name=LONGEST_NAME, motd=("Welcome!", "", ": be kind"))
DIALECTS = Dialects(INFO)
CAPS = sorted(offered(INFO))

# What the wires let pass: anything but the ends of lines and NUL.
hostile = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r\n"), max_size=60)
awkward = st.sampled_from(
    ["", ":", " ", ":x", " :x", "@x y", "\x01ACTION x\x01", "é" * 600, "\U0001f600" * 300, "x" * 2048, "x " * 900]
)
text = hostile | awkward
nicks = st.text("aZ9_-[]\\^{}|`", min_size=1, max_size=DEFAULTS.nick_length) | st.just("n" * DEFAULTS.nick_length)
plain = st.characters(blacklist_categories=("Cs", "Cc", "Z"), blacklist_characters=",")
room_names = st.text(plain, max_size=DEFAULTS.room_length - 1).map("#{}".format) | st.just("#" + "\U0001f600" * 7)
hosts = st.sampled_from(["127.0.0.1", "0::1", "2001:db8:1:2:3:4:5:6"])
users = st.builds("{}@{}".format, st.text("a9~._-", min_size=1, max_size=16), hosts)
words = st.text(plain, min_size=1, max_size=40).filter(lambda word: word[0] != ":")
roles = st.sampled_from(["o", "v", ""])
times = st.integers(0, 4_102_444_800_000)

TEXTS = {
    *("lines", "note", "reason", "realname", "text", "title", "token", "topic", "value", "why"),
}
ROWS = {
    tuple[tuple[str, str], ...]: st.tuples(room_names, roles),
    tuple[tuple[str, int, str], ...]: st.tuples(room_names, times, text),
}
NAMED = {
    "nick": nicks,
    "nicks": nicks,
    "new": nicks,
    "old": room_names,
    "room": room_names,
    "rooms": room_names,
    "target": nicks | room_names,
    "user": users,
    "host": hosts,
    "address": st.builds("{}:{}".format, hosts, st.integers(1, 65535)),
    "account": nicks,
    "role": roles,
    "members": roles,
    "ranks": roles,
    "modes": st.text("Bioqw", max_size=5),
    "letter": st.sampled_from("beI"),
    "names": st.lists(words, min_size=1, max_size=40).map(tuple),
    "verb": st.sampled_from(["LS", "LIST", "ACK", "NAK"]),
}


@cache
def built(kind):
    """Return instances of a class whose fields or parameters have types."""
    if issubclass(kind, Refused | Misbehaved):
        if not inspect.isfunction(kind.__init__):
            return st.builds(kind, text)
        parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
        if any(one.kind is one.VAR_POSITIONAL for one in parameters):
            return st.builds(kind, words, words)
        hints, names = typing.get_type_hints(kind.__init__), [one.name for one in parameters]
    else:
        hints, names = typing.get_type_hints(kind), list(inspect.signature(kind).parameters)
    values = {name: value_of(hints[name], name) for name in names}
    if kind is SettingsShown:
        values["names"] = st.lists(st.sampled_from(sorted(RULES)), max_size=3).map(tuple)
    if kind is WhoShown:
        values["token"] = st.from_regex(r"\d{0,3}", fullmatch=True, alphabet="0123456789")
    return st.builds(kind, **values)


def value_of(hint, name):
    """Return values of a type, for a field or parameter that is called ``name``."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if hint in ROWS:
        return st.lists(ROWS[hint], max_size=3).map(tuple)
    if name in NAMED and hint in (str, tuple[str, ...]):
        named = NAMED[name]
        return named if hint is str or name == "names" else st.lists(named, max_size=3).map(tuple)
    if hint is str:
        return text if name in TEXTS else words
    if origin is tuple and inside[-1] is Ellipsis:
        return st.lists(value_of(inside[0], name), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(value_of(one, name) for one in inside))
    if origin in (typing.Union, types.UnionType):
        return st.one_of([value_of(one, name) for one in inside])
    if origin is typing.Literal:
        return st.sampled_from(inside)
    return OF_TYPE[hint] if hint in OF_TYPE else instances(hint)


def instances(kind):
    """Return instances of a class of ours."""
    if kind in (Refused, Misbehaved):
        # Each error has a test of its own.
        return st.one_of([built(one) for one in ERRORS if issubclass(one, kind)][:5])
    if issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind))
    if kind is Event:
        return st.one_of([built(one) for one in (Said, CapAnswered, rooms.MembersListed, rooms.Joined, HistoryShown)])
    if kind.__name__ == "Message":
        return messages()
    assert is_dataclass(kind) or hasattr(kind, "_fields")
    return built(kind)


def messages():
    said = st.lists(text, min_size=1, max_size=3)
    texts = st.builds(str.join, st.sampled_from([LINE_BREAK, LINE_JOINT]), said)
    kinds = st.sampled_from(["say", "action", "notice", "tags", "topic"])
    tags = st.sampled_from(["", "+a=b", "+" + "k" * 4000, "bot;+x"])
    targets = nicks | room_names | room_names.map("@{}".format)
    recipients = st.none() | st.just(2)
    accounts = nicks | st.just("")
    return st.builds(
        Message, times, times, targets, recipients, times, nicks, kinds, texts, users, accounts, accounts, tags
    )


OF_TYPE = {
    Limits: st.builds(Limits, max_clients=st.integers(1, 10**6)),
    float: st.floats(0, 1e6),
    Source: st.builds(Source, nicks, users, nicks | st.just(""), st.booleans()),
    Ban: st.builds(Ban, users | hosts | st.sampled_from(["*@::1/128", "@*"]), text, words, times, st.none() | times),
    int: times,
    bool: st.booleans(),
    bytes: st.binary(max_size=900),
    types.NoneType: st.none(),
}
ERRORS = [
    one
    for _, one in inspect.getmembers(errors, inspect.isclass)
    if issubclass(one, Refused | Misbehaved) and one not in (Refused, Misbehaved)
]

_SOURCE = r"[^ !@]+(?:![^ @]+@[^ @]+)?"
_LINE = re.compile(
    rf"(?:@(?P<tags>[^ ]+) )?(?::{_SOURCE} )?(?P<command>[A-Z]+|\d\d\d)(?P<words>(?: [^ :][^ ]*){{0,14}})(?: :.*)?",
    re.DOTALL,
)
_TAG = re.compile(r"\+?(?:[a-z0-9.-]+/)?[A-Za-z0-9-]+(?:=[^ ;]*)?")


def check(data):
    """Look at what a client reads: CR LF ends a line and is nowhere else, sizes are right, it can be taken apart."""
    assert not data or data.endswith(b"\r\n")
    for line in data.split(b"\r\n")[:-1]:
        assert not {b"\0"[0], b"\r"[0], b"\n"[0]} & set(line), line
        found = _LINE.fullmatch(line.decode())
        assert found is not None, line
        tags = found["tags"]
        whole = len(line) + 2
        tagged = 0 if tags is None else len(tags.encode()) + 2
        assert tagged <= 8191, line
        assert whole - tagged <= 512, (whole - tagged, line)
        assert tags is None or all(map(_TAG.fullmatch, tags.split(";"))), tags


def test_every_event_is_written_or_known_to_be_silent():
    assert {kind for kind in EVENTS if kind not in RENDERERS} == SILENT


def test_what_is_silent_is_rendered_to_nothing():
    dialect = DIALECTS.speaking(frozenset(CAPS))
    assert {dialect.render(lookups.HelpShown()), dialect.render(rooms.RoomsListed(()))} == {b""}


@pytest.mark.parametrize("kind", [kind for kind in EVENTS if kind not in SILENT], ids=lambda kind: kind.__name__)
@settings(max_examples=25)
@given(st.data())
def test_every_event_gives_lines(kind, data):
    event = data.draw(built(kind))
    caps = data.draw(st.just(frozenset(CAPS)) | st.frozensets(st.sampled_from(CAPS), max_size=8))
    check(DIALECTS.speaking(caps).render(event, data.draw(nicks | st.just("*")), data.draw(times)))


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
@settings(max_examples=15)
@given(st.data())
def test_every_error_gives_lines(kind, data):
    error = data.draw(built(kind))
    dialect = DIALECTS.speaking(frozenset())
    event = Rejected(error) if isinstance(error, Refused) else Expelled(error)
    written = dialect.render(event, "ada", 0)
    check(written)
    if isinstance(error, Misbehaved):
        assert b"ERROR :" in written
        check(dialect.refuse(error))
