"""How events are written in IRC: a module for each subject, one table."""

from __future__ import annotations

from chatctl.wire.irc.page import Renderers
from chatctl.wire.irc.replies import (
    accounts,
    capabilities,
    history,
    labels,
    listing,
    metadata,
    modes,
    operators,
    people,
    rooms,
    server,
    session,
    status,
    talk,
    vendor,
)

RENDERERS: Renderers = {
    **talk.RENDERERS,
    **history.RENDERERS,
    **rooms.RENDERERS,
    **listing.RENDERERS,
    **modes.RENDERERS,
    **session.RENDERERS,
    **status.RENDERERS,
    **capabilities.RENDERERS,
    **accounts.RENDERERS,
    **vendor.RENDERERS,
    **metadata.RENDERERS,
    **people.RENDERERS,
    **operators.RENDERERS,
    **server.RENDERERS,
}
RENDERERS.update(labels.renderers(RENDERERS))
