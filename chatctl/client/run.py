"""The two ways of ``chatctl connect``, chosen before anything is drawn."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import closing

import click

from chatctl.client.interrupt import Interrupt, interrupt
from chatctl.client.link import Link, open_link
from chatctl.client.options import ConnectOptions
from chatctl.client.pipe import Pipe
from chatctl.client.printers import Printer, make_printer
from chatctl.client.source import stdin_source


def run(options: ConnectOptions) -> int:
    """Hold one conversation; return the exit status of the command.

    Raises ``CannotRun``: each kind has its own exit status.
    """
    reading = _is_terminal(sys.stdout)
    typing = reading and _is_terminal(sys.stdin) and not (options.read_only or options.json)
    if typing:
        with closing(_open(options)) as link:
            from chatctl.client.terminal import Terminal

            return asyncio.run(Terminal(link, options).run())
    with interrupt() as stop, closing(_open(options)) as link:
        _pipe(link, options, make_printer(options, reading), stop)
    return 0


def _open(options: ConnectOptions) -> Link:
    return open_link(options, tell=lambda sentence: click.echo(sentence, err=True))


def _pipe(link: Link, options: ConnectOptions, printer: Printer, stop: Interrupt) -> None:
    if options.read_only:
        Pipe(link, None, printer, options.timeout, stop).run()
    else:
        with stdin_source() as source:
            Pipe(link, source, printer, options.timeout, stop).run()


def _is_terminal(stream: object) -> bool:
    """Tell whether ``stream`` is a terminal that can move its cursor."""
    isatty = getattr(stream, "isatty", None)
    return isatty is not None and isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
