"""How fast chatctl is, next to the usual way of writing a chat server: ``python tests/bench/bench.py [SCENARIO...]``.

Each scenario is run on chatctl with a thread for each client, on chatctl with a shared reader, and on
``textbook.py``, in turn. What counts are the ratios of one run: absolute figures belong to the machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import resource
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
START_LIMIT = 20.0
"""Seconds that a server has to say that it listens."""

LOAD_LIMIT = 200
"""Seconds that one load may last; the generator itself gives up earlier."""

STOP_LIMIT = 5.0
"""Seconds that a server has to stop; its data is thrown away, so that nothing is lost after that."""

STATUS_LIMIT = 10.0
BUSY = 0.9
"""Share of a core above which the load generator, not the server, may be what is measured."""

PAIRS = 5
"""Runs at least of a scenario that compares two loads with each other."""

Result = dict[str, float]


@dataclass(frozen=True)
class Server:
    """A server to measure: ``command`` returns how it is started for so many clients with a data folder."""

    key: str
    title: str
    command: Callable[[int, Path], list[str]]
    thread_each: bool
    has_status: bool = True


def _chatctl(readers: str) -> Callable[[int, Path], list[str]]:
    options = f"serve -p 0 --log-format json --log-level warning --reader-threads {readers}".split()
    return lambda clients, folder: [
        *(sys.executable, "-m", "chatctl", *options),
        *("--max-clients", str(clients + 10), "--data-dir", str(folder)),
    ]


def _textbook(clients: int, folder: Path) -> list[str]:
    return [sys.executable, str(HERE / "textbook.py"), "--data-dir", str(folder)]


THREADS = Server("per-client", "chatctl, a thread per client", _chatctl("per-client"), thread_each=True)
SHARED = Server("shared", "chatctl, a shared reader", _chatctl("1"), thread_each=False)
TEXTBOOK = Server("textbook", "textbook", _textbook, thread_each=True, has_status=False)
SERVERS = (THREADS, SHARED, TEXTBOOK)


@dataclass(frozen=True)
class Load:
    """What the load generator does: its options, and how many clients that means."""

    clients: int
    options: str

    def arguments(self) -> list[str]:
        return ["-n", str(self.clients), *self.options.split()]


@dataclass(frozen=True)
class Figure:
    """A figure of a load: its key in the generator's answer, and what to divide it by to print it."""

    title: str
    key: str
    scale: float = 1.0
    more_is_better: bool | None = True
    load: int = 0


def _p99(title: str = "p99, ms", load: int = 0) -> Figure:
    return Figure(title, "p99_us", 1000, more_is_better=False, load=load)


ACKS = Figure("acks/s", "acks_s")
DELIVERIES = Figure("deliveries/s", "deliveries_s")
P50 = Figure("p50, ms", "p50_us", 1000, more_is_better=False)


@dataclass(frozen=True)
class Scenario:
    """Loads, run one after the other on fresh servers, and the figures to show of them."""

    loads: tuple[Load, ...]
    figures: tuple[Figure, ...]
    servers: tuple[Server, ...] = SERVERS

    def runs(self, asked: int) -> int:
        return max(asked, PAIRS) if self.figures[-1].key == "cut" else asked


def _room(clients: int, talkers: int) -> Scenario:
    return Scenario((Load(clients, f"-m room -a {talkers} -d 2"),), (DELIVERIES, _p99()))


SCENARIOS = {
    "echo50": Scenario((Load(50, "-d 2"),), (ACKS, _p99())),
    "echo1000": Scenario((Load(1000, "-d 2"),), (ACKS, _p99())),
    "echo10000": Scenario((Load(10000, "-d 3"),), (ACKS, _p99()), (SHARED, TEXTBOOK)),
    "pipeline50": Scenario((Load(50, "-w 16 -d 2"),), (ACKS, _p99())),
    "open10000": Scenario((Load(10000, "-r 5000 -d 4"),), (P50, _p99())),
    "hold10000": Scenario(
        (Load(1, "-d 2"), Load(10000, "-a 1 -d 2")),
        (
            _p99("p99 alone, ms", 0),
            _p99("p99 among 10,000, ms", 1),
            Figure("memory per client, KiB", "rss_per_client_kib", more_is_better=False, load=1),
        ),
    ),
    "room50": _room(50, 10),
    "room500": _room(500, 50),
    "room2000": _room(2000, 100),
    "slow-reader": Scenario(
        (Load(200, "-m room -a 10 -z 900 -d 6"), Load(200, "-m room -a 10 -z 900 -d 6 -k 1")),
        (
            _p99("p99 when all read, ms", 0),
            _p99("p99 with one that stopped, ms", 1),
            Figure("longest pause when all read, ms", "pause_us", 1000, more_is_better=False, load=0),
            Figure("longest pause with one that stopped, ms", "pause_us", 1000, more_is_better=False, load=1),
            Figure("clients cut (sendq)", "cut", more_is_better=None, load=1),
        ),
    ),
}


