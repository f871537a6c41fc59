"""Rooms, which IRC calls channels: Modern IRC, section "Channel Operations"; channel-rename (IRCv3)."""

from __future__ import annotations

from itertools import zip_longest

from chatctl.core.requests import rooms as ask
from chatctl.core.requests.base import Request
from chatctl.errors import MissingParameters
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.message import Line


def names_of(text: str) -> tuple[str, ...]:
    """Return the parts of a list with commas, each once; empty ones are left out."""
    return tuple(dict.fromkeys(part for part in text.split(",") if part))


def _join(caller: Caller, line: Line) -> Request:
    if line.params[0] == "0":
        return ask.LeaveAll()
    rooms = line.params[0].split(",")
    keys = line.params[1].split(",")[: len(rooms)] if len(line.params) > 1 else []
    wanted = {room: key for room, key in zip_longest(rooms, keys, fillvalue="") if room}
    # Who knows when it was said, and cannot ask for it, is shown what was said last.
    recall = "server-time" in caller.caps and "draft/chathistory" not in caller.caps
    return ask.Join(tuple(wanted), tuple(wanted.values()), recall)


def _part(caller: Caller, line: Line) -> Request:
    return ask.Leave(names_of(line.params[0]), line.params[1] if len(line.params) > 1 else "")


def _topic(caller: Caller, line: Line) -> Request:
    return ask.TopicOf(line.params[0], line.params[1] if len(line.params) > 1 else None)


def _kick(caller: Caller, line: Line) -> Request:
    """Read one channel and several people, or as many channels as people: RFC 2812, section 3.2.8."""
    rooms, nicks = line.params[0].split(","), line.params[1].split(",")
    if len(rooms) == 1:
        rooms *= len(nicks)
    if len(rooms) != len(nicks):
        raise MissingParameters("KICK")
    pairs = dict.fromkeys((room, nick) for room, nick in zip(rooms, nicks, strict=True) if room and nick)
    why = line.params[2] if len(line.params) > 2 else ""
    return ask.Kick(tuple([room for room, _ in pairs]), tuple([nick for _, nick in pairs]), why)


def _invite(caller: Caller, line: Line) -> Request:
    if not line.params:
        return ask.ListInvitations()
    if len(line.params) == 1:
        raise MissingParameters("INVITE")
    return ask.Invite(line.params[0], line.params[1])


def _rename(caller: Caller, line: Line) -> Request:
    return ask.RenameRoom(line.params[0], line.params[1], line.params[2] if len(line.params) > 2 else "")


COMMANDS = (
    Command("JOIN", "<channel>{,<channel>} [<key>{,<key>}]", "go into channels; JOIN 0 leaves all", 1, _join),
    Command("PART", "<channel>{,<channel>} [<reason>]", "leave channels", 1, _part),
    Command("TOPIC", "<channel> [<topic>]", "show or set a channel's topic", 1, _topic),
    Command("KICK", "<channel>{,<channel>} <nick>{,<nick>} [<reason>]", "put people out of channels", 2, _kick),
    Command("INVITE", "[<nick> <channel>]", "invite somebody, or list the channels you are invited to", 0, _invite),
    Command("RENAME", "<channel> <new name> [<reason>]", "give a channel another name", 2, _rename),
)
