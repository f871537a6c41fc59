"""How log lines look, configured once for the process."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from chatctl.wire.clean import clean

LOG_FORMATS = ("text", "json")


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


def configure_logging(log_format: str, level: str) -> None:
    """Send chatctl's log to stderr, in the format and from the level on that were asked for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    logger = logging.getLogger("chatctl")
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
