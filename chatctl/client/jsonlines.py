"""Events as JSON objects, one to a line, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from chatctl.client import events as ev
from chatctl.client.events import Event
from chatctl.wire.times import show_time


def to_json(event: Event, at: datetime) -> str:
    """Return ``event`` as one line of ASCII JSON; ``at`` is when it was received, written in UTC.

    The keys of each kind are listed in docs/connect.md; new ones may be added, none goes away.
    """
    head = {"event": event.tag, "time": _iso(at)}
    return json.dumps(head | _body(event))


def _body(event: Event) -> dict[str, Any]:
    match event:
        case ev.Said():
            return _said(event)
        case ev.History(room=room, messages=messages, asked=asked):
            rows = [{"event": message.tag, **_said(message)} for message in messages]
            return {"room": room, "asked": asked, "messages": rows}
        case ev.Acknowledged(message=message, id=number, at=at):
            return {**_outgoing(message), "id": number or None, "sent": _moment(at)}
        case ev.Refused(code=code, sentence=sentence, message=message):
            return {"code": code, "text": sentence, "message": message and _outgoing(message)}
        case ev.Welcomed(name=name, text=text, at=at):
            return {"name": name, "text": text, "since": None if at is None else show_time(at)}
        case _:
            return asdict(event)


def _said(event: ev.Said) -> dict[str, Any]:
    where = {"to": event.to} if event.private else {"room": event.to}
    said = {"name": event.name, **where, "text": event.text}
    if event.private:
        said["kind"] = event.kind.value
    return {**said, "id": event.id or None, "sent": _moment(event.at), "own": event.own}


def _outgoing(message: ev.Outgoing) -> dict[str, Any]:
    return {"kind": message.kind.value, "to": message.to, "text": message.text}


def _moment(at: int | None) -> str | None:
    return None if at is None else _iso(datetime.fromtimestamp(at / 1000, UTC))


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
