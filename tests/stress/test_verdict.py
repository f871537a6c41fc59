"""Checks, exit codes, the sentence, and both reports, from findings made by hand."""

from __future__ import annotations

import io
import json
import re
from array import array
from dataclasses import replace

import jsonschema
import pytest
from rich.console import Console

from chatctl.stress.connection import Departure
from chatctl.stress.live import LiveView, PlainView
from chatctl.stress.messages import Member, ProbeFacts, Progress, Records, Reuse, Trial
from chatctl.stress.options import Scenario, StressOptions
from chatctl.stress.report_json import as_json, schema
from chatctl.stress.report_text import print_report
from chatctl.stress.thresholds import METRICS, parse_threshold
from chatctl.stress.verdict import figures, judge

SECOND = 10**9
DEFAULTS = StressOptions()
TRIAL = Trial(20, 5, 0, 5)
PROBE = ProbeFacts(
    trials=(TRIAL,) * 3,
    freed=5,
    burst=Trial(15, 50, 5, 45),
    reuses=tuple(Reuse(kind, 2_000_000) for kind in Departure),
    target=20,
    held_at_end=20,
)


def spoken(count, late_ms=0):
    due = array("q", (number * SECOND // count for number in range(count)))
    arrived = array("q", (at + 2_000_000 + late_ms * 1_000_000 for at in due))
    return Records(due, array("q", due), arrived, array("q", (at + 10_000 for at in arrived)))


def member(index=0, heard=(), unanswered=(), cut=False, last=5):
    return Member(index, last, frozenset(unanswered), array("q", heard), cut)


def failed(summary):
    return [check.name for check in summary.checks if not check.passed]


@pytest.fixture
def good(attempts, result, found):
    """Findings of a run in which all is well; keywords replace facts of the one worker."""

    def make(probe=PROBE, interrupted=False, options=DEFAULTS, **facts):
        records = facts.pop("records", spoken(100))
        tried = facts.pop("attempts", attempts(admitted=20, refused=30))
        given = {"records": records, "sends_due_ns": records.due_ns, "members": (member(),), **facts}
        return found(result(tried, **given), options=options, probe=probe, interrupted=interrupted)

    return make


def test_a_limit_that_is_enforced_is_good(good):
    summary = judge(good(), StressOptions(expect_limit=20, expect_refusal="message"))
    assert (failed(summary), summary.verdict.exit_code) == ([], 0)
    assert summary.verdict.sentence == ("Limit 20 (exact in 3 trials): 20 admitted, 30 refused; slots reused in 2 ms.")


def test_no_limit_is_good_too(good, attempts):
    summary = judge(good(probe=None, attempts=attempts(admitted=50)), StressOptions())
    assert summary.verdict.exit_code == 0
    assert summary.verdict.sentence == "All 50 clients were admitted; no limit up to there."


@pytest.mark.parametrize(
    "options",
    [
        StressOptions(expect_limit=21),
        StressOptions(expect_refusal="silent-close"),
        StressOptions(thresholds=(parse_threshold("ack_p90_ms<1"),)),
        StressOptions(thresholds=(parse_threshold("ack_p99_ms<1000"),)),
    ],
)
def test_a_missed_goal_is_exit_3(good, options):
    summary = judge(good(), options)
    assert (len(failed(summary)), summary.verdict.exit_code) == (1, 3)


def test_a_percentile_of_too_few_samples_fails_its_threshold_and_says_why(good):
    summary = judge(good(), StressOptions(thresholds=(parse_threshold("ack_p99_ms<1000"),)))
    (check,) = (check for check in summary.checks if not check.passed)
    assert check.actual == "unknown: 100 samples, p99 needs 1000; run longer or faster"


@pytest.mark.parametrize("goal", ["leaked==0", "refused_after_max_ms<5"])
def test_a_figure_that_a_run_does_not_have_fails_its_threshold(good, attempts, goal):
    findings = good(probe=None, attempts=attempts(admitted=50))
    summary = judge(findings, StressOptions(thresholds=(parse_threshold(goal),)))
    (check,) = (check for check in summary.checks if not check.passed)
    assert check.actual == "unknown: not measured in this run"


def test_an_expected_limit_that_was_not_reached_is_missed(good, attempts):
    findings = good(probe=None, attempts=attempts(admitted=50))
    summary = judge(findings, StressOptions(expect_limit=50, expect_refusal="message"))
    assert [check.actual for check in summary.checks if not check.passed] == ["not_reached", "nobody was refused"]


def test_an_expected_limit_must_be_exact(good):
    summary = judge(good(probe=None), StressOptions(expect_limit=20))
    assert failed(summary) == ["limit is 20"]


def test_one_client_too_many_is_exit_3(good):
    probe = replace(PROBE, burst=Trial(15, 50, 6, 44))
    summary = judge(good(probe=probe), StressOptions())
    assert (failed(summary), summary.verdict.exit_code) == (["never one over the limit"], 3)


def test_a_leaked_slot_is_exit_3(good):
    probe = replace(PROBE, reuses=(Reuse(Departure.FIN, None),), held_at_end=19)
    summary = judge(good(probe=probe), StressOptions())
    assert (failed(summary), summary.verdict.exit_code) == (["freed slots are usable again"], 3)
    assert "slots leaked: 1" in summary.verdict.sentence


@pytest.mark.parametrize(
    "facts",
    [
        {"members": (member(unanswered={5}),)},
        {"members": (member(cut=True),)},
        {"misrouted": 1},
        {"corrupted": 1},
    ],
)
def test_a_broken_promise_of_delivery_is_exit_4(good, facts):
    summary = judge(good(**facts), StressOptions())
    assert (len(failed(summary)), summary.verdict.exit_code) == (1, 4)


def test_a_room_that_lost_a_message_is_exit_4(good):
    options = StressOptions(scenario=Scenario.ROOM)
    whole = tuple(
        member(index, [other << 32 | 1 for other in range(3) if other != index], last=1) for index in range(3)
    )
    assert judge(good(options=options, members=whole), options).verdict.exit_code == 0
    summary = judge(good(options=options, members=(*whole[:2], member(2, [1], last=1))), options)
    assert (failed(summary), summary.verdict.exit_code) == (["delivery is whole and in order"], 4)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"cpu_share": 0.9}, "90% of a CPU"),
        ({"send_lags_ns": array("q", [60_000_000] * 20)}, "60 ms late"),
        ({"sends_skipped": 3}, "3 messages were more than a second late"),
        ({"clock_step_ns": 7_000_000}, "stepped by 7 ms"),
    ],
)
def test_figures_of_a_client_that_was_not_up_to_it_are_exit_5(good, facts, reason):
    summary = judge(good(**facts), StressOptions())
    assert reason in summary.findings.health.reasons[0]
    assert (failed(summary), summary.verdict.exit_code) == (["measurement can be trusted"], 5)


