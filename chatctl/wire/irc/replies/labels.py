"""Labelled answers: IRCv3, labeled-response."""

from __future__ import annotations

from chatctl.core.events.presence import Labeled
from chatctl.wire.irc.message import escape_tag
from chatctl.wire.irc.page import Out, Page, Renderers, tagged

BATCH = "label"
"""The reference of the batch that holds a labelled answer of several lines."""


def renderers(table: Renderers) -> Renderers:
    """Return the renderer for labelled events, which renders what they hold by ``table``."""

    def labeled(page: Page, event: Labeled) -> list[Out]:
        lines = [line for inner in event.events if type(inner) in table for line in table[type(inner)](page, inner)]
        return _wrap(page, f"label={escape_tag(event.label)}", lines)

    return {Labeled: labeled}


def _wrap(page: Page, label: str, lines: list[Out]) -> list[Out]:
    if not lines:
        return [tagged(label, page.server("ACK"))]
    if len(lines) == 1 or _is_one_batch(lines) or "batch" not in page.caps:
        return [tagged(label, lines[0]), *lines[1:]]
    start = tagged(label, page.server("BATCH", f"+{BATCH}", "labeled-response"))
    inside = [line if _in_batch(line) else tagged(f"batch={BATCH}", line) for line in lines]
    return [start, *inside, page.server("BATCH", f"-{BATCH}")]


def _is_one_batch(lines: list[Out]) -> bool:
    _, _, first = lines[0][1].partition(" BATCH +")
    _, _, last = lines[-1][1].partition(" BATCH -")
    return bool(first and last) and first.partition(" ")[0] == last


def _in_batch(line: Out) -> bool:
    tags = line[0]
    return tags.startswith("batch=") or ";batch=" in tags
