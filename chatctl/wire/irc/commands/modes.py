"""MODE: Modern IRC, section "MODE message"."""

from __future__ import annotations

from collections.abc import Sequence

from chatctl.core.modes import KEY, LISTS, ModeChange, takes_parameter
from chatctl.core.requests.base import Request
from chatctl.core.requests.modes import ChangeModes, ShowModes
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.commands.umodes import read_user_mode
from chatctl.wire.irc.message import Line


def read_changes(letters: str, parameters: Sequence[str]) -> tuple[ModeChange, ...]:
    """Return what ``+o-b`` and the words after it say.

    A change that lacks its parameter is none, except that a list without a mask is asked for and a key may be taken
    away without naming it.
    """
    changes, adding, left = [], True, iter(parameters)
    for letter in letters:
        if letter in "+-":
            adding = letter == "+"
            continue
        parameter = next(left, None) if takes_parameter(adding, letter) else ""
        if parameter is not None:
            changes.append(ModeChange(adding, letter, parameter))
        elif letter in LISTS or (letter == KEY and not adding):
            changes.append(ModeChange(adding, letter))
    return tuple(changes)


def _mode(caller: Caller, line: Line) -> Request:
    target, *words = line.params
    if not target.startswith("#"):
        return read_user_mode(caller, line)
    if not words or not words[0]:
        return ShowModes(target)
    return ChangeModes(target, read_changes(words[0], words[1:]))


COMMANDS = (Command("MODE", "<target> [<modes> [<parameter>...]]", "show or change modes", 1, _mode),)
