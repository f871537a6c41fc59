"""Reading what was said, noting up to where, and taking messages back."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.history import Around, At, Page, Wanted
from chatctl.core.records import Message
from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class Recall(Request):
    """Ask for messages of a room or of one's conversation with somebody: ``page`` or, if it is empty, ``otherwise``.

    ``command`` is what it is called by who asks.
    """

    command: str
    target: str
    page: Page | Around
    otherwise: Page | None = None


@dataclass(frozen=True, slots=True)
class ListTargets(Request):
    """Ask which rooms and conversations have their newest message between two times, the first ``count`` of them."""

    first: At
    second: At
    count: int


@dataclass(frozen=True, slots=True)
class Seek(Request):
    """Search a room or one's conversation with somebody, or, without a ``target``, all that one may read."""

    target: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class MarkRead(Request):
    """Note that one has read ``target`` up to the time ``at`` (milliseconds since 1970), or ask for it (None)."""

    target: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Redact(Request):
    """Take the message ``message`` in ``target`` back; ``number`` is its number, None if it can be none."""

    target: str
    message: str
    number: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Redaction(Request):
    """The message that ``request`` is about was looked up; None if it is not kept."""

    request: Redact
    message: Message | None
