"""Goals such as ``ack_p99_ms<20``: parsed once, judged against the figures of a run."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_FORM = re.compile(r"([a-z][a-z0-9_]*)\s*(<=|>=|==|<|>)\s*(\d+(?:\.\d+)?)")
LATENCIES = ("connect", "admitted_after", "refused_after", "ack", "ack_service", "client_overhead")
POINTS = ("p50", "p90", "p99", "p999", "max")
COUNTS = (
    "admitted",
    "refused",
    "limit",
    "overshoot",
    "leaked",
    "reuse_max_ms",
    "acks_per_s",
    "unanswered",
    "cut",
    "lost",
    "duplicated",
    "reordered",
    "corrupted",
    "misrouted",
)
METRICS = (*(f"{name}_{point}_ms" for name in LATENCIES for point in POINTS), *COUNTS)


@dataclass(frozen=True, slots=True)
class Threshold:
    """One goal: a metric, a comparison, a bound in the metric's unit."""

    metric: str
    comparison: str
    bound: float

    def __str__(self) -> str:
        return f"{self.metric}{self.comparison}{self.bound:g}"

    def holds(self, figures: Mapping[str, float | None]) -> bool:
        """Whether the run reached the goal; a figure that is unknown did not."""
        value = figures.get(self.metric)
        return value is not None and _COMPARE[self.comparison](value, self.bound)


def parse_threshold(text: str) -> Threshold:
    """The goal in ``METRIC<NUMBER``; raises ``ValueError`` that lists what there is."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no threshold; write METRIC<NUMBER, such as ack_p99_ms<20")
    if found[1] not in METRICS:
        raise ValueError(f"there is no metric {found[1]!r}; choose from {', '.join(METRICS)}")
    return Threshold(found[1], found[2], float(found[3]))
