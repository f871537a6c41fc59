"""What the wire remembers of one IRC peer."""

from __future__ import annotations

from chatctl.wire.base import NO_LINK, Link
from chatctl.wire.irc.dialect import Dialects, IrcDialect
from chatctl.wire.irc.multiline import OpenBatch


class Caller:
    """One peer's capabilities, and what it has begun and not ended yet.

    ``cap_version`` is the version of capability negotiation that the peer speaks, 301 or 302; ``batch`` the one
    that is open; ``link`` what it came by.
    """

    __slots__ = ("batch", "cap_version", "caps", "dialects", "link")

    def __init__(self, dialects: Dialects, link: Link = NO_LINK) -> None:
        self.dialects = dialects
        self.link = link
        self.caps: frozenset[str] = frozenset()
        self.cap_version = 301
        self.batch: OpenBatch | None = None

    @property
    def dialect(self) -> IrcDialect:
        """How the peer is written to."""
        return self.dialects.speaking(self.caps)
