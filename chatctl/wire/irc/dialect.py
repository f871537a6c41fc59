"""Events as IRC lines, once for each set of capabilities."""

from __future__ import annotations

from chatctl.core.events.base import Event
from chatctl.core.events.talk import Acknowledged
from chatctl.core.user import UNNAMED
from chatctl.errors import Misbehaved
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.page import Out, Page
from chatctl.wire.irc.refusals import last_words
from chatctl.wire.irc.replies import RENDERERS


class IrcDialect:
    """Writes events for clients with the same capabilities."""

    def __init__(self, info: ServerInfo, caps: frozenset[str]) -> None:
        self.info = info
        self.caps = caps
        self._echo = "echo-message" in caps

    def render(self, event: Event, nick: str = "*", now: int = 0) -> bytes:
        """Return the lines that ``event`` is told in, each ended by CR LF; none for what the reader does not know."""
        kind = type(event)
        if kind is Acknowledged and not self._echo:
            return b""
        render = RENDERERS.get(kind)
        if render is None:
            return b""
        lines = render(Page(self.info, self.caps, nick, now), event)
        if len(lines) == 1:
            return _write(lines[0]).encode()
        return "".join([_write(line) for line in lines]).encode()

    def refuse(self, error: Misbehaved) -> bytes:
        """Return the last lines for a peer whose connection ends."""
        lines = last_words(Page(self.info, self.caps, UNNAMED, 0), error)
        return "".join([_write(line) for line in lines]).encode()


_NO_ENDS = dict.fromkeys(map(ord, "\r\n\0"), " ")


def _write(line: Out) -> str:
    tags, body = line
    if "\n" in body or "\r" in body or "\0" in body:
        # The wires let none of them in; what got here all the same must not begin another line.
        body = body.translate(_NO_ENDS)
    return f"@{tags} {body}\r\n" if tags else f"{body}\r\n"


class Dialects:
    """Every dialect of one server: clients with the same capabilities share one, so it is rendered once for them."""

    def __init__(self, info: ServerInfo) -> None:
        self.info = info
        self._made: dict[frozenset[str], IrcDialect] = {}

    def speaking(self, caps: frozenset[str]) -> IrcDialect:
        """Return the dialect for a set of capabilities; from any thread."""
        dialect = self._made.get(caps)
        if dialect is None:
            dialect = self._made.setdefault(caps, IrcDialect(self.info, caps))
        return dialect
