"""The benchmark runs, and its load generator counts right; how fast anything is, is no test."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("gcc") is None or not sys.platform.startswith("linux"),
    reason="the load generator needs gcc and Linux",
)


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("chatctl_bench", Path(__file__).parent / "bench.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look up the module that they are made in.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def program(bench: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bench.build(tmp_path_factory.mktemp("load"))


@pytest.mark.parametrize("server", ["SHARED", "TEXTBOOK"])
def test_every_message_of_a_short_load_is_acknowledged_and_delivered(
    bench: ModuleType, program: Path, tmp_path: Path, server: str
) -> None:
    clients = 12
    echo = bench.Load(clients, "-m echo -w 2 -d 0.3 -u 0.1")
    room = bench.Load(clients, "-m room -a 4 -d 0.3 -u 0.1")
    with bench.started(getattr(bench, server).command(clients, tmp_path)) as (port, pid):
        for load in (echo, room):
            result = bench.generate(program, port, pid, load)
            assert bench.problems(result) == []
            assert result["inside"] == clients
            assert result["acks"] > 0
            assert result["p50_us"] <= result["p99_us"] <= result["max_us"]
    # Copies of messages under way at either end of the measured time are counted in part.
    assert abs(result["deliveries"] - result["acks"] * (clients - 1)) <= 2 * 4 * (clients - 1)


def test_a_row_says_how_many_times_better_in_either_direction(bench: ModuleType) -> None:
    results = {"shared": [[{"acks_s": 30.0, "p99_us": 2000.0}]], "textbook": [[{"acks_s": 10.0, "p99_us": 8000.0}]]}
    assert bench.Row.of("echo", bench.ACKS, results).advantage("shared") == 3
    assert bench.Row.of("echo", bench._p99(), results).advantage("shared") == 4
