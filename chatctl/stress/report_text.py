"""The summary for people: what decides comes first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from chatctl.stress.drawing import printable, share_bar, sparkline, style_of
from chatctl.stress.limit import Limit, Slots, State
from chatctl.stress.oracle import Delivery
from chatctl.stress.stats import Distribution
from chatctl.stress.summary import Check, Collateral, Findings, Health, Latencies, Summary

BAR_WIDTH = 50
_POINTS = ("p50_ms", "p90_ms", "p99_ms", "p999_ms", "max_ms")


def print_report(summary: Summary, console: Console) -> None:
    """Write the whole report."""
    for part in _parts(summary):
        console.print(part, soft_wrap=False, highlight=False)


def _parts(summary: Summary) -> Iterator[RenderableType]:
    findings = summary.findings
    yield _verdict(summary)
    yield _checks(summary.checks)
    yield from _section("Connections", _connections(findings))
    yield from _section("Limit and slots", _limit(findings.limit, findings.slots))
    if findings.latency_ms.connect.n:
        yield from _section("Latency in ms", _latencies(findings.latency_ms, findings.collateral_ms))
    yield from _section("Throughput", _throughput(findings))
    if findings.delivery is not None and (findings.delivery.expected or findings.delivery.violations):
        yield from _section("Delivery", _delivery(findings.delivery))
    if findings.errors:
        yield from _section("Errors", _errors(findings))
    yield from _section("Soundness", _soundness(findings.health))


def _section(title: str, body: RenderableType) -> Iterator[RenderableType]:
    yield Text(f"\n{title}", "bold")
    yield body


def _verdict(summary: Summary) -> Text:
    good = summary.verdict.exit_code == 0
    mark = Text("✔ " if good else "✘ ", "bold green" if good else "bold red")
    return mark + Text(printable(summary.verdict.sentence), "bold")


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def _checks(checks: tuple[Check, ...]) -> Table:
    grid = _grid()
    for check in checks:
        mark = Text("  ✔ ", "green") if check.passed else Text("  ✘ ", "red")
        grid.add_row(mark + Text(check.name), Text(printable(check.actual)))
    return grid


def _connections(findings: Findings) -> RenderableType:
    counts = [(name, count) for name, count in findings.outcomes.items() if count]
    if not counts:
        return Text("  none was tried")
    legend = Text("  ")
    for name, count in counts:
        legend.append(f"{count} {name}  ", style_of(name))
    return Group(Text("  ") + share_bar(counts, BAR_WIDTH), legend)


def _limit(limit: Limit, slots: Slots | None) -> Table:
    grid = _grid()
    grid.add_row("  state", Text(_state(limit)))
    if limit.first_bitten_attempt is not None:
        by = f", imposed by {limit.imposed_by}".replace("_", " ") if limit.imposed_by else ""
        scope = f", scope: {limit.scope}".replace("_", " ") if limit.scope else ""
        grid.add_row("  first felt", Text(f"attempt {limit.first_bitten_attempt}{by}{scope}"))
    for text, count in limit.refusal_texts.items():
        grid.add_row("  refusal", Text(f"{count} x {printable(text)}"))
    for trial in limit.trials:
        undecided = f", {trial.undecided} undecided" if trial.undecided else ""
        what = f"{trial.held} held + {trial.attempts}: {trial.admitted} admitted, {trial.refused} refused{undecided}"
        grid.add_row("  trial", Text(what))
    if limit.overshoot is not None:
        grid.add_row("  overshoot", Text(f"{limit.overshoot}"))
    if slots is not None:
        for each in slots.reuse:
            worst = "never" if each.worst_ms is None else f"within {each.worst_ms:.1f} ms"
            grid.add_row(
                f"  left by {each.departure}".replace("_", "-"),
                Text(f"slot reused {each.reused} of {each.departures} times, {worst}"),
            )
        grid.add_row("  leaked", Text(f"{slots.leaked}"))
    return grid


def _state(limit: Limit) -> str:
    state = str(limit.state).replace("_", " ")
    if limit.state is State.NOT_REACHED:
        return f"{state}: at least {limit.at_least}; try more --clients"
    if limit.value is None:
        return f"{state}: at least {limit.at_least}"
    return f"{state} at {limit.value} ({limit.confidence})"


def _latencies(latencies: Latencies, collateral: Collateral | None) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("", no_wrap=True)
    for name in ("p50", "p90", "p99", "p99.9", "max", "n"):
        table.add_column(name, justify="right", no_wrap=True)
    rows = [
        ("connect", latencies.connect),
        ("admitted after", latencies.admitted_after),
        ("refused after", latencies.refused_after),
        ("ack from due", latencies.ack),
        ("ack service", latencies.ack_service),
        ("client overhead", latencies.client_overhead),
    ]
    if collateral is not None:
        rows.append(("ack while refusing", collateral.during))
    for name, spread in rows:
        if spread.n:
            table.add_row(f" {name}", *_figures(spread), str(spread.n))
    return table


def _figures(spread: Distribution) -> list[str]:
    values = (getattr(spread, point) for point in _POINTS)
    return ["-" if value is None else f"{value:.2f}" for value in values]


def _throughput(findings: Findings) -> RenderableType:
    throughput = findings.throughput
    if throughput.acked_per_s is None:
        return Text("  nothing was measured")
    line = (
        f"  {throughput.acked_per_s:g} acks/s of {throughput.sent_per_s:g} messages/s"
        f" in {throughput.measured_s:g} s; {throughput.unanswered} unanswered, {throughput.late} late"
    )
    spark = sparkline([second.acked for second in findings.series], BAR_WIDTH)
    return Group(Text(line), Text("  ") + Text(spark, "cyan") + Text("  acks, from connect to end", "dim"))


def _delivery(delivery: Delivery) -> Text:
    order = {None: "order not comparable", True: "one order for all", False: "orders differ"}[delivery.same_order]
    return Text(
        f"  {delivery.received} of {delivery.expected} received, {delivery.lost} lost,"
        f" {delivery.duplicated} duplicated, {delivery.reordered} reordered\n"
        f"  {delivery.corrupted} corrupted, {delivery.misrouted} misrouted, {order};"
        f" {delivery.cut} receivers cut, {delivery.excused} excused"
    )


def _errors(findings: Findings) -> Table:
    grid = _grid()
    for error in findings.errors:
        grid.add_row(f"  {error.count} x", Text(printable(error.text)))
    return grid


def _soundness(health: Health) -> Text:
    cpu = "-" if health.client_cpu_share is None else f"{health.client_cpu_share:.0%}"
    lag = health.send_lag_ms
    late = "-" if lag.max_ms is None else f"{lag.max_ms:.1f} ms"
    line = f"  client CPU {cpu}, send lag at most {late}, {health.sends_skipped} sends skipped,"
    return Text(f"{line}\n  clock steps {health.clock_step_ms:g} ms, arrival stamps from the {health.arrival_stamps}")
