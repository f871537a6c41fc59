"""Bars, sparklines and safe text for a terminal of any width."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from chatctl.stress.classify import QUEUED, REFUSALS, Outcome

_TICKS = "▁▂▃▄▅▆▇█"


def printable(text: str) -> str:
    """Foreign text without anything that a terminal would obey."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def sparkline(values: Sequence[int], width: int) -> str:
    """A line of little bars, the highest for the greatest value; long series are added up in groups."""
    if not values:
        return ""
    group = -(-len(values) // width)
    sums = [sum(values[at : at + group]) for at in range(0, len(values), group)]
    most = max(sums) or 1
    return "".join(_TICKS[value * (len(_TICKS) - 1) // most] for value in sums)


def style_of(outcome: str) -> str:
    """The colour of an outcome: good, as it should be, waiting, or odd."""
    if outcome == Outcome.ADMITTED:
        return "green"
    if outcome in REFUSALS:
        return "yellow"
    return "magenta" if outcome in QUEUED else "red"


def share_bar(counts: Sequence[tuple[str, int]], width: int) -> Text:
    """One bar in which every kind that occurs has its share, at least one cell."""
    present = [(kind, count) for kind, count in counts if count]
    total = sum(count for _, count in present)
    cells = {kind: max(1, count * width // total) for kind, count in present}
    if present:
        largest = max(present, key=lambda each: each[1])[0]
        cells[largest] += max(0, width - sum(cells.values()))
    bar = Text()
    for kind, _ in present:
        bar.append(("█" if kind == Outcome.ADMITTED else "▒") * cells[kind], style_of(kind))
    return bar
