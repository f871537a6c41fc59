"""How fast chatctl is, next to other chat servers: ``python tests/bench/bench.py [SCENARIO...]``.

Each scenario is run on chatctl with a thread for each client, on chatctl with a shared reader, and in turn on the
others: ``textbook.py``, the usual way of writing a chat server, or for IRC those of ngIRCd and InspIRCd that are
installed. What counts are the ratios of one run: absolute figures belong to the machine.
"""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
from report import Result, Row, as_json, environment, markdown, tables
from rich.console import Console
from scenarios import SCENARIOS, Load, Scenario
from servers import HERE, Server, raise_file_limit, started, why_not

LOAD_LIMIT = 200
"""Seconds that one load may last; the generator itself gives up earlier."""

STATUS_LIMIT = 10.0
BUSY = 0.9
"""Share of a core above which the load generator, not the server, may be what is measured."""


def build(folder: Path) -> Path:
    """Compile the load generator into ``folder``."""
    program = folder / "load"
    subprocess.run(["gcc", "-O2", "-o", program, HERE / "load.c"], check=True)
    return program


def generate(program: Path, port: int, pid: int, load: Load, at_the_door: int) -> Result:
    """Put ``load`` on a server that runs, so many clients on their way in, and return what the generator says."""
    arguments = [str(program), "-p", str(port), "-P", str(pid), "-c", str(at_the_door), *load.arguments()]
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
        self.rows.extend(Row.of(name, scenario.field, figure, results) for figure in scenario.figures)

    def _allowed(self, name: str, server: Server, scenario: Scenario) -> bool:
        reason = why_not(server, max(load.clients for load in scenario.loads))
        if reason is not None:
            self.skipped.append(f"{name}, {server.title}: skipped, {reason}")
        return reason is None

    def _once(self, name: str, server: Server, load: Load) -> Result:
        with tempfile.TemporaryDirectory(prefix="chatctl-bench-") as folder:
            launch = server.launch(load.clients, Path(folder))
            with started(launch, self._prefix) as (port, pid):
                result = generate(self._program, port, pid, load, server.at_the_door)
                if "-k" in load.options and server.has_status:
                    result["cut"] = sessions_cut(port)
        found = problems(result)
        if found:
            self._problems.setdefault(f"{name}, {server.title}", []).append(", ".join(found))
        return result


@click.command()
@click.argument("scenarios", nargs=-1, type=click.Choice(list(SCENARIOS)), metavar="[SCENARIO]...")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1, 50), help="Runs of each scenario.")
@click.option("--server-core", type=click.IntRange(0), help="Run each server on this processor core alone (taskset).")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON instead of a table.")
@click.option("--markdown", "markdown_wanted", is_flag=True, help="Print the table in Markdown.")
def main(
    scenarios: tuple[str, ...], runs: int, server_core: int | None, json_wanted: bool, markdown_wanted: bool
) -> None:
    """Measure chatctl next to other chat servers; all scenarios unless some are named.

    \b
    echo50, echo1000, echo10000  each client alone in a room, one message under way
    pipeline50                   the same with 16 under way
    open10000                    5,000 messages/s over 10,000 clients, from when they were due
    hold10000                    one client talks, 9,999 only hold their connection
    room50, room500, room2000    one room, 10, 50, 100 of its members talk
    slow-reader                  a room of 200 with one client that does not read any more
    irc-room500                  IRC: a channel of 500, 50 talk with 16 messages under way each
    irc-room500-one              the same with one under way
    irc-ping1000                 IRC: 1,000 clients with a PING under way each
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
        click.echo(as_json(bench.rows, bench.notes))
        return
    if markdown_wanted:
        click.echo(markdown(bench.rows) + "\n")
    else:
        console = Console(width=None if sys.stdout.isatty() else 190)
        console.print(*tables(bench.rows), sep="\n")
    for line in (*bench.notes, environment()):
        click.echo(line)


if __name__ == "__main__":
    main()
