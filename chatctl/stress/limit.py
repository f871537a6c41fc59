"""What the outcomes and the probe say about the limit and its slots."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chatctl.stress.classify import QUEUED, REFUSALS, Outcome
from chatctl.stress.connection import Departure
from chatctl.stress.messages import Attempt, ProbeFacts, Trial
from chatctl.stress.stats import milliseconds


class State(StrEnum):
    """What the server does with one client too many."""

    ENFORCED = "enforced"
    NOT_REACHED = "not_reached"
    QUEUEING = "queueing"
    MIXED = "mixed"
    INCONCLUSIVE = "inconclusive"


class Scope(StrEnum):
    """Whom the limit counts, from the words of the refusal."""

    SERVER = "server"
    PER_IP = "per_ip"
    THROTTLE = "throttle"
    UNKNOWN = "unknown"


class ImposedBy(StrEnum):
    """Who turned the clients away."""

    APPLICATION = "application"
    SERVER_OS = "server_os"
    CLIENT = "client"


class Confidence(StrEnum):
    """How sure the value is: every trial agreed, they did not, or there were none."""

    EXACT = "exact"
    VARYING = "varying"
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit; ``value`` is ``None`` where none was found, ``first_bitten_attempt`` counts from 1."""

    state: State
    value: int | None
    at_least: int
    confidence: Confidence | None
    trials: tuple[Trial, ...]
    scope: Scope | None
    imposed_by: ImposedBy | None
    first_bitten_attempt: int | None
    refusal_texts: dict[str, int]
    overshoot: int | None


@dataclass(frozen=True, slots=True)
class SlotReuse:
    """How soon the slot of a client that left in one way was usable; milliseconds, ``None``: never."""

    departure: Departure
    departures: int
    reused: int
    worst_ms: float | None


@dataclass(frozen=True, slots=True)
class Slots:
    """What became of freed slots; ``leaked`` counts those not usable within the bound."""

    reuse: tuple[SlotReuse, ...]
    leaked: int
    held_at_end: int | None

    @property
    def worst_ms(self) -> float | None:
        """The slowest reuse of all."""
        return max((each.worst_ms for each in self.reuse if each.worst_ms is not None), default=None)


_PER_IP = re.compile(r"(?i)per[ -](ip|host|address|user)|(your|this) (ip|host|address)|from your|clones")
_THROTTLE = re.compile(r"(?i)throttl|slow down|too fast|too quickly|reconnect")
_FULL = re.compile(r"(?i)full|max|limit|too many|clients|users|busy")
_BY_OS = frozenset({Outcome.CONNECT_REFUSED, Outcome.CONNECT_TIMEOUT, Outcome.QUEUED_BACKLOG})


def limit_of(attempts: Sequence[Attempt], outcomes: Mapping[int, Outcome], probe: ProbeFacts | None) -> Limit:
    """The limit, from every attempt, its outcome by index, and the probe if there was one."""
    counts = Counter(outcomes.values())
    admitted = counts[Outcome.ADMITTED]
    state = _state(counts)
    bitten = [attempt for attempt in attempts if outcomes[attempt.index] is not Outcome.ADMITTED]
    texts = Counter(each.text for each in attempts if outcomes[each.index] in REFUSALS and each.text)
    found = state not in (State.NOT_REACHED, State.INCONCLUSIVE)
    trials = probe.trials if probe else ()
    values = [trial.held + trial.admitted for trial in trials]
    return Limit(
        state=state,
        value=(max(values) if values else admitted) if found else None,
        at_least=max([admitted, *values]),
        confidence=_confidence(admitted, trials, queueing=state is State.QUEUEING) if found else None,
        trials=trials,
        scope=_scope(texts) if found else None,
        imposed_by=_imposed_by(counts) if bitten else None,
        first_bitten_attempt=min((attempt.index + 1 for attempt in bitten), default=None),
        refusal_texts=dict(texts),
        overshoot=_overshoot(probe, max([admitted, *values])),
    )


def slots_of(probe: ProbeFacts | None) -> Slots | None:
    """What the departures of the probe showed; ``None`` without any."""
    if probe is None or not probe.reuses:
        return None
    reuse = tuple(_reuse(kind, probe) for kind in Departure if any(each.departure is kind for each in probe.reuses))
    leaked = sum(each.departures - each.reused for each in reuse)
    missing = probe.target - (probe.held_at_end or 0)
    return Slots(reuse, max(leaked, missing), probe.held_at_end)


def _state(counts: Counter[Outcome]) -> State:
    refused = sum(counts[outcome] for outcome in REFUSALS)
    queued = sum(counts[outcome] for outcome in QUEUED)
    unclear = counts.total() - counts[Outcome.ADMITTED] - refused - queued
    if unclear or not counts[Outcome.ADMITTED]:
        return State.INCONCLUSIVE
    if refused and queued:
        return State.MIXED
    if queued:
        return State.QUEUEING
    return State.ENFORCED if refused else State.NOT_REACHED


def _confidence(admitted: int, trials: Sequence[Trial], *, queueing: bool) -> Confidence:
    if not trials:
        return Confidence.UNTRIED
    agreed = all(trial.held == admitted and not trial.admitted for trial in trials)
    decided = queueing or all(not trial.undecided for trial in trials)
    return Confidence.EXACT if agreed and decided else Confidence.VARYING


def _scope(texts: Mapping[str, int]) -> Scope:
    words = " ".join(texts)
    if _PER_IP.search(words):
        return Scope.PER_IP
    if _THROTTLE.search(words):
        return Scope.THROTTLE
    return Scope.SERVER if _FULL.search(words) else Scope.UNKNOWN


def _imposed_by(counts: Counter[Outcome]) -> ImposedBy:
    by_os = sum(counts[outcome] for outcome in _BY_OS)
    by_client = counts[Outcome.CLIENT_ERROR]
    by_application = counts.total() - counts[Outcome.ADMITTED] - by_os - by_client
    most = max(by_application, by_os, by_client)
    if most == by_application:
        return ImposedBy.APPLICATION
    return ImposedBy.SERVER_OS if most == by_os else ImposedBy.CLIENT


def _overshoot(probe: ProbeFacts | None, most: int) -> int | None:
    if probe is None or probe.burst is None:
        return None
    return max(0, probe.burst.held + probe.burst.admitted - most)


def _reuse(kind: Departure, probe: ProbeFacts) -> SlotReuse:
    times = [each.reused_ns for each in probe.reuses if each.departure is kind]
    reused = [time_ns for time_ns in times if time_ns is not None]
    return SlotReuse(kind, len(times), len(reused), milliseconds(max(reused, default=None)))
