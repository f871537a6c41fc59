"""What must hold after every fault: judged from the journals of clients, which are files, and from the data file.

* what was acknowledged is stored, and nothing is stored or heard twice;
* each sender's order is kept;
* every client heard its room without a gap, in the order of the rows, up to its end, and who was cut has a reason;
* every session is closed, once, not before it began.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """A stored message."""

    id: int
    room: str
    text: str


class Past(NamedTuple):
    """A row of the session ledger."""

    id: int
    nick: str
    connected: int
    disconnected: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Journal:
    """What one connection saw: its room, what it heard of it in order (its own messages as they were acknowledged).

    ``end`` is ``left`` for who left by itself, empty for who was cut.
    """

    nick: str
    room: str
    heard: tuple[str, ...] = ()
    acknowledged: tuple[str, ...] = ()
    end: str = ""


class Broken(AssertionError):
    """Promises that were not kept."""


def read_journal(path: Path) -> Journal:
    """Return what a client wrote down; a line that the client could not finish does not count."""
    head, *lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    nick, room = head.split(" ")
    entries = [(line[0], line[2:]) for line in lines]
    return Journal(
        nick,
        room,
        tuple(text for kind, text in entries if kind in "AH"),
        tuple(text for kind, text in entries if kind == "A"),
        next((text for kind, text in entries if kind == "E"), ""),
    )


def read_rows(database: Path) -> list[Row]:
    """Return what people said, in the order of the rows."""
    with closing(sqlite3.connect(database)) as file:
        said = "recipient IS NULL AND kind = 'say'"
        return [Row(*row) for row in file.execute(f"SELECT id, target, text FROM messages WHERE {said} ORDER BY id")]


def read_ledger(database: Path) -> list[Past]:
    """Return all sessions."""
    with closing(sqlite3.connect(database)) as file:
        rows = file.execute("SELECT id, nick, connected, disconnected, reason FROM sessions ORDER BY id")
        return [Past(*row) for row in rows]


def check(folder: Path, database: Path) -> str:
    """Judge the journals of ``folder``; return what was judged in a line. Raises ``Broken`` with what does not hold."""
    journals = [read_journal(path) for path in sorted(folder.glob("*.journal"))]
    rows, ledger = read_rows(database), read_ledger(database)
    broken = list(judge(journals, rows, ledger))
    if broken:
        raise Broken("\n".join(broken[:20]))
    acknowledged = sum(len(journal.acknowledged) for journal in journals)
    heard = sum(len(journal.heard) for journal in journals)
    return f"{acknowledged} acknowledged, 0 lost; {heard} heard, 0 twice, no gap; {len(ledger)} sessions closed once"


def judge(journals: Sequence[Journal], rows: Sequence[Row], ledger: Sequence[Past]) -> Iterator[str]:
    """Say what does not hold, in sentences."""
    if not any(journal.acknowledged for journal in journals):
        yield "nothing was acknowledged: there is nothing to judge"
    stored = {row.text: position for position, row in enumerate(rows)}
    yield from _twice("stored", [row.text for row in rows])
    yield from _out_of_order("the rows", rows)
    rooms: dict[str, list[str]] = {}
    for row in rows:
        rooms.setdefault(row.room.lower(), []).append(row.text)
    for journal in journals:
        lost = [text for text in journal.acknowledged if text not in stored]
        if lost:
            yield f"{journal.nick}: {lost[0]!r} was acknowledged and is not stored ({len(lost)} such)"
        yield from _twice(f"heard by {journal.nick}", journal.heard)
        yield from _gaps(journal, rooms.get(journal.room.lower(), []))
    yield from _sessions(journals, ledger)


def _twice(where: str, texts: Sequence[str]) -> Iterator[str]:
    double = [text for text, count in Counter(texts).items() if count > 1]
    if double:
        yield f"{where} twice: {double[0]!r} ({len(double)} such)"


def _out_of_order(where: str, rows: Sequence[Row]) -> Iterator[str]:
    """Compare the numbers that senders give their messages: ``name-number``."""
    last: dict[str, int] = {}
    for row in rows:
        sender, _, number = row.text.rpartition("-")
        if int(number) <= last.get(sender, -1):
            yield f"{where}: {row.text!r} comes after {sender}-{last[sender]}"
        last[sender] = int(number)


def _gaps(journal: Journal, room: Sequence[str]) -> Iterator[str]:
    """Compare what was heard with the room's rows: from the first to the last heard, all of them, in their order."""
    positions = {text: position for position, text in enumerate(room)}
    heard = [positions.get(text, -1) for text in journal.heard]
    unknown = [text for text, position in zip(journal.heard, heard, strict=True) if position < 0]
    if unknown:
        yield f"{journal.nick} heard {unknown[0]!r}, which is not stored in {journal.room} ({len(unknown)} such)"
        return
    for before, after in pairwise(heard):
        if after != before + 1:
            missing = room[before + 1] if after > before else room[after]
            yield f"{journal.nick} heard {room[after]!r} after {room[before]!r}; {missing!r} is missing or misplaced"
            return


def _sessions(journals: Sequence[Journal], ledger: Sequence[Past]) -> Iterator[str]:
    for past in ledger:
        if past.disconnected is None:
            yield f"session {past.id} ({past.nick}) is not closed"
        elif past.disconnected < past.connected or not past.reason:
            lasted = past.disconnected - past.connected
            yield f"session {past.id} ({past.nick}) lasted {lasted} ms and ended {past.reason!r}"
    nicks = Counter(past.nick for past in ledger)
    for journal in journals:
        if nicks[journal.nick] != 1:
            yield f"{journal.nick} has {nicks[journal.nick]} rows in the ledger"
    reasons = {past.nick: past.reason for past in ledger}
    for journal in journals:
        left = reasons.get(journal.nick) == "quit"
        if journal.end == "left" and not left:
            yield f"{journal.nick} left by itself, the ledger says {reasons.get(journal.nick)!r}"
