"""Metadata: what was asked for, what changed, who subscribes to what. Source: metadata (IRCv3).

Who has the capability draft/metadata-3 is told of changes by the numerics that also answer, who has
draft/metadata-2 by the command METADATA; the rest is the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatctl.core.events import metadata as ev
from chatctl.core.events.metadata import Datum
from chatctl.errors import Refused
from chatctl.wire.irc import numerics
from chatctl.wire.irc.caps import METADATA_CAP, OLD_METADATA_CAP
from chatctl.wire.irc.page import Out, Page, Renderers, batched
from chatctl.wire.irc.refusals import refuse

VISIBILITY = "*"
"""Everybody may see it."""

KEYS_IN_LINE = 10
"""Keys in one numeric: of 40 characters each, they fit into a line."""


def _datum(page: Page, datum: Datum) -> Out:
    """Return RPL_KEYVALUE or RPL_KEYNOTSET."""
    target, key, value = datum
    if value is None:
        return page.numeric(numerics.RPL_KEYNOTSET, target, key, "key not set")
    return page.numeric(numerics.RPL_KEYVALUE, target, key, VISIBILITY, value)


def listed(page: Page, event: ev.MetadataListed) -> list[Out]:
    """Return a batch with what was asked for."""
    lines: list[Out] = []
    for one in event.found:
        lines += refuse(page, one) if isinstance(one, Refused) else [_datum(page, one)]
    return batched(page, "metadata", (event.target,), lines)


def set_(page: Page, event: ev.MetadataSet) -> list[Out]:
    """Return RPL_KEYVALUE or RPL_KEYNOTSET."""
    return [_datum(page, event.datum)]


def changed(page: Page, event: ev.MetadataChanged) -> list[Out]:
    """Return what a subscriber is told, if it has the capability."""
    if METADATA_CAP in page.caps:
        return [_datum(page, event.datum)]
    if OLD_METADATA_CAP not in page.caps:
        return []
    target, key, value = event.datum
    return [page.user(event.who, "METADATA", target, key, VISIBILITY, *([] if value is None else [value]))]


def synced(page: Page, event: ev.MetadataSynced) -> list[Out]:
    """Return a batch with what is set."""
    return batched(page, "metadata", (event.target,), all_set(page, event.found))


def own(page: Page, nick: str, found: Sequence[Datum]) -> list[Out]:
    """Return the batch with one's own metadata that is a part of the welcome, if the client has the capability."""
    if not page.caps & {METADATA_CAP, OLD_METADATA_CAP}:
        return []
    return batched(page, "metadata", (nick,), all_set(page, found))


def of_somebody(page: Page, found: Sequence[Datum]) -> list[Out]:
    """Return RPL_WHOISKEYVALUE for each key, a part of WHOIS for clients with the capability."""
    if not page.caps & {METADATA_CAP, OLD_METADATA_CAP}:
        return []
    return [page.numeric(numerics.RPL_WHOISKEYVALUE, one.target, one.key, VISIBILITY, one.value or "") for one in found]


def all_set(page: Page, found: Sequence[Datum]) -> list[Out]:
    """Return what is set as a subscriber is told of it."""
    if METADATA_CAP in page.caps:
        return [_datum(page, datum) for datum in found]
    return [page.server("METADATA", one.target, one.key, VISIBILITY, one.value or "") for one in found]


def postponed(page: Page, event: ev.SyncPostponed) -> list[Out]:
    """Return RPL_METADATASYNCLATER."""
    return [page.numeric(numerics.RPL_METADATASYNCLATER, event.target, str(event.seconds))]


def subscribed(page: Page, event: ev.Subscribed) -> list[Out]:
    """Return RPL_METADATASUBOK."""
    return _rows(page, "770", event.keys)


def unsubscribed(page: Page, event: ev.Unsubscribed) -> list[Out]:
    """Return RPL_METADATAUNSUBOK."""
    return _rows(page, "771", event.keys)


def subscriptions_listed(page: Page, event: ev.SubscriptionsListed) -> list[Out]:
    """Return a batch with RPL_METADATASUBS."""
    return batched(page, "metadata-subs", (), _rows(page, "772", event.keys))


def _rows(page: Page, code: str, keys: Sequence[str]) -> list[Out]:
    return [page.numeric(code, *keys[start : start + KEYS_IN_LINE]) for start in range(0, len(keys), KEYS_IN_LINE)]


RENDERERS: Renderers = {
    ev.MetadataListed: listed,
    ev.MetadataSet: set_,
    ev.MetadataChanged: changed,
    ev.MetadataSynced: synced,
    ev.SyncPostponed: postponed,
    ev.Subscribed: subscribed,
    ev.Unsubscribed: unsubscribed,
    ev.SubscriptionsListed: subscriptions_listed,
}
