"""The benchmark runs, and its load generator counts right; how fast anything is, is no test."""

from __future__ import annotations

import importlib
import shutil
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("gcc") is None or not sys.platform.startswith("linux"),
    reason="the load generator needs gcc and Linux",
)


@pytest.fixture(scope="module")
def bench() -> Iterator[ModuleType]:
    """The benchmark's program; its parts find each other as they do when it is run."""
    here = str(Path(__file__).parent)
    sys.path.insert(0, here)
    try:
        yield importlib.import_module("bench")
    finally:
        sys.path.remove(here)
        for name in ("bench", "report", "scenarios", "servers"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def servers(bench: ModuleType) -> ModuleType:
    return importlib.import_module("servers")


@pytest.fixture(scope="module")
def scenarios(bench: ModuleType) -> ModuleType:
    return importlib.import_module("scenarios")


@pytest.fixture(scope="module")
def report(bench: ModuleType) -> ModuleType:
    return importlib.import_module("report")


@pytest.fixture(scope="module")
def program(bench: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bench.build(tmp_path_factory.mktemp("load"))


CLIENTS, TALKERS = 12, 4


def trouble(bench: ModuleType, result: dict[str, float]) -> list[str]:
    """Return what went wrong, whatever the machine had to do."""
    return bench.problems({**result, "load_cpu": 0})


@pytest.mark.parametrize(
    ("server", "protocol", "under_way"),
    [("SHARED", "", 1), ("TEXTBOOK", "", 1), ("SHARED", "-i ", 16), ("THREADS", "-i ", 3)],
)
def test_every_message_of_a_short_load_is_acknowledged_and_delivered(
    bench: ModuleType, servers: ModuleType, program: Path, tmp_path: Path, server: str, protocol: str, under_way: int
) -> None:
    echo = bench.Load(CLIENTS, f"{protocol}-m echo -w 2 -d 0.3 -u 0.1")
    room = bench.Load(CLIENTS, f"{protocol}-m room -a {TALKERS} -w {under_way} -d 0.3 -u 0.1")
    for load, folder in ((echo, tmp_path / "echo"), (room, tmp_path / "room")):
        # A server each, as in the benchmark: IRC clients of the first load may still hold their names.
        folder.mkdir()
        with servers.started(getattr(servers, server).launch(CLIENTS, folder)) as (port, pid):
            result = bench.generate(program, port, pid, load, 100)
        assert trouble(bench, result) == []
        assert result["inside"] == CLIENTS
        assert result["acks"] > 0
        assert result["p50_us"] <= result["p99_us"] <= result["max_us"]
    # Copies of messages under way at either end of the measured time are counted in part.
    under_way_at_an_end = TALKERS * under_way * (CLIENTS - 1)
    assert abs(result["deliveries"] - result["acks"] * (CLIENTS - 1)) <= 2 * under_way_at_an_end


def test_what_an_irc_server_gets_wrong_is_counted(program: Path, bench: ModuleType) -> None:
    wrong = (
        "PING :still there",
        # The sender's first message is its number 0, and it is bSENDER who says it.
        ":b0!b@h PRIVMSG #b0 :0-1-x",
        ":b1!b@h PRIVMSG #b0 :0-0-x",
        ":x 404 b1 #b0 :no",
        "FAIL PRIVMSG NO :no",
    )
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as other:
        load = bench.Load(2, "-i -m room -a 1 -d 0.1 -u 0")
        result = other.submit(bench.generate, program, listener.getsockname()[1], 0, load, 2)
        with listener.accept()[0] as talker, listener.accept()[0] as hearer, talker.makefile() as said:
            for peer in (talker, hearer):
                peer.sendall(b":s 001 b :hello\r\n:s 422 b :nothing of the day\r\n:s 366 b #b0 :\r\n")
            for line in said:
                if line.startswith("PRIVMSG"):
                    hearer.sendall("".join(f"{text}\r\n" for text in (*wrong, f":b0!b@h {line.rstrip()}")).encode())
                    wrong = ()
            assert b"PONG :still there\r\n" in hearer.recv(1 << 16)
    counts = result.result()
    assert (counts["wrong"], counts["errors"], counts["undelivered"]) == (2, 2, 0)
    assert counts["deliveries"] > 0


def test_a_refused_registration_is_counted(program: Path, bench: ModuleType) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as other:
        load = bench.Load(1, "-i -d 0.1")
        result = other.submit(bench.generate, program, listener.getsockname()[1], 0, load, 1)
        with listener.accept()[0] as peer:
            peer.sendall(b":s 433 * b0 :taken\r\n")
            assert trouble(bench, result.result()) == ["1 refused"]


def test_a_server_that_is_not_installed_is_left_out_and_said_so(
    bench: ModuleType, servers: ModuleType, scenarios: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = replace(servers.NGIRCD, program="no-such-server")
    field = replace(scenarios.IRC, own=(), others=(absent,))
    monkeypatch.setitem(scenarios.SCENARIOS, "irc-ping1000", replace(scenarios.SCENARIOS["irc-ping1000"], field=field))
    made = bench.Bench(Path("load"), 1, None, print)
    made.measure("irc-ping1000")
    assert made.notes == ["irc-ping1000, ngIRCd: skipped, no-such-server is not installed"]
    assert all(row.median(absent) is None for row in made.rows)


def test_a_row_says_how_many_times_better_in_either_direction(
    report: ModuleType, scenarios: ModuleType, servers: ModuleType
) -> None:
    results = {"shared": [[{"acks_s": 30.0, "p99_us": 2000.0}]], "textbook": [[{"acks_s": 10.0, "p99_us": 8000.0}]]}
    for figure, times in ((scenarios.ACKS, 3), (scenarios.p99(), 4)):
        row = report.Row.of("echo50", scenarios.TEXT, figure, results)
        assert row.advantage(servers.SHARED, servers.TEXTBOOK) == times


def test_the_markdown_table_has_a_row_for_each_figure(report: ModuleType, scenarios: ModuleType) -> None:
    results = {"shared": [[{"acks_s": 300.0}]], "ngircd": [[{"acks_s": 1200.0}]]}
    row = report.Row.of("irc-ping1000", scenarios.IRC, scenarios.ACKS, results)
    head, _, line = report.markdown([row]).splitlines()
    assert head.startswith("| scenario | figure | chatctl, a thread per client | chatctl, a shared reader | ngIRCd |")
    assert line == ("| irc-ping1000 | acks/s | - | 300 (300-300) | 1,200 (1,200-1,200) | - | - | 0.25x | - | - |")
