"""Why a connection ends."""

from __future__ import annotations

from datetime import UTC, datetime

from chatctl.errors.base import Misbehaved


class ServerFull(Misbehaved):
    """No slot is free for another session."""

    code = "server-full"

    def __init__(self, active: int, limit: int) -> None:
        super().__init__(f"Server full ({active}/{limit} clients), try again later")


class TooManyFromAddress(Misbehaved):
    """An address that has as many connections as one may have."""

    code = "too-many-from-address"

    def __init__(self, count: int, limit: int, which: str = "") -> None:
        super().__init__(f"{count} connections from your address{which}; the limit is {limit}, close one first")


class TooOftenFromAddress(Misbehaved):
    """An address from which connections come too often."""

    code = "too-often-from-address"

    def __init__(self, limit: int, seconds: int) -> None:
        super().__init__(
            f"{limit} connections from your address in ten minutes, which is the limit; try again in {seconds} seconds"
        )


class PasswordNeeded(Misbehaved):
    """A session that cannot tell the server's password on a server that asks for it."""

    code = "password-needed"

    def __init__(self) -> None:
        super().__init__("this server asks for a password; connect with an IRC client that sends one")


class WrongPassword(Misbehaved):
    """The server's password was not told, or another one."""

    code = "wrong-password"

    def __init__(self) -> None:
        super().__init__("wrong server password")


class Banned(Misbehaved):
    """An address that may not connect; ``until`` counts milliseconds since 1970, None means for ever."""

    code = "address-banned"

    def __init__(self, why: str, until: int | None) -> None:
        end = "" if until is None else f" until {datetime.fromtimestamp(until // 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(f"You are banned{end}: {why}")


class Killed(Misbehaved):
    """Disconnected by an operator."""

    code = "killed"

    def __init__(self, by: str, why: str) -> None:
        super().__init__(f"{by}, an operator of the server, disconnected you: {why}")


class Kicked(Misbehaved):
    """Put out of the one room that everyone may be in."""

    code = "kicked"

    def __init__(self, room: str, by: str, why: str) -> None:
        super().__init__(f"{by} kicked you from {room}" + (f" ({why})" if why else ""))


class OutOfResources(Misbehaved):
    """The machine has nothing left for another connection."""

    code = "out-of-resources"

    def __init__(self, what: str) -> None:
        super().__init__(f"Server has no {what} left for another client, try again later")


class TooManyBadLines(Misbehaved):
    """Several lines in a row that were none."""

    code = "too-many-bad-lines"

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} unusable lines in a row, goodbye")


class PingTimeout(Misbehaved):
    """A client from which nothing has come for too long, not even the answer to a PING."""

    code = "timeout"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Ping timeout: nothing came from you for {seconds} seconds")


class RegistrationTimeout(Misbehaved):
    """A client that did not tell its name in time."""

    code = "registration-timeout"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"you did not complete the registration within {seconds} seconds; send NICK and USER")


class RegistrationTooLong(Misbehaved):
    """A client that sent much and did not tell its name."""

    code = "registration-too-long"

    def __init__(self, sent: str, limit: str) -> None:
        super().__init__(f"you sent {sent} before the registration, the limit is {limit}; send NICK and USER first")


class BadWebSocket(Misbehaved):
    """What no WebSocket client may send; ``status`` is the code to close with: RFC 6455, section 7.4.1."""

    code = "bad-websocket"

    def __init__(self, status: int, why: str) -> None:
        super().__init__(f"your client broke the WebSocket protocol: {why}")
        self.status = status


class InternalError(Misbehaved):
    """A mistake in this program; the log has the traceback."""

    code = "internal-error"

    def __init__(self) -> None:
        super().__init__("The server made a mistake with what you sent, and noted it; please connect again")
