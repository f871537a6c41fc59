"""What people and programs get to see of an event."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import get_args

import pytest
from click.testing import Result
from rich.console import Console

from chatctl.client import events as ev
from chatctl.client.colours import PALETTE, colour_of
from chatctl.client.events import Event, Kind, Outgoing
from chatctl.client.jsonlines import to_json
from chatctl.client.options import ConnectOptions
from chatctl.client.printers import TerminalPrinter, make_printer
from chatctl.client.promptline import prompt_line
from chatctl.client.render import Painter
from chatctl.client.session import Session

SAID = Outgoing(Kind.SAY, "#lobby", "hi")
ROW = ev.SessionRow(2, "ada", "127.0.0.1:40123", "text", "2026-11-22 14:41:07 UTC", None, "00:00:03", None)
PAST = ev.SessionRow(
    1, "bob", "[::1]:4", "text", "2026-11-22 14:40:07 UTC", "2026-11-22 14:41:00 UTC", "00:00:53", "quit"
)

EXAMPLES: list[tuple[Event, dict[str, object], str]] = [
    (
        ev.Welcomed("Welcome ada!", "ada", "then"),
        {"event": "welcome", "name": "ada", "since": "then"},
        "Welcome ada!",
    ),
    (ev.Ready("", "ada", "#lobby"), {"event": "ready", "name": "ada", "room": "#lobby"}, ""),
    (
        ev.Spoke("river: hi", "river", "#lobby", "hi"),
        {"event": "message", "name": "river", "room": "#lobby", "text": "hi"},
        "river: hi",
    ),
    (
        ev.Whispered("[private] river: hi", "river", "hi"),
        {"event": "private", "name": "river", "text": "hi"},
        "river to you: hi",
    ),
    (
        ev.Acted("* river waves", "river", "#lobby", "waves"),
        {"event": "action", "name": "river", "room": "#lobby", "text": "waves"},
        "* river waves",
    ),
    (
        ev.Joined("* river joined #x", "river", "#x"),
        {"event": "joined", "name": "river", "room": "#x"},
        "* river joined #x",
    ),
    (
        ev.Left("* river left #x", "river", "#x", None),
        {"event": "left", "name": "river", "room": "#x", "reason": None},
        "* river left #x",
    ),
    (
        ev.Renamed("* a is now b", "a", "b"),
        {"event": "renamed", "old": "a", "new": "b"},
        "* a is now b",
    ),
    (
        ev.TopicTold("* topic of #x: tea", None, "#x", "tea"),
        {"event": "topic", "name": None, "room": "#x", "topic": "tea"},
        "* topic of #x: tea",
    ),
    (
        ev.Acknowledged("hi ACK", SAID),
        {"event": "acknowledged", "kind": "say", "to": "#lobby", "text": "hi"},
        "ada: hi ✓",
    ),
    (
        ev.Refused("ERR x no", "x", "no", None),
        {"event": "refused", "code": "x", "text": "no", "message": None},
        "no",
    ),
    (
        ev.Refused("ERR x no", "x", "no", SAID),
        {
            "event": "refused",
            "code": "x",
            "text": "no",
            "message": {"kind": "say", "to": "#lobby", "text": "hi"},
        },
        "not sent: hi no",
    ),
    (
        ev.SessionTable("...", (ROW,), 1, 0, 20),
        {
            "event": "status",
            "sessions": [
                {
                    "id": 2,
                    "name": "ada",
                    "address": "127.0.0.1:40123",
                    "protocol": "text",
                    "connected": "2026-11-22 14:41:07 UTC",
                    "disconnected": None,
                    "duration": "00:00:03",
                    "reason": None,
                }
            ],
            "active": 1,
            "disconnected": 0,
            "limit": 20,
        },
        "1 active, 0 disconnected, limit 20",
    ),
    (ev.Told("* 0 messages of #x"), {"event": "told", "text": "* 0 messages of #x"}, "* 0 messages of #x"),
    (
        ev.Stopping("* the server is shutting down"),
        {"event": "stopping", "text": "* the server is shutting down"},
        "* the server is shutting down",
    ),
    (ev.Goodbye("Goodbye ada."), {"event": "goodbye", "text": "Goodbye ada."}, "Goodbye ada."),
    (ev.Ended("ERROR :x", "x"), {"event": "ended", "reason": "x"}, "x"),
]


def drawn(*events: Event, width: int = 100, color: str | None = None) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=color is not None, color_system=color)  # type: ignore[arg-type]
    painter = Painter()
    for event in events:
        painter.draw(event, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_there_is_an_example_of_every_event() -> None:
    assert {type(event) for event, _, _ in EXAMPLES} == set(get_args(Event))


@pytest.mark.parametrize(("event", "fields", "_"), EXAMPLES)
def test_json_has_these_keys_and_the_time(event: Event, fields: dict[str, object], _: str) -> None:
    at = datetime(2026, 11, 22, 15, 41, 7, 123456, timezone(timedelta(hours=1)))
    line = to_json(event, at)
    assert json.loads(line) == fields | {"time": "2026-11-22T14:41:07.123+00:00"}
    assert line.isascii()
    assert "\n" not in line


def test_the_manual_lists_every_event_with_its_keys() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "connect.md").read_text()
    table = manual[manual.index("| `event` | when |") :].splitlines()[2:]
    rows = [re.findall(r"`(\w+)`", row) for row in table if row.startswith("| `")]
    listed = {row[0]: set(row[1:]) for row in rows}
    for _, fields, _ in EXAMPLES:
        assert listed[str(fields["event"])] >= fields.keys() - {"event"}
    assert listed.keys() == {fields["event"] for _, fields, _ in EXAMPLES}


@pytest.mark.parametrize(("event", "_", "picture"), EXAMPLES)
def test_people_see_it_with_the_time(event: Event, _: dict[str, object], picture: str) -> None:
    assert picture in drawn(ev.Ready("", "ada", "#lobby"), event)


def test_own_messages_carry_the_own_name_of_now_and_their_listener() -> None:
    picture = drawn(
        ev.Welcomed("Welcome Client01!", "Client01", "then"),
        ev.Renamed("* river is now lake", "river", "lake"),
        ev.Renamed("* Client01 is now ada", "Client01", "ada"),
        ev.Acknowledged("x ACK", Outgoing(Kind.ACTION, "#lobby", "waves")),
        ev.Acknowledged("x ACK", Outgoing(Kind.PRIVATE, "river", "psst")),
    )
    assert "* ada waves ✓" in picture
    assert "ada to river: psst ✓" in picture


def test_markup_of_others_is_only_text() -> None:
    text = "[/x] [red]x[/red] [link=http://x]y :smile: http://x 12 'q'"
    assert drawn(ev.Spoke("", "river", "#x", text), color="truecolor").rstrip("\n").endswith(text)


def test_own_text_cannot_harm_the_own_terminal() -> None:
    hostile = Outgoing(Kind.PRIVATE, "r\x1b[2J", "\x1b[2J\u202ex")
    for event in (ev.Acknowledged("", hostile), ev.Refused("", "x", "no", hostile)):
        assert not {"\x1b", "\u202e"} & set(drawn(event))


def test_the_table_has_every_column_and_a_common_day_once() -> None:
    lines = drawn(ev.SessionTable("", (ROW, PAST), 1, 1, 20)).splitlines()
    assert lines[0].split() == [
        "id",
        "name",
        "address",
        "protocol",
        "connected",
        "disconnected",
        "duration",
        "reason",
    ]
    assert lines[1].split() == ["2", "ada", "127.0.0.1:40123", "text", "14:41:07", "00:00:03"]
    assert lines[2].split() == ["1", "bob", "[::1]:4", "text", "14:40:07", "14:41:00", "00:00:53", "quit"]
    assert lines[3].strip() == "1 active, 1 disconnected, limit 20; times in UTC on 2026-11-22"


def test_the_table_shows_the_days_when_they_differ() -> None:
    other = ev.SessionRow(3, "c", "x", "text", "2026-11-23 00:00:01 UTC", None, "00:00:03", None)
    picture = drawn(ev.SessionTable("", (ROW, other), 2, 0, 20), width=140)
    assert "2026-11-22 14:41:07" in picture
    assert "2026-11-23 00:00:01" in picture
    assert picture.rstrip().endswith("times in UTC")


@pytest.mark.parametrize("width", [20, 40, 80, 300])
def test_the_table_stays_inside_the_screen(width: int) -> None:
    picture = drawn(ev.SessionTable("", (ROW, PAST), 1, 1, 20), width=width)
    assert max(map(len, picture.splitlines())) <= width


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colour", PALETTE)
def test_a_name_can_be_read_on_dark_and_on_light(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 3
    assert (luminance(colour) + 0.05) / 0.05 >= 3


def test_a_name_keeps_its_colour() -> None:
    assert colour_of("river") == colour_of("River") == "#5f8a1f"
    assert {colour_of(f"user{number}") for number in range(200)} == set(PALETTE)


def test_the_prompt_shows_what_waits_and_only_its_newest() -> None:
    session = Session()
    session.name = "ada"
    for number in range(5):
        session.send(f"text {number}\x1b" + "x" * 100)
    lines = "".join(text for _, text in prompt_line(session, 30)).split("\n")
    assert lines[0] == "  2 more on their way …"
    assert [line[:8] for line in lines[1:4]] == ["  text 2", "  text 3", "  text 4"]
    assert all(len(line) < 30 for line in lines)
    assert lines[4] == "● ada #lobby> "


def test_the_prompt_shows_that_one_leaves() -> None:
    session = Session()
    session.leave()
    assert prompt_line(session, 80)[0] == ("class:leaving", "○ ")


def test_a_person_who_only_reads_sees_colours(capsys: pytest.CaptureFixture[str]) -> None:
    printer = make_printer(ConnectOptions(read_only=True), to_terminal=True)
    assert isinstance(printer, TerminalPrinter)
    printer.show(ev.Spoke("river: hi", "river", "#lobby", "[hi]"))
    assert "river: [hi]" in capsys.readouterr().out


def test_json_is_for_programs_even_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    make_printer(ConnectOptions(json=True), to_terminal=True).show(ev.Told("x"))
    event = json.loads(capsys.readouterr().out)
    assert event["event"] == "told"
    assert abs(datetime.fromisoformat(event["time"]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_json_tells_everything_in_order(connect: Callable[..., Result], serve: Callable[..., int]) -> None:
    result = connect(serve(), "--json", "--name", "ada", "--room", "#ops", stdin="hi\nstatus\n")
    kinds = [json.loads(line)["event"] for line in result.stdout.splitlines()]
    expected = ["welcome", "told", "renamed", "joined", "ready", "acknowledged", "status", "goodbye"]
    assert kinds == expected
