"""What CAP answers."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.wire.irc.page import Out, Page, Renderers

LIST_BYTES = 400
"""Bytes of capability names in one line."""


@dataclass(frozen=True, slots=True)
class CapAnswered(Event):
    """The answer to a ``CAP`` command: ``verb`` is LS, LIST, ACK or NAK."""

    verb: str
    names: tuple[str, ...]
    version: int


def answered(page: Page, event: CapAnswered) -> list[Out]:
    """Return one line, or several for a client of version 302."""
    if event.verb in ("ACK", "NAK") or event.version < 302:
        return [page.server("CAP", page.nick, event.verb, " ".join(event.names))]
    rows: list[str] = [""]
    for name in event.names:
        if len(rows[-1]) + len(name) > LIST_BYTES:
            rows.append("")
        rows[-1] = f"{rows[-1]} {name}".lstrip()
    *first, last = rows
    return [
        *(page.server("CAP", page.nick, event.verb, "*", row) for row in first),
        page.server("CAP", page.nick, event.verb, last),
    ]


RENDERERS: Renderers = {CapAnswered: answered}
