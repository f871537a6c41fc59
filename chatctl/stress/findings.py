"""Puts together what the workers saw; pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatctl.stress.classify import Outcome, classify
from chatctl.stress.limit import limit_of, slots_of
from chatctl.stress.messages import Attempt, Member, ProbeFacts, Records, Result
from chatctl.stress.options import Scenario, StressOptions
from chatctl.stress.oracle import Delivery, judge
from chatctl.stress.stats import distribution, milliseconds
from chatctl.stress.summary import (
    Collateral,
    Config,
    Counted,
    Environment,
    Findings,
    Health,
    Latencies,
    Run,
    Second,
    Target,
    Throughput,
)

CPU_MOST = 0.85
LAG_MOST_MS = 50.0
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Raw:
    """What the parent knows when all is over; the times bound the hold, ``None`` if there was none."""

    results: tuple[Result, ...]
    probe: ProbeFacts | None
    origin_ns: int
    measured_from_ns: int | None
    measured_until_ns: int | None
    private_rooms: bool


def find(raw: Raw, options: StressOptions, run: Run, target: Target, environment: Environment) -> Findings:
    """The findings of a run."""
    attempts = sorted((each for result in raw.results for each in result.attempts), key=lambda each: each.index)
    queue_moves = any(attempt.seen.waited for attempt in attempts)
    outcomes = {each.index: classify(each.seen, queue_moves=queue_moves) for each in attempts}
    members = [member for result in raw.results for member in result.members]
    records = Records()
    for result in raw.results:
        records.extend(result.records)
    measured = _between(records, raw.measured_from_ns, raw.measured_until_ns)
    counts = Counter(outcomes.values())
    return Findings(
        run=run,
        target=target,
        config=_config(options),
        environment=environment,
        outcomes={outcome.value: counts[outcome] for outcome in Outcome},
        limit=limit_of(attempts, outcomes, raw.probe),
        slots=slots_of(raw.probe),
        latency_ms=_latencies(attempts, outcomes, measured),
        collateral_ms=_collateral(records, measured, raw),
        throughput=_throughput(raw, members, measured, options),
        delivery=_delivery(raw, members, options),
        cut=sum(member.cut for member in members),
        errors=_errors(raw.results, attempts),
        health=_health(raw.results),
        series=tuple(_series(raw, attempts, outcomes, records)),
    )


def _config(options: StressOptions) -> Config:
    return Config(
        clients=options.clients,
        protocol=options.protocol,
        scenario=options.scenario,
        duration_s=options.duration_s,
        warmup_s=options.warmup_s,
        drain_s=options.drain_s,
        rate_per_client_per_s=options.client_rate(options.clients),
        connect_rate_per_s=options.connect_rate,
        admit_timeout_s=options.admit_timeout_s,
        ack_timeout_s=options.ack_timeout_s,
        size_bytes=options.size_bytes,
        seed=options.seed,
        workers=options.worker_count,
    )


def _between(records: Records, from_ns: int | None, until_ns: int | None) -> Records:
    """The entries that were due in a time; none if there was no such time."""
    if from_ns is None or until_ns is None:
        return Records()
    kept = [at for at, due_ns in enumerate(records.due_ns) if from_ns <= due_ns < until_ns]
    columns = (records.due_ns, records.sent_ns, records.arrived_ns, records.read_ns)
    return Records(*(array("q", map(column.__getitem__, kept)) for column in columns))


def _differences(later: Iterable[int], earlier: Iterable[int]) -> array[int]:
    return array("q", (end - start for end, start in zip(later, earlier, strict=True)))


def _latencies(attempts: Sequence[Attempt], outcomes: dict[int, Outcome], measured: Records) -> Latencies:
    connect, admitted, refused = array("q"), array("q"), array("q")
    for attempt in attempts:
        if attempt.connected_ns is not None:
            connect.append(attempt.connected_ns - attempt.started_ns)
        if attempt.decided_ns is None:
            continue
        if outcomes[attempt.index] is Outcome.ADMITTED:
            admitted.append(attempt.decided_ns - attempt.started_ns)
        elif outcomes[attempt.index].startswith("refused"):
            refused.append(attempt.decided_ns - attempt.started_ns)
    return Latencies(
        connect=distribution(connect),
        admitted_after=distribution(admitted),
        refused_after=distribution(refused),
        ack=distribution(_differences(measured.arrived_ns, measured.due_ns)),
        ack_service=distribution(_differences(measured.arrived_ns, measured.sent_ns)),
        client_overhead=distribution(_differences(measured.read_ns, measured.arrived_ns)),
    )


def _collateral(records: Records, measured: Records, raw: Raw) -> Collateral | None:
    if raw.probe is None or raw.measured_until_ns is None:
        return None
    during = _between(records, raw.measured_until_ns, max(records.due_ns, default=0) + 1)
    return Collateral(
        before=distribution(_differences(measured.arrived_ns, measured.due_ns)),
        during=distribution(_differences(during.arrived_ns, during.due_ns)),
    )


def _throughput(raw: Raw, members: Sequence[Member], measured: Records, options: StressOptions) -> Throughput:
    start_ns, end_ns = raw.measured_from_ns or 0, raw.measured_until_ns or 0
    sends = sum(start_ns <= due_ns < end_ns for result in raw.results for due_ns in result.sends_due_ns)
    timeout_ns = int(options.ack_timeout_s * _SECOND)
    seconds = (end_ns - start_ns) / _SECOND
    acked = len(measured.due_ns)
    late = sum(took > timeout_ns for took in _differences(measured.arrived_ns, measured.sent_ns))
    unanswered = sum(1 for member in members for sequence in member.unanswered if 1 <= sequence <= member.last_sequence)
    return Throughput(
        measured_s=round(seconds, 3),
        sent=sends,
        acked=acked,
        unanswered=unanswered,
        late=late,
        sent_per_s=round(sends / seconds, 1) if seconds else None,
        acked_per_s=round(acked / seconds, 1) if seconds else None,
    )


def _delivery(raw: Raw, members: Sequence[Member], options: StressOptions) -> Delivery | None:
    corrupted = sum(result.corrupted for result in raw.results)
    misrouted = sum(result.misrouted for result in raw.results)
    if options.scenario is Scenario.ROOM:
        return judge(members, corrupted=corrupted, misrouted=misrouted)
    if not raw.private_rooms:
        return None
    cut = sum(member.cut for member in members)
    return Delivery(0, 0, 0, 0, 0, corrupted, misrouted, 0, cut, None)


def _errors(results: Sequence[Result], attempts: Sequence[Attempt]) -> tuple[Counted, ...]:
    errors = Counter(attempt.end_text for attempt in attempts if attempt.end_text)
    for result in results:
        errors.update(result.errors)
        if result.sends_blocked:
            errors["a message could not be sent: the server reads too slowly"] += result.sends_blocked
    return tuple(Counted(text, count) for text, count in errors.most_common())


def _health(results: Sequence[Result]) -> Health:
    lags = array("q")
    for result in results:
        lags.extend(result.send_lags_ns)
    lag = distribution(lags)
    worst = next((value for value in (lag.p99_ms, lag.p90_ms, lag.p50_ms) if value is not None), 0.0)
    shares = [result.cpu_share for result in results if result.cpu_share is not None]
    skipped = sum(result.sends_skipped for result in results)
    step_ms = milliseconds(max((result.clock_step_ns for result in results), default=0)) or 0.0
    reasons = tuple(_doubts(max(shares, default=0.0), worst, skipped, step_ms))
    return Health(
        trustworthy=not reasons,
        reasons=reasons,
        client_cpu_share=round(max(shares), 3) if shares else None,
        send_lag_ms=lag,
        sends_skipped=skipped,
        sends_blocked=sum(result.sends_blocked for result in results),
        clock_step_ms=step_ms,
        arrival_stamps="kernel" if results and all(result.kernel_stamps for result in results) else "process",
    )


def _doubts(cpu_share: float, lag_ms: float, skipped: int, step_ms: float) -> Iterable[str]:
    if cpu_share > CPU_MOST:
        yield f"the client used {cpu_share:.0%} of a CPU, more than {CPU_MOST:.0%}: use more --workers or a lower rate"
    if lag_ms > LAG_MOST_MS:
        yield f"messages left {lag_ms:.0f} ms late, more than {LAG_MOST_MS:.0f} ms: use an idle machine or a lower rate"
    if skipped:
        yield f"{skipped} messages were more than a second late and not sent: use an idle machine or a lower rate"
    if step_ms:
        yield f"the clock stepped by {step_ms:.0f} ms: run again while it is steady"


def _series(raw: Raw, attempts: Sequence[Attempt], outcomes: dict[int, Outcome], records: Records) -> Iterable[Second]:
    sends = Counter((due_ns - raw.origin_ns) // _SECOND for result in raw.results for due_ns in result.sends_due_ns)
    acks: Counter[int] = Counter()
    slowest: dict[int, int] = {}
    for due_ns, arrived_ns in zip(records.due_ns, records.arrived_ns, strict=True):
        second = (arrived_ns - raw.origin_ns) // _SECOND
        acks[second] += 1
        slowest[second] = max(slowest.get(second, 0), arrived_ns - due_ns)
    decided = [(each.decided_ns - raw.origin_ns, outcomes[each.index]) for each in attempts if each.decided_ns]
    admitted = sorted(at for at, outcome in decided if outcome is Outcome.ADMITTED)
    others = sorted(at for at, outcome in decided if outcome is not Outcome.ADMITTED)
    last = max([*sends, *acks, *(at // _SECOND for at, _ in decided)], default=-1)
    for second in range(last + 1):
        until_ns = (second + 1) * _SECOND
        yield Second(
            second,
            bisect_left(admitted, until_ns),
            bisect_left(others, until_ns),
            sends[second],
            acks[second],
            milliseconds(slowest.get(second)),
        )