def test_of_several_failures_the_gravest_is_the_exit_code(good):
    goal = StressOptions(expect_limit=21)
    assert judge(good(cpu_share=0.9), goal).verdict.exit_code == 5
    assert judge(good(cpu_share=0.9, misrouted=1), goal).verdict.exit_code == 4
    assert judge(good(cpu_share=0.9, misrouted=1, interrupted=True), goal).verdict.exit_code == 130


def test_an_interrupted_run_says_so_first(good):
    summary = judge(good(interrupted=True), StressOptions())
    assert summary.verdict.exit_code == 130
    assert summary.verdict.sentence.startswith("Interrupted. Limit 20")


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"admitted": 20, "backlog": 5}, "5 left waiting"),
        ({"admitted": 20, "backlog": 5, "refused": 1}, "6 refused or left waiting"),
        ({"admitted": 20, "silent": 5}, "No clear limit: 20 of 25 clients were admitted"),
    ],
)
def test_the_sentence_names_what_happened_to_the_others(good, attempts, counts, words):
    assert words in judge(good(probe=None, attempts=attempts(**counts)), StressOptions()).verdict.sentence


def test_every_metric_has_a_figure_or_is_unknown(good):
    assert set(figures(good())) == set(METRICS)
    known = figures(good())
    assert (known["limit"], known["refused"], known["leaked"], known["reuse_max_ms"]) == (20, 30, 0, 2.0)
    assert (known["ack_p50_ms"], known["ack_p99_ms"]) == (2.0, None)
    assert figures(good(probe=None))["leaked"] is None


def test_a_late_answer_is_counted(good):
    assert good(records=spoken(10, late_ms=6_000)).throughput.late == 10


def test_refused_clients_do_not_mix_into_what_admitted_ones_felt(good):
    latencies = good().latency_ms
    assert (latencies.admitted_after.n, latencies.refused_after.n, latencies.connect.n) == (20, 30, 50)


def test_sends_that_the_server_blocked_are_an_error(good):
    (error,) = good(sends_blocked=4).errors
    assert (error.count, "reads too slowly" in error.text) == (4, True)