def build(folder: Path) -> Path:
    """Compile the load generator into ``folder``."""
    program = folder / "load"
    subprocess.run(["gcc", "-O2", "-o", program, HERE / "load.c"], check=True)
    return program


def raise_file_limit() -> None:
    """Let this process and those it starts open as many files as they may."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def why_not(server: Server, clients: int) -> str | None:
    """Return why the machine does not allow ``server`` so many clients, or None."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    needed = clients * 5 // 4 + 100
    if files != resource.RLIM_INFINITY and files < needed:
        return f"{needed} descriptors are needed, {files} allowed"
    threads = _thread_limit()
    if server.thread_each and threads < clients + 200:
        return f"{clients} threads are needed, {threads} allowed"
    return None


def _thread_limit() -> int:
    limits = [int(Path(f"/proc/sys/kernel/{name}").read_text()) for name in ("threads-max", "pid_max")]
    # A thread's stack and its guard page are two maps.
    limits.append(int(Path("/proc/sys/vm/max_map_count").read_text()) // 2)
    own = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    return min(limits) if own == resource.RLIM_INFINITY else min(*limits, own)


@contextlib.contextmanager
def started(command: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Run a server as long as the block lasts; yields its port and its process id."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            said = process.stdout.readline() if selector.select(START_LIMIT) else ""
        found = re.search(r"127\.0\.0\.1:(\d+)", said)
        if found is None:
            raise click.ClickException(f"{' '.join(command)} does not listen: {said!r}")
        yield int(found[1]), process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_LIMIT)
        process.kill()
        process.wait()
        process.stdout.close()


def generate(program: Path, port: int, pid: int, load: Load) -> Result:
    """Put ``load`` on a server that runs and return what the generator says."""
    arguments = [str(program), "-p", str(port), "-P", str(pid), *load.arguments()]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, text=True, timeout=LOAD_LIMIT)
    if done.returncode:
        raise click.ClickException(f"the load generator ended with {done.returncode}")
    result: Result = json.loads(done.stdout)
    return result


def sessions_cut(port: int) -> int:
    """Ask the server how many sessions it ended because the peer did not read."""
    with socket.create_connection(("127.0.0.1", port), STATUS_LIMIT) as sock, sock.makefile("r") as lines:
        sock.sendall(b"\n/status all\nexit\n")
        return sum(line.rstrip().endswith("sendq") for line in lines)


def problems(result: Result) -> list[str]:
    """Return what went wrong in a load, as people say it."""
    found = [f"{result[key]:,} {key}" for key in ("refused", "died", "errors", "wrong", "unsent") if result[key]]
    if result["unanswered"]:
        found.append(f"{result['unanswered']:,} messages unanswered")
    if result["undelivered"]:
        found.append(f"{result['undelivered']:,} copies undelivered")
    if result["load_cpu"] > BUSY:
        found.append(f"the load generator was busy {result['load_cpu']:.0%} of the time")
    return found


class Bench:
    """Runs scenarios and keeps what to tell: a row for each figure, notes for what is not as it should be."""

    def __init__(self, program: Path, runs: int, core: int | None, tell: Callable[[str], None]) -> None:
        self.rows: list[Row] = []
        self.skipped: list[str] = []
        self._problems: dict[str, list[str]] = {}
        self._program = program
        self._runs = runs
        self._prefix = [] if core is None else ["taskset", "-c", str(core)]
        self._tell = tell

    @property
    def notes(self) -> list[str]:
        """What is not as it should be."""
        troubled = [f"{where}: {found[0]} (runs with trouble: {len(found)})" for where, found in self._problems.items()]
        return self.skipped + troubled

    def measure(self, name: str) -> None:
        """Run a scenario, all its servers in turn, and add its rows."""
        scenario = SCENARIOS[name]
        able = [server for server in scenario.servers if self._allowed(name, server, scenario)]
        results: dict[str, list[list[Result]]] = {server.key: [] for server in able}
        runs = scenario.runs(self._runs)
        for run in range(runs):
            for server in able:
                self._tell(f"{name}, run {run + 1} of {runs}: {server.title}")
                # In alternation, so that neither load always comes second.
                order = list(range(len(scenario.loads)))[:: -1 if run % 2 else 1]
                made = {index: self._once(name, server, scenario.loads[index]) for index in order}
                results[server.key].append([made[index] for index in sorted(made)])
        self.rows.extend(Row.of(name, figure, results) for figure in scenario.figures)

    def _allowed(self, name: str, server: Server, scenario: Scenario) -> bool:
        reason = why_not(server, max(load.clients for load in scenario.loads))
        if reason is not None:
            self.skipped.append(f"{name}, {server.title}: skipped, {reason}")
        return reason is None

    def _once(self, name: str, server: Server, load: Load) -> Result:
        with tempfile.TemporaryDirectory(prefix="chatctl-bench-") as folder:
            command = [*self._prefix, *server.command(load.clients, Path(folder))]
            with started(command) as (port, pid):
                result = generate(self._program, port, pid, load)
                if "-k" in load.options and server.has_status:
                    result["cut"] = sessions_cut(port)
        found = problems(result)
        if found:
            self._problems.setdefault(f"{name}, {server.title}", []).append(", ".join(found))
        return result


