"""A stream and how it arrives, written as bytes, so that every engine can make both."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TypeVar

from hypothesis import strategies as st

CUTS = 8
"""Pieces that a stream is cut off at its front, at most."""

PAUSES = (0.0, 0.0, 0.1, 0.19, 0.21, 0.24, 0.26, 3.1)
"""Seconds before a piece: on both sides of every wait that a wire knows."""

Timeline = list[tuple[float, bytes]]
"""Pieces of a stream, each with the seconds of silence before it."""

_CODE = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)


Option = TypeVar("Option")


def pick(options: Sequence[Option]) -> st.SearchStrategy[Option]:
    """Choose one of ``options``, which hypothesis would else write out whenever it names a strategy."""
    return st.integers(0, len(options) - 1).map(options.__getitem__)


def read(data: bytes) -> Timeline:
    """Return the timeline that ``data`` stands for: how many cuts, for each its length and pause, then the stream."""
    count = 2 * (data[0] % CUTS) if data else 0
    cuts, stream = data[1 : 1 + count], data[1 + count :]
    timeline: Timeline = []
    for size, pause in zip(cuts[::2], cuts[1::2], strict=False):
        timeline.append((PAUSES[pause % len(PAUSES)], stream[:size]))
        stream = stream[size:]
    return [*timeline, (0.0, stream)]


def write(stream: bytes, cuts: Sequence[tuple[int, int]] = ()) -> bytes:
    """Return the bytes that ``read`` makes a timeline of."""
    return bytes([len(cuts), *(number for cut in cuts for number in cut)]) + stream


def streams(stream: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Make streams that arrive in all ways."""
    number = st.integers(0, 255)
    return st.builds(write, stream, st.lists(st.tuples(st.integers(0, 40) | number, number), max_size=CUTS - 1))


def whole(timeline: Timeline) -> Timeline:
    """Return the timeline with all that comes without a pause in one piece."""
    joined: Timeline = []
    for pause, piece in timeline:
        if joined and not pause:
            pause, piece = joined[-1][0], joined.pop()[1] + piece
        joined.append((pause, piece))
    return joined


def crumbs(timeline: Timeline) -> Timeline:
    """Return the timeline in the smallest pieces; of long ones only both ends are cut so small."""
    return [one for pause, piece in timeline for one in _crumble(pause, piece)]


def _crumble(pause: float, piece: bytes) -> Iterator[tuple[float, bytes]]:
    edge = 300
    yield pause, piece[:1]
    middle = max(edge, len(piece) - edge)
    yield from ((0.0, piece[place : place + 1]) for place in range(1, min(edge, len(piece))))
    if len(piece) > edge:
        yield 0.0, piece[edge:middle]
        yield from ((0.0, piece[place : place + 1]) for place in range(middle, len(piece)))


def held(*roots: object) -> int:
    """Return how many bytes of data objects keep, all that they refer to included."""
    return sum(len(one) for one in reachable(roots) if isinstance(one, bytes | bytearray | str | memoryview))


def reachable(roots: Iterable[object]) -> Iterator[object]:
    """Return everything that objects refer to, code and classes left out."""
    seen: set[int] = set()
    found = list(roots)
    while found:
        one = found.pop()
        if id(one) not in seen and not isinstance(one, _CODE):
            seen.add(id(one))
            yield one
            found += gc.get_referents(one)
