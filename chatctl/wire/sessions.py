"""Sessions as people read them: the table and the goodbye."""

from __future__ import annotations

from collections.abc import Iterable

from chatctl.core.records import Entry
from chatctl.wire.times import show_duration, show_time

HEADER = ("id", "name", "address", "protocol", "connected", "disconnected", "duration", "reason")


def goodbye(entry: Entry) -> str:
    """Return what somebody is told whose session is over."""
    until = entry.connected if entry.disconnected is None else entry.disconnected
    lasted = show_duration(until - entry.connected)
    return f"Goodbye {entry.nick}. You were connected for {lasted}, until {show_time(until)}."


def session_table(sessions: Iterable[tuple[str, ...]], active: int, past: int, limit: int) -> list[str]:
    """Return the lines of a table whose rows have the columns of ``HEADER``, with the totals below."""
    rows = [HEADER, *sessions]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [*(line.rstrip() for line in lines), f"{active} active, {past} disconnected, limit {limit}"]
