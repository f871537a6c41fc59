"""Asking the server about itself: Modern IRC, section "Server Queries and Commands"; extended-isupport (IRCv3)."""

from __future__ import annotations

from collections.abc import Callable

from chatctl.core.events.base import Event
from chatctl.core.masks import matches
from chatctl.core.names import fold
from chatctl.core.requests.base import Request
from chatctl.core.requests.operators import ListBans, ListOperators
from chatctl.core.requests.presence import Reply
from chatctl.core.requests.server import Answer, ShowLimits
from chatctl.errors import NoHelp, NoSuchServer
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.message import Line
from chatctl.wire.irc.replies import server as replies

INDEX = "*"
"""The subject of the help that lists all commands."""


def _here(event: Event) -> Callable[[Caller, Line], Request]:
    """Return a reader of a command that may name a server, which has to be this one."""

    def read(caller: Caller, line: Line) -> Request:
        _check_server(caller, line.params[:1])
        return Answer(event)

    return read


def _check_server(caller: Caller, names: tuple[str, ...]) -> None:
    for name in names:
        if not matches(name, caller.dialects.info.name):
            raise NoSuchServer(name)


def _links(caller: Caller, line: Line) -> Request:
    """Read a mask of servers, or a server to ask and a mask."""
    _check_server(caller, line.params[:1] if len(line.params) > 1 else ())
    mask = line.params[min(1, len(line.params) - 1)] if line.params else "*"
    return Answer(replies.LinksAsked(mask if mask and mask[0] != ":" and " " not in mask else "*"))


def _isupport(caller: Caller, line: Line) -> Request:
    event = replies.SupportAsked()
    return Reply(event) if "draft/extended-isupport" in caller.caps else Answer(event)


def _stats(caller: Caller, line: Line) -> Request:
    _check_server(caller, line.params[1:2])
    letter = line.params[0][:1]
    letter = letter if letter.isalnum() else "*"
    match fold(letter):
        case "u":
            return Answer(replies.UptimeAsked())
        case "l":
            return ShowLimits()
        case "o":
            return ListOperators()
        case "k":
            return ListBans()
        case _:
            return Answer(replies.NoStatistics(letter))


def _help(caller: Caller, line: Line) -> Request:
    """Read what help is asked for; the table of all commands is not there yet when this module is read."""
    from chatctl.wire.irc.commands import COMMANDS as ALL

    subject = line.params[0] if line.params else ""
    if subject in ("", INDEX):
        rows = tuple([f"{one.usage}: {one.summary}" for _, one in sorted(ALL.items())])
        return Answer(replies.Helped(INDEX, "The commands of this server; HELP <command> shows one", rows))
    command = ALL.get(subject.upper() if subject.isascii() else subject)
    if command is None:
        raise NoHelp(subject)
    return Answer(replies.Helped(command.name, command.usage, (f"{command.summary[0].upper()}{command.summary[1:]}.",)))


COMMANDS = (
    Command(
        "VERSION", "[<server>]", "show the server's version and what it supports", 0, _here(replies.VersionAsked())
    ),
    Command("TIME", "[<server>]", "show the server's time", 0, _here(replies.TimeAsked())),
    Command("INFO", "[<server>]", "show what the server is", 0, _here(replies.InfoAsked())),
    Command("ADMIN", "[<server>]", "show who runs the server", 0, _here(replies.AdminAsked())),
    Command("LINKS", "[[<server>] <mask>]", "list the servers that this one is linked to; there are none", 0, _links),
    Command("ISUPPORT", "", "show what the server supports", 0, _isupport),
    Command("STATS", "u|l|o|k [<server>]", "show uptime, limits, and to operators operators and bans", 1, _stats),
    Command("HELP", "[<command>]", "list the commands, or show one", 0, _help),
    Command("HELPOP", "[<command>]", "the same as HELP", 0, _help),
)
