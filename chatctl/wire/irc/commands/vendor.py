"""STATUS: the session table for programs, with the capability chatctl.dev/session."""

from __future__ import annotations

from chatctl.core.requests.base import Request
from chatctl.core.requests.lookups import Status
from chatctl.errors import UnknownCommand
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.message import Line
from chatctl.wire.irc.vendor import VENDOR_CAP


def _status(caller: Caller, line: Line) -> Request:
    if VENDOR_CAP not in caller.caps:
        raise UnknownCommand("STATUS")
    return Status(everything=bool(line.params) and line.params[0].lower() == "all")


COMMANDS = (Command("STATUS", "[all]", "show the session table, with the capability chatctl.dev/session", 0, _status),)
