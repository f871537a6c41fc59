"""IRC: a byte stream becomes requests."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.events.presence import Labeled as LabeledEvent
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Expel, Invalid, Labeled
from chatctl.errors import (
    InputTooLong,
    LineTooLong,
    MissingParameters,
    Refused,
    TooManyBadLines,
    UnknownCommand,
)
from chatctl.wire.base import NO_LINK, Link, SwitchDialect
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.commands import COMMANDS
from chatctl.wire.irc.commands.batches import collect, is_inside
from chatctl.wire.irc.dialect import Dialects, IrcDialect
from chatctl.wire.irc.lines import IrcLines
from chatctl.wire.irc.message import Line, parse
from chatctl.wire.lines import BAD_LINES
from chatctl.wire.sniff import WireName


class IrcWire:
    """One peer that speaks IRC: Modern IRC and IRCv3."""

    __slots__ = ("_bad", "_caller", "_lines", "deadline")

    name = WireName.IRC
    registers = True
    quiet = True
    opened = True
    over = False

    def __init__(self, dialects: Dialects, link: Link = NO_LINK) -> None:
        self.deadline: float | None = None
        self._caller = Caller(dialects, link)
        self._lines = IrcLines()
        self._bad = 0

    @property
    def dialect(self) -> IrcDialect:
        """How the peer is written to at first: without capabilities."""
        return self._caller.dialects.speaking(frozenset())

    def receive(self, data: bytes, now: float) -> list[Request]:
        """Return what the peer asks with ``data``."""
        found: list[Request] = []
        for raw in self._lines.receive(data):
            try:
                if isinstance(raw, LineTooLong):
                    raise InputTooLong(raw.size, raw.limit)
                line = parse(raw)
            except Refused as error:
                found.append(Invalid(error))
                self._bad += 1
                if self._bad == BAD_LINES:
                    found.append(Expel(TooManyBadLines(BAD_LINES)))
                continue
            if line is not None:
                self._bad = 0
                request = self._read(line)
                if request is not None:
                    found.append(request)
        return found

    def replies(self) -> bytes:
        """Return nothing: all that IRC answers comes from the hub."""
        return b""

    def silence(self) -> list[Request]:
        """Return nothing: silence means nothing in IRC."""
        return []

    def finish(self) -> list[Request]:
        """Return nothing: a line without its ending is none."""
        return []

    def _read(self, line: Line) -> Request | None:
        labels = line.tags and "labeled-response" in self._caller.caps
        try:
            request = self._ask(line)
        except Refused as error:
            request = Invalid(error)
        return _label(line.tags.get("label", ""), request) if labels and request is not None else request

    def _ask(self, line: Line) -> Request | None:
        if line.tags and is_inside(self._caller, line):
            return collect(self._caller, line)
        command = COMMANDS.get(line.command)
        if command is None:
            raise UnknownCommand(line.command)
        if len(line.params) < command.minimum:
            raise MissingParameters(line.command)
        return command.read(self._caller, line)


def _label(label: str, request: Request) -> Request:
    if not label or isinstance(request, Labeled):
        return request
    if isinstance(request, SwitchDialect):
        return replace(request, event=LabeledEvent(label, (request.event,)))
    return Labeled(label, request)
