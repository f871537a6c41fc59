"""How somebody is here, and who is: away-notify, setname, monitor, extended-monitor (IRCv3); modes of people."""

from __future__ import annotations

from collections.abc import Iterable

from chatctl.core.events import status as ev
from chatctl.core.events.accounts import AccountChanged
from chatctl.core.modes import write_changes
from chatctl.wire.irc import numerics
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.page import Out, Page, Renderers
from chatctl.wire.irc.replies.accounts import account_changed


def away_changed(page: Page, event: ev.AwayChanged) -> list[Out]:
    """Return AWAY, with away-notify."""
    if "away-notify" not in page.caps:
        return []
    return [page.user(event.who, "AWAY", *([event.note] if event.note else []))]


def away_noted(page: Page, event: ev.AwayNoted) -> list[Out]:
    """Return RPL_NOWAWAY or RPL_UNAWAY."""
    if event.away:
        return [page.numeric(numerics.RPL_NOWAWAY, "You have been marked as being away")]
    return [page.numeric(numerics.RPL_UNAWAY, "You are no longer marked as being away")]


def realname_changed(page: Page, event: ev.RealnameChanged) -> list[Out]:
    """Return SETNAME, with setname."""
    return [page.user(event.who, "SETNAME", event.realname)] if "setname" in page.caps else []


def watched(page: Page, event: ev.Watched) -> list[Out]:
    """Return what the others are told, with extended-monitor."""
    if "extended-monitor" not in page.caps:
        return []
    return _CHANGES[type(event.event)](page, event.event)


def modes_changed(page: Page, event: ev.UserModesChanged) -> list[Out]:
    """Return MODE."""
    return [page.user(event.who, "MODE", event.who.nick, *write_changes(event.changes))]


def modes_shown(page: Page, event: ev.UserModesShown) -> list[Out]:
    """Return RPL_UMODEIS."""
    return [page.numeric(numerics.RPL_UMODEIS, f"+{event.letters}")]


def appeared(page: Page, event: ev.Appeared) -> list[Out]:
    """Return RPL_MONONLINE."""
    return _rows(page, "730", [who.mask for who in event.people], ",")


def vanished(page: Page, event: ev.Vanished) -> list[Out]:
    """Return RPL_MONOFFLINE."""
    return _rows(page, "731", event.nicks, ",")


def watched_listed(page: Page, event: ev.WatchedListed) -> list[Out]:
    """Return RPL_MONLIST and RPL_ENDOFMONLIST."""
    return [*_rows(page, "732", event.nicks, ","), page.numeric(numerics.RPL_ENDOFMONLIST, "End of MONITOR list")]


def accepted_listed(page: Page, event: ev.AcceptedListed) -> list[Out]:
    """Return 281 and 282, as servers with ACCEPT do."""
    return [*_rows(page, "281", event.nicks, " "), page.numeric(numerics.RPL_ENDOFACCEPT, "End of /ACCEPT list")]


def _rows(page: Page, code: str, names: Iterable[str], joint: str) -> list[Out]:
    """Return as many numerics as the names need."""
    width = BODY_LIMIT - len(page.numeric(code, ":")[1].encode())
    rows: list[str] = []
    for name in names:
        if rows and len(f"{rows[-1]}{joint}{name}".encode()) <= width:
            rows[-1] += f"{joint}{name}"
        else:
            rows.append(name)
    return [page.numeric(code, row) for row in rows]


_CHANGES: Renderers = {
    ev.AwayChanged: away_changed,
    ev.RealnameChanged: realname_changed,
    AccountChanged: account_changed,
}
"""What extended-monitor tells of."""

RENDERERS: Renderers = {
    ev.AwayChanged: away_changed,
    ev.AwayNoted: away_noted,
    ev.RealnameChanged: realname_changed,
    ev.Watched: watched,
    ev.UserModesChanged: modes_changed,
    ev.UserModesShown: modes_shown,
    ev.Appeared: appeared,
    ev.Vanished: vanished,
    ev.WatchedListed: watched_listed,
    ev.AcceptedListed: accepted_listed,
}
