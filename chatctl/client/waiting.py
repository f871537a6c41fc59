"""Messages of one's own that the server has neither acknowledged nor refused."""

from __future__ import annotations

from collections.abc import Iterator

from chatctl.client.events import Outgoing
from chatctl.core.names import fold


class Waiting:
    """The messages on their way, in the order in which they were sent."""

    def __init__(self) -> None:
        self._messages: dict[str, Outgoing] = {}

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Outgoing]:
        return iter(self._messages.values())

    def add(self, message: Outgoing) -> None:
        """Wait for the answer to ``message``."""
        self._messages[message.label] = message

    def take(self, label: str) -> Outgoing | None:
        """Return the message with this label, which is answered now."""
        return self._messages.pop(label, None)

    def take_echoed(self, to: str, text: str) -> Outgoing | None:
        """Return the first that said this, which is answered now."""
        same = (one for one in self if fold(one.to) == fold(to) and one.text.split() == text.split())
        return self._take(next(same, None))

    def take_refused(self, to: str) -> Outgoing | None:
        """Return the first to ``to``, which is answered now."""
        return self._take(next((one for one in self if fold(one.to) == fold(to)), None))

    def _take(self, message: Outgoing | None) -> Outgoing | None:
        return None if message is None else self._messages.pop(message.label)
