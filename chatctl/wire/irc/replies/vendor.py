"""The session table for programs: a batch, with the capability chatctl.dev/session."""

from __future__ import annotations

from chatctl.core.events.lookups import SessionsListed
from chatctl.core.records import Entry
from chatctl.wire.irc.page import Out, Page, Renderers, show_ms, tagged

BATCH = "status"


def sessions_listed(page: Page, event: SessionsListed) -> list[Out]:
    """Return a batch of ``SESSION`` lines: number, nick, address, protocol, since, until or ``*``, reason.

    The batch's parameters are the numbers of active and of past sessions, and the limit.
    """
    counts = (str(event.active_total), str(event.past_total), str(event.limit))
    rows = [_row(page, entry) for entry in (*event.active, *event.past)]
    if "batch" not in page.caps:
        return rows
    return [
        page.server("BATCH", f"+{BATCH}", "chatctl.dev/session", *counts),
        *(tagged(f"batch={BATCH}", row) for row in rows),
        page.server("BATCH", f"-{BATCH}"),
    ]


def _row(page: Page, entry: Entry) -> Out:
    ended = "*" if entry.disconnected is None else show_ms(entry.disconnected)
    address = f"0{entry.address}" if entry.address.startswith(":") else entry.address
    since = show_ms(entry.connected)
    return page.server("SESSION", str(entry.id), entry.nick, address, entry.wire, since, ended, entry.reason)


RENDERERS: Renderers = {SessionsListed: sessions_listed}
