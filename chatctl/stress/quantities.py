"""Durations and rates as people write them: ``10s``, ``500ms``, ``2m``; ``1/s``, ``60/m``."""

from __future__ import annotations

import re

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)?")
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:/\s*(s|m|h))?")


def parse_duration(text: str) -> float:
    """Seconds in ``10s``, ``500ms``, ``2m``, ``1h`` or a plain number; raises ``ValueError``."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no duration; write 10s, 500ms, 2m or plain seconds")
    return float(found[1]) * _SECONDS[found[2] or "s"]


def parse_rate(text: str) -> float:
    """How many per second in ``1/s``, ``60/m`` or a plain number; raises ``ValueError``."""
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no rate; write 1/s, 100/s, 60/m or a plain number for each second")
    rate = float(found[1]) / _SECONDS[found[2] or "s"]
    if rate == 0:
        raise ValueError(f"{text!r} would never come to pass; write a rate above 0, such as 1/s")
    return rate
