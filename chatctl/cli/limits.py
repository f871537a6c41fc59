"""The options of ``chatctl serve`` that set limits, made from their table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import click

from chatctl.cli.types import duration
from chatctl.core.limits import DEFAULTS, RULES, Rule, Unit, show

STRANGERS = "*"
"""Marks what this machine's own clients are not held to."""

NOTE = f"{STRANGERS} not for this machine's own clients, unless --limit-loopback is given"


_METAVARS = {Unit.THINGS: "N", Unit.BYTES: "BYTES", Unit.SECONDS: "DURATION", Unit.PER_SECOND: "RATE"}


class LimitOption(click.Option):
    """An option that sets a limit; the help shows them together."""


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each limit."""
    for name, rule in reversed(RULES.items()):
        command = _option(name, rule)(command)
    return command


def read_limits(given: Mapping[str, Any]) -> dict[str, float]:
    """Return the limits, by the names of their fields, from the options of a command."""
    values = {name: given[name] for name in (one.replace("-", "_") for one in RULES)}
    return {name: one.total_seconds() if isinstance(one, timedelta) else one for name, one in values.items()}


def _option(name: str, rule: Rule) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    default = DEFAULTS.value(name)
    kind: Any = duration if rule.unit is Unit.SECONDS else type(default)
    shown = f"{show(default)}s" if rule.unit is Unit.SECONDS else default
    none = " 0: any number." if rule.none and rule.least else ""
    mark = f" {STRANGERS}" if rule.strangers else ""
    help_text = f"{rule.summary}{none}{mark}"
    return click.option(
        f"--{name}", cls=LimitOption, type=kind, default=shown, metavar=_METAVARS[rule.unit], help=help_text
    )


class LimitedCommand(click.Command):
    """A command whose help shows the limits apart from the other options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the limits."""
        for title, limits in (("Options", False), (f"Limits ({NOTE})", True)):
            shown = [one for one in self.get_params(ctx) if isinstance(one, LimitOption) is limits]
            with formatter.section(title):
                formatter.write_dl([record for one in shown if (record := one.get_help_record(ctx)) is not None])
