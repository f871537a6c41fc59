"""What every event is."""

from __future__ import annotations


class Event:
    """Something that happened, or an answer; frozen, so it may cross threads."""

    __slots__ = ()
