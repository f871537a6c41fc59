"""What people and programs get to see of an event."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from click.testing import Result
from rich.console import Console

from chatctl.client import events as ev
from chatctl.client.colours import PALETTE, colour_of
from chatctl.client.events import Event, Kind, Outgoing
from chatctl.client.jsonlines import to_json
from chatctl.client.options import ConnectOptions
from chatctl.client.plain import plain_lines
from chatctl.client.printers import PlainPrinter, TerminalPrinter, make_printer
from chatctl.client.render import Painter

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted

Connect = Callable[..., Result]
Serve = Callable[..., int]
Person = Callable[..., "Peer"]
Start = Callable[..., "subprocess.Popen[str]"]

AT = 1_795_358_467_123
SENT = "2026-11-22T14:41:07.123+00:00"
SHOWN = "2026-11-22 14:41:07 UTC"
SAID = Outgoing(Kind.SAY, "#lobby", "hi", "m1", "ada")
SAID_KEYS = {"kind": "say", "to": "#lobby", "text": "hi"}
HI = ev.Said("river", "#lobby", Kind.SAY, "hi", "17", AT)
HI_KEYS = {"name": "river", "room": "#lobby", "text": "hi", "id": "17", "sent": SENT, "own": False}
WHISPER = ev.Said("river", "ada", Kind.SAY, "psst", private=True)
WHISPER_KEYS = {"name": "river", "to": "ada", "text": "psst", "kind": "say", "id": None, "sent": None, "own": False}
ROW = ev.SessionRow(2, "ada", "127.0.0.1:40123", "irc", SHOWN, None, "00:00:03", None)
ROW_KEYS = {
    "id": 2,
    "name": "ada",
    "address": "127.0.0.1:40123",
    "protocol": "irc",
    "connected": SHOWN,
    "disconnected": None,
    "duration": "00:00:03",
    "reason": None,
}
PAST = ev.SessionRow(1, "bob", "[::1]:4", "text", "2026-11-22 14:40:07 UTC", SHOWN, "00:01:00", "quit")
TABLE = ev.SessionTable((ROW, PAST), 1, 1, 20)
PAST_KEYS = {
    "id": 1,
    "name": "bob",
    "address": "[::1]:4",
    "protocol": "text",
    "connected": "2026-11-22 14:40:07 UTC",
    "disconnected": SHOWN,
    "duration": "00:01:00",
    "reason": "quit",
}
TABLE_LINES = [
    "id name address         protocol connected               disconnected            duration reason",
    f"2  ada  127.0.0.1:40123 irc      {SHOWN} -                       00:00:03 -",
    f"1  bob  [::1]:4         text     2026-11-22 14:40:07 UTC {SHOWN} 00:01:00 quit",
    "1 active, 1 disconnected, limit 20",
]

EXAMPLES: list[tuple[Event, dict[str, object], list[str], str]] = [
    (
        ev.Welcomed("ada", "Welcome ada!", AT),
        {"event": "welcome", "name": "ada", "text": "Welcome ada!", "since": SHOWN},
        [],
        "Welcome ada!",
    ),
    (
        ev.Welcomed("ada", "Welcome ada!"),
        {"event": "welcome", "name": "ada", "text": "Welcome ada!", "since": None},
        [],
        "Welcome ada!",
    ),
    (ev.Ready("ada", "#lobby"), {"event": "ready", "name": "ada", "room": "#lobby"}, [], ""),
    (HI, {"event": "message", **HI_KEYS}, ["river: hi"], "river: hi"),
    (
        ev.Said("ada", "#lobby", Kind.SAY, "two\nlines", own=True),
        {"event": "message", **HI_KEYS, "name": "ada", "text": "two\nlines", "id": None, "sent": None, "own": True},
        ["ada: two", "ada: lines"],
        "ada: lines ✓",
    ),
    (
        ev.Said("river", "#lobby", Kind.ACTION, "waves", "18", AT),
        {"event": "action", **HI_KEYS, "text": "waves", "id": "18"},
        ["* river waves"],
        "* river waves",
    ),
    (
        ev.Said("bot", "#lobby", Kind.NOTICE, "beep", "19", AT),
        {"event": "notice", **HI_KEYS, "name": "bot", "text": "beep", "id": "19"},
        ["bot: beep"],
        "bot: beep",
    ),
    (WHISPER, {"event": "private", **WHISPER_KEYS}, ["[private] river: psst"], "river to you: psst"),
    (
        ev.Said("river", "ada", Kind.ACTION, "winks", private=True),
        {"event": "private", **WHISPER_KEYS, "text": "winks", "kind": "action"},
        ["[private] * river winks"],
        "* river winks",
    ),
    (
        ev.History("#lobby", (HI, WHISPER), "history"),
        {
            "event": "history",
            "room": "#lobby",
            "asked": "history",
            "messages": [{"event": "message", **HI_KEYS}, {"event": "private", **WHISPER_KEYS}],
        },
        [f"[#17 {SHOWN}] river: hi", "[] [private] river: psst"],
        "#lobby: 2 messages ",
    ),
    (
        ev.Joined("river", "#x"),
        {"event": "joined", "name": "river", "room": "#x", "own": False},
        ["* river joined #x"],
        "* river joined #x",
    ),
    (
        ev.Left("river", "#x", None),
        {"event": "left", "name": "river", "room": "#x", "reason": None, "own": False},
        ["* river left #x"],
        "* river left #x",
    ),
    (
        ev.Left("river", "#x", "tea is ready"),
        {"event": "left", "name": "river", "room": "#x", "reason": "tea is ready", "own": False},
        ["* river left #x (tea is ready)"],
        "* river left #x (tea is ready)",
    ),
    (
        ev.Kicked("river", "#x", "lake", "flood"),
        {"event": "kicked", "name": "river", "room": "#x", "by": "lake", "reason": "flood", "own": False},
        ["* lake kicked river from #x (flood)"],
        "* lake kicked river from #x (flood)",
    ),
    (
        ev.Renamed("a", "b"),
        {"event": "renamed", "old": "a", "new": "b", "own": False},
        ["* a is now b"],
        "* a is now b",
    ),
    (
        ev.TopicTold(None, "#x", "tea"),
        {"event": "topic", "name": None, "room": "#x", "topic": "tea"},
        ["* topic of #x: tea"],
        "* topic of #x: tea",
    ),
    (
        ev.TopicTold(None, "#x", ""),
        {"event": "topic", "name": None, "room": "#x", "topic": ""},
        ["* #x has no topic"],
        "* #x has no topic",
    ),
    (
        ev.TopicTold("river", "#x", "tea"),
        {"event": "topic", "name": "river", "room": "#x", "topic": "tea"},
        ["* river set the topic of #x: tea"],
        "* river set the topic of #x: tea",
    ),
    (
        ev.TopicTold("river", "#x", ""),
        {"event": "topic", "name": "river", "room": "#x", "topic": ""},
        ["* river took the topic of #x away"],
        "* river took the topic of #x away",
    ),
    (
        ev.RoomRenamed("#x", "#y"),
        {"event": "room-renamed", "old": "#x", "new": "#y"},
        ["* #x is called #y now"],
        "* #x is called #y now",
    ),
    (
        ev.Acknowledged(SAID, "17", AT),
        {"event": "acknowledged", **SAID_KEYS, "id": "17", "sent": SENT},
        [],
        "ada: hi ✓",
    ),
    (ev.Acknowledged(SAID), {"event": "acknowledged", **SAID_KEYS, "id": None, "sent": None}, [], "ada: hi ✓"),
    (
        ev.Refused("x", "no", None, "#x"),
        {"event": "refused", "code": "x", "text": "no", "message": None},
        ["ERR x no"],
        "no",
    ),
    (
        ev.Refused("x", "no", SAID),
        {"event": "refused", "code": "x", "text": "no", "message": SAID_KEYS},
        ["ERR x no"],
        "not sent: hi – no",
    ),
    (
        TABLE,
        {"event": "status", "sessions": [ROW_KEYS, PAST_KEYS], "active": 1, "disconnected": 1, "limit": 20},
        TABLE_LINES,
        "1 active, 1 disconnected, limit 20",
    ),
    (
        ev.Told("#tea  3  green", "#tea"),
        {"event": "told", "text": "#tea  3  green", "room": "#tea"},
        ["#tea  3  green"],
        "#tea  3  green",
    ),
    (
        ev.Help((("/me TEXT", "tell what you do"), ("/quit", "leave"))),
        {"event": "help", "rows": [["/me TEXT", "tell what you do"], ["/quit", "leave"]]},
        ["/me TEXT  tell what you do", "/quit     leave"],
        "/me TEXT      tell what you do",
    ),
    (
        ev.Stopping("the server is shutting down"),
        {"event": "stopping", "text": "the server is shutting down"},
        ["* the server is shutting down"],
        "the server is shutting down",
    ),
    (ev.Goodbye("Goodbye ada."), {"event": "goodbye", "text": "Goodbye ada."}, ["Goodbye ada."], "Goodbye ada."),
    (ev.Ended("x", True), {"event": "ended", "reason": "x", "expelled": True}, ["x"], "x"),
]

BEFORE_IRC = {
    "welcome": {"name", "since"},
    "ready": {"name", "room"},
    "message": {"name", "room", "text"},
    "private": {"name", "text"},
    "action": {"name", "room", "text"},
    "joined": {"name", "room"},
    "left": {"name", "room", "reason"},
    "renamed": {"old", "new"},
    "topic": {"name", "room", "topic"},
    "acknowledged": {"kind", "to", "text"},
    "refused": {"code", "text", "message"},
    "status": {"sessions", "active", "disconnected", "limit"},
    "told": {"text"},
    "stopping": {"text"},
    "goodbye": {"text"},
    "ended": {"reason"},
}
"""The keys that programs could rely on when this client spoke the line protocol; none goes away."""

CONTROLS = {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]}


def drawn(*events: Event, width: int = 100, color: str | None = None) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=color is not None, color_system=color)  # type: ignore[arg-type]
    painter = Painter()
    for event in events:
        painter.draw(event, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def events(output: str, *kinds: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in output.splitlines()]
    return [event for event in found if not kinds or event["event"] in kinds]


# JSON


def test_there_is_an_example_of_every_event() -> None:
    assert {type(event) for event, *_ in EXAMPLES} == set(get_args(Event))


@pytest.mark.parametrize(("event", "fields"), [example[:2] for example in EXAMPLES])
def test_json_has_these_keys_and_the_time(event: Event, fields: dict[str, object]) -> None:
    at = datetime(2026, 11, 22, 15, 41, 7, 123456, timezone(timedelta(hours=1)))
    line = to_json(event, at)
    assert json.loads(line) == fields | {"time": SENT}
    assert list(json.loads(line))[:2] == ["event", "time"]
    assert line.isascii()
    assert "\n" not in line


def test_no_key_of_before_irc_has_gone() -> None:
    now: dict[str, set[str]] = {}
    for _, fields, *_ in EXAMPLES:
        now.setdefault(str(fields["event"]), set(fields)).intersection_update(fields)
    for kind, keys in BEFORE_IRC.items():
        assert now[kind] >= keys, kind
    assert set(ROW_KEYS) == {
        *("id", "name", "address", "protocol", "connected", "disconnected", "duration", "reason"),
    }


def test_the_manual_lists_every_event_with_its_keys() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "connect.md").read_text()
    table = manual[manual.index("| `event` | when |") :].partition("\n\n")[0].splitlines()[2:]
    rows = [re.findall(r"`([\w-]+)`", row.replace("the same", last)) for row, last in with_last(table)]
    listed = {row[0]: set(row[1:]) for row in rows}
    for _, fields, *_ in EXAMPLES:
        assert listed[str(fields["event"])] >= fields.keys() - {"event"}
    assert listed.keys() == {fields["event"] for _, fields, *_ in EXAMPLES}


def with_last(table: list[str]) -> list[tuple[str, str]]:
    """Return each row with the keys of the latest one that has some of its own."""
    found, last = [], ""
    for row in table:
        keys = row.split("|")[3]
        last = last if "the same" in keys else keys
        found.append((row, last))
    return found


def test_json_tells_everything_in_order(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), "--json", "--name", "ada", "--room", "#ops", stdin="hi\nstatus\n/help\n")
    kinds = [event["event"] for event in events(result.stdout)]
    # What the client itself answers does not wait for the server.
    assert kinds == ["welcome", "joined", "ready", "help", "acknowledged", "status", "goodbye"]
    assert result.stderr == ""


def test_json_is_for_programs_even_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    make_printer(ConnectOptions(json=True), to_terminal=True).show(ev.Told("x"))
    event = json.loads(capsys.readouterr().out)
    assert event["event"] == "told"
    assert abs(datetime.fromisoformat(event["time"]) - datetime.now(UTC)) < timedelta(minutes=1)


def play_a_day(river: Peer, lake: Peer) -> None:
    """Let others do one of everything in #ops, where ada only reads; the last is a private word."""
    river.done("PRIVMSG #ops :hi ♥ 🫖", "PRIVMSG #ops :\x01ACTION waves\x01", "NOTICE #ops :beep")
    river.done("PRIVMSG ada :psst", "PRIVMSG ada :\x01ACTION winks\x01", "NOTICE ada :boop")
    river.done("TOPIC #ops :tea", "TOPIC #ops :", "MODE #ops +m", "MODE #ops -m")
    lake.done("JOIN #ops", "NICK pond", "PART #ops :home", "JOIN #ops")
    river.done("KICK #ops pond :flood")
    lake.done("JOIN #ops", "PART #ops", "JOIN #ops")
    lake.do("QUIT :bye", "ERROR")
    river.done("JOIN #tea", "INVITE ada #tea", "RENAME #ops #work")
    river.done("PRIVMSG ada :that is all")


