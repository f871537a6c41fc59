"""One line of the text protocol -> one event, for the lines that mean the same whatever came before."""

from __future__ import annotations

import re
from collections.abc import Callable

from chatctl.client import events as ev
from chatctl.client.events import Event, SessionRow
from chatctl.wire.text_render import HEADER

_NICK = r"[A-Za-z_\[\]\\^{}|`][A-Za-z0-9_\-\[\]\\^{}|`]{0,29}"
_ROOM = r"#[^ ,]+"
_Make = Callable[[re.Match[str], str], Event]

# The first that matches wins: a notice looks like an action of somebody called "the" or "topic".
_LINES: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"({_NICK}): (.*)", lambda m, room: ev.Spoke(m[0], m[1], room, m[2])),
        (rf"\[private\] ({_NICK}): (.*)", lambda m, _: ev.Whispered(m[0], m[1], m[2])),
        (r"\* the server is shutting down", lambda m, _: ev.Stopping(m[0])),
        (rf"\* topic of ({_ROOM}): (.*)", lambda m, _: ev.TopicTold(m[0], None, m[1], m[2])),
        (rf"\* ({_NICK}) set the topic of ({_ROOM}): (.*)", lambda m, _: ev.TopicTold(m[0], m[1], m[2], m[3])),
        (rf"\* ({_NICK}) joined ({_ROOM})", lambda m, _: ev.Joined(m[0], m[1], m[2])),
        (rf"\* ({_NICK}) left ({_ROOM})(?: \((.*)\))?", lambda m, _: ev.Left(m[0], m[1], m[2], m[3])),
        (rf"\* ({_NICK}) is now ({_NICK})", lambda m, _: ev.Renamed(m[0], m[1], m[2])),
        (rf"\* ({_NICK}) (.*)", lambda m, room: ev.Acted(m[0], m[1], room, m[2])),
        (r"ERR (\S+) (.*)", lambda m, _: ev.Refused(m[0], m[1], m[2], None)),
        (r"ERROR :?(.*)", lambda m, _: ev.Ended(m[0], m[1])),
        (
            rf"Welcome ({_NICK})! You are connected since (.*)\.",
            lambda m, _: ev.Welcomed(m[0], m[1], m[2]),
        ),
        (rf"Goodbye {_NICK}\. You were connected .*", lambda m, _: ev.Goodbye(m[0])),
    )
)

# int() refuses numbers of thousands of digits; the server's have at most 19.
_NUMBER = re.compile(r"[0-9]{1,19}")
_TOTAL = re.compile(r"([0-9]{1,19}) active, ([0-9]{1,19}) disconnected, limit ([0-9]{1,19})")

ROWS_LIMIT = 100_000
"""Rows of one table that are kept; a table that is longer is read as plain lines from there on."""


def read_event(line: str, room: str) -> Event:
    """Return what ``line`` says to somebody who is in ``room``."""
    for pattern, make in _LINES:
        if match := pattern.fullmatch(line):
            return make(match, room)
    return ev.Told(line)


class TableReader:
    """Collects the lines of one session table."""

    def __init__(self) -> None:
        self._rows: list[SessionRow] | None = None
        self._lines: list[str] = []

    def read(self, line: str) -> list[Event] | None:
        """Return what ``line`` completes, nothing yet or a table; None if it is no part of one."""
        if self._rows is None:
            return self._begin(line)
        row = _read_row(line)
        if row is None:
            return self._end(self._rows, line)
        if len(self._rows) == ROWS_LIMIT:
            self._rows = None
            return None
        self._rows.append(row)
        self._lines.append(line)
        return []

    def _begin(self, line: str) -> list[Event] | None:
        if tuple(line.split()) != HEADER:
            return None
        self._rows, self._lines = [], [line]
        return []

    def _end(self, rows: list[SessionRow], line: str) -> list[Event] | None:
        total = _TOTAL.fullmatch(line)
        if total is None:
            return None
        self._rows = None
        active, disconnected, limit = map(int, total.groups())
        return [ev.SessionTable("\n".join([*self._lines, line]), tuple(rows), active, disconnected, limit)]


def _read_row(line: str) -> SessionRow | None:
    cells = re.split(r" {2,}", line, maxsplit=len(HEADER) - 1)
    if len(cells) != len(HEADER) or _NUMBER.fullmatch(cells[0]) is None:
        return None
    number, name, address, protocol, connected, disconnected, duration, reason = cells
    return SessionRow(
        int(number), name, address, protocol, connected, _or_none(disconnected), duration, _or_none(reason)
    )


def _or_none(cell: str) -> str | None:
    return None if cell == "-" else cell
