"""What CAP answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.page import Out, Page, Renderers


@dataclass(frozen=True, slots=True)
class CapAnswered(Event):
    """The answer to a ``CAP`` command: ``verb`` is LS, LIST, ACK or NAK."""

    verb: str
    names: tuple[str, ...]
    version: int


def answered(page: Page, event: CapAnswered) -> list[Out]:
    """Return as many lines as it takes; a client before version 302 cannot join the lines of a list.

    It gets what fits into one, the drafts last. Source: capability negotiation, sections "The CAP LS subcommand" and
    "The CAP ACK subcommand".
    """
    is_list = event.verb in ("LS", "LIST")
    names = sorted(event.names, key=_is_young) if is_list else event.names
    head, nick, verb = page.info.name, page.nick, event.verb
    *first, last = _rows(names, BODY_LIMIT - len(f":{head} CAP {nick} {verb} * :".encode()))
    if not is_list:
        return [page.server("CAP", nick, verb, row) for row in (*first, last)]
    if event.version < 302:
        return [page.server("CAP", nick, verb, [*first, last][0])]
    return [*(page.server("CAP", nick, verb, "*", row) for row in first), page.server("CAP", nick, verb, last)]


def _rows(names: Sequence[str], room: int) -> list[str]:
    """Return the names in rows of at most ``room`` bytes; one that is longer has a row of its own."""
    rows = [""]
    for name in names:
        row = f"{rows[-1]} {name}" if rows[-1] else name
        if rows[-1] and len(row.encode()) > room:
            rows.append(name)
        else:
            rows[-1] = row
    return rows


def _is_young(name: str) -> bool:
    return "/" in name


RENDERERS: Renderers = {CapAnswered: answered}
