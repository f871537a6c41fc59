"""How one asks for what was said: in which log, around which point, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.names import fold
from chatctl.core.records import Message


@dataclass(frozen=True, slots=True)
class RoomLog:
    """What was said in a room."""

    room: str

    @property
    def key(self) -> str:
        """What the log is filed under."""
        return fold(self.room)


@dataclass(frozen=True, slots=True)
class PrivateLog:
    """What somebody (``owner`` as ``owner_key`` gives it) and whoever was called ``peer`` said to each other."""

    owner: str
    peer: str

    @property
    def key(self) -> str:
        """What the log is filed under; no room's key begins with ``@``."""
        return f"{conversations_key(self.owner)}{fold(self.peer)}"


Log = RoomLog | PrivateLog


def owner_key(account: str, session: int) -> str:
    """Return whose the private messages are: the account's or, without one, the session's and nobody's after it."""
    return fold(account) if account else f"*{session}"


def conversations_key(owner: str) -> str:
    """Return how the keys of all private logs of ``owner`` begin; the peer's folded nick follows."""
    return f"@{owner} "


def log_keys(message: Message) -> set[str]:
    """Return the keys of the logs that ``message`` is in: a room's, or those of sender and recipient."""
    if message.recipient is None:
        return {fold(message.target)}
    sender = owner_key(message.account, message.sender)
    recipient = owner_key(message.recipient_account, message.recipient)
    return {PrivateLog(sender, message.target).key, PrivateLog(recipient, message.nick).key}


@dataclass(frozen=True, slots=True)
class Id:
    """The point in a log where a message is."""

    message: int


@dataclass(frozen=True, slots=True)
class At:
    """A point in time, in milliseconds since 1970 (UTC)."""

    ms: int


Mark = Id | At


@dataclass(frozen=True, slots=True)
class Page:
    """The messages strictly after ``after`` and before ``before``: ``count`` at most, the newest or the oldest.

    Whichever they are, they come oldest first. Without ``events`` none of them is one (``records.EVENTS``).
    """

    count: int
    after: Mark | None = None
    before: Mark | None = None
    newest: bool = True
    events: bool = True


@dataclass(frozen=True, slots=True)
class Around:
    """``count`` messages at most: half of them from before ``mark``, the rest from it on, oldest first."""

    mark: Mark
    count: int
    events: bool = True

    @property
    def halves(self) -> tuple[Page, Page]:
        """The pages before the mark and from it on."""
        earlier = self.count // 2
        last_before = Id(self.mark.message - 1) if isinstance(self.mark, Id) else At(self.mark.ms - 1)
        return (
            Page(earlier, before=self.mark, events=self.events),
            Page(self.count - earlier, after=last_before, newest=False, events=self.events),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search is for: the newest ``count`` messages, no events, that hold all words of ``text``, by ``sender``.

    An empty ``text`` or ``sender`` leaves that open; a text without any word finds nothing.
    """

    text: str = ""
    sender: str = ""
    after: Mark | None = None
    before: Mark | None = None
    count: int = 50