@pytest.fixture
def day(serve: Serve, start: Start, person: Person) -> Callable[..., tuple[list[str], str]]:
    """Reads with some arguments while others do one of everything; returns stdout and stderr."""

    def read(*args: str) -> tuple[list[str], str]:
        port = serve()
        river, lake = person(port, room="#ops"), person(port, "lake", "")
        process = start(port, "--name", "ada", "--room", "#ops", "--read-only", *args)
        assert process.stdout
        river.hear_until("JOIN")
        lines: list[str] = []
        if "--json" in args:
            while not lines or "ready" not in lines[-1]:
                lines.append(process.stdout.readline())
                assert lines[-1], lines
        play_a_day(river, lake)
        while not lines or "that is all" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], lines
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=10)
        assert process.returncode == 130
        assert output == ""
        return [line.removesuffix("\n") for line in lines], errors

    return read


def test_scripts_read_plain_lines(day: Callable[..., tuple[list[str], str]]) -> None:
    lines, errors = day()
    assert lines == [
        "river: hi ♥ 🫖",
        "* river waves",
        "river: beep",
        "[private] river: psst",
        "[private] * river winks",
        "[private] river: boop",
        "* river set the topic of #ops: tea",
        "* river took the topic of #ops away",
        "river sets +m on #ops",
        "river sets -m on #ops",
        "* lake joined #ops",
        "* lake is now pond",
        "* pond left #ops (home)",
        "* pond joined #ops",
        "* river kicked pond from #ops (flood)",
        "* pond joined #ops",
        "* pond left #ops",
        "* pond joined #ops",
        "* pond left #ops (quit: bye)",
        "river invites ada to #tea; /join #tea goes there",
        "* #ops is called #work now",
        "[private] river: that is all",
    ]
    assert re.fullmatch(r"connected to 127\.0\.0\.1:\d+ as ada in #ops\n", errors)