@dataclass(frozen=True)
class Row:
    """A figure of all servers: each one's value in every run, in the unit that the title names."""

    scenario: str
    figure: str
    more_is_better: bool | None
    values: dict[str, list[float]]

    @classmethod
    def of(cls, scenario: str, figure: Figure, results: dict[str, list[list[Result]]]) -> Row:
        values = {
            key: [run[figure.load][figure.key] / figure.scale for run in runs if figure.key in run[figure.load]]
            for key, runs in results.items()
        }
        return cls(scenario, figure.title, figure.more_is_better, values)

    def median(self, key: str) -> float | None:
        return median(self.values[key]) if self.values.get(key) else None

    def advantage(self, key: str) -> float | None:
        """Return how many times better than the textbook server it is; below 1 is worse."""
        own, other = self.median(key), self.median(TEXTBOOK.key)
        if self.more_is_better is None or not own or not other:
            return None
        return own / other if self.more_is_better else other / own

    def cells(self) -> list[str]:
        ratios = [self.advantage(server.key) for server in (THREADS, SHARED)]
        return [
            self.scenario,
            self.figure,
            *(self._cell(server.key) for server in SERVERS),
            *("-" if ratio is None else _ratio(ratio) for ratio in ratios),
        ]

    def _cell(self, key: str) -> str:
        middle = self.median(key)
        if middle is None:
            return "-"
        return f"{_number(middle)} ({_number(min(self.values[key]))}-{_number(max(self.values[key]))})"


def _ratio(ratio: float) -> str:
    if ratio > 1000:
        # Next to a server that stands still any number comes out.
        return ">1000x"
    return f"{ratio:.0f}x" if ratio >= 10 else f"{ratio:.2g}x"


def _number(value: float) -> str:
    """Return three digits of a number."""
    if value >= 100:
        digits = len(str(int(value))) - 3
        return f"{round(value, -digits):,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def environment() -> str:
    """Return what the figures were measured on."""
    models = re.findall(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    cores = len(os.sched_getaffinity(0))
    return (
        f"{models[0] if models else platform.machine()}, {cores} cores;"
        f" {platform.python_implementation()} {platform.python_version()}; Linux {platform.release()}"
    )


def table(rows: Sequence[Row]) -> Table:
    """Return the rows as a table of medians with their spread, and the ratios to the textbook server."""
    drawn = Table("scenario", "figure", title="median (least-most) and how many times better than the textbook server")
    for title in (*(server.title for server in SERVERS), "thread per client", "shared reader"):
        drawn.add_column(title, justify="right")
    before = ""
    for row in rows:
        if before and row.scenario != before:
            drawn.add_section()
        cells = row.cells()
        drawn.add_row(cells[0] if row.scenario != before else "", *cells[1:])
        before = row.scenario
    return drawn


def as_json(bench: Bench) -> str:
    rows = [
        {
            **asdict(row),
            "medians": {key: row.median(key) for key in row.values},
            "times_better": {server.key: row.advantage(server.key) for server in (THREADS, SHARED)},
        }
        for row in bench.rows
    ]
    return json.dumps({"environment": environment(), "rows": rows, "notes": bench.notes}, indent=1)


@click.command()
@click.argument("scenarios", nargs=-1, type=click.Choice(list(SCENARIOS)), metavar="[SCENARIO]...")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1, 50), help="Runs of each scenario.")
@click.option("--server-core", type=click.IntRange(0), help="Run each server on this processor core alone (taskset).")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON instead of a table.")
def main(scenarios: tuple[str, ...], runs: int, server_core: int | None, json_wanted: bool) -> None:
    """Measure chatctl next to the textbook chat server; all scenarios unless some are named.

    \b
    echo50, echo1000, echo10000  each client alone in a room, one message under way
    pipeline50                   the same with 16 under way
    open10000                    5,000 messages/s over 10,000 clients, from when they were due
    hold10000                    one client talks, 9,999 only hold their connection
    room50, room500, room2000    one room, 10, 50, 100 of its members talk
    slow-reader                  a room of 200 with one client that does not read any more
    """
    for tool in ("gcc", "taskset") if server_core is not None else ("gcc",):
        if shutil.which(tool) is None:
            raise click.ClickException(f"{tool} is needed and not installed")
    raise_file_limit()
    # However it is stopped, the server of the moment goes with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="chatctl-bench-") as folder:
        bench = Bench(build(Path(folder)), runs, server_core, lambda text: click.echo(text, err=True))
        for name in scenarios or SCENARIOS:
            bench.measure(name)
    if json_wanted:
        click.echo(as_json(bench))
        return
    console = Console(width=None if sys.stdout.isatty() else 190)
    console.print(table(bench.rows))
    for line in (*bench.notes, environment()):
        console.print(line, highlight=False, markup=False)


if __name__ == "__main__":
    main()
