"""What keeps ``chatctl connect`` from doing its work, each with the exit status of the command."""

from __future__ import annotations

from chatctl.errors import CannotRun


class CannotConnect(CannotRun):
    """No conversation could begin: nobody listens, no address, no answer, another protocol."""

    code = "cannot-connect"
    exit_status = 10


class NoSlotFree(CannotRun):
    """The server has no room for another client."""

    code = "server-full"
    exit_status = 11


class OpeningRefused(CannotRun):
    """The server turned down the name or the room asked for."""

    code = "opening-refused"


class ConnectionLost(CannotRun):
    """The connection ended although nobody asked for it."""

    code = "connection-lost"

    def __init__(self, why: str) -> None:
        super().__init__(f"connection lost: {why}")


class Unacknowledged(CannotRun):
    """Messages that the server has not said it stored, out of all that were to be sent."""

    code = "unacknowledged"
    exit_status = 15

    def __init__(self, missing: int, total: int, why: str = "") -> None:
        verb = "was" if missing == 1 else "were"
        noun = "message" if total == 1 else "messages"
        end = f": {why}" if why else ""
        super().__init__(f"{missing} of {total} {noun} {verb} not acknowledged{end}")
