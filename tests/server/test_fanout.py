"""Fan-out against the plain way of doing it: every event, for every listener, in turn."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from chatctl.core.events.rooms import Joined
from chatctl.core.turn import Delivery
from chatctl.core.user import Source
from chatctl.server.fanout import fan_out


def who(nick):
    """Return the person called ``nick`` as others see them."""
    return Source(nick, "text@127.0.0.1")


class Dialect:
    """Writes an event's nick; counts what it was asked to write."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rendered: list[str] = []

    def render(self, event, nick, now):
        self.rendered.append(event.who.nick)
        return f"{self.name}{event.who.nick};".encode()


@dataclass(frozen=True)
class Listener:
    number: int
    dialect: Dialect


def plainly(deliveries, listeners):
    heard = {}
    for delivery in deliveries:
        for number in delivery.audience:
            if number != delivery.but and number in listeners:
                text = f"{listeners[number].dialect.name}{delivery.event.who.nick};".encode()
                heard[number] = heard.get(number, b"") + text
    return heard


@st.composite
def turns(draw):
    rooms = [tuple(range(1, 6)), (2, 3), (4, 5, 6), (1, 7)]
    audiences = st.one_of(st.sampled_from(rooms), st.integers(1, 7).map(lambda number: (number,)))
    deliveries = []
    for place in range(draw(st.integers(0, 30))):
        audience = draw(audiences)
        but = draw(st.sampled_from((0, *audience))) if len(audience) > 1 else 0
        deliveries.append(Delivery(Joined(who(str(place)), "#r"), audience, but))
    return deliveries


@given(turns(), st.sets(st.integers(1, 7)))
def test_everybody_gets_what_is_for_them_in_the_order_of_the_turn(deliveries, connected):
    dialects = [Dialect("a"), Dialect("b")]
    listeners = {number: Listener(number, dialects[number % 2]) for number in connected}
    told = {}
    for listener, data in fan_out(deliveries, listeners, 0):
        assert listener.number not in told, "a listener is written to once a turn"
        told[listener.number] = data
    assert {number: data for number, data in told.items() if data} == plainly(deliveries, listeners)


def test_an_event_for_a_thousand_is_rendered_once_for_each_dialect():
    dialects = [Dialect("a"), Dialect("b")]
    audience = tuple(range(1, 1001))
    listeners = {number: Listener(number, dialects[number % 2]) for number in audience}
    deliveries = [Delivery(Joined(who("ada"), "#r"), audience, but=number) for number in (1, 2, 3)]
    assert len(dict(fan_out(deliveries, listeners, 0))) == 1000
    assert [dialect.rendered for dialect in dialects] == [["ada"] * 3, ["ada"] * 3]
