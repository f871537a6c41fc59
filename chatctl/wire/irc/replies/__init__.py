"""How events are written in IRC: a module for each subject, one table."""

from __future__ import annotations

from chatctl.wire.irc.page import Renderers
from chatctl.wire.irc.replies import (
    accounts,
    capabilities,
    labels,
    listing,
    modes,
    rooms,
    session,
    status,
    talk,
    vendor,
)

RENDERERS: Renderers = {
    **talk.RENDERERS,
    **rooms.RENDERERS,
    **listing.RENDERERS,
    **modes.RENDERERS,
    **session.RENDERERS,
    **status.RENDERERS,
    **capabilities.RENDERERS,
    **accounts.RENDERERS,
    **vendor.RENDERERS,
}
RENDERERS.update(labels.renderers(RENDERERS))
