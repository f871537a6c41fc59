"""What a run is asked to do: one frozen value, checked once, with every default."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chatctl.stress.thresholds import Threshold

CLIENTS_MOST = 20_000
SIZE_LEAST = 48
SIZE_MOST = 2_000
CLIENTS_PER_WORKER = 500


class Scenario(StrEnum):
    """Who hears whom: everybody alone in a room (``ack``) or all in one (``room``)."""

    ACK = "ack"
    ROOM = "room"


class Protocol(StrEnum):
    """What the target speaks; ``line`` is any line server, described by patterns."""

    TEXT = "text"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class StressOptions:
    """The options of one run: times in seconds, rates per second, sizes in bytes."""

    host: str = "127.0.0.1"
    port: int = 12345
    clients: int = 50
    protocol: Protocol = Protocol.TEXT
    scenario: Scenario = Scenario.ACK
    duration_s: float = 10.0
    rate_per_client: float = 1.0
    rate_total: float | None = None
    connect_rate: float = 100.0
    admit_timeout_s: float = 3.0
    ack_timeout_s: float = 5.0
    warmup_s: float = 1.0
    drain_s: float = 2.0
    size_bytes: int = 64
    seed: int = 0
    workers: int | None = None
    login: str = ""
    admitted_on: str | None = None
    refused_on: str | None = None
    send: str | None = None
    ack_on: str | None = None
    expect_limit: int | None = None
    expect_refusal: str | None = None
    thresholds: tuple[Threshold, ...] = ()

    @property
    def worker_count(self) -> int:
        """How many worker processes: as asked, else one for every 500 clients."""
        asked = self.workers or -(-self.clients // CLIENTS_PER_WORKER)
        return min(asked, self.clients)

    def client_rate(self, admitted: int) -> float:
        """Messages per second that each of so many admitted clients sends."""
        if self.rate_total is None:
            return self.rate_per_client
        return self.rate_total / max(1, admitted)
