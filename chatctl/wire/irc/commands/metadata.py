"""METADATA: metadata (IRCv3)."""

from __future__ import annotations

from collections.abc import Callable

from chatctl.core.requests import metadata as ask
from chatctl.core.requests.base import Request
from chatctl.errors import BadSubcommand, MissingParameters
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.message import Line


def _set(target: str, rest: tuple[str, ...]) -> Request:
    return ask.SetMetadata(target, rest[0], rest[1] if len(rest) > 1 else None)


_SUBCOMMANDS: dict[str, tuple[int, Callable[[str, tuple[str, ...]], Request]]] = {
    "GET": (1, ask.GetMetadata),
    "LIST": (0, lambda target, _: ask.ListMetadata(target)),
    "SET": (1, _set),
    "CLEAR": (0, lambda target, _: ask.ClearMetadata(target)),
    "SUB": (1, ask.Subscribe),
    "UNSUB": (1, ask.Unsubscribe),
    "SUBS": (0, lambda target, _: ask.ListSubscriptions(target)),
    "SYNC": (0, lambda target, _: ask.SyncMetadata(target)),
}
"""How many parameters each needs, and what it asks."""


def _metadata(caller: Caller, line: Line) -> Request:
    target, name, *rest = line.params
    known = _SUBCOMMANDS.get(name.upper())
    if known is None:
        raise BadSubcommand(name)
    minimum, make = known
    if len(rest) < minimum:
        raise MissingParameters("METADATA")
    return make(target, tuple(rest))


COMMANDS = (
    Command(
        "METADATA",
        "<nick>|<channel>|* GET|LIST|SET|CLEAR|SUB|UNSUB|SUBS|SYNC [<key>{ <key>}|<key> <value>]",
        "show, set or follow what people tell of themselves and of channels",
        2,
        _metadata,
    ),
)
