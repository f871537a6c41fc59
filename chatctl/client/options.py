"""What ``chatctl connect`` was asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ConnectOptions:
    """The options of ``chatctl connect``; ``timeout`` in seconds, ``history`` None keeps no file."""

    host: str = "127.0.0.1"
    port: int = 12345
    name: str | None = None
    room: str | None = None
    read_only: bool = False
    json: bool = False
    timeout: float = 10.0
    history: Path | None = None

    @property
    def address(self) -> str:
        """The server as people write it, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


DEFAULTS = ConnectOptions()
