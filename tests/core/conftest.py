"""A conversation to write down: who comes, what they ask, what each of them sees."""

from __future__ import annotations

import pytest

from chatctl.core.hub import Hub
from chatctl.core.limits import Limits
from chatctl.core.policy import Policy
from chatctl.core.requests.presence import Introduce, Rename
from chatctl.core.state import Beginning, Chat
from chatctl.core.turn import Turn

START = 1_700_000_000_000
"""The time at which a play begins, in milliseconds since 1970."""


class Play:
    """A chat and the people in it; each arrival and each request is one turn, ``later`` lets time go by.

    A person is known by the name that the test calls them, whatever nick they have.
    """

    def __init__(self, limit=256, last_session=0, last_message=0, policy=None, **limits):
        self.now = START
        self.chat = Chat(
            Limits(max_clients=limit, **limits), policy or Policy(), Beginning(last_session, last_message), START
        )
        self.hub = Hub(self.chat)
        self.numbers = {}
        self.kept = []
        self.rows = []
        self.questions = []
        self.changes = []
        self.dismissed = []
        self.deliveries = []
        self._unseen = {}

    def connects(self, person, wire="text", address="127.0.0.1:40000"):
        """Begin a session that has its default name, and return its number."""
        turn = Turn(self.now)
        number = self.hub.arrive(wire, address, turn, named=wire != "irc")
        self.numbers[person] = number
        self._unseen[number] = []
        self._conclude(turn)
        return number

    def arrives(self, *people):
        """Begin sessions that have taken their names; nobody remembers having seen that."""
        for person in people:
            self.connects(person)
            self.asks(person, Rename(person))
        self.forget()

    def crowd(self, size):
        """Begin ``size`` nameless sessions."""
        for _ in range(size):
            self.connects(f"extra {len(self.numbers)}")
        self.forget()

    def asks(self, person, *requests):
        """Handle what a person asks, all of it in one turn, and return the turn."""
        turn = Turn(self.now)
        for request in requests:
            self.hub.handle(self.numbers[person], request, turn)
        return self._conclude(turn)

    def stops(self):
        """Stop the server."""
        turn = Turn(self.now)
        self.hub.stop(turn)
        return self._conclude(turn)

    def later(self, milliseconds):
        """Let time go by."""
        self.now += milliseconds

    def seen(self, person):
        """Return what a person has been told since one last looked."""
        number = self.numbers[person]
        events, self._unseen[number] = self._unseen[number], []
        return events

    def forget(self):
        """Have everybody look elsewhere: what was told so far is told to nobody, what was kept is gone."""
        for events in self._unseen.values():
            events.clear()
        for record in (self.kept, self.rows, self.changes, self.questions, self.dismissed, self.deliveries):
            record.clear()

    def nick(self, person):
        """Return the name that a person has now."""
        return self.chat.sessions[self.numbers[person]].nick

    def room(self, person):
        """Return the room that a person is in."""
        return self.chat.sessions[self.numbers[person]].room

    def registers(self, *people):
        """Begin IRC sessions that have taken their names; nobody remembers having seen that."""
        for person in people:
            self.connects(person, wire="irc")
            self.asks(person, Rename(person), Introduce(person, f"{person} the real"))
        self.forget()

    def user(self, person):
        """Return who a person is in the chat."""
        return self.chat.sessions[self.numbers[person]].user

    def _conclude(self, turn):
        for event, audience, but, _ in turn.deliveries:
            for number in audience:
                if number != but:
                    self._unseen[number].append(event)
        self.kept += turn.messages
        self.rows += turn.entries.values()
        self.changes += turn.changes
        self.questions += turn.questions
        self.dismissed += turn.dismissed
        self.deliveries += turn.deliveries
        return turn


@pytest.fixture(scope="session")
def plays():
    """Make a play with a limit or with numbers that go on."""
    return Play


@pytest.fixture
def play():
    """An empty chat with room for everybody."""
    return Play()
