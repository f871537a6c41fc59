"""Who watches which names: the lists of MONITOR (IRCv3)."""

from __future__ import annotations

from chatctl.core.names import fold

WATCH_LIMIT = 100
"""Names that a session may watch."""


class WatchLists:
    """Each session's list of names, and for each name who watches it; sessions are meant by their numbers."""

    __slots__ = ("_lists", "_watchers")

    def __init__(self) -> None:
        self._lists: dict[int, dict[str, str]] = {}
        self._watchers: dict[str, dict[int, None]] = {}

    def add(self, session: int, nick: str) -> bool:
        """Let ``session`` watch ``nick``; False if its list is full."""
        names = self._lists.setdefault(session, {})
        key = fold(nick)
        if key not in names:
            if len(names) >= WATCH_LIMIT:
                return False
            names[key] = nick
            self._watchers.setdefault(key, {})[session] = None
        return True

    def remove(self, session: int, nick: str) -> None:
        """Let ``session`` watch ``nick`` no more, if it did."""
        key = fold(nick)
        if self._lists.get(session, {}).pop(key, None) is not None:
            watchers = self._watchers[key]
            del watchers[session]
            if not watchers:
                del self._watchers[key]

    def clear(self, session: int) -> None:
        """Let ``session`` watch nobody."""
        for nick in self.watched(session):
            self.remove(session, nick)
        self._lists.pop(session, None)

    def watched(self, session: int) -> tuple[str, ...]:
        """Return the names that ``session`` watches, as it wrote them."""
        return tuple(self._lists.get(session, {}).values())

    def watchers(self, nick: str) -> tuple[int, ...]:
        """Return the sessions that watch ``nick``."""
        return tuple(self._watchers.get(fold(nick), ())) if self._watchers else ()
