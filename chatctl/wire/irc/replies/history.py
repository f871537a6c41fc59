"""What was said before: chathistory, read-marker, message-redaction (IRCv3), soju.im/search."""

from __future__ import annotations

from collections.abc import Iterable

from chatctl.core.events import history as ev
from chatctl.core.events.lookups import HistoryShown
from chatctl.core.records import Message
from chatctl.wire.irc.page import Out, Page, Renderers, batched, show_ms
from chatctl.wire.irc.replies.talk import message_lines


def history_shown(page: Page, event: HistoryShown) -> list[Out]:
    """Return a page of a log in a batch, which is empty when there is nothing."""
    return _replayed(page, "chathistory", (event.room,), event.messages)


def recent_shown(page: Page, event: ev.RecentShown) -> list[Out]:
    """Return what was said last in some rooms, a batch for each in which something was."""
    return [line for room in event.rooms if room.messages for line in history_shown(page, room)]


def sought(page: Page, event: ev.Sought) -> list[Out]:
    """Return what a search found."""
    return _replayed(page, "soju.im/search", (), event.messages)


def _replayed(page: Page, kind: str, params: tuple[str, ...], messages: Iterable[Message]) -> list[Out]:
    return batched(page, kind, params, [line for message in messages for line in message_lines(page, message)])


def targets_shown(page: Page, event: ev.TargetsShown) -> list[Out]:
    """Return CHATHISTORY TARGETS for each room and conversation."""
    lines = [page.server("CHATHISTORY", "TARGETS", target, show_ms(at)) for target, at in event.targets]
    return batched(page, "draft/chathistory-targets", (), lines)


def marker_told(page: Page, event: ev.MarkerTold) -> list[Out]:
    """Return MARKREAD."""
    if "draft/read-marker" not in page.caps:
        return []
    return [page.server("MARKREAD", event.target, "*" if event.at is None else f"timestamp={show_ms(event.at)}")]


def redacted(page: Page, event: ev.Redacted) -> list[Out]:
    """Return REDACT."""
    if "draft/message-redaction" not in page.caps:
        return []
    return [page.user(event.who, "REDACT", event.target, str(event.message), *([event.why] if event.why else []))]


RENDERERS: Renderers = {
    HistoryShown: history_shown,
    ev.RecentShown: recent_shown,
    ev.Sought: sought,
    ev.TargetsShown: targets_shown,
    ev.MarkerTold: marker_told,
    ev.Redacted: redacted,
}
