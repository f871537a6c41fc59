"""Up to where people have read: draft/read-marker (IRCv3)."""

from __future__ import annotations

from chatctl.core.history import owner_key
from chatctl.core.names import fold
from chatctl.core.records import Marker

MARKERS_LIMIT = 1000
"""Markers that somebody may have."""


class Markers:
    """The read markers of each owner, as ``owner_key`` gives it, by folded target; times in milliseconds since 1970."""

    __slots__ = ("_times",)

    def __init__(self, markers: tuple[Marker, ...] = ()) -> None:
        self._times: dict[str, dict[str, int]] = {}
        for marker in markers:
            self._times.setdefault(owner_key(marker.account, 0), {})[fold(marker.target)] = marker.at

    def get(self, owner: str, target: str) -> int | None:
        """Return up to when ``owner`` has read ``target``."""
        return self._times.get(owner, {}).get(fold(target))

    def of(self, owner: str) -> dict[str, int]:
        """Return the markers of ``owner``."""
        return dict(self._times.get(owner, {}))

    def has_place(self, owner: str, target: str) -> bool:
        """Tell whether ``owner`` may have a marker for ``target``."""
        times = self._times.get(owner, {})
        return fold(target) in times or len(times) < MARKERS_LIMIT

    def move(self, owner: str, target: str, at: int) -> bool:
        """Note that ``owner`` has read ``target`` up to ``at``; False if it was known already. It never goes back."""
        times = self._times.setdefault(owner, {})
        before = times.get(fold(target))
        if before is not None and before >= at:
            return False
        times[fold(target)] = at
        return True

    def forget(self, owner: str) -> None:
        """Forget the markers of ``owner``."""
        self._times.pop(owner, None)

    def forget_accounts(self, left: set[str]) -> None:
        """Forget the markers of all accounts but those whose folded names are ``left``."""
        for owner in [owner for owner in self._times if owner[0] != "*" and owner not in left]:
            del self._times[owner]
