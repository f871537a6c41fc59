"""``chatctl stress``: its options and its help."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import click
from click.core import ParameterSource
from rich.console import Console

from chatctl.stress.errors import OutputFailed
from chatctl.stress.interrupts import interrupts
from chatctl.stress.live import LiveView, PlainView
from chatctl.stress.options import CLIENTS_MOST, SIZE_LEAST, SIZE_MOST, Protocol, Scenario, StressOptions
from chatctl.stress.quantities import parse_duration, parse_rate
from chatctl.stress.report_json import as_json
from chatctl.stress.report_text import print_report
from chatctl.stress.run import Run
from chatctl.stress.spawn import private_server, serve_command
from chatctl.stress.summary import Summary
from chatctl.stress.thresholds import parse_threshold
from chatctl.stress.verdict import EXPECTABLE, INTERRUPTED

DEFAULTS = StressOptions()

EPILOG = """\b
Exit codes:
  0    every check holds (a limit that is enforced is good)
  1    the run could not be made
  2    wrong usage
  3    an expectation, a threshold or a slot check failed
  4    a message was not acknowledged, or the delivery was violated
  5    the measurement cannot be trusted: the client was too busy
  130  interrupted; what was measured until then is reported
Of several: 130, then 4, 5, 3.

\b
Examples:
  chatctl stress --spawn 20
  chatctl stress --clients 50 --expect-limit 20 --expect-refusal message
  chatctl stress -c 20 --scenario room -r 200/s --threshold 'ack_p99_ms<20'
