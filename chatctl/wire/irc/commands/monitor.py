"""MONITOR: IRCv3, monitor."""

from __future__ import annotations

from chatctl.core.requests import status as ask
from chatctl.core.requests.base import Request
from chatctl.errors import BadParameter, MissingParameters
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.commands.rooms import names_of
from chatctl.wire.irc.message import Line


def _monitor(caller: Caller, line: Line) -> Request:
    match line.params[0].upper():
        case "+":
            return ask.Watch(_names(line))
        case "-":
            return ask.Unwatch(_names(line))
        case "C":
            return ask.UnwatchAll()
        case "L":
            return ask.ListWatched()
        case "S":
            return ask.ShowWatched()
        case other:
            raise BadParameter(f"MONITOR cannot do {other!r}; use + or - and nicks, or C, L, S")


def _names(line: Line) -> tuple[str, ...]:
    if len(line.params) < 2:
        raise MissingParameters(line.command)
    return names_of(line.params[1])


COMMANDS = (
    Command("MONITOR", "+|-|C|L|S [<nick>{,<nick>}]", "be told when people with these nicks come and go", 1, _monitor),
)
