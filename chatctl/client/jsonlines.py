"""Events as JSON objects, one to a line, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from chatctl.client import events as ev
from chatctl.client.events import Event


def to_json(event: Event, at: datetime) -> str:
    """Return ``event`` as one line of ASCII JSON; ``at`` is when it was received, written in UTC.

    The keys of each kind are listed in docs/connect.md; new ones may be added, none goes away.
    """
    head = {"event": event.tag, "time": at.astimezone(UTC).isoformat(timespec="milliseconds")}
    return json.dumps(head | _body(event))


def _body(event: Event) -> dict[str, Any]:
    fields = asdict(event)
    line = fields.pop("line")
    match event:
        case ev.Told() | ev.Goodbye() | ev.Stopping():
            return {"text": line}
        case ev.Acknowledged(message=message):
            return _message(message)
        case ev.Refused(code=code, sentence=sentence, message=message):
            return {"code": code, "text": sentence, "message": message and _message(message)}
        case _:
            return fields


def _message(message: ev.Outgoing) -> dict[str, Any]:
    return {"kind": message.kind.value, "to": message.to, "text": message.text}
