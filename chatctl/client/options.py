"""What ``chatctl connect`` was asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from chatctl.client.registration import Login


class Alarm(StrEnum):
    """How a mention is told to somebody who looks elsewhere."""

    NONE = "none"
    BELL = "bell"
    OSC9 = "osc9"
    OSC777 = "osc777"


class Colour(StrEnum):
    """Whether to draw in colours."""

    AUTO = "auto"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """Whom to trust: a fingerprint alone, or ``cafile`` alone, or the system's authorities and known hosts.

    ``certificate`` is the client's own, with its key in ``key``, or in the same file.
    """

    cafile: Path | None = None
    fingerprint: str | None = None
    known_hosts: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Upgrade:
    """How to go over to TLS when a server wants it (sts, IRCv3); its policy is ``kept`` in this file."""

    kept: Path
    tls: TlsOptions


@dataclass(frozen=True, slots=True)
class ConnectOptions:
    """The options of ``chatctl connect``; ``timeout`` in seconds, ``history`` None keeps no file.

    ``rooms`` None is #lobby on our servers, and none on others. ``backlog`` is how many of a room's last messages
    are shown on coming in. ``upgrade`` None stays with what the options say, whatever the server wants.
    """

    host: str = "127.0.0.1"
    port: int = 12345
    login: Login = field(default_factory=Login)
    rooms: tuple[str, ...] | None = None
    tls: TlsOptions | None = None
    read_only: bool = False
    json: bool = False
    timeout: float = 10.0
    history: Path | None = None
    backlog: int = 20
    alarm: Alarm = Alarm.BELL
    colour: Colour = Colour.AUTO
    upgrade: Upgrade | None = None

    @property
    def address(self) -> str:
        """The server as people write it, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


DEFAULTS = ConnectOptions()
