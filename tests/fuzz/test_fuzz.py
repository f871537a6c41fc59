"""Each target for a moment, in the slow ring for longer; and the runner says what it found."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner
from hypothesis import strategies as st

SECONDS = float(os.environ.get("FUZZ_SECONDS", "15"))
"""How long the slow ring fuzzes each target."""

MOMENT = {"sniffer": 120, "lines": 100, "irc": 40, "http": 60, "client": 60}
"""Inputs that the regular tests try: about half a second each."""


@pytest.fixture(scope="module")
def fuzz() -> Iterator[ModuleType]:
    """The runner; its parts find each other as they do when it is run."""
    here = str(Path(__file__).parent)
    sys.path.insert(0, here)
    try:
        yield importlib.import_module("fuzz")
    finally:
        sys.path.remove(here)


@pytest.fixture
def broken(fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The runner with a target that breaks its promise."""

    def run(data: bytes) -> None:
        assert b"x" not in data

    monkeypatch.setitem(fuzz.TARGETS, "lines", fuzz.Target(run, st.binary()))
    return fuzz


@pytest.mark.parametrize("name", MOMENT)
def test_a_moment_of(fuzz: ModuleType, name: str) -> None:
    fuzz.try_hypothesis(fuzz.TARGETS[name], MOMENT[name])


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("engine", ["hypothesis", "atheris"])
@pytest.mark.parametrize("name", MOMENT)
def test_a_while_of(fuzz: ModuleType, name: str, engine: str) -> None:
    if importlib.util.find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed")
    progress = fuzz.Progress(name)
    fuzz.ENGINES[engine](name, SECONDS, progress)
    assert progress.runs


def test_every_target_is_tried(fuzz: ModuleType) -> None:
    assert MOMENT.keys() == fuzz.TARGETS.keys()


@pytest.mark.parametrize("name", MOMENT)
@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\xff" * 40, b"\n\n", bytes(range(256))], ids=["none", "zero", "ff", "lf", "all"]
)
def test_any_bytes_are_an_input(fuzz: ModuleType, name: str, data: bytes) -> None:
    fuzz.TARGETS[name].run(data)


def test_a_broken_promise_ends_the_runner_with_the_smallest_input_as_a_test(broken: ModuleType) -> None:
    result = CliRunner().invoke(broken.main, ["lines", "--minutes", "1"])
    assert result.exit_code == 1
    assert "1 crash" in result.output
    test: dict[str, object] = {}
    exec(result.output[result.output.index("def test_") :], test)
    with pytest.raises(AssertionError):
        test["test_what_fuzzing_found"](broken.TARGETS)  # type: ignore[operator]
    assert "b'x'" in result.output


def test_kept_promises_end_it_with_the_number_of_runs(fuzz: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fuzz.TARGETS, "lines", fuzz.Target(lambda data: None, st.binary()))
    result = CliRunner().invoke(fuzz.main, ["lines", "--minutes", "0.0001"])
    assert result.exit_code == 0
    assert f"{fuzz.ROUND} runs" in result.output
    assert "no crash" in result.output