def test_programs_read_the_same_as_json(day: Callable[..., tuple[list[str], str]]) -> None:
    lines, errors = day("--json")
    assert all(line.isascii() for line in lines)
    found = events("\n".join(lines))
    assert errors == ""
    assert {event["event"] for event in found} == {
        *("welcome", "joined", "ready", "message", "action", "notice", "private", "topic", "told", "renamed"),
        *("left", "kicked", "room-renamed"),
    }
    listed = [(fields["event"], set(fields)) for _, fields, *_ in EXAMPLES]
    for event in found:
        assert (event["event"], set(event) - {"time"}) in listed
        assert datetime.fromisoformat(event["time"]).utcoffset() == timedelta(0)
    said = {event["event"]: event for event in found if "sent" in event}
    assert said["message"]["text"] == "hi ♥ 🫖"
    assert said["action"]["text"] == "waves"
    for event in said.values():
        assert event["id"].isdecimal()
        assert abs(datetime.fromisoformat(event["sent"]) - datetime.now(UTC)) < timedelta(minutes=1)
    (kicked,) = [event for event in found if event["event"] == "kicked"]
    assert (kicked["name"], kicked["by"], kicked["room"], kicked["reason"]) == ("pond", "river", "#ops", "flood")


def test_with_several_rooms_every_message_begins_with_its_room(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open(rooms=2)
        for to in ("#a", "#b", "@#b", "ada"):
            peer.say(f":river!u@h PRIVMSG {to} :hi")
        peer.say(":river!u@h PRIVMSG #b :\x01ACTION waves\x01", ":river!u@h JOIN #b", ":river!u@h TOPIC #b :tea")
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, "--name", "ada", "--room", "#a", "--room", "#b", stdin="")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "#a river: hi",
        "#b river: hi",
        "#b river: hi",
        "[private] river: hi",
        "#b * river waves",
        "* river joined #b",
        "* river set the topic of #b: tea",
    ]


