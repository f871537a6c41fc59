"""Lines that come in batches: batch (IRCv3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from chatctl.wire.irc.message import Line

COLLECTED = frozenset({"chathistory", "soju.im/search", "draft/multiline", "chatctl.dev/session"})
"""Types of batches that mean something as a whole; the lines of others stand for themselves."""

LINES_LIMIT = 100_000
"""Lines that are kept of one batch; a server that sends more is no friend."""

OPEN_LIMIT = 100
"""Batches that may be open at once."""


@dataclass(slots=True)
class Batch:
    """A batch on its way; ``label`` answers a request of one's own."""

    kind: str
    opening: Line
    label: str
    outer: Batch | None
    items: list[Line | Batch] = field(default_factory=list)

    @property
    def params(self) -> tuple[str, ...]:
        """What the batch is about."""
        return self.opening.params[2:]


class Batches:
    """Collects the lines of one connection."""

    def __init__(self) -> None:
        self._open: dict[str, Batch] = {}

    def receive(self, line: Line) -> Iterator[tuple[Line | Batch, str]]:
        """Yield what ``line`` completes, with the label of the request that it answers."""
        outer = self._open.get(line.tags.get("batch", ""))
        label = line.tags.get("label") or (outer.label if outer else "")
        if line.command == "BATCH" and line.params:
            yield from self._mark(line, label, outer)
        elif outer is not None and outer.kind in COLLECTED:
            _add(outer, line)
        else:
            yield line, label

    def _mark(self, line: Line, label: str, outer: Batch | None) -> Iterator[tuple[Line | Batch, str]]:
        sign, name = line.params[0][:1], line.params[0][1:]
        if sign == "+" and len(line.params) > 1 and len(self._open) < OPEN_LIMIT:
            self._open[name] = Batch(line.params[1].lower(), line, label, outer)
        elif sign == "-" and name in self._open:
            batch = self._open.pop(name)
            if batch.outer is not None and batch.outer.kind in COLLECTED:
                _add(batch.outer, batch)
            elif batch.kind in COLLECTED:
                yield batch, batch.label
            elif batch.label:
                # What is answered with several lines has been answered with all of them now.
                yield Line("ANSWERED"), batch.label


def _add(batch: Batch, item: Line | Batch) -> None:
    if len(batch.items) < LINES_LIMIT:
        batch.items.append(item)


def joined(batch: Batch) -> Line | None:
    """Return the message in a multiline batch as one line whose text has line breaks: draft/multiline (IRCv3)."""
    text = ""
    lines = [item for item in batch.items if isinstance(item, Line) and item.command in ("PRIVMSG", "NOTICE")]
    lines = [line for line in lines if len(line.params) == 2]
    for number, line in enumerate(lines):
        glue = "" if number == 0 or "draft/multiline-concat" in line.tags else "\n"
        text += glue + line.params[1]
    if not lines:
        return None
    opening, first = batch.opening, lines[0]
    return Line(first.command, (first.params[0], text), opening.tags, opening.source or first.source)
