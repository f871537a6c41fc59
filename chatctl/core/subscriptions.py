"""Who wants to know of which metadata keys: the subscriptions of METADATA (IRCv3)."""

from __future__ import annotations

SUBSCRIPTIONS_LIMIT = 50
"""Keys that a session may subscribe to."""


class Subscriptions:
    """Each session's keys, and for each key who subscribes to it; sessions are meant by their numbers."""

    __slots__ = ("_keys", "_sessions")

    def __init__(self) -> None:
        self._keys: dict[int, dict[str, None]] = {}
        self._sessions: dict[str, dict[int, None]] = {}

    def add(self, session: int, key: str) -> bool:
        """Let ``session`` subscribe to ``key``; False if it has too many."""
        keys = self._keys.setdefault(session, {})
        if key not in keys:
            if len(keys) >= SUBSCRIPTIONS_LIMIT:
                return False
            keys[key] = None
            self._sessions.setdefault(key, {})[session] = None
        return True

    def remove(self, session: int, key: str) -> None:
        """Let ``session`` subscribe to ``key`` no more, if it did."""
        keys = self._keys.get(session, {})
        if key in keys:
            del keys[key]
            sessions = self._sessions[key]
            del sessions[session]
            if not sessions:
                del self._sessions[key]

    def clear(self, session: int) -> None:
        """Let ``session`` subscribe to nothing."""
        for key in self.keys(session):
            self.remove(session, key)
        self._keys.pop(session, None)

    def has(self, session: int, key: str) -> bool:
        """Tell whether ``session`` subscribes to ``key``."""
        return session in self._sessions.get(key, ())

    def keys(self, session: int) -> tuple[str, ...]:
        """Return what ``session`` subscribes to, in the order of subscribing."""
        return tuple(self._keys.get(session, ()))

    def sessions(self, key: str) -> tuple[int, ...]:
        """Return who subscribes to ``key``."""
        return tuple(self._sessions.get(key, ()))
