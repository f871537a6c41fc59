"""MODE of people: Modern IRC, section "MODE message"."""

from __future__ import annotations

from chatctl.core.modes import ModeChange
from chatctl.core.requests.base import Request
from chatctl.core.requests.status import ChangeUserModes, ShowUserModes
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.message import Line


def read_user_mode(caller: Caller, line: Line) -> Request:
    """Return what a MODE asks whose target is a person; no user mode takes a parameter."""
    nick, *words = line.params
    if not words or not words[0]:
        return ShowUserModes(nick)
    changes, adding = [], True
    for letter in words[0]:
        if letter in "+-":
            adding = letter == "+"
        else:
            changes.append(ModeChange(adding, letter))
    return ChangeUserModes(nick, tuple(changes))
