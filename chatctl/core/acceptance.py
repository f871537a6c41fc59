"""Whose private messages one takes although one takes none from who is not logged in."""

from __future__ import annotations

from chatctl.core.user import User

ACCEPT_LIMIT = 100
"""People whom one may accept; one more, and the oldest goes."""


class Acceptances:
    """Each person's list of accepted people; it is about people, not names, so it ends when one of them leaves."""

    __slots__ = ("_lists",)

    def __init__(self) -> None:
        self._lists: dict[User, dict[User, None]] = {}

    def add(self, user: User, other: User) -> None:
        """Let ``user`` accept ``other``, now the newest of those accepted."""
        accepted = self._lists.setdefault(user, {})
        accepted.pop(other, None)
        accepted[other] = None
        if len(accepted) > ACCEPT_LIMIT:
            del accepted[next(iter(accepted))]

    def remove(self, user: User, other: User) -> None:
        """Let ``user`` accept ``other`` no more, if that was so."""
        self._lists.get(user, {}).pop(other, None)

    def of(self, user: User) -> tuple[User, ...]:
        """Return whom ``user`` accepts, the oldest first."""
        return tuple(self._lists.get(user, ()))

    def allows(self, user: User, other: User) -> bool:
        """Tell whether ``user`` accepts ``other``."""
        return other in self._lists.get(user, ())

    def forget(self, user: User) -> None:
        """Note that ``user`` has left."""
        self._lists.pop(user, None)
        for accepted in self._lists.values():
            accepted.pop(user, None)
