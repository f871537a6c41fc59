"""Times and durations as people read them."""

from __future__ import annotations

from datetime import UTC, datetime


def show_time(milliseconds: int) -> str:
    """Return a time (milliseconds since 1970) as ``2026-11-22 14:41:07 UTC``."""
    return f"{datetime.fromtimestamp(milliseconds // 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def show_duration(milliseconds: int) -> str:
    """Return a duration as ``00:01:23``: hours, minutes, seconds; one below zero (a clock set back) as zero."""
    minutes, seconds = divmod(max(milliseconds, 0) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"
