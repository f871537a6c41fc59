"""Asking which channels there are and who is in them: Modern IRC, sections "LIST message" and "NAMES message"."""

from __future__ import annotations

import re
from typing import Literal

from chatctl.core.requests import rooms as ask
from chatctl.core.requests.base import Request
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.commands.rooms import names_of
from chatctl.wire.irc.message import Line

_BOUND = re.compile(r"([CT]?)([<>])([0-9]{1,9})", re.IGNORECASE)
_SUBJECTS: dict[str, Literal["members", "created", "topic"]] = {"": "members", "C": "created", "T": "topic"}


def _list(caller: Caller, line: Line) -> Request:
    """Read names, masks and conditions in any order, as clients mix them."""
    masks: list[str] = []
    unlike: list[str] = []
    bounds: list[ask.Bound] = []
    for part in names_of(",".join(line.params)):
        bound = _BOUND.fullmatch(part)
        if bound is not None:
            bounds.append(ask.Bound(_SUBJECTS[bound[1].upper()], bound[2] == ">", int(bound[3])))
        elif part[0] == "!":
            unlike.append(part[1:])
        else:
            masks.append(part)
    return ask.SearchRooms(tuple(masks), tuple(unlike), tuple(bounds))


def _names(caller: Caller, line: Line) -> Request:
    return ask.Names(names_of(line.params[0]) if line.params else ())


COMMANDS = (
    Command("LIST", "[<channel or mask>{,...}] [<condition>{,<condition>}]", "list channels", 0, _list),
    Command("NAMES", "[<channel>{,<channel>}]", "list who is in channels", 0, _names),
)
