"""Accounts: AUTHENTICATE, REGISTER, VERIFY, and NickServ for older clients."""

from __future__ import annotations

from chatctl.core.requests import accounts as ask
from chatctl.core.requests.base import Request
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.message import Line


def _authenticate(caller: Caller, line: Line) -> Request:
    return ask.Authenticate(line.params[0])


def _register(caller: Caller, line: Line) -> Request:
    return ask.Register(line.params[0], line.params[1], line.params[2])


def _verify(caller: Caller, line: Line) -> Request:
    return ask.Verify(line.params[0])


def _nickserv(caller: Caller, line: Line) -> Request:
    return ask.Command(" ".join(line.params))


COMMANDS = (
    Command("AUTHENTICATE", "<mechanism>|<data>|*", "log in by PLAIN, SCRAM-SHA-256 or EXTERNAL", 1, _authenticate),
    Command("REGISTER", "<account>|* <email>|* <password>", "make an account of your nick", 3, _register),
    Command("VERIFY", "<account> <code>", "complete an account by a code; none is ever asked for", 2, _verify),
    Command("NICKSERV", "<command>", "talk to NickServ; NICKSERV HELP tells what it does", 0, _nickserv),
    Command("NS", "<command>", "the same as NICKSERV", 0, _nickserv),
)
