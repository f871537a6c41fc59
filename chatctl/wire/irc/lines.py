"""A byte stream cut into IRC lines."""

from __future__ import annotations

from chatctl.wire.irc.message import BODY_LIMIT, CLIENT_TAGS_LIMIT
from chatctl.wire.lines import Lines

LINE_LIMIT = CLIENT_TAGS_LIMIT + 2 + BODY_LIMIT
"""Bytes in the longest line, without its ending: ``@``, tags, a blank and the rest."""


class IrcLines(Lines):
    """Cuts a stream at LF, and takes a CR before it away; ``parse`` tells how long each line may be.

    Source: Modern IRC, section "Compatibility with incorrect software".
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(LINE_LIMIT)
