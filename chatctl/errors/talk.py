"""Messages that go nowhere."""

from __future__ import annotations

from chatctl.errors.base import Refused


class NoRecipient(Refused):
    """A message to nobody."""

    code = "no-recipient"

    def __init__(self, command: str) -> None:
        super().__init__(f"tell to whom: {command} TARGET :TEXT")


class NoText(Refused):
    """A message without a text."""

    code = "no-text"

    def __init__(self) -> None:
        super().__init__("there is no text to send")


class TooManyTargets(Refused):
    """More rooms and people than one command may name."""

    code = "too-many-targets"

    def __init__(self, target: str, count: int, limit: int) -> None:
        super().__init__(f"{count} targets; the limit is {limit}")
        self.about = (target,)


class CannotSend(Refused):
    """A message that the room does not take from this sender."""

    code = "cannot-send"

    def __init__(self, room: str, why: str) -> None:
        super().__init__(f"{room} does not take your message: {why}")
        self.about = (room,)


class NotSaved(Refused):
    """A message that the store could not keep, so nobody was sent it."""

    code = "not-saved"

    def __init__(self) -> None:
        super().__init__("the server could not store your message, so nobody received it; try again later")


class LookupFailed(Refused):
    """A question that the store could not answer."""

    code = "lookup-failed"

    def __init__(self) -> None:
        super().__init__("the server could not read its store; try again later")
