"""`chatctl connect` without a prompt: lines of stdin are sent, what comes is printed."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterable

import click

from chatctl.client import events as ev
from chatctl.client.commands import is_message, run_line
from chatctl.client.errors import ConnectionLost, Expelled, Unacknowledged
from chatctl.client.events import Event
from chatctl.client.interrupt import Interrupt
from chatctl.client.link import RECEIVE_SIZE, Link
from chatctl.client.plain import notice
from chatctl.client.printers import Printer
from chatctl.client.source import Source
from chatctl.errors import Refused
from chatctl.wire.irc.vendor import VENDOR_CAP

WINDOW = 100
"""Messages that may wait for their acknowledgement before the next line is sent."""

FOREIGN_WINDOW = 5
"""The same on other servers, which disconnect who says too much at once."""


class Pipe:
    """Sends every line of ``source`` (None: reads only), then leaves; prints every event.

    ``timeout`` is how many seconds the server may take for the next answer that is owed.
    """

    def __init__(
        self, link: Link, source: Source | None, printer: Printer, timeout: float, interrupt: Interrupt
    ) -> None:
        self._link = link
        self._sock = link.sock
        self._session = link.session
        self._opening = link.opening
        self._source = source
        self._printer = printer
        self._timeout = timeout
        self._interrupt = interrupt
        self._since = 0.0
        self._output = b""
        self._total = 0
        self._refused = 0
        self._over = False
        self._lost = ""
        self._expelled = ""
        self._last_words = "the server closed the connection"

    def run(self) -> None:
        """Work until the goodbye; raises ``Expelled``, ``Unacknowledged`` or ``ConnectionLost`` if it ends badly."""
        self._sock.setblocking(False)
        self._hear(self._opening)
        try:
            while not self._over:
                self._turn()
        except KeyboardInterrupt:
            if missing := self._missing("interrupted"):
                click.echo(str(missing), err=True)
            raise
        missing = self._missing(self._lost)
        if self._expelled:
            raise Expelled(self._expelled, missing.missing if missing else 0)
        if missing:
            raise missing
        if self._lost:
            raise ConnectionLost(self._lost)

    def _turn(self) -> None:
        """Wait until there is something to do, and do it."""
        self._interrupt.check()
        self._feed()
        self._output += self._link.take_output()
        patience = self._patience()
        if patience == 0:
            self._lose(f"no answer within {self._limit():g} seconds")
            return
        source = self._source if self._wants_input() else None
        sources: list[socket.socket | Source] = [self._sock, self._interrupt.waiter, *([source] if source else [])]
        readable, writable, _ = select.select(
            sources,
            [self._sock] if self._output else [],
            [],
            patience,
        )
        if self._sock in readable:
            self._receive()
        if writable:
            self._transmit()
        if source and source in readable:
            source.read()

    def _transmit(self) -> None:
        try:
            self._output = self._output[self._sock.send(self._output) :]
        except OSError:
            # The server has gone; what it said before that is still to be read, and says why.
            self._output = b""

    def _wants_input(self) -> bool:
        source = self._source
        return source is not None and not (source.pending or source.at_end or self._session.leaving)

    def _patience(self) -> float | None:
        """Return the seconds until an answer is overdue, None if none is owed."""
        return max(0.0, self._since + self._limit() - time.monotonic()) if self._is_owed() else None

    def _limit(self) -> float:
        """Return the seconds that the next answer may take; without acknowledgements there is one for many."""
        here = self._session.here
        return self._timeout * (1 if here.labels or here.echoes else max(1, len(self._session.waiting)))

    def _is_owed(self) -> bool:
        return self._session.is_owed

    def _feed(self) -> None:
        """Send what the window allows; after the last line, ask for the goodbye."""
        session, source = self._session, self._source
        if source is None:
            return
        window = WINDOW if VENDOR_CAP in session.here.caps else FOREIGN_WINDOW
        while source.pending and len(session.waiting) < window and not (session.is_going or session.leaving):
            self._send(source)
        if source.at_end and not source.pending and not session.is_owed:
            self._expect_answer()
            session.leave()

    def _send(self, source: Source) -> None:
        if not self._is_owed():
            self._expect_answer()
        line = source.take()
        if isinstance(line, Refused):
            self._refuse(ev.Refused(line.code, str(line)))
            return
        # Bytes that are not UTF-8 come back as NotUtf8 with their position.
        text = line.decode(errors="surrogateescape")
        typed = run_line(self._session, text)
        self._total += len(typed.sent)
        for event in typed.events:
            if isinstance(event, ev.Refused) and is_message(text):
                self._refuse(event)
            else:
                self._printer.show(event)

    def _refuse(self, event: ev.Refused) -> None:
        """Count a line that could not even be sent."""
        self._total += 1
        self._refused += 1
        self._printer.show(event)

    def _expect_answer(self) -> None:
        self._since = time.monotonic()

    def _receive(self) -> None:
        try:
            data = self._sock.recv(RECEIVE_SIZE)
        except OSError as error:
            self._lose(error.strerror or str(error))
            return
        try:
            events = self._link.receive(data)
        except ConnectionError as error:
            self._last_words = str(error)
            events, data = [], b""
        self._hear(events)
        if self._link.is_over(data):
            self._lose(self._last_words)

    def _hear(self, events: Iterable[Event]) -> None:
        for event in events:
            began = time.monotonic()
            self._printer.show(event)
            # How long stdout is stuck is no fault of the server.
            self._since += time.monotonic() - began
            match event:
                case ev.Acknowledged():
                    self._expect_answer()
                case ev.Refused(message=message) if message is not None:
                    self._expect_answer()
                    self._refused += 1
                case ev.Stopping():
                    self._last_words = "the server shut down"
                case ev.Ended(reason=reason, expelled=expelled):
                    self._last_words = reason
                    self._expelled = reason if expelled else ""
                case ev.Kicked(own=True):
                    self._expelled = notice(event)
                    self._over = True
                case ev.Goodbye():
                    self._over = True
                case _:
                    pass

    def _lose(self, why: str) -> None:
        """End without a goodbye; that is no loss once there is nothing left to hear."""
        if self._over:
            return
        self._over = True
        self._lost = "" if self._session.leaving and not self._session.waiting else why

    def _missing(self, why: str) -> Unacknowledged | None:
        unsent = 0 if self._source is None or self._session.leaving else self._source.pending
        missing = self._refused + len(self._session.waiting) + unsent
        return Unacknowledged(missing, self._total + unsent, why) if missing else None
