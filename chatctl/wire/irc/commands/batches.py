"""Messages of several lines: client-batch and multiline (IRCv3)."""

from __future__ import annotations

import re

from chatctl.core.names import fold
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Invalid, Labeled
from chatctl.core.requests.talk import Send
from chatctl.errors import BadBatch, BadBatchReference, Refused, UnknownBatch, WrongBatchTarget
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.commands.talk import spoken
from chatctl.wire.irc.message import Line, client_tags
from chatctl.wire.irc.multiline import CAP, CONCAT, OpenBatch

_REFERENCE = re.compile(r"\+[A-Za-z0-9-]+")
_CARRIERS = ("PRIVMSG", "NOTICE")


def is_inside(caller: Caller, line: Line) -> bool:
    """Tell whether a line is a part of a batch."""
    return "batch" in line.tags and (CAP in caller.caps or caller.batch is not None)


def collect(caller: Caller, line: Line) -> Request | None:
    """Read a line of a batch; the first mistake in a batch is answered, the rest of that batch is passed over."""
    batch = caller.batch
    if batch is None:
        raise BadBatch("there is no such batch; begin it with BATCH first")
    if batch.broken:
        return None
    try:
        _add(batch, line)
    except Refused as error:
        return _break(batch, error)
    return None


def _add(batch: OpenBatch, line: Line) -> None:
    if line.tags["batch"] != batch.reference:
        raise BadBatch("there is no such batch; end the one that is open first")
    if line.command not in _CARRIERS or len(line.params) < 2:
        raise BadBatch("a message of several lines is made of PRIVMSG or NOTICE lines with a text")
    if fold(line.params[0]) != fold(batch.target):
        raise WrongBatchTarget(batch.target, line.params[0])
    if batch.command not in ("", line.command):
        raise BadBatch("a message of several lines is either PRIVMSG or NOTICE; do not mix them")
    batch.add(line.params[1], CONCAT in line.tags)
    batch.command = line.command


def _batch(caller: Caller, line: Line) -> Request | None:
    reference = line.params[0]
    if reference.startswith("-"):
        return _end(caller, reference[1:])
    _begin(caller, line)
    return None


def _begin(caller: Caller, line: Line) -> None:
    reference, kind, target = (*line.params, "", "")[:3]
    earlier, batch = caller.batch, OpenBatch(reference[1:], target, _tags(caller, line), _label(caller, line))
    caller.batch = batch
    try:
        if _REFERENCE.fullmatch(reference) is None:
            raise BadBatchReference(reference)
        if kind != CAP or CAP not in caller.caps:
            raise UnknownBatch(reference[1:], kind)
        if not target or "," in target:
            raise BadBatch("a message of several lines goes to one channel or person; name it when you begin")
        if earlier is not None and not earlier.broken:
            raise BadBatch("another batch is open; end it before you begin the next one")
    except Refused:
        batch.broken = True
        raise


def _end(caller: Caller, reference: str) -> Request | None:
    batch = caller.batch
    if batch is None or (batch.reference != reference and not batch.broken):
        raise BadBatch("there is no such batch; begin it with BATCH first")
    caller.batch = None
    if batch.broken:
        return None
    try:
        kind, text = spoken(batch.command, batch.text())
    except BadBatch as error:
        return _break(batch, error)
    return _labeled(batch, Send((batch.target,), kind, text, batch.tags))


def _break(batch: OpenBatch, error: Refused) -> Request:
    batch.broken = True
    return _labeled(batch, Invalid(error))


def _labeled(batch: OpenBatch, request: Request) -> Request:
    return Labeled(batch.label, request) if batch.label else request


def _tags(caller: Caller, line: Line) -> str:
    return client_tags(line.tags) if "message-tags" in caller.caps else ""


def _label(caller: Caller, line: Line) -> str:
    return line.tags.get("label", "") if "labeled-response" in caller.caps else ""


COMMANDS = (Command("BATCH", "+<id> draft/multiline <target>|-<id>", "begin and end a long message", 1, _batch),)
