"""Who gets which bytes of a turn: each listener's part in one piece, shared parts made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from chatctl.core.events import Event
from chatctl.core.turn import Delivery
from chatctl.wire.base import Dialect

Numbered = tuple[int, Event]
"""An event and its place in the turn."""


class _Stream:
    """The events of a turn for one audience, rendered once for each dialect."""

    __slots__ = ("_joined", "_pieces", "audience", "excepted", "items")

    def __init__(self, audience: tuple[int, ...]) -> None:
        self.audience = audience
        self.items: list[tuple[int, Event, int]] = []
        self.excepted: set[int] = set()
        self._pieces: dict[Dialect, list[bytes]] = {}
        self._joined: dict[Dialect, bytes] = {}

    def add(self, place: int, delivery: Delivery) -> None:
        self.items.append((place, delivery.event, delivery.but))
        if delivery.but:
            self.excepted.add(delivery.but)

    def joined(self, dialect: Dialect) -> bytes:
        """Return everything at once, for the many who said nothing."""
        data = self._joined.get(dialect)
        if data is None:
            data = self._joined[dialect] = b"".join(self._rendered(dialect))
        return data

    def pieces_for(self, number: int, dialect: Dialect) -> Iterator[tuple[int, bytes]]:
        """Return what session ``number`` is to get, with its place in the turn."""
        for (place, _, but), data in zip(self.items, self._rendered(dialect), strict=True):
            if but != number:
                yield place, data

    def _rendered(self, dialect: Dialect) -> list[bytes]:
        pieces = self._pieces.get(dialect)
        if pieces is None:
            pieces = self._pieces[dialect] = [dialect.render(event) for _, event, _ in self.items]
        return pieces


def fan_out(deliveries: Sequence[Delivery], dialect_of: Callable[[int], Dialect | None]) -> Iterator[tuple[int, bytes]]:
    """Return each listener's session number and bytes, in the one order of the turn for everybody.

    ``dialect_of`` tells how a session is written to, None when it is not connected any more.
    """
    own, streams = _sort(deliveries)
    heard: dict[int, list[_Stream]] = {}
    for stream in streams:
        for number in stream.audience:
            heard.setdefault(number, []).append(stream)
    for number, events in own.items():
        if number not in heard:
            dialect = dialect_of(number)
            if dialect is not None:
                yield number, b"".join([dialect.render(event) for _, event in events])
    for number, listened in heard.items():
        dialect = dialect_of(number)
        if dialect is not None:
            yield number, _heard_by(number, dialect, listened, own.get(number, ()))


def _sort(deliveries: Sequence[Delivery]) -> tuple[dict[int, list[Numbered]], list[_Stream]]:
    """Part what is for one session from what is for many."""
    own: dict[int, list[Numbered]] = {}
    streams: dict[int, _Stream] = {}
    for place, delivery in enumerate(deliveries):
        audience = delivery.audience
        if len(audience) == 1:
            own.setdefault(audience[0], []).append((place, delivery.event))
        else:
            # A room's audience is the same tuple until its membership changes.
            stream = streams.get(id(audience))
            if stream is None:
                stream = streams[id(audience)] = _Stream(audience)
            stream.add(place, delivery)
    return own, list(streams.values())


def _heard_by(number: int, dialect: Dialect, streams: list[_Stream], own: Sequence[Numbered]) -> bytes:
    if len(streams) == 1 and not own and number not in streams[0].excepted:
        return streams[0].joined(dialect)
    pieces = [(place, dialect.render(event)) for place, event in own]
    for stream in streams:
        pieces.extend(stream.pieces_for(number, dialect))
    pieces.sort()
    return b"".join([data for _, data in pieces])
