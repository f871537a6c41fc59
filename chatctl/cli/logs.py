"""How log lines look, configured once for the process."""

from __future__ import annotations

import io
import json
import logging
import os
import select
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TextIO

from chatctl.wire.clean import clean

LOG_FORMATS = ("text", "json")

PATIENCE = 100
"""Milliseconds that a log line waits for somebody who reads the log; the next lines then do not wait at all."""


class TextFormatter(logging.Formatter):
    """One line an event, whatever names hold; a traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC)
        line = f"{when:%Y-%m-%d %H:%M:%S} {record.levelname.lower():<7} {clean(record.getMessage())}"
        if not record.exc_info:
            return line
        traceback = self.formatException(record.exc_info).split("\n")
        return "\n".join([line, *map(clean, traceback)])


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry)


class LogHandler(logging.Handler):
    """Writes lines to a descriptor and never waits long for who reads it: a line that has no room is left out.

    As soon as there is room again, a line says how many were left out. A write of at most ``PIPE_BUF`` bytes to what
    is ready does not block: POSIX, write().
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._ready = select.poll()
        self._ready.register(descriptor, select.POLLOUT)
        self._left_out = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it as left out; a descriptor that takes nothing any more is no error."""
        with suppress(OSError):
            if self._left_out and self._write(self._gap()):
                self._left_out = 0
            if self._left_out or not self._write(self.format(record)):
                self._left_out += 1

    def _gap(self) -> str:
        message = "log lines were left out: nobody read the log; read it faster, or send it to a file"
        gap = {"name": __name__, "levelno": logging.WARNING, "levelname": "WARNING", "msg": f"%d {message}"}
        return self.format(logging.makeLogRecord(gap | {"args": (self._left_out,)}))

    def _write(self, line: str) -> bool:
        data = f"{line}\n".encode(errors="backslashreplace")
        while data:
            if not self._ready.poll(0 if self._left_out else PATIENCE):
                return False
            data = data[os.write(self._descriptor, data[: select.PIPE_BUF]) :]
        return True


def _handler(stream: TextIO | None) -> logging.Handler:
    """Return what writes to ``stream``; a program may have put one without a descriptor in stderr's place, or none."""
    if stream is None:
        return logging.NullHandler()
    try:
        return LogHandler(stream.fileno())
    except io.UnsupportedOperation:
        return logging.StreamHandler(stream)


def configure_logging(log_format: str, level: str) -> None:
    """Send chatctl's log to stderr, in the format and from the level on that were asked for."""
    handler = _handler(sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    logger = logging.getLogger("chatctl")
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
