"""Modes of rooms: Modern IRC, section "MODE message"."""

from __future__ import annotations

from chatctl.core.events import modes as ev
from chatctl.core.modes import ModeChange, write_changes
from chatctl.wire.irc import numerics
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.page import Out, Page, Renderers

LIST_NUMERICS = {"b": ("367", "368", "bans"), "e": ("348", "349", "exceptions"), "I": ("346", "347", "invitations")}
"""The numerics of each list: an entry, the end; and what the list is of."""


def mode_changed(page: Page, event: ev.RoomModeChanged) -> list[Out]:
    """Return MODE: as many lines as the changes need."""
    room = BODY_LIMIT - len(f":{event.who.mask} MODE {event.room} ".encode())
    rows: list[list[ModeChange]] = [[]]
    for change in event.changes:
        if rows[-1] and len(" ".join(write_changes([*rows[-1], change])).encode()) > room:
            rows.append([])
        rows[-1].append(change)
    return [page.user(event.who, "MODE", event.room, *write_changes(row)) for row in rows]


def modes_shown(page: Page, event: ev.RoomModesShown) -> list[Out]:
    """Return RPL_CHANNELMODEIS and RPL_CREATIONTIME."""
    return [
        page.numeric(numerics.RPL_CHANNELMODEIS, event.room, *write_changes(event.modes)),
        page.numeric(numerics.RPL_CREATIONTIME, event.room, str(event.created // 1000)),
    ]


def masks_listed(page: Page, event: ev.MasksListed) -> list[Out]:
    """Return RPL_BANLIST, RPL_EXCEPTLIST or RPL_INVEXLIST for each mask, and the end of the list."""
    entry, end, what = LIST_NUMERICS[event.letter]
    return [
        *(page.numeric(entry, event.room, mask, by, str(at // 1000)) for mask, by, at in event.masks),
        page.numeric(end, event.room, f"End of the list of {what}"),
    ]


RENDERERS: Renderers = {
    ev.RoomModeChanged: mode_changed,
    ev.RoomModesShown: modes_shown,
    ev.MasksListed: masks_listed,
}
