from __future__ import annotations

import pytest

from chatctl.client import events as ev
from chatctl.client import reading
from chatctl.client.events import Event
from chatctl.client.reading import TableReader, read_event

HEADER = "id  name  address  protocol  connected  disconnected  duration  reason"
ADA = "2   ada   127.0.0.1:4  text      2026-11-22 14:41:07 UTC  -                        00:00:03  -"
BOB = "1   bob   127.0.0.1:3  text      2026-11-22 14:40:07 UTC  2026-11-22 14:41:00 UTC  00:00:53  went  off"
TOTAL = "1 active, 1 disconnected, limit 20"


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("river: hi: there", ev.Spoke("river: hi: there", "river", "#ops", "hi: there")),
        ("a|b^{}: x", ev.Spoke("a|b^{}: x", "a|b^{}", "#ops", "x")),
        ("[private] river: hi", ev.Whispered("[private] river: hi", "river", "hi")),
        ("* river waves", ev.Acted("* river waves", "river", "#ops", "waves")),
        ("* river joined #x", ev.Joined("* river joined #x", "river", "#x")),
        ("* river left #x", ev.Left("* river left #x", "river", "#x", None)),
        ("* river left #x (quit)", ev.Left("* river left #x (quit)", "river", "#x", "quit")),
        ("* Client02 is now river", ev.Renamed("* Client02 is now river", "Client02", "river")),
        ("* topic of #x: tea: now", ev.TopicTold("* topic of #x: tea: now", None, "#x", "tea: now")),
        ("* river set the topic of #x: t", ev.TopicTold("* river set the topic of #x: t", "river", "#x", "t")),
        ("* the server is shutting down", ev.Stopping("* the server is shutting down")),
        ("ERR bad-nick no: such", ev.Refused("ERR bad-nick no: such", "bad-nick", "no: such", None)),
        ("ERROR :Server full", ev.Ended("ERROR :Server full", "Server full")),
        ("* #x has no topic", ev.Told("* #x has no topic")),
        ("[#1 2026-11-22 14:41:07 UTC] river: hi", ev.Told("[#1 2026-11-22 14:41:07 UTC] river: hi")),
        ("9to5: no name begins with a digit", ev.Told("9to5: no name begins with a digit")),
        ("", ev.Told("")),
    ],
)
def test_a_line_becomes_the_event_it_tells(line: str, event: Event) -> None:
    assert read_event(line, "#ops") == event


def test_a_person_called_error_cannot_end_the_connection() -> None:
    assert isinstance(read_event("ERROR: :bye", "#x"), ev.Spoke)
    assert isinstance(read_event("Goodbye: x. You were connected for", "#x"), ev.Spoke)


def test_a_table_is_one_event() -> None:
    reader = TableReader()
    assert [reader.read(line) for line in (HEADER, ADA, BOB)] == [[], [], []]
    assert reader.read(TOTAL) == [
        ev.SessionTable(
            "\n".join((HEADER, ADA, BOB, TOTAL)),
            (
                ev.SessionRow(2, "ada", "127.0.0.1:4", "text", "2026-11-22 14:41:07 UTC", None, "00:00:03", None),
                ev.SessionRow(
                    1,
                    "bob",
                    "127.0.0.1:3",
                    "text",
                    "2026-11-22 14:40:07 UTC",
                    "2026-11-22 14:41:00 UTC",
                    "00:00:53",
                    "went  off",
                ),
            ),
            1,
            1,
            20,
        )
    ]
    assert reader.read(ADA) is None


def test_a_line_that_is_no_row_does_not_end_the_table() -> None:
    reader = TableReader()
    reader.read(HEADER)
    assert reader.read("river: hi") is None
    assert reader.read(ADA.replace("2 ", "9" * 5000, 1)) is None
    assert reader.read(ADA) == []
    assert reader.read(TOTAL)


def test_a_table_without_an_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS_LIMIT", 2)
    reader = TableReader()
    assert [reader.read(line) for line in (HEADER, ADA, ADA, ADA, ADA, TOTAL)] == [[], [], [], None, None, None]
