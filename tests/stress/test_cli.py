"""``chatctl stress`` as a command: options, errors, and whole runs with real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading

import jsonschema
import pytest
from click.testing import CliRunner

from chatctl.cli import main
from chatctl.stress.report_json import schema
from chatctl.stress.spawn import private_server, serve_command

QUICK = ["--duration", "300ms", "--warmup", "0", "--connect-rate", "500/s"]


def run(*args):
    return CliRunner().invoke(main, ["stress", *map(str, args)])


@pytest.fixture(scope="module")
def report():
    """The JSON report of one quick run against a private server with a limit of 20."""
    ended = run("--spawn", 20, "--clients", 50, "--format", "json", *QUICK)
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.stdout)


def test_a_real_report_meets_the_shipped_schema(report):
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(report, schema())


def test_fifty_clients_at_a_limit_of_twenty_are_told_apart(report):
    assert {name: count for name, count in report["outcomes"].items() if count} == {
        "admitted": 20,
        "refused_message": 30,
    }


def test_the_limit_of_the_real_server_is_exact_and_never_overshot(report):
    limit = report["limit"]
    assert (limit["state"], limit["value"], limit["confidence"]) == ("enforced", 20, "exact")
    assert [trial["refused"] for trial in limit["trials"]] == [5, 5, 5]
    assert (limit["overshoot"], limit["scope"], limit["imposed_by"]) == (0, "server", "application")
    assert limit["refusal_texts"] == {"ERROR :Server full (20/20 clients), try again later": 30}


def test_slots_of_the_real_server_come_back_whichever_way_clients_leave(report):
    slots = report["slots"]
    assert [each["departure"] for each in slots["reuse"]] == ["quit", "fin", "rst", "half_close"]
    assert all(each["reused"] == each["departures"] for each in slots["reuse"])
    assert (slots["leaked"], slots["held_at_end"]) == (0, 20)


def test_every_message_to_the_real_server_is_acknowledged(report):
    throughput = report["throughput"]
    assert throughput["sent"] == throughput["acked"] > 0
    assert (throughput["unanswered"], report["cut"]) == (0, 0)


def test_a_room_of_the_real_server_delivers_everything_in_one_order():
    room = ["--scenario", "room", "--rate-per-client", "20/s", "--workers", 2]
    ended = run("--spawn", 12, "-c", 8, "--format", "json", *room, *QUICK)
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    delivery = document["delivery"]
    assert delivery["received"] == delivery["expected"] > 8 * 7
    assert (delivery["lost"], delivery["same_order"]) == (0, True)
    assert (document["limit"]["state"], document["slots"]) == ("not_reached", None)
    assert document["config"]["workers"] == 2


def test_a_limit_is_probed_while_several_workers_hold_the_clients():
    ended = run("--spawn", 6, "-c", 9, "--workers", 2, "-r", "40/s", "--expect-limit", 6, "--format", "json", *QUICK)
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    assert document["limit"]["confidence"] == "exact"
    assert document["collateral_ms"]["during"]["n"] > 0


def test_a_wrong_expectation_is_exit_3_and_a_cross(serving):
    server = serving("polite")
    ended = run("-p", server.port, "-c", 6, "--expect-limit", 5, *QUICK)
    assert ended.exit_code == 3
    assert ended.stdout.startswith("✘ Limit 4 (exact in 3 trials)")
    assert "✘ limit is 5" in ended.stdout
    assert "ramp: 6 clients" in ended.stderr


def test_a_server_that_queues_is_run_through_to_the_end(serving):
    server = serving("pool")
    quick = ["--admit-timeout", "150ms", *QUICK]
    ended = run("-p", server.port, "-c", 6, "--expect-refusal", "queued-application", *quick)
    assert ended.exit_code == 0, ended.output
    assert "Limit 4 (exact in 3 trials): 4 admitted, 2 left waiting" in " ".join(ended.stdout.split())


def test_any_line_server_can_be_described_with_patterns(serving):
    server = serving("polite")
    described = ["--protocol", "line", "--admitted-on", "^Welcome", "--refused-on", "full", "--send", "{payload}"]
    ended = run("-p", server.port, "-c", 6, *described, "--format", "json", *QUICK)
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    assert [each["departure"] for each in document["slots"]["reuse"]] == ["fin", "rst", "half_close"]
    assert document["throughput"]["acked"] > 0
    assert document["delivery"] is None


def test_idle_line_clients_need_no_message(serving):
    server = serving("polite")
    ended = run("-p", server.port, "-c", 6, "--protocol", "line", "--admitted-on", "^Welcome", *QUICK)
    assert ended.exit_code == 0, ended.output


def test_the_report_goes_to_a_file_if_asked(serving, tmp_path):
    server = serving("polite")
    file = tmp_path / "run.json"
    ended = run("-p", server.port, "-c", 2, "--format", "json", "-o", file, *QUICK)
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert "All 2 clients were admitted" in ended.stderr
    jsonschema.validate(json.loads(file.read_text()), schema())


def test_a_file_that_cannot_be_written_stops_the_run_before_it_begins(tmp_path):
    ended = run("-o", tmp_path / "missing" / "run.json")
    assert ended.exit_code == 1
    assert "cannot write" in ended.stderr
    assert "choose another file" in ended.stderr


def test_where_nobody_listens_one_sentence_names_the_remedy():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        ended = run("-p", unused.getsockname()[1], "--no-live")
    assert ended.exit_code == 1
    assert "nothing listens there; start a server with `chatctl serve`" in ended.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--duration", "soon"], "'soon' is no duration; write 10s"),
        (["--duration", "0"], "nothing happens in no time; use 500ms or more"),
        (["--connect-rate", "0"], "write a rate above 0"),
        (["--rate", "1/fortnight"], "is no rate; write 1/s"),
        (["-r", "5/s", "--rate-per-client", "1/s"], "give one of them"),
        (["--clients", "0"], "1<=x<=20000"),
        (["--size", "10"], "48<=x<=2000"),
        (["--workers", "0"], "write auto or 1 to 99"),
        (["--threshold", "ack_p99_ms"], "write METRIC<NUMBER"),
        (["--threshold", "speed>1"], "there is no metric 'speed'; choose from connect_p50_ms"),
        (["--expect-refusal", "rudely"], "'rudely' is not one of"),
        (["--scenario", "churn"], "'churn' is not one of"),
        (["--spawn", "5", "--port", "1"], "leave out --host and --port"),
        (["--send", "hi"], "--send describes another server; add --protocol line"),
        (["--protocol", "line"], "name it with --admitted-on PATTERN"),
        (["--protocol", "line", "--admitted-on", "("], "'(' is no regular expression"),
        (["--protocol", "line", "--admitted-on", "x", "--send", "hi"], "has no {payload}"),
        (["--protocol", "line", "--admitted-on", "x", "--scenario", "room"], "room needs messages"),
        (["--host"], "requires an argument"),
    ],
)
def test_a_bad_value_is_a_usage_error_with_fact_and_remedy(args, said):
    ended = run(*args)
    assert ended.exit_code == 2
    assert said in " ".join(ended.stderr.split())


def test_the_help_names_units_defaults_and_exit_codes():
    text = run("-h").stdout
    assert "[default: 10s]" in text
    assert "130  interrupted" in text


def stress_process(*args):
    command = [sys.executable, "-m", "chatctl", "stress", "--no-live", *map(str, args)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


@pytest.mark.parametrize(
    ("number", "phase", "options"),
    [
        (signal.SIGINT, "hold", []),
        (signal.SIGTERM, "hold", []),
        (signal.SIGINT, "probe", ["--duration", "300ms", "--warmup", "0"]),
    ],
)
def test_an_interrupted_run_reports_what_there_is_and_ends_130(number, phase, options):
    process = stress_process("--spawn", 4, "-c", 6, "--connect-rate", 500, "--format", "json", *options)
    with process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(phase):
                break
        os.killpg(process.pid, signal.SIGINT) if number is signal.SIGINT else process.send_signal(number)
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 130, stderr
    document = json.loads(stdout)
    jsonschema.validate(document, schema())
    assert document["run"]["interrupted"]
    assert (document["outcomes"]["admitted"], document["limit"]["confidence"]) == (4, "untried")
    assert "Traceback" not in stderr


def test_an_interrupt_before_anything_was_measured_says_so(serving, polite_server):
    class Silent(polite_server):
        def admit(self, sock):
            self.run(sock.recv, 1, socket.MSG_PEEK)
            seen.set()

    seen = threading.Event()
    server = serving(Silent)
    process = stress_process("-p", server.port, "--admit-timeout", "30s")
    with process:
        assert seen.wait(10)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout) == (130, "")
    assert stderr.endswith("interrupted before there was anything to report\n")


def test_the_private_server_ends_with_its_run():
    with private_server(serve_command(3)) as (host, port), socket.create_connection((host, port)) as visitor:
        assert visitor.recv(100)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port))
