"""A sheet to write IRC lines on: for whom, when, and with which capabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chatctl.core.user import Source
from chatctl.wire.irc.message import BODY_LIMIT

if TYPE_CHECKING:
    from chatctl.wire.irc.info import ServerInfo

Out = tuple[str, str]
"""A line: its tags as they are written, without ``@``, and the rest."""


@lru_cache(1024)
def show_ms(ms: int) -> str:
    """Return a time (milliseconds since 1970) as ``2026-11-22T14:41:07.123Z``: server-time (IRCv3)."""
    seconds, rest = divmod(ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


class Page:
    """What a renderer needs: ``nick`` is the reader's name, ``now`` the time, ``caps`` what the reader understands."""

    __slots__ = ("caps", "info", "nick", "now")

    def __init__(self, info: ServerInfo, caps: frozenset[str], nick: str, now: int) -> None:
        self.info = info
        self.caps = caps
        self.nick = nick
        self.now = now

    def numeric(self, code: str, *params: str) -> Out:
        """Return a numeric reply; the last parameter may hold blanks."""
        return self.server(code, self.nick, *params)

    def server(self, command: str, *params: str) -> Out:
        """Return a line from the server; the last parameter may hold blanks."""
        return self.tags(self.now), _line(self.info.name, command, params)

    def user(self, source: Source, command: str, *params: str, at: int = 0) -> Out:
        """Return a line from a user; the last parameter may hold blanks."""
        return self.tags(at or self.now, source.account, source.bot), _line(source.mask, command, params)

    def note(self, command: str, code: str, *params: str) -> Out:
        """Return a ``FAIL``: standard replies (IRCv3)."""
        return self.server("FAIL", command, code, *params)

    def tags(self, at: int, account: str = "", bot: bool = False) -> str:
        """Return the tags of a line that came about at the time ``at``."""
        caps = self.caps
        found = []
        if "server-time" in caps:
            found.append(f"time={show_ms(at)}")
        if account and "account-tag" in caps:
            found.append(f"account={account}")
        if bot and "message-tags" in caps:
            found.append("bot")
        return ";".join(found)


def _line(source: str, command: str, params: tuple[str, ...]) -> str:
    """Return a line; what is longer than IRC allows is cut, as clients would cut it or worse."""
    if not params:
        return f":{source} {command}"
    last = params[-1]
    if not last or last[0] == ":" or " " in last:
        last = f":{last}"
    line = " ".join((f":{source} {command}", *params[:-1], last))
    return _cut(line)


def _cut(line: str) -> str:
    # No character takes more than four bytes, so most lines need not be measured.
    return line if len(line) * 4 <= BODY_LIMIT else line.encode()[:BODY_LIMIT].decode(errors="ignore")


def last_word(text: str) -> Out:
    """Return ERROR, the last line of a connection."""
    return "", _cut(f"ERROR :{text}")


def batched(page: Page, kind: str, params: Sequence[str], lines: list[Out]) -> list[Out]:
    """Return lines in a batch of this kind; a batch among them stays one, inside it: batch (IRCv3)."""
    if "batch" not in page.caps:
        return lines
    reference = kind.rpartition("/")[2]
    return [
        page.server("BATCH", f"+{reference}", kind, *params),
        *(line if line[0].startswith("batch=") else tagged(f"batch={reference}", line) for line in lines),
        page.server("BATCH", f"-{reference}"),
    ]


def tagged(tag: str, out: Out) -> Out:
    """Return a line with one more tag."""
    tags, body = out
    return (f"{tag};{tags}" if tags else tag), body


Renderers = dict[type[Any], Callable[[Page, Any], list[Out]]]
"""The function for each class of event: it returns the lines that the event is told in."""
