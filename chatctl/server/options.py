"""What a server can be told."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Literal

from chatctl.core.limits import Limits
from chatctl.core.policy import Policy
from chatctl.errors import DataDirUnusable
from chatctl.store.base import Retention
from chatctl.store.sqlite import Durability
from chatctl.transport.addresses import Address, read_address
from chatctl.wire.irc.info import ServerInfo, Sts

PER_CLIENT_LIMIT = 512
"""Clients up to which ``auto`` means a thread for each of them."""

ReaderThreads = Literal["auto", "per-client"] | int


@dataclass(frozen=True, slots=True)
class ServeOptions(Limits):
    """How a server runs; each field, also each of the limits, is an option of ``chatctl serve``.

    ``port`` 0 lets the system choose. ``listen`` holds further addresses as ``HOST:PORT``. ``data_dir`` None
    means the user's data folder; it is not touched when ``in_memory`` is set. ``reader_threads`` is ``auto``,
    ``per-client`` or the number of threads that share all connections. ``limit_loopback`` holds this
    machine's own clients to the limits for strangers. ``tls_auto`` makes a certificate of the server's own in the data
    folder; ``tls_only`` turns away who comes without TLS. ``client_certificates`` asks clients for one (needs
    pyOpenSSL); ``sts`` is for how long they are to keep to TLS, None says nothing of it: sts (IRCv3). Raises
    ``BadSetting`` for what no limit can be.
    """

    host: str = "127.0.0.1"
    port: int = 12345
    listen: tuple[str, ...] = ()
    limit_loopback: bool = False
    data_dir: Path | None = None
    in_memory: bool = False
    server_name: str = "chatctl"
    network: str = "chatctl"
    description: str = "a chatctl server"
    motd: tuple[str, ...] = ()
    allow_origin: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_auto: bool = False
    tls_only: bool = False
    client_certificates: bool = False
    sts: timedelta | None = None
    reader_threads: ReaderThreads = "auto"
    durability: Durability = Durability.NORMAL
    retention: Retention = field(default_factory=Retention)

    def addresses(self) -> tuple[Address, ...]:
        """Return the addresses to listen on, the main one first; raises ``BadAddress``."""
        return (Address(self.host, self.port), *map(read_address, self.listen))

    def limits(self) -> Limits:
        """Return the limits alone."""
        return Limits(**{one.name: getattr(self, one.name) for one in fields(Limits)})

    def info(self, started: int, port: int = 0) -> ServerInfo:
        """Return what the server says of itself, which listens on ``port``; ``started`` in milliseconds since 1970."""
        return ServerInfo(
            name=self.server_name,
            network=self.network,
            description=self.description,
            created=started,
            motd=self.motd,
            registering=self.policy.who_registers,
            email_required=self.policy.email_required,
            limits=self.limits(),
            sts=None if self.sts is None else Sts(port, int(self.sts.total_seconds())),
        )

    def shared_readers(self) -> int:
        """Return how many threads share the connections; 0 stands for one thread each."""
        match self.reader_threads:
            case "auto":
                return 0 if self.max_clients <= PER_CLIENT_LIMIT else 1
            case "per-client":
                return 0
            case threads:
                return threads

    def folder(self) -> Path:
        """Return the data folder; raises ``DataDirUnusable`` when the user has no home."""
        if self.data_dir is not None:
            return self.data_dir
        from platformdirs import user_data_path

        try:
            return user_data_path("chatctl")
        except RuntimeError as error:
            raise DataDirUnusable(f"cannot tell your data folder: {error}; name one with --data-dir") from error
