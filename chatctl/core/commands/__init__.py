"""One function for each verb, in a table for each subject: check, change, write what follows into the turn."""

from __future__ import annotations

from chatctl.core.commands import (
    accepting,
    accounts,
    invitations,
    kicking,
    listing,
    logins,
    lookups,
    modes,
    monitor,
    nickserv,
    presence,
    registration,
    renaming,
    rooms,
    sasl,
    status,
    talk,
    topics,
    umodes,
)
from chatctl.core.commands.base import Handlers

HANDLERS: Handlers = {
    **talk.HANDLERS,
    **accounts.HANDLERS,
    **logins.HANDLERS,
    **nickserv.HANDLERS,
    **sasl.HANDLERS,
    **rooms.HANDLERS,
    **topics.HANDLERS,
    **listing.HANDLERS,
    **kicking.HANDLERS,
    **invitations.HANDLERS,
    **renaming.HANDLERS,
    **modes.HANDLERS,
    **lookups.HANDLERS,
    **presence.HANDLERS,
    **registration.HANDLERS,
    **status.HANDLERS,
    **umodes.HANDLERS,
    **monitor.HANDLERS,
    **accepting.HANDLERS,
}
