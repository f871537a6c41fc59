"""Everything a run found, as one frozen value; the JSON report is this value, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.stress.limit import Limit, Slots
from chatctl.stress.oracle import Delivery
from chatctl.stress.stats import Distribution

SCHEMA = "chatctl.stress/1"


@dataclass(frozen=True, slots=True)
class Run:
    """When the run was and whether it came to its end."""

    id: str
    started_at: str
    duration_s: float
    interrupted: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Which server; ``spawned`` is whether the run started it for itself."""

    host: str
    port: int
    address: str
    spawned: bool


@dataclass(frozen=True, slots=True)
class Config:
    """What was asked for."""

    clients: int
    protocol: str
    scenario: str
    duration_s: float
    warmup_s: float
    drain_s: float
    rate_per_client_per_s: float
    connect_rate_per_s: float
    admit_timeout_s: float
    ack_timeout_s: float
    size_bytes: int
    seed: int
    workers: int


@dataclass(frozen=True, slots=True)
class Environment:
    """Where the figures come from."""

    chatctl: str
    python: str
    system: str
    cpus: int | None


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long things took; refused clients appear in ``refused_after`` only."""

    connect: Distribution
    admitted_after: Distribution
    refused_after: Distribution
    ack: Distribution
    ack_service: Distribution
    client_overhead: Distribution


@dataclass(frozen=True, slots=True)
class Collateral:
    """What admitted clients felt before and while others were turned away."""

    before: Distribution
    during: Distribution


@dataclass(frozen=True, slots=True)
class Throughput:
    """Messages of the measured time, without the warm-up."""

    measured_s: float
    sent: int
    acked: int
    unanswered: int
    late: int
    sent_per_s: float | None
    acked_per_s: float | None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the client itself was good enough to believe the figures."""

    trustworthy: bool
    reasons: tuple[str, ...]
    client_cpu_share: float | None
    send_lag_ms: Distribution
    sends_skipped: int
    sends_blocked: int
    clock_step_ms: float
    arrival_stamps: str


@dataclass(frozen=True, slots=True)
class Counted:
    """An error's text and how often it came."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Second:
    """One second of the run: clients at its end, messages in it."""

    t_s: int
    admitted: int
    not_admitted: int
    sent: int
    acked: int
    ack_max_ms: float | None


@dataclass(frozen=True, slots=True)
class Check:
    """One question with its answer."""

    name: str
    passed: bool
    actual: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The run in one line, and how the command ends."""

    exit_code: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was measured, before anything is judged."""

    run: Run
    target: Target
    config: Config
    environment: Environment
    outcomes: dict[str, int]
    limit: Limit
    slots: Slots | None
    latency_ms: Latencies
    collateral_ms: Collateral | None
    throughput: Throughput
    delivery: Delivery | None
    cut: int
    errors: tuple[Counted, ...]
    health: Health
    series: tuple[Second, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Findings with the judgement on them."""

    verdict: Verdict
    checks: tuple[Check, ...]
    findings: Findings
