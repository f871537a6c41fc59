"""The two ways of ``chatctl connect``, chosen before anything is drawn."""

from __future__ import annotations

import asyncio
import os
import sys

from chatctl.client.link import Link, open_link
from chatctl.client.options import ConnectOptions
from chatctl.client.pipe import Pipe
from chatctl.client.printers import make_printer
from chatctl.client.source import stdin_source


def run(options: ConnectOptions) -> int:
    """Hold one conversation; return the exit status of the command.

    Raises ``CannotRun``: each kind has its own exit status.
    """
    link = open_link(options)
    try:
        return _talk(link, options)
    finally:
        link.sock.close()


def _talk(link: Link, options: ConnectOptions) -> int:
    reading = _is_terminal(sys.stdout)
    if reading and _is_terminal(sys.stdin) and not (options.read_only or options.json):
        from chatctl.client.terminal import Terminal

        return asyncio.run(Terminal(link, options).run())
    printer = make_printer(options, reading)
    if options.read_only:
        Pipe(link, None, printer, options.timeout).run()
    else:
        with stdin_source() as source:
            Pipe(link, source, printer, options.timeout).run()
    return 0


def _is_terminal(stream: object) -> bool:
    """Tell whether ``stream`` is a terminal that can move its cursor."""
    isatty = getattr(stream, "isatty", None)
    return isatty is not None and isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
