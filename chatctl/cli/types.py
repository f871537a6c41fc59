"""Kinds of option values that several commands share."""

from __future__ import annotations

import re
from datetime import timedelta

import click

_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m|h|d)")


def duration(value: str) -> timedelta:
    """Read a time span such as ``500ms``, ``10s``, ``2m``, ``12h`` or ``7d``."""
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        raise click.BadParameter(f"{value!r} is no duration; write a number and ms, s, m, h or d, like 12h or 7d.")
    return timedelta(**{_UNITS[match[2]]: float(match[1])})
