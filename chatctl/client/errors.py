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


class AuthenticationFailed(CannotRun):
    """The server did not take the password, or offers no login."""

    code = "authentication-failed"
    exit_status = 12


class OpeningRefused(CannotRun):
    """The server turned down the name or the room asked for."""

    code = "opening-refused"


class ConnectionLost(CannotRun):
    """The connection ended although nobody asked for it."""

    code = "connection-lost"

    def __init__(self, why: str) -> None:
        super().__init__(f"connection lost: {why}")


class Expelled(CannotRun):
    """Kicked, killed or banned, and why; ``missing`` counts messages the server has not said it stored."""

    code = "expelled"
    exit_status = 13

    def __init__(self, why: str, missing: int = 0) -> None:
        left = f"; {missing} not acknowledged" if missing else ""
        super().__init__(f"{why}{left}")


class TlsRefused(CannotRun):
    """A certificate that cannot be trusted, or a server that does not speak TLS."""

    code = "tls-refused"
    exit_status = 14


class Unacknowledged(CannotRun):
    """Messages that the server has not said it stored, out of all that were to be sent."""

    code = "unacknowledged"
    exit_status = 15

    def __init__(self, missing: int, total: int, why: str = "") -> None:
        self.missing = missing
        verb = "was" if missing == 1 else "were"
        noun = "message" if total == 1 else "messages"
        end = f": {why}" if why else ""
        super().__init__(f"{missing} of {total} {noun} {verb} not acknowledged{end}")


class BadSettings(CannotRun):
    """A configuration file that cannot be read or says what is no option."""

    code = "bad-settings"
    exit_status = 2
