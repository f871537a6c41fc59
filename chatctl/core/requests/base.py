"""What every request is."""

from __future__ import annotations


class Request:
    """Something that a client may ask of the chat; frozen, so it may cross threads."""

    __slots__ = ()
