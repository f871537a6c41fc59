"""Who gets which bytes of a turn: each listener's part in one piece, shared parts made once."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Protocol, TypeVar

from chatctl.core.events.base import Event
from chatctl.core.turn import Delivery
from chatctl.wire.base import Dialect


class Listener(Protocol):
    """Somebody who is written to in a dialect."""

    @property
    def dialect(self) -> Dialect: ...


L = TypeVar("L", bound=Listener)

Placed = tuple[int, Event, str]
"""An event, its place in the turn, and the name that its one listener had then."""


class _Script:
    """The events of a turn for one audience in one dialect: joined once, with the places to cut it at."""

    __slots__ = ("_starts", "text")

    def __init__(self, events: Sequence[Event], dialect: Dialect, now: int) -> None:
        pieces = [dialect.render(event, "*", now) for event in events]
        self._starts = [0, *accumulate(map(len, pieces))]
        self.text = b"".join(pieces)

    def span(self, first: int, last: int) -> bytes:
        """Return the pieces from number ``first`` up to, not with, number ``last``."""
        return self.text[self._starts[first] : self._starts[last]]


class _Stream:
    """The events of a turn for one audience."""

    __slots__ = ("_now", "_scripts", "audience", "events", "excepted", "places")

    def __init__(self, audience: tuple[int, ...], now: int) -> None:
        self._now = now
        self.audience = audience
        self.events: list[Event] = []
        self.places: list[int] = []
        self.excepted: dict[int, list[int]] = {}
        self._scripts: dict[Dialect, _Script] = {}

    def add(self, place: int, delivery: Delivery) -> None:
        if delivery.but:
            self.excepted.setdefault(delivery.but, []).append(len(self.events))
        self.events.append(delivery.event)
        self.places.append(place)

    def script(self, dialect: Dialect) -> _Script:
        script = self._scripts.get(dialect)
        if script is None:
            script = self._scripts[dialect] = _Script(self.events, dialect, self._now)
        return script

    def parts_for(self, number: int, dialect: Dialect, cuts: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Return what session ``number`` is to get, with its place, cut at the places ``cuts``."""
        skipped = self.excepted.get(number, [])
        first = 0
        for last in sorted({*skipped, *(bisect(self.places, cut) for cut in cuts), len(self.events)}):
            if last > first:
                yield self.places[first], self.script(dialect).span(first, last)
            first = last + (last in skipped)


def fan_out(deliveries: Sequence[Delivery], listeners: Mapping[int, L], now: int) -> Iterator[tuple[L, bytes]]:
    """Return each listener's bytes, in the one order of the turn for everybody.

    ``listeners`` are those who are connected, by session number; what is for others is left out. ``now`` counts
    milliseconds since 1970.
    """
    own, streams = _sort(deliveries, now)
    heard = _heard(streams)
    for number, events in own.items():
        listener = listeners.get(number)
        if listener is not None and number not in heard:
            pieces = [listener.dialect.render(event, nick, now) for _, event, nick in events]
            yield listener, pieces[0] if len(pieces) == 1 else b"".join(pieces)
    for number, listened in heard.items():
        listener = listeners.get(number)
        if listener is None:
            continue
        own_events = own.get(number, ())
        if not own_events and len(listened) == 1 and number not in listened[0].excepted:
            yield listener, listened[0].script(listener.dialect).text
        else:
            yield listener, _mixed(number, listener.dialect, listened, own_events, now)


def _sort(deliveries: Sequence[Delivery], now: int) -> tuple[dict[int, list[Placed]], list[_Stream]]:
    """Part what is for one session from what is for many."""
    own: dict[int, list[Placed]] = {}
    streams: dict[int, _Stream] = {}
    for place, delivery in enumerate(deliveries):
        audience = delivery.audience
        if len(audience) == 1:
            own.setdefault(audience[0], []).append((place, delivery.event, delivery.nick))
        else:
            # A room's audience is the same tuple until its membership changes.
            stream = streams.get(id(audience))
            if stream is None:
                stream = streams[id(audience)] = _Stream(audience, now)
            stream.add(place, delivery)
    return own, list(streams.values())


def _heard(streams: Sequence[_Stream]) -> Mapping[int, Sequence[_Stream]]:
    """Return which streams each session is in the audience of."""
    if len(streams) == 1:
        return dict.fromkeys(streams[0].audience, (streams[0],))
    heard: dict[int, list[_Stream]] = {}
    for stream in streams:
        for number in stream.audience:
            heard.setdefault(number, []).append(stream)
    return heard


def _mixed(number: int, dialect: Dialect, streams: Sequence[_Stream], own: Sequence[Placed], now: int) -> bytes:
    """Return the streams and the session's own events, mixed in the order of the turn."""
    alone = len(streams) == 1
    cuts = [place for place, _, _ in own]
    parts = [(place, dialect.render(event, nick, now)) for place, event, nick in own]
    for stream in streams:
        # A stream is cut where something else may come between: at every place if there are others.
        parts.extend(stream.parts_for(number, dialect, cuts if alone else stream.places + cuts))
    parts.sort()
    return b"".join([data for _, data in parts])
