"""Fuzzing by hand: ``python tests/fuzz/fuzz.py TARGET --minutes 10 [--engine atheris]``.

Hypothesis makes inputs from a description of what gets far, and makes a failing one small. Atheris (``pip install
atheris``) begins with some of those and goes where the coverage leads. Both end with 1 and a test to paste at the
first input that breaks a promise.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import click
from hypothesis import HealthCheck, given, settings

sys.path.insert(0, str(Path(__file__).parent))

from targets import TARGETS, Target

PROGRESS_EVERY = 10.0
"""Seconds between two lines that tell how far it is."""

ROUND = 500
"""Inputs that hypothesis tries before it begins anew."""

SEEDS = 300
"""Inputs that atheris begins with."""

LONGEST_INPUT = 20_000
_STATE = re.compile(r"#(\d+)\s.*cov: (\d+)")
_RUNS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


class Crash(Exception):
    """An input that breaks a promise, and how."""

    def __init__(self, data: bytes, how: str) -> None:
        super().__init__(how)
        self.data = data


class Progress:
    """Counts runs and says so."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._begun = self._told = time.monotonic()
        self.runs = 0
        self.coverage = 0

    @property
    def seconds(self) -> float:
        """How long it has been."""
        return time.monotonic() - self._begun

    def look(self) -> None:
        """Say how far it is, if it is time to."""
        if time.monotonic() - self._told >= PROGRESS_EVERY:
            self._told = time.monotonic()
            click.echo(self.line())

    def line(self) -> str:
        """Return how far it is."""
        covered = f", coverage {self.coverage:,}" if self.coverage else ""
        rate = self.runs / max(self.seconds, 0.001)
        return f"{self._name}: {self.seconds:.0f} s, {self.runs:,} runs, {rate:,.0f} runs/s{covered}"


def reproducer(name: str, data: bytes) -> str:
    """Return a test that fails as the input did."""
    return f'def test_what_fuzzing_found(targets):\n    targets["{name}"].run(\n        {data!r}\n    )'


def try_hypothesis(target: Target, runs: int, tried: Callable[[], None] = lambda: None) -> None:
    """Try so many inputs; raises ``Crash`` with the smallest one found that breaks a promise."""
    last = b""

    @settings(
        max_examples=runs, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    @given(target.inputs)
    def promise(data: bytes) -> None:
        nonlocal last
        last = data
        tried()
        target.run(data)

    try:
        promise()
    except Exception as error:
        raise Crash(last, "".join(traceback.format_exception(error))) from error


def fuzz_with_hypothesis(name: str, seconds: float, progress: Progress) -> None:
    """Try inputs until the time is over; raises ``Crash``."""

    def tried() -> None:
        progress.runs += 1
        progress.look()

    while progress.seconds < seconds:
        try_hypothesis(TARGETS[name], ROUND, tried)


def fuzz_with_atheris(name: str, seconds: float, progress: Progress) -> None:
    """Have another process try inputs until the time is over; raises ``Crash``."""
    if importlib.util.find_spec("atheris") is None:
        raise click.ClickException("atheris is not installed; pip install atheris")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        write_seeds(TARGETS[name], corpus)
        arguments = [f"-max_total_time={seconds:.0f}", f"-artifact_prefix={folder}/", f"-max_len={LONGEST_INPUT}"]
        program = Path(__file__).with_name("atheris_engine.py")
        command = [sys.executable, program, name, *arguments, "-print_final_stats=1", "-timeout=60", corpus]
        said: list[str] = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                _follow(line, progress, said)
        if process.returncode:
            found = sorted(path for path in Path(folder).iterdir() if path.is_file())
            raise Crash(found[0].read_bytes() if found else b"", "".join(said[-60:]))


def _follow(line: str, progress: Progress, said: list[str]) -> None:
    if (state := _STATE.match(line)) is not None:
        progress.runs, progress.coverage = int(state[1]), int(state[2])
    elif (runs := _RUNS.match(line)) is not None:
        progress.runs = int(runs[1])
    else:
        said.append(line)
    progress.look()


def write_seeds(target: Target, folder: Path) -> None:
    """Write inputs that get far, each into a file."""
    seeds: list[bytes] = []
    try_hypothesis(Target(seeds.append, target.inputs), SEEDS)
    for number, seed in enumerate(seeds):
        (folder / f"seed-{number}").write_bytes(seed)


ENGINES = {"hypothesis": fuzz_with_hypothesis, "atheris": fuzz_with_atheris}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", metavar="TARGET", type=click.Choice(list(TARGETS)))
@click.option("--minutes", type=click.FloatRange(0, min_open=True), default=10.0, show_default=True)
@click.option("--engine", type=click.Choice(list(ENGINES)), default="hypothesis", show_default=True)
def main(name: str, minutes: float, engine: str) -> None:
    """Fuzz TARGET until the time is over or an input breaks a promise."""
    progress = Progress(f"{name} ({engine})")
    try:
        ENGINES[engine](name, 60 * minutes, progress)
    except Crash as crash:
        click.echo(f"{crash}\n{progress.line()}, 1 crash\n\n{reproducer(name, crash.data)}")
        sys.exit(1)
    click.echo(f"{progress.line()}, no crash")


if __name__ == "__main__":
    main()
