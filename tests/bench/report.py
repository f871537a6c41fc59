"""What the runs made: rows of figures, as a table for a terminal, in Markdown and in JSON."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median

from rich.table import Table
from scenarios import Field, Figure
from servers import Server

Result = dict[str, float]


@dataclass(frozen=True)
class Row:
    """A figure of all servers: each one's value in every run by its key, in the unit that the title names."""

    scenario: str
    field: Field
    figure: Figure
    values: dict[str, list[float]]

    @classmethod
    def of(cls, scenario: str, field: Field, figure: Figure, results: dict[str, list[list[Result]]]) -> Row:
        values = {
            key: [run[figure.load][figure.key] / figure.scale for run in runs if figure.key in run[figure.load]]
            for key, runs in results.items()
        }
        return cls(scenario, field, figure, values)

    def median(self, server: Server) -> float | None:
        return median(self.values[server.key]) if self.values.get(server.key) else None

    def advantage(self, own: Server, other: Server) -> float | None:
        """Return how many times better one server is than another; below 1 is worse."""
        ours, theirs = self.median(own), self.median(other)
        if self.figure.more_is_better is None or not ours or not theirs:
            return None
        return ours / theirs if self.figure.more_is_better else theirs / ours

    def cells(self) -> list[str]:
        ratios = [self.advantage(own, other) for own, other in pairs(self.field)]
        return [
            self.figure.title,
            *(self._cell(server) for server in self.field.servers),
            *("-" if ratio is None else _ratio(ratio) for ratio in ratios),
        ]

    def _cell(self, server: Server) -> str:
        middle = self.median(server)
        if middle is None:
            return "-"
        values = self.values[server.key]
        return f"{_number(middle)} ({_number(min(values))}-{_number(max(values))})"

    def as_json(self) -> dict[str, object]:
        return {
            "scenario": self.scenario,
            "figure": self.figure.title,
            "more_is_better": self.figure.more_is_better,
            "values": self.values,
            "medians": {server.key: self.median(server) for server in self.field.servers},
            "times_better": {
                own.key: {other.key: self.advantage(own, other) for other in self.field.others}
                for own in self.field.own
            },
        }


def pairs(field: Field) -> list[tuple[Server, Server]]:
    """Return which servers are compared, those with the same other one together."""
    return [(own, other) for other in field.others for own in field.own]


def _ratio(ratio: float) -> str:
    if ratio > 1000:
        # Next to a server that stands still any number comes out.
        return ">1000x"
    return f"{ratio:.0f}x" if ratio >= 10 else f"{ratio:.2g}x"


def _number(value: float) -> str:
    """Return three digits of a number."""
    if value >= 100:
        digits = len(str(int(value))) - 3
        return f"{round(value, -digits):,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def environment() -> str:
    """Return what the figures were measured on."""
    models = re.findall(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    cores = len(os.sched_getaffinity(0))
    return (
        f"{models[0] if models else platform.machine()}, {cores} cores;"
        f" {platform.python_implementation()} {platform.python_version()}; Linux {platform.release()}"
    )


def _by_field(rows: Sequence[Row]) -> Iterator[tuple[Field, list[Row]]]:
    return ((field, list(some)) for field, some in groupby(rows, lambda row: row.field))


def _heads(field: Field) -> list[str]:
    own = {server: server.title.removeprefix("chatctl, a ") for server in field.own}
    return [
        *(server.title for server in field.servers),
        *(f"{own[mine]}: {other.title}" for mine, other in pairs(field)),
    ]


def tables(rows: Sequence[Row]) -> list[Table]:
    """Return a table of medians with their spread and of ratios, for each group of servers."""
    return [_table(field, some) for field, some in _by_field(rows)]


def _table(field: Field, rows: Sequence[Row]) -> Table:
    drawn = Table("scenario", "figure", title=f"median (least-most) and {field.title}")
    for title in _heads(field):
        drawn.add_column(title, justify="right")
    for scenario, some in groupby(rows, lambda row: row.scenario):
        drawn.add_section()
        for index, row in enumerate(some):
            drawn.add_row("" if index else scenario, *row.cells())
    return drawn


def markdown(rows: Sequence[Row]) -> str:
    """Return the tables in Markdown."""
    return "\n\n".join(_markdown_table(field, some) for field, some in _by_field(rows))


def _markdown_table(field: Field, rows: Sequence[Row]) -> str:
    heads = _heads(field)
    lines = [["scenario", "figure", *heads], ["---", "---", *["---:"] * len(heads)]]
    for scenario, some in groupby(rows, lambda row: row.scenario):
        lines.extend(["" if index else scenario, *row.cells()] for index, row in enumerate(some))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def as_json(rows: Sequence[Row], notes: Sequence[str]) -> str:
    told = {"environment": environment(), "rows": [row.as_json() for row in rows], "notes": list(notes)}
    return json.dumps(told, indent=1)
