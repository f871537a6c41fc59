"""What was typed before, kept in a file that only its owner can read."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from chatctl.client.commands import is_secret

SIZE_LIMIT = 256 * 1024
"""Bytes in the file from which on the older half is forgotten."""


class PrivateHistory(FileHistory):
    """A history file; one that can no longer be read or written is no reason to stop talking."""

    def load_history_strings(self) -> Iterable[str]:
        """Return what was typed, the newest first."""
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        """Add what was typed now, unless it may hold a password."""
        if not is_secret(string):
            with suppress(OSError, UnicodeError):
                super().store_string(string)


def open_history(path: Path | None) -> History:
    """Return the history in ``path`` (made with mode 0600), or one in memory if there can be no file."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        data = path.read_bytes()
        if len(data) > SIZE_LIMIT:
            # An entry begins with a line "# time"; every line of text in it begins with "+".
            path.write_bytes(data[data.find(b"\n# ", len(data) // 2) :])
    except OSError:
        return InMemoryHistory()
    return PrivateHistory(str(path))
