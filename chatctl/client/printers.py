"""Where a client without a prompt puts what it hears: plain lines, JSON, or colours on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import click

from chatctl.client import events as ev
from chatctl.client.events import Event
from chatctl.client.jsonlines import to_json
from chatctl.client.plain import plain_lines

if TYPE_CHECKING:
    from chatctl.client.options import ConnectOptions


class Printer(Protocol):
    """Shows events as they come: data on stdout, status on stderr."""

    def show(self, event: Event) -> None:
        """Show one event, at once."""
        ...


def make_printer(options: ConnectOptions, to_terminal: bool) -> Printer:
    """Return the printer for ``options``; ``to_terminal`` says that a person reads stdout."""
    if options.json:
        return JsonPrinter()
    if to_terminal:
        return TerminalPrinter(options)
    return PlainPrinter(options)


class PlainPrinter:
    """Lines as the server writes them for people with netcat; UTF-8 whatever the locale."""

    def __init__(self, options: ConnectOptions) -> None:
        self._address = options.address
        self._with_room = options.rooms is not None and len(options.rooms) > 1
        self._ready = False

    def show(self, event: Event) -> None:
        """Write what is said to stdout, what is about the connection to stderr, no acknowledgements."""
        lines = plain_lines(event, self._with_room)
        match event:
            case ev.Ready(name=name, room=room):
                self._ready = True
                where = f" in {room}" if room else ""
                click.echo(f"connected to {self._address} as {name}{where}".encode(), err=True)
            case ev.Refused() | ev.Goodbye():
                self._write(lines, err=True)
            case ev.Ended():
                # It is what the command says at its end.
                pass
            case _ if self._ready:
                self._write(lines)
            case _:
                pass

    def _write(self, lines: list[str], err: bool = False) -> None:
        for line in lines:
            click.echo(line.encode(), err=err)


class JsonPrinter:
    """One JSON object for each event, on stdout."""

    def show(self, event: Event) -> None:
        """Write the event and when it came."""
        click.echo(to_json(event, datetime.now(UTC)))


class TerminalPrinter:
    """Colours and tables, for a person who only reads."""

    def __init__(self, options: ConnectOptions) -> None:
        from chatctl.client.render import Painter, make_console

        self._console = make_console(options.colour)
        self._painter = Painter()

    def show(self, event: Event) -> None:
        """Draw the event, if there is anything to see."""
        self._painter.draw(event, self._console)