def test_a_message_of_several_lines_names_its_sender_on_each(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open(rooms=2)
        peer.say(
            "@msgid=7 :river!u@h BATCH +1 draft/multiline #a",
            "@batch=1 :river!u@h PRIVMSG #a :one ",
            "@batch=1;draft/multiline-concat :river!u@h PRIVMSG #a :line",
            "@batch=1 :river!u@h PRIVMSG #a :two",
            ":river!u@h BATCH -1",
        )
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, "--room", "#a", "--room", "#b", stdin="")
    assert result.stdout.splitlines() == ["#a river: one line", "#a river: two"]


def test_what_was_said_before_comes_with_number_and_time(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve()
    river = person(port, room="#ops")
    river.done("PRIVMSG #ops :first", "PRIVMSG #ops :\x01ACTION waves\x01")
    arguments = ("--name", "ada", "--room", "#ops")
    result = connect(port, *arguments, stdin="/history 1\n/history\n/search first\n")
    assert result.exit_code == 0, result.output
    stamp = r"\[#\d+ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\]"
    patterns = [r"\* river waves", "river: first", r"\* river waves", "river: first"]
    lines = result.stdout.splitlines()
    assert len(lines) == len(patterns)
    for line, pattern in zip(lines, patterns, strict=True):
        assert re.fullmatch(f"{stamp} {pattern}", line)
    found = events(connect(port, *arguments, "--json", stdin="/history\n").stdout, "history")
    assert [message["text"] for message in found[0]["messages"]] == ["first", "waves"]


def test_read_only_json_goes_on_until_the_end_of_the_server(
    start_house: Callable[..., Any], start: Start, person: Person
) -> None:
    house = start_house()
    process = start(house.server.address[1], "--read-only", "--json")
    assert process.stdout
    assert "ready" in "".join(process.stdout.readline() for _ in range(3))
    house.server.stop()
    output, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert [event["event"] for event in events(output)] == ["stopping"]
    assert errors == "Error: connection lost: the server shut down\n"


# Plain lines


@pytest.mark.parametrize(("event", "lines"), [(event, lines) for event, _, lines, _ in EXAMPLES])
def test_scripts_get_plain_lines(event: Event, lines: list[str]) -> None:
    assert [" ".join(line.split()) for line in plain_lines(event)] == [" ".join(line.split()) for line in lines]


@pytest.mark.parametrize(("event", "lines"), [(event, lines) for event, _, lines, _ in EXAMPLES])
def test_data_goes_to_stdout_and_what_is_about_the_connection_to_stderr(
    capsys: pytest.CaptureFixture[str], event: Event, lines: list[str]
) -> None:
    printer = PlainPrinter(ConnectOptions())
    printer.show(ev.Ready("ada", "#lobby"))
    assert capsys.readouterr() == ("", "connected to 127.0.0.1:12345 as ada in #lobby\n")
    printer.show(event)
    output, errors = capsys.readouterr()
    about_connection = isinstance(event, ev.Ready | ev.Refused | ev.Goodbye)
    assert (output == "") == (about_connection or isinstance(event, ev.Ended) or not lines)
    assert (errors != "") == about_connection


def test_before_the_rooms_are_entered_nothing_is_data(capsys: pytest.CaptureFixture[str]) -> None:
    printer = PlainPrinter(ConnectOptions())
    for event in (ev.Told("*** Looking up your hostname"), ev.Joined("ada", "#lobby", True), HI):
        printer.show(event)
    assert capsys.readouterr() == ("", "")


HOSTILE = "\x1b[31mred\x1b]0;title\x07 \x9b2J\x08\x0c\x0b\x7f\x00\u202e\u2066\u2028\x02bold\x0304,05colour\x0f\ttab"
HOSTILE_LINES = [
    f":river!u@h PRIVMSG #lobby :{HOSTILE}",
    f":river!u@h PRIVMSG #lobby :\x01ACTION {HOSTILE}\x01",
    f":river!u@h PRIVMSG #lobby :\x01{HOSTILE}\x01",
    f":riv{HOSTILE.replace(' ', '')}!u@h PRIVMSG ada :{HOSTILE}",
    f":river!u@h NOTICE #lobby :{HOSTILE}",
    f":s NOTICE ada :{HOSTILE}",
    f":river!u@h JOIN #{HOSTILE.replace(' ', '')}",
    f":river!u@h PART #lobby :{HOSTILE}",
    f":river!u@h QUIT :{HOSTILE}",
    f":river!u@h KICK #lobby lake :{HOSTILE}",
    f":river!u@h NICK :{HOSTILE}",
    f":river!u@h TOPIC #lobby :{HOSTILE}",
    f":s 332 ada #lobby :{HOSTILE}",
    f":river!u@h RENAME #x #y{HOSTILE.replace(' ', '')}",
    f":river!u@h MODE #lobby {HOSTILE}",
    f":river!u@h INVITE ada :#{HOSTILE}",
    f":s 322 ada #lobby 3 :{HOSTILE}",
    f":s 999 ada :{HOSTILE}",
    f":s 404 ada #lobby :{HOSTILE}",
    f":s FAIL * CODE{HOSTILE.replace(' ', '')} :{HOSTILE}",
    f":s WALLOPS :{HOSTILE}",
    f"@msgid={HOSTILE.replace(' ', '')};time={HOSTILE.replace(' ', '')} :river!u@h PRIVMSG #lobby :x",
    f"{HOSTILE.replace(' ', '')} x",
]


@pytest.mark.parametrize("args", [(), ("--json",), ("--room", "#lobby", "--room", "#b")])
def test_no_control_byte_and_no_colour_gets_out(
    connect: Connect, scripted: Scripted, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    def script(peer: Peer) -> None:
        peer.open(rooms=max(1, args.count("--room")))
        peer.say(":river!u@h JOIN #lobby", *HOSTILE_LINES)
        assert peer.hear_until("QUIT")
        peer.say(f"ERROR :{HOSTILE}")

    scripted.play(script)
    result = connect(scripted.port, "--name", "ada", *args, stdin="")
    assert result.exit_code == 0, result.output
    output = result.stdout_bytes.decode() + result.stderr_bytes.decode()
    assert not set(output) - {"\n"} & CONTROLS
    assert len(output.splitlines()) == output.count("\n") > 15
    if "--json" in args:
        values = [value for event in events(result.stdout) for value in event.values() if isinstance(value, str)]
        assert not set("".join(values)) & CONTROLS


def test_output_is_utf8_whatever_the_locale(serve: Serve, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    process = start(serve(), "--name", "ada", encoding="utf-8")
    output, _ = process.communicate("/topic #lobby naïve 🫖\n", timeout=10)
    assert process.returncode == 0
    assert output == "* ada set the topic of #lobby: naïve 🫖\n"


# People


@pytest.mark.parametrize(("event", "picture"), [(event, picture) for event, _, _, picture in EXAMPLES])
def test_people_see_it_with_the_time(event: Event, picture: str) -> None:
    assert picture in drawn(ev.Ready("ada", "#lobby"), event)


def test_own_messages_carry_the_name_of_then_and_their_listener() -> None:
    picture = drawn(
        ev.Welcomed("Client01", "Welcome Client01!"),
        ev.Acknowledged(Outgoing(Kind.SAY, "#lobby", "first", nick="Client01")),
        ev.Renamed("river", "lake"),
        ev.Renamed("Client01", "ada", own=True),
        ev.Acknowledged(Outgoing(Kind.ACTION, "#lobby", "waves")),
        ev.Acknowledged(Outgoing(Kind.PRIVATE, "river", "psst")),
    )
    assert "Client01: first ✓" in picture
    assert "* ada waves ✓" in picture
    assert "ada to river: psst ✓" in picture


def test_markup_of_others_is_only_text() -> None:
    text = "[/x] [red]x[/red] [link=http://x]y :smile: http://x 12 'q'"
    said = ev.Said("river", "#x", Kind.SAY, text)
    assert drawn(said, color="truecolor").rstrip("\n").endswith(text)


def test_own_text_cannot_harm_the_own_terminal() -> None:
    hostile = Outgoing(Kind.PRIVATE, "r\x1b[2J", "\x1b[2J\u202ex")
    for event in (ev.Acknowledged(hostile), ev.Refused("x", "no", hostile)):
        assert not {"\x1b", "\u202e"} & set(drawn(event))


def test_the_table_has_every_column_and_a_common_day_once() -> None:
    lines = drawn(TABLE).splitlines()
    assert lines[0].split() == list(ROW_KEYS)
    assert lines[1].split() == ["2", "ada", "127.0.0.1:40123", "irc", "14:41:07", "00:00:03"]
    assert lines[2].split() == ["1", "bob", "[::1]:4", "text", "14:40:07", "14:41:07", "00:01:00", "quit"]
    assert lines[3].strip() == "1 active, 1 disconnected, limit 20; times in UTC on 2026-11-22"


def test_the_table_shows_the_days_when_they_differ() -> None:
    other = ev.SessionRow(3, "c", "x", "text", "2026-11-23 00:00:01 UTC", None, "00:00:03", None)
    picture = drawn(ev.SessionTable((ROW, other), 2, 0, 20), width=140)
    assert "2026-11-22 14:41:07" in picture
    assert "2026-11-23 00:00:01" in picture
    assert picture.rstrip().endswith("times in UTC")


@pytest.mark.parametrize("width", [20, 40, 79, 80, 300])
def test_the_table_stays_inside_the_screen_with_all_that_is_in_it(width: int) -> None:
    lines = drawn(TABLE, width=width).splitlines()
    assert max(map(len, lines)) <= width
    text = "".join("".join(lines).split())
    for part in ("ada", "127.0.0.1:40123", "14:41:07", "00:01:00", "quit", "1active"):
        assert part in text


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


def test_a_person_who_only_reads_sees_colours(capsys: pytest.CaptureFixture[str]) -> None:
    printer = make_printer(ConnectOptions(read_only=True), to_terminal=True)
    assert isinstance(printer, TerminalPrinter)
    printer.show(ev.Said("river", "#lobby", Kind.SAY, "[hi]"))
    assert "river: [hi]" in capsys.readouterr().out
