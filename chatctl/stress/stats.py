"""Exact percentiles from raw samples; too few samples give no figure rather than a made-up one."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

NS_PER_MS = 1_000_000
PERMILLE = {"p50": 500, "p90": 900, "p99": 990, "p999": 999}


@dataclass(frozen=True, slots=True)
class Distribution:
    """Percentiles in milliseconds of ``n`` samples; ``None`` where the samples do not suffice."""

    p50_ms: float | None
    p90_ms: float | None
    p99_ms: float | None
    p999_ms: float | None
    max_ms: float | None
    n: int


def samples_needed(permille: int) -> int:
    """How many samples a percentile needs: 10/(1-p), so that ten lie above it."""
    return 10_000 // (1000 - permille)


def percentile(ordered: Sequence[int], permille: int) -> int | None:
    """The exact nearest-rank percentile of sorted samples, or ``None`` if they are too few."""
    count = len(ordered)
    if count < samples_needed(permille):
        return None
    return ordered[-(-count * permille // 1000) - 1]


def milliseconds(nanoseconds: int | None) -> float | None:
    """Milliseconds with three digits (the clock's worth), unknown stays unknown."""
    return None if nanoseconds is None else round(nanoseconds / NS_PER_MS, 3)


def distribution(samples: array[int]) -> Distribution:
    """The percentiles of samples in nanoseconds, in any order."""
    ordered = sorted(samples)
    p50, p90, p99, p999 = (milliseconds(percentile(ordered, permille)) for permille in PERMILLE.values())
    return Distribution(p50, p90, p99, p999, milliseconds(ordered[-1]) if ordered else None, len(ordered))
