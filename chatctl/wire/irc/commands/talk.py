"""Sending messages: Modern IRC, section "Sending Messages"."""

from __future__ import annotations

from chatctl.core.records import LINE_BREAK, LINE_JOINT, Kind
from chatctl.core.requests.base import Request
from chatctl.core.requests.talk import Send
from chatctl.errors import NoRecipient, NoText, UnknownCommand
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.commands.rooms import names_of
from chatctl.wire.irc.message import Line, client_tags

_ACTION = "\x01ACTION "


def _privmsg(caller: Caller, line: Line) -> Request:
    targets, text = _told(line)
    kind, text = spoken("PRIVMSG", text)
    return Send(targets, kind, text, _tags(caller, line))


def _notice(caller: Caller, line: Line) -> Request:
    targets, text = _told(line)
    return Send(targets, "notice", text, _tags(caller, line))


def spoken(command: str, text: str) -> tuple[Kind, str]:
    """Return how a text is meant, and what of it is meant; one of several lines is no action."""
    if command == "NOTICE":
        return "notice", text
    if text.startswith(_ACTION) and LINE_BREAK not in text and LINE_JOINT not in text:
        return "action", text[len(_ACTION) :].removesuffix("\x01")
    return "say", text


def _tagmsg(caller: Caller, line: Line) -> Request:
    if "message-tags" not in caller.caps:
        raise UnknownCommand("TAGMSG")
    kind: Kind = "tags"
    return Send(names_of(line.params[0]), kind, "", _tags(caller, line))


def _told(line: Line) -> tuple[tuple[str, ...], str]:
    params = line.params
    if not params or not params[0]:
        raise NoRecipient(line.command)
    if len(params) < 2 or not params[1]:
        raise NoText
    targets = params[0]
    return ((targets,) if "," not in targets else names_of(targets)), params[1]


def _tags(caller: Caller, line: Line) -> str:
    return client_tags(line.tags) if line.tags and "message-tags" in caller.caps else ""


COMMANDS = (
    Command("PRIVMSG", "<target>{,<target>} <text>", "say something to channels and people", 0, _privmsg),
    Command("NOTICE", "<target>{,<target>} <text>", "the same, never answered by a program", 0, _notice),
    Command("TAGMSG", "<target>{,<target>}", "send tags without a text", 1, _tagmsg),
)
