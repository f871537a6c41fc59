"""Asking about people: Modern IRC, section "User-Based Queries"."""

from __future__ import annotations

from chatctl.core.masks import matches
from chatctl.core.requests import people as ask
from chatctl.core.requests.base import Request
from chatctl.errors import NoNick
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.commands.rooms import names_of
from chatctl.wire.irc.message import Line

LONGEST_TOKEN = 3
"""Digits of a token: whox (IRCv3), section "Extended WHO command"."""


def _who(caller: Caller, line: Line) -> Request:
    """Read ``WHO mask [o][%fields[,token]]``: whox (IRCv3); a token that can be none is left out."""
    options = line.params[1] if len(line.params) > 1 else ""
    flags, percent, asked = options.partition("%")
    if not percent:
        return ask.Who(line.params[0], "o" in flags)
    fields, _, token = asked.partition(",")
    usable = token.isascii() and token.isdigit() and len(token) <= LONGEST_TOKEN
    return ask.Who(line.params[0], "o" in flags, fields, token if usable else "")


def _whois(caller: Caller, line: Line) -> Request:
    """Read ``WHOIS [target] nicks``: the target is this server, or somebody whose server is to be asked."""
    *targets, asked = line.params[:2] or ("",)
    nicks = names_of(asked)
    if not nicks:
        raise NoNick("WHOIS NICK")
    return ask.Whois(nicks, asked, "".join(one for one in targets if not matches(one, caller.dialects.info.name)))


def _whowas(caller: Caller, line: Line) -> Request:
    """Read a nick and a number; what is no positive number asks for all: Modern IRC, section "WHOWAS message"."""
    nick, count = (*line.params, "", "")[:2]
    if not nick:
        raise NoNick("WHOWAS NICK")
    wanted = int(count) if count.isascii() and count.isdigit() and len(count) < 10 else 0
    return ask.Whowas(nick, wanted or None)


def _words(line: Line) -> tuple[str, ...]:
    return tuple(word for param in line.params for word in param.split(" ") if word)


COMMANDS = (
    Command("WHO", "<channel, nick or mask> [o][%<fields>[,<token>]]", "list people", 1, _who),
    Command("WHOIS", "[<server>] <nick>{,<nick>}", "tell all about people", 0, _whois),
    Command("WHOWAS", "<nick> [<count>]", "tell who had a nick before", 0, _whowas),
    Command("USERHOST", "<nick>{ <nick>}", "tell where people are", 1, lambda _, line: ask.Hosts(_words(line))),
    Command("ISON", "<nick>{ <nick>}", "tell which nicks are here", 1, lambda _, line: ask.Present(_words(line))),
)
