"""The two ways of ``chatctl connect``, chosen before anything is drawn."""

from __future__ import annotations

import asyncio
import os
import sys

import click

from chatctl.client.link import Link, open_link
from chatctl.client.options import ConnectOptions
from chatctl.client.pipe import Pipe
from chatctl.client.printers import make_printer
from chatctl.client.source import stdin_source


def run(options: ConnectOptions) -> int:
    """Hold one conversation; return the exit status of the command.

    Raises ``CannotRun``: each kind has its own exit status.
    """
    reading = _is_terminal(sys.stdout)
    typing = reading and _is_terminal(sys.stdin) and not (options.read_only or options.json)
    link = open_link(options, tell=lambda sentence: click.echo(sentence, err=True))
    try:
        if typing:
            from chatctl.client.terminal import Terminal

            return asyncio.run(Terminal(link, options).run())
        _pipe(link, options, reading)
    finally:
        link.sock.close()
    return 0


def _pipe(link: Link, options: ConnectOptions, to_terminal: bool) -> None:
    printer = make_printer(options, to_terminal)
    if options.read_only:
        Pipe(link, None, printer, options.timeout).run()
    else:
        with stdin_source() as source:
            Pipe(link, source, printer, options.timeout).run()


def _is_terminal(stream: object) -> bool:
    """Tell whether ``stream`` is a terminal that can move its cursor."""
    isatty = getattr(stream, "isatty", None)
    return isatty is not None and isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
