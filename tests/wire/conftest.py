"""Records to render, and streams to cut."""

from __future__ import annotations

import itertools

import pytest

from chatctl.core.records import Entry, Message

WELCOME_TIME = 1_795_358_467_000
"""2026-11-22 14:41:07 UTC, in milliseconds since 1970."""


@pytest.fixture(scope="session")
def now():
    """The time at which a story begins: 2026-11-22 14:41:07 UTC."""
    return WELCOME_TIME


@pytest.fixture(scope="session")
def message():
    """Make a message of ada's to the lobby, with what is to be different."""

    def make(text="hi", **changes):
        plain = Message(7, WELCOME_TIME, "#lobby", None, 1, "ada", "say", text)
        return plain._replace(**changes)

    return make


@pytest.fixture(scope="session")
def entry():
    """Make a ledger row, of an active session unless it says when it ended."""

    def make(number=1, nick="Client01", address="127.0.0.1:40000", after=None, reason=""):
        ended = None if after is None else WELCOME_TIME + after
        return Entry(number, nick, address, "text", WELCOME_TIME, ended, reason)

    return make


@pytest.fixture(scope="session")
def pieces():
    """Cut a stream at the given places, which may be anywhere and in any order."""

    def cut(stream, places):
        edges = [0, *sorted(min(place, len(stream)) for place in places), len(stream)]
        return [stream[start:end] for start, end in itertools.pairwise(edges)]

    return cut
