"""What goes on failing is logged once in a while."""

from __future__ import annotations

import logging

from chatctl.transport.complaints import EVERY, Complaints


def test_it_is_logged_at_once_and_then_every_ten_seconds(monkeypatch, caplog):
    now = [0.0]
    monkeypatch.setattr("chatctl.transport.complaints.time.monotonic", lambda: now[0])
    complaints = Complaints(logging.getLogger("chatctl.test"), logging.ERROR)
    for _ in range(3):
        complaints.tell("no room: %s", "disk")
    now[0] = EVERY - 0.01
    complaints.tell("no room: %s", "disk")
    now[0] = EVERY
    complaints.tell("no room: %s", "still")
    assert [record.getMessage() for record in caplog.records] == ["no room: disk", "no room: still"]
    assert {record.levelno for record in caplog.records} == {logging.ERROR}
