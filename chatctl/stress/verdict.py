"""Judges what was found: checks, the exit code, the run in one sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator

from chatctl.stress.classify import QUEUED, REFUSALS, Outcome
from chatctl.stress.limit import Confidence, Limit, State
from chatctl.stress.options import StressOptions
from chatctl.stress.stats import PERMILLE, Distribution, samples_needed
from chatctl.stress.summary import Check, Findings, Summary, Verdict
from chatctl.stress.thresholds import LATENCIES, POINTS

GOAL_MISSED = 3
DELIVERY_VIOLATED = 4
UNTRUSTWORTHY = 5
INTERRUPTED = 130
_PRIORITY = (INTERRUPTED, DELIVERY_VIOLATED, UNTRUSTWORTHY, GOAL_MISSED)

# What --expect-refusal may name: outcomes without the word that all refusals share.
EXPECTABLE = {
    outcome.removeprefix("refused_").replace("_", "-"): outcome for outcome in Outcome if outcome in REFUSALS | QUEUED
}


def judge(findings: Findings, options: StressOptions) -> Summary:
    """The findings with every check that applies, and the verdict that follows."""
    checks = tuple(_checks(findings, options))
    return Summary(Verdict(exit_code(findings, checks), sentence(findings)), checks, findings)


def exit_code(findings: Findings, checks: tuple[Check, ...]) -> int:
    """0, or the gravest of what failed: interrupted, then delivery, then trust, then goals."""
    failed = {check.exit_code for check in checks if not check.passed}
    if findings.run.interrupted:
        failed.add(INTERRUPTED)
    return next((code for code in _PRIORITY if code in failed), 0)


def figures(findings: Findings) -> dict[str, float | None]:
    """Every metric that a threshold may name, ``None`` where it is unknown."""
    delivery, slots, limit = findings.delivery, findings.slots, findings.limit
    known: dict[str, float | None] = {
        "admitted": findings.outcomes[Outcome.ADMITTED],
        "refused": sum(findings.outcomes[outcome] for outcome in REFUSALS),
        "limit": limit.value,
        "overshoot": limit.overshoot,
        "leaked": slots.leaked if slots else None,
        "reuse_max_ms": slots.worst_ms if slots else None,
        "acks_per_s": findings.throughput.acked_per_s,
        "unanswered": findings.throughput.unanswered,
        "cut": findings.cut,
        "lost": delivery.lost if delivery else None,
        "duplicated": delivery.duplicated if delivery else None,
        "reordered": delivery.reordered if delivery else None,
        "corrupted": delivery.corrupted if delivery else None,
        "misrouted": delivery.misrouted if delivery else None,
    }
    for name in LATENCIES:
        spread: Distribution = getattr(findings.latency_ms, name)
        for point in POINTS:
            known[f"{name}_{point}_ms"] = getattr(spread, f"{point}_ms")
    return known


def sentence(findings: Findings) -> str:
    """The run in one line."""
    head = _limit_sentence(findings.limit, findings)
    slots = findings.slots
    if slots is not None and not slots.leaked and slots.worst_ms is not None:
        head += f"; slots reused in {math.ceil(slots.worst_ms)} ms"
    elif slots is not None:
        head += f"; slots leaked: {slots.leaked}"
    prefix = "Interrupted. " if findings.run.interrupted else ""
    return f"{prefix}{head}."


def _limit_sentence(limit: Limit, findings: Findings) -> str:
    attempts = sum(findings.outcomes.values())
    if limit.state is State.NOT_REACHED:
        return f"All {attempts} clients were admitted; no limit up to there"
    if limit.state is State.INCONCLUSIVE:
        return f"No clear limit: {limit.at_least} of {attempts} clients were admitted, not all others are explained"
    sure = f"exact in {len(limit.trials)} trials" if limit.confidence is Confidence.EXACT else str(limit.confidence)
    others = attempts - findings.outcomes[Outcome.ADMITTED]
    way = {State.ENFORCED: "refused", State.QUEUEING: "left waiting"}.get(limit.state, "refused or left waiting")
    return f"Limit {limit.value} ({sure}): {findings.outcomes[Outcome.ADMITTED]} admitted, {others} {way}"


def _checks(findings: Findings, options: StressOptions) -> Iterator[Check]:
    yield from _expectations(findings, options)
    yield from _slot_checks(findings)
    yield from _delivery_checks(findings)
    health = findings.health
    reasons = "; ".join(health.reasons) or "client CPU, sending and clock are fine"
    yield Check("measurement can be trusted", health.trustworthy, reasons, UNTRUSTWORTHY)


def _expectations(findings: Findings, options: StressOptions) -> Iterator[Check]:
    limit = findings.limit
    if options.expect_limit is not None:
        actual = f"{limit.value} ({limit.confidence})" if limit.value is not None else f"{limit.state}"
        met = limit.value == options.expect_limit and limit.confidence is Confidence.EXACT
        yield Check(f"limit is {options.expect_limit}", met, actual, GOAL_MISSED)
    if options.expect_refusal is not None:
        wanted = EXPECTABLE[options.expect_refusal]
        others = {name: count for name, count in findings.outcomes.items() if count and name != Outcome.ADMITTED}
        actual = ", ".join(f"{count} {name}" for name, count in others.items()) or "nobody was refused"
        yield Check(f"refusals are {wanted}", set(others) == {wanted}, actual, GOAL_MISSED)
    known = figures(findings)
    for threshold in options.thresholds:
        value = known[threshold.metric]
        actual = _unknown(threshold.metric, findings) if value is None else f"{value:g}"
        yield Check(str(threshold), threshold.holds(known), actual, GOAL_MISSED)


def _unknown(metric: str, findings: Findings) -> str:
    name, _, point = metric.removesuffix("_ms").rpartition("_")
    if name not in LATENCIES or point == "max":
        return "unknown: not measured in this run"
    spread: Distribution = getattr(findings.latency_ms, name)
    return f"unknown: {spread.n} samples, {point} needs {samples_needed(PERMILLE[point])}; run longer or faster"


def _slot_checks(findings: Findings) -> Iterator[Check]:
    overshoot, slots = findings.limit.overshoot, findings.slots
    if overshoot is not None:
        actual = f"{overshoot} over the limit"
        yield Check("never one over the limit", overshoot == 0, actual, GOAL_MISSED)
    if slots is not None:
        actual = f"{slots.leaked} leaked of {sum(each.departures for each in slots.reuse)}"
        yield Check("freed slots are usable again", slots.leaked == 0, actual, GOAL_MISSED)


def _delivery_checks(findings: Findings) -> Iterator[Check]:
    throughput, delivery = findings.throughput, findings.delivery
    if throughput.sent:
        actual = f"{throughput.unanswered} of {throughput.sent} unanswered"
        yield Check("every message is acknowledged", not throughput.unanswered, actual, DELIVERY_VIOLATED)
    if findings.outcomes[Outcome.ADMITTED]:
        yield Check("no admitted client is cut off", not findings.cut, f"{findings.cut} cut off", DELIVERY_VIOLATED)
    if delivery is not None:
        if delivery.expected:
            name, actual = "delivery is whole and in order", f"{delivery.violations} violations in {delivery.received}"
        else:
            name = "nothing is misrouted or corrupted"
            actual = f"{delivery.misrouted} misrouted, {delivery.corrupted} corrupted"
        yield Check(name, not delivery.violations, actual, DELIVERY_VIOLATED)
