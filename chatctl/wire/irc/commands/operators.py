"""What operators of the server do: Modern IRC, section "Operator Messages"; KLINE, SET, SHUTDOWN."""

from __future__ import annotations

import re

from chatctl.core.requests import operators as ask
from chatctl.core.requests.base import Request
from chatctl.errors import BadDuration
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.message import Line

MINUTE = 60_000
UNITS = {"": MINUTE, "m": MINUTE, "h": 60 * MINUTE, "d": 24 * 60 * MINUTE, "w": 7 * 24 * 60 * MINUTE}
"""Milliseconds; a number alone counts minutes, as it does elsewhere."""

LONGEST_DAYS = 3650
"""Days that a ban may last, if not for ever."""

_DURATION = re.compile(r"([0-9]{1,9})([mhdw]?)", re.ASCII | re.IGNORECASE)


def read_duration(text: str) -> int | None:
    """Return the milliseconds of ``30``, ``30m``, ``2h``, ``7d`` or ``1w``, None if it is no duration or 0.

    Raises ``BadDuration``.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    milliseconds = int(found[1]) * UNITS[found[2].lower()]
    if milliseconds > LONGEST_DAYS * UNITS["d"]:
        raise BadDuration(text, LONGEST_DAYS)
    return milliseconds or None


def _kline(caller: Caller, line: Line) -> Request:
    """Read ``[duration] mask [reason]``; a duration of 0 is for ever."""
    first, *rest = line.params
    if rest and _DURATION.fullmatch(first):
        return ask.SetBan(rest[0], " ".join(rest[1:]), read_duration(first))
    return ask.SetBan(first, " ".join(rest))


def _kill(caller: Caller, line: Line) -> Request:
    return ask.Kill(line.params[0], line.params[1] if len(line.params) > 1 else "")


def _set(caller: Caller, line: Line) -> Request:
    name, value = (*line.params, "", "")[:2]
    return ask.SetLimit(name, value) if value else ask.ShowSettings(name)


COMMANDS = (
    Command(
        "OPER",
        "<name> <password>",
        "become an operator of the server",
        2,
        lambda _, line: ask.BecomeOperator(line.params[0], line.params[1]),
    ),
    Command("KILL", "<nick> [<reason>]", "disconnect somebody; for operators", 1, _kill),
    Command(
        "KLINE",
        "[<minutes>|<number>m|h|d|w] <user@host>|<address>|<network> [<reason>]",
        "ban addresses; for operators",
        1,
        _kline,
    ),
    Command(
        "UNKLINE",
        "<user@host>|<address>|<network>",
        "lift a ban; for operators",
        1,
        lambda _, line: ask.LiftBan(line.params[0]),
    ),
    Command(
        "WALLOPS",
        "<text>",
        "tell everybody with the mode w something; for operators",
        1,
        lambda _, line: ask.Wallops(line.params[0]),
    ),
    Command("SET", "[<limit> [<number>]]", "show or set limits, such as MAX-CLIENTS; for operators", 0, _set),
    Command(
        "SHUTDOWN",
        "[<reason>]",
        "stop the server; for operators",
        0,
        lambda _, line: ask.Shutdown(line.params[0] if line.params else ""),
    ),
)
