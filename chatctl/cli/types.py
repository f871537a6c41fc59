"""Kinds of option values that several commands share."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import click

_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m|h|d)")


class Duration(click.ParamType):
    """A time span such as ``500ms``, ``10s``, ``2m``, ``12h`` or ``7d``."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = _DURATION.fullmatch(str(value).strip())
        if match is None:
            self.fail(f"{value!r} is no duration; write a number and ms, s, m, h or d, like 12h or 7d.", param, ctx)
        return timedelta(**{_UNITS[match[2]]: float(match[1])})


DURATION = Duration()
