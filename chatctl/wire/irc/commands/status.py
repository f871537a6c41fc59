"""How one is here: Modern IRC, section "AWAY message"; pre-away, setname (IRCv3)."""

from __future__ import annotations

from chatctl.core.requests import status as ask
from chatctl.core.requests.base import Request
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.commands.rooms import names_of
from chatctl.wire.irc.message import Line

ALL = "*"
"""What one accepts to see whom one accepts."""


def _away(caller: Caller, line: Line) -> Request:
    return ask.Away(line.params[0] if line.params else "", "draft/pre-away" in caller.caps)


def _setname(caller: Caller, line: Line) -> Request:
    return ask.SetRealname(line.params[0])


def _accept(caller: Caller, line: Line) -> Request:
    """Read nicks to accept, and with a minus those to accept no more, as servers with this command do."""
    if line.params[0] == ALL:
        return ask.ListAccepted()
    names = names_of(line.params[0])
    wanted = tuple([name.removeprefix("+") for name in names if name[0] != "-"])
    return ask.Accept(wanted, tuple([name[1:] for name in names if name[0] == "-"]))


COMMANDS = (
    Command("AWAY", "[<note>]", "be away with a note, or back without one", 0, _away),
    Command("SETNAME", "<real name>", "take another real name", 1, _setname),
    Command(
        "ACCEPT", "<nick>{,-<nick>}|*", "let people write to you in spite of your mode R, or list them", 1, _accept
    ),
)
