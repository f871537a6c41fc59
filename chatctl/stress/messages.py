"""What the parent tells its workers and what they answer; all of it is pickled."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from chatctl.stress.classify import Observation
from chatctl.stress.connection import Departure
from chatctl.stress.options import StressOptions
from chatctl.stress.patterns import Dialect


@dataclass(frozen=True, slots=True)
class Job:
    """A worker's share of the run; times of all processes are on one ``perf_counter_ns`` scale."""

    worker: int
    family: int
    sockaddr: tuple[str, int]
    dialect: Dialect
    options: StressOptions
    run: str
    indices: range
    origin_ns: int


@dataclass(frozen=True, slots=True)
class Ramp:
    """Connect, each client at its due time after ``start_ns``; wait until each is decided."""

    start_ns: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Send from ``start_ns`` until ``end_ns``, each ready client every ``interval_ns``; then drain."""

    start_ns: int
    end_ns: int
    interval_ns: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Say what the silent ones are: with ``free``, let one admitted client leave and see who is greeted."""

    free: bool


@dataclass(frozen=True, slots=True)
class Speak:
    """Go on sending until told to finish."""

    interval_ns: int


@dataclass(frozen=True, slots=True)
class Probe:
    """Try the limit, with so many admitted clients held by other workers, and all this run admitted."""

    held_elsewhere: int
    peak: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Stop whatever you do, leave, and hand over what you have."""


Command = Ramp | Hold | Watch | Speak | Probe | Finish


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a worker is, several times a second."""

    worker: int
    phase: str
    attempted: int
    admitted: int
    refused: int
    sent: int
    acked: int


@dataclass(frozen=True, slots=True)
class Done:
    """A command is carried out: how many are admitted and connected, ready to send, silent."""

    worker: int
    admitted: int
    ready: int
    silent: int


@dataclass(frozen=True, slots=True)
class Trial:
    """Extra connections while ``held`` clients were connected, and what became of them."""

    held: int
    attempts: int
    admitted: int
    refused: int

    @property
    def undecided(self) -> int:
        """Neither greeted nor turned away within the time."""
        return self.attempts - self.admitted - self.refused


@dataclass(frozen=True, slots=True)
class Reuse:
    """One client left and another took its place after so long (``None``: not within the bound)."""

    departure: Departure
    reused_ns: int | None


@dataclass(frozen=True, slots=True)
class ProbeFacts:
    """What the probe saw: trials, the burst on freed slots, departures, the clients at the end."""

    trials: tuple[Trial, ...] = ()
    freed: int = 0
    burst: Trial | None = None
    reuses: tuple[Reuse, ...] = ()
    target: int = 0
    held_at_end: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One connection of the ramp: what was seen, and when (nanoseconds, ``perf_counter_ns``)."""

    index: int
    seen: Observation
    started_ns: int
    connected_ns: int | None
    decided_ns: int | None
    text: str
    end_text: str


@dataclass(frozen=True, slots=True)
class Records:
    """One entry for every acknowledged message, in four columns of nanoseconds."""

    due_ns: array[int] = field(default_factory=lambda: array("q"))
    sent_ns: array[int] = field(default_factory=lambda: array("q"))
    arrived_ns: array[int] = field(default_factory=lambda: array("q"))
    read_ns: array[int] = field(default_factory=lambda: array("q"))

    def extend(self, other: Records) -> None:
        """Add another worker's entries."""
        self.due_ns.extend(other.due_ns)
        self.sent_ns.extend(other.sent_ns)
        self.arrived_ns.extend(other.arrived_ns)
        self.read_ns.extend(other.read_ns)


@dataclass(frozen=True, slots=True)
class Member:
    """What one client sent while it was measured, and heard, in its order: ``sender << 32 | sequence``."""

    index: int
    last_sequence: int
    unanswered: frozenset[int]
    heard: array[int]
    cut: bool


@dataclass(frozen=True, slots=True)
class Result:
    """All that a worker knows at the end; ``sends_due_ns`` has one entry for each message sent."""

    worker: int
    attempts: tuple[Attempt, ...]
    members: tuple[Member, ...]
    records: Records
    sends_due_ns: array[int]
    send_lags_ns: array[int]
    sends_skipped: int
    sends_blocked: int
    corrupted: int
    misrouted: int
    errors: dict[str, int]
    cpu_share: float | None
    clock_step_ns: int
    kernel_stamps: bool


@dataclass(frozen=True, slots=True)
class Probed:
    """The probe is over."""

    worker: int
    facts: ProbeFacts


Answer = Progress | Done | Probed | Result