"""


class Parsed(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A value that a function of the package reads; its ``ValueError`` is the usage error."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _parse_pattern(text: str) -> str:
    try:
        re.compile(text.encode())
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}; escape its special characters") from error
    return text


def _parse_workers(text: str) -> int | None:
    if text == "auto":
        return None
    if not re.fullmatch(r"[1-9][0-9]?", text):
        raise ValueError(f"{text!r} is no number of workers; write auto or 1 to 99")
    return int(text)


def _positive(_ctx: click.Context, _param: click.Parameter, seconds: float) -> float:
    if seconds == 0:
        raise click.BadParameter("nothing happens in no time; use 500ms or more.")
    return seconds


DURATION = Parsed("time", parse_duration)
RATE = Parsed("rate", parse_rate)
PATTERN = Parsed("pattern", _parse_pattern)


@click.command(epilog=EPILOG, context_settings={"show_default": True})
@click.option("--host", default=DEFAULTS.host, help="The server's name or address.")
@click.option("-p", "--port", type=click.IntRange(1, 65535), default=DEFAULTS.port, help="The server's port.")
@click.option("--spawn", type=click.IntRange(1), metavar="N", help="Start a private server with a limit of N.")
@click.option(
    "-c", "--clients", type=click.IntRange(1, CLIENTS_MOST), default=DEFAULTS.clients, help="Clients that connect."
)
@click.option(
    "--protocol",
    type=click.Choice([one.value for one in Protocol]),
    default=DEFAULTS.protocol.value,
    help="line: any server of lines.",
)
@click.option("--login", default=DEFAULTS.login, show_default=False, help=r"line: send at once; \n parts lines.")
@click.option("--admitted-on", type=PATTERN, help="line: a first line with this is the greeting.")
@click.option("--refused-on", type=PATTERN, help="line: a first line with this is the refusal.")
@click.option("--send", metavar="TEXT", help="line: a message, with {payload} in it; without, clients are idle.")
@click.option("--ack-on", type=PATTERN, help="line: the answer to it.  [default: {payload} comes back]")
@click.option(
    "--scenario",
    type=click.Choice([one.value for one in Scenario]),
    default=DEFAULTS.scenario.value,
    help="ack: each client alone in a room. room: all in one, delivery is judged.",
)
@click.option(
    "-d",
    "--duration",
    "duration_s",
    type=DURATION,
    callback=_positive,
    default=f"{DEFAULTS.duration_s:g}s",
    help="How long is measured.",
)
@click.option(
    "--rate-per-client", type=RATE, default=f"{DEFAULTS.rate_per_client:g}/s", help="Messages of each client."
)
@click.option("-r", "--rate", "rate_total", type=RATE, help="Messages of all clients together, instead.")
@click.option("--connect-rate", type=RATE, default=f"{DEFAULTS.connect_rate:g}/s", help="New connections.")
@click.option(
    "--admit-timeout",
    "admit_timeout_s",
    type=DURATION,
    callback=_positive,
    default=f"{DEFAULTS.admit_timeout_s:g}s",
    help="How long a connection may stay silent.",
)
@click.option(
    "--ack-timeout",
    "ack_timeout_s",
    type=DURATION,
    callback=_positive,
    default=f"{DEFAULTS.ack_timeout_s:g}s",
    help="An answer after more than this is late.",
)
@click.option(
    "--warmup", "warmup_s", type=DURATION, default=f"{DEFAULTS.warmup_s:g}s", help="Messages before the measured time."
)
@click.option(
    "--drain", "drain_s", type=DURATION, default=f"{DEFAULTS.drain_s:g}s", help="How long to wait for last answers."
)
@click.option(
    "--size",
    "size_bytes",
    type=click.IntRange(SIZE_LEAST, SIZE_MOST),
    default=DEFAULTS.size_bytes,
    help="Bytes of a message.",
)
@click.option("--seed", type=int, default=DEFAULTS.seed, help="Decides who speaks when.")
@click.option("--workers", type=Parsed("auto|N", _parse_workers), default="auto", help="Processes; auto: one for 500.")
@click.option("--expect-limit", type=click.IntRange(1), metavar="N", help="Fail unless the limit is exactly N.")
@click.option(
    "--expect-refusal",
    type=click.Choice(list(EXPECTABLE)),
    metavar="KIND",
    help=f"Fail unless all others are refused in this way: {', '.join(EXPECTABLE)}.",
)
@click.option(
    "--threshold",
    "thresholds",
    type=Parsed("goal", parse_threshold),
    multiple=True,
    help="Fail unless it holds, like 'ack_p99_ms<20'; may be repeated.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How the report looks.")
@click.option("--no-live", is_flag=True, help="Show the phases as lines, not as a moving picture.")
@click.pass_context
def stress(
    ctx: click.Context,
    /,
    spawn: int | None,
    output: Path | None,
    form: str,
    no_live: bool,
    protocol: str,
    scenario: str,
    **values: Any,
) -> None:
    """Find out how many clients a server admits, and what they feel.

    Connects raw sockets, counts who is greeted and how the others are turned away, lets the admitted ones
    talk, tries the limit again, and lets clients leave in four ways to see whether their slots come back.
    """
    options = StressOptions(protocol=Protocol(protocol), scenario=Scenario(scenario), **values)
    _check(ctx, options, spawn)
    if output is not None:
        _opened(output, "a").close()  # better to fail before the run than after it
    try:
        summary = _run(options, spawn, live=not no_live)
    except KeyboardInterrupt:
        click.echo("interrupted before there was anything to report", err=True)
        ctx.exit(INTERRUPTED)
    _report(summary, output, form)
    ctx.exit(summary.verdict.exit_code)


def _check(ctx: click.Context, options: StressOptions, spawn: int | None) -> None:
    given = {name for name in ctx.params if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT}
    if spawn is not None and given & {"host", "port"}:
        raise click.UsageError("--spawn starts a server of its own; leave out --host and --port, or --spawn.")
    if {"rate_total", "rate_per_client"} <= given:
        raise click.UsageError("--rate is for all clients and --rate-per-client for each; give one of them.")
    patterns = sorted(given & {"login", "admitted_on", "refused_on", "send", "ack_on"})
    if options.protocol is Protocol.TEXT and patterns:
        name = patterns[0].replace("_", "-")
        raise click.UsageError(f"--{name} describes another server; add --protocol line, or leave it out.")
    if options.protocol is Protocol.LINE:
        _check_line(options)


def _check_line(options: StressOptions) -> None:
    if options.admitted_on is None:
        raise click.UsageError("--protocol line does not know the greeting; name it with --admitted-on PATTERN.")
    if options.send is not None and options.ack_on is None and "{payload}" not in options.send:
        raise click.UsageError("--send has no {payload} that could come back; put it in, or add --ack-on PATTERN.")
    if options.send is None and options.scenario is Scenario.ROOM:
        raise click.UsageError("--scenario room needs messages; add --send '{payload}'.")


def _run(options: StressOptions, spawn: int | None, *, live: bool) -> Summary:
    with ExitStack() as stack:
        stop = stack.enter_context(interrupts())
        view = stack.enter_context(_view(options, live=live))
        if spawn is not None:
            view.phase("spawn", f"a private server for {spawn} clients", None)
            host, port = stack.enter_context(private_server(serve_command(spawn)))
            options = replace(options, host=host, port=port)
        return Run(options, view, stop, spawned=spawn is not None).execute()


def _view(options: StressOptions, *, live: bool) -> AbstractContextManager[LiveView | PlainView]:
    console = Console(stderr=True, highlight=False)
    return LiveView(console, options.clients) if live and console.is_terminal else PlainView(console)


def _report(summary: Summary, output: Path | None, form: str) -> None:
    if output is None:
        _print(summary, sys.stdout, form)
        return
    with _opened(output, "w") as file:
        _print(summary, file, form)
    click.echo(f"{summary.verdict.sentence}  Report: {output}", err=True)


def _print(summary: Summary, file: IO[str], form: str) -> None:
    if form == "json":
        file.write(as_json(summary))
    else:
        print_report(summary, Console(file=file, highlight=False))


def _opened(path: Path, mode: str) -> IO[str]:
    try:
        return path.open(mode, encoding="utf-8")
    except OSError as error:
        raise OutputFailed(str(path), error.strerror or str(error)) from error
