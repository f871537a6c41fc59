"""What the server says of itself to IRC clients."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatctl import __version__
from chatctl.core.limits import Limits
from chatctl.core.policy import Registering


@dataclass(frozen=True, slots=True)
class Sts:
    """That clients are to use TLS, on ``port``, and for how many seconds to keep to it: sts (IRCv3)."""

    port: int
    duration: int


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """The server's names and what it offers; ``created`` counts milliseconds since 1970.

    Of ``limits`` only those are told that stay while the server runs.
    """

    name: str = "chatctl"
    network: str = "chatctl"
    description: str = "a chatctl server"
    version: str = f"chatctl-{__version__}"
    created: int = 0
    motd: tuple[str, ...] = ()
    registering: Registering = Registering.OPEN
    email_required: bool = False
    limits: Limits = field(default_factory=Limits)
    sts: Sts | None = None
