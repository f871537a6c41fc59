"""Coming, going, one's name: Modern IRC, section "Connection Messages"."""

from __future__ import annotations

import re

from chatctl.core.commands.naming import ASK_FOR_ONE
from chatctl.core.commands.status import REALNAME_LIMIT
from chatctl.core.names import USER_LIMIT
from chatctl.core.requests import lookups
from chatctl.core.requests import presence as ask
from chatctl.core.requests.base import Request
from chatctl.errors import BadNick, BadUser, MissingParameters
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.message import Line
from chatctl.wire.irc.replies.session import MotdAsked, Ponged
from chatctl.wire.irc.vendor import VENDOR_CAP

_NO_USER = re.compile(r"[^A-Za-z0-9._~\-]")


def _nick(caller: Caller, line: Line) -> Request:
    nick = line.params[0] if line.params else ""
    if nick == ASK_FOR_ONE and VENDOR_CAP not in caller.caps:
        raise BadNick(nick, caller.dialects.info.limits.nick_length)
    return ask.Rename(nick)


def _user(caller: Caller, line: Line) -> Request:
    user, realname = line.params[0], line.params[3]
    if not user or not realname:
        raise MissingParameters("USER")
    name = _NO_USER.sub("", user)[:USER_LIMIT]
    if not name:
        raise BadUser(user)
    return ask.Introduce(name, realname[:REALNAME_LIMIT])


def _ping(caller: Caller, line: Line) -> Request:
    return ask.Reply(Ponged(line.params[0]))


COMMANDS = (
    Command("NICK", "<nick>", "take a name", 0, _nick),
    Command("USER", "<user> <mode> * <real name>", "introduce yourself, once", 4, _user),
    Command(
        "PASS",
        "<password>",
        "tell the server's password, before NICK and USER",
        1,
        lambda _, line: ask.GivePassword(line.params[0]),
    ),
    Command("PING", "<token>", "ask whether the server is there", 1, _ping),
    Command("PONG", "<token>", "answer the server's PING", 0, lambda _, line: ask.Nothing()),
    Command(
        "QUIT", "[<reason>]", "leave the server", 0, lambda _, line: ask.Quit(line.params[0] if line.params else "")
    ),
    Command("MOTD", "", "show the message of the day", 0, lambda _, line: ask.Reply(MotdAsked())),
    Command("LUSERS", "", "show how many are here", 0, lambda _, line: lookups.Crowd()),
)
