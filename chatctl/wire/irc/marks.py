"""Points in a log as IRC writes them: chathistory (IRCv3), section "CHATHISTORY Command"."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from chatctl.core.history import At, Id, Mark

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?Z", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_COUNT = re.compile(r"-?\d{1,9}", re.ASCII)


def read_ms(text: str) -> int | None:
    """Return a time like ``2026-11-22T14:41:07.123Z`` in milliseconds since 1970, None if it is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * 1000 + int((found[2] or "0").ljust(3, "0"))


def read_at(word: str) -> At | None:
    """Return what ``timestamp=...`` means, None if nothing."""
    kind, _, value = word.partition("=")
    ms = read_ms(value) if kind == "timestamp" else None
    return None if ms is None else At(ms)


def read_mark(word: str) -> Mark | None:
    """Return what ``timestamp=...`` or ``msgid=...`` means, None if nothing."""
    kind, _, value = word.partition("=")
    if kind != "msgid":
        return read_at(word)
    number = read_number(value)
    return None if number is None else Id(number)


def read_number(text: str) -> int | None:
    """Return the number of a message, None if it is none."""
    return int(text) if _NUMBER.fullmatch(text) else None


def read_count(text: str) -> int | None:
    """Return how many are wanted, None if that is no number; it may be one that makes no sense."""
    return int(text) if _COUNT.fullmatch(text) else None