@pytest.mark.parametrize("interrupted", [True, False])
def test_the_json_report_meets_its_schema(good, interrupted):
    summary = judge(good(interrupted=interrupted, errors={"ERR x": 2}), StressOptions(expect_limit=21))
    document = json.loads(as_json(summary))
    jsonschema.validate(document, schema())
    assert document["schema"] == "chatctl.stress/1"


def test_a_report_of_nothing_meets_the_schema_and_can_be_printed(found):
    summary = judge(found(), StressOptions())
    jsonschema.validate(json.loads(as_json(summary)), schema())
    assert "none was tried" in printed(summary)


def printed(summary, width=80, **how):
    out = io.StringIO()
    print_report(summary, Console(file=out, width=width, **how))
    return out.getvalue()


def test_the_text_report_begins_with_the_verdict_and_the_checks(good):
    lines = printed(judge(good(), StressOptions(expect_limit=20)), width=120).splitlines()
    assert lines[0].startswith("✔ Limit 20 (exact in 3 trials)")
    assert lines[1].split() == ["✔", "limit", "is", "20", "20", "(exact)"]


def test_a_failed_check_has_a_cross_and_its_value(good):
    text = printed(judge(good(), StressOptions(expect_limit=21)))
    assert text.startswith("✘")
    assert re.search(r"✘ limit is 21 +20 \(exact\)", text)


def test_the_sections_come_in_order_of_weight(good):
    options = StressOptions(scenario=Scenario.ROOM)
    heard = (member(0, [1 << 32 | 1]), member(1, [1], cut=True), member(2, []))
    text = printed(judge(good(options=options, members=heard, errors={"ERR x": 1}), options))
    titles = ["Connections", "Limit and slots", "Latency", "Throughput", "Delivery", "Errors", "Soundness"]
    places = [text.index(f"\n{title}") for title in titles]
    assert places == sorted(places)


def test_no_line_is_wider_than_the_terminal_and_no_colour_is_piped(good):
    text = printed(judge(good(), StressOptions()))
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_what_the_server_said_cannot_move_the_cursor_or_be_markup(good, attempts):
    hostile = "ERROR :[red]full[/x]\x1b[2J"
    text = printed(judge(good(attempts=attempts(hostile, admitted=20, refused=30)), StressOptions()))
    assert r"ERROR :[red]full[/x]\x1b[2J" in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"admitted": 5}, "not reached: at least 5; try more"),
        ({"admitted": 5, "silent": 1}, "inconclusive: at least 5"),
    ],
)
def test_a_limit_without_a_value_says_how_many_there_were(good, attempts, state, words):
    assert words in printed(judge(good(probe=None, attempts=attempts(**state)), StressOptions()))


def test_undecided_extras_and_lost_slots_are_shown(good):
    probe = replace(PROBE, trials=(Trial(20, 5, 0, 3),), reuses=(Reuse(Departure.FIN, None),))
    text = printed(judge(good(probe=probe), StressOptions()))
    assert "0 admitted, 3 refused, 2 undecided" in text
    assert re.search(r"left by fin +slot reused 0 of 1 times, never", text)


def test_the_plain_view_writes_one_line_for_each_phase():
    out = io.StringIO()
    with PlainView(Console(file=out, width=40)) as view:
        view.phase("ramp", "50 clients connect, 100 each second, and more", 0.5)
        view.progress(Progress(0, "ramp", 1, 1, 0, 0, 0))
        view.phase("finish", "clients leave", None)
    assert out.getvalue().splitlines() == [
        "ramp: 50 clients connect, 100 each second, and more, 0.5 s",
        "finish: clients leave",
    ]


def test_the_live_view_draws_connections_and_messages_of_all_workers(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("chatctl.stress.live.time.monotonic", lambda: now[0])
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True)
    with LiveView(console, 50) as view:
        view.phase("hold", "20 clients", 11.0)
        for worker in (0, 1):
            now[0] += 1.5
            view.progress(Progress(worker, "hold", 25, 10, 14, 30 * worker, 20 * worker))
        now[0] += 1.5
        view.progress(Progress(0, "hold", 25, 10, 14, 30, 20))
        drawn = Console(file=io.StringIO(), width=80)
        drawn.print(view.draw())
        text = drawn.file.getvalue()
    assert "hold 20 clients  4.5 of 11 s" in text
    assert "20 admitted, 28 not, of 50" in text
    assert "60 sent, 40 acked" in text
    assert "20 admitted, 28 not, of 50" in out.getvalue()
