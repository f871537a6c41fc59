"""Who has the modes that are counted: LUSERS must not look at everybody each time somebody comes."""

from __future__ import annotations

from chatctl.core.user import INVISIBLE, WALLOPS, User


class Census:
    """The people who are invisible, operators of the server, or want to hear what operators say to everybody."""

    __slots__ = ("invisible", "listeners", "operators")

    def __init__(self) -> None:
        self.invisible: set[User] = set()
        self.operators: set[User] = set()
        self.listeners: dict[User, None] = {}

    def note(self, user: User) -> None:
        """Note which modes ``user`` has now."""
        self.forget(user)
        if INVISIBLE in user.modes:
            self.invisible.add(user)
        if user.operator:
            self.operators.add(user)
        if WALLOPS in user.modes:
            self.listeners[user] = None

    def forget(self, user: User) -> None:
        """Note that ``user`` has left."""
        self.invisible.discard(user)
        self.operators.discard(user)
        self.listeners.pop(user, None)
