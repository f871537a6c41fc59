"""How it looks: on narrow and wide screens, with and without colours."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from chatctl.client.commands import COMMANDS

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.terminal.conftest import Screen, Scripted

Ada = Callable[..., "Screen"]
StartHouse = Callable[..., "House"]

COLOURS = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10[0-7])[;m]")


def show_everything(house: House, screen: Screen) -> None:
    """Let the screen show all that has a colour."""
    river = house.enter("river")
    river.send("hello ada", "/me waves", "/topic tea", "/msg ada psst")
    screen.wait("psst")
    screen.type("hello")
    screen.wait("hello ✓")
    screen.type("/topyc")
    screen.wait("did you mean /topic?")
    screen.type("status")
    screen.wait("2 active, 0 disconnected")
    screen.type("/help")
    screen.wait("//TEXT")
    screen.key("line")
    screen.wait_for_prompt("● ada #lobby> line")


@pytest.mark.parametrize(
    ("arguments", "env"), [((), {"NO_COLOR": "1"}), (("--color", "never"), {})], ids=["NO_COLOR", "--color never"]
)
def test_without_colours_there_is_none(
    start_house: StartHouse, ada: Ada, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    house = start_house()
    screen = ada(house.server.address[1], *arguments, **env)
    show_everything(house, screen)
    assert COLOURS.search(screen.raw) is None
    assert b"\x1b[0;1m#lobby" in screen.raw, "bold is no colour"


def test_with_colours_a_name_looks_the_same_wherever_it_is(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    screen = ada(house.server.address[1], rows=60)
    show_everything(house, screen)
    assert COLOURS.search(screen.raw)
    own = [screen.style(text).fg for text in ("ada: hello ✓", "ada #lobby> line")]
    assert own[0] == own[1] != "default"
    others = [screen.style(text).fg for text in ("river: hello", "river waves", "river to you: psst")]
    assert set(others) == {others[0]}
    assert others[0] not in ("default", own[0])
    assert screen.style("✓").fg == "green"
    assert screen.style("did you mean").fg == "red"


@pytest.mark.parametrize("columns", [200, 40])
def test_help_fits_the_screen_and_names_every_command(start_house: StartHouse, ada: Ada, columns: int) -> None:
    screen = ada(start_house().server.address[1], columns=columns, rows=80)
    screen.type("/help")
    screen.wait("//TEXT", "begins with a slash")
    begun = next(number for number, row in enumerate(screen.rows) if row.startswith("/join"))
    rows = screen.rows[begun:-1]
    assert [row.split()[0] for row in rows if row.startswith("/")][:-1] == [command.name for command in COMMANDS]
    words = " ".join(rows).split()
    for command in COMMANDS:
        assert set(command.summary.split()) <= set(words), command


def test_the_table_of_sessions_is_a_table_where_there_is_room_and_else_a_list(
    start_house: StartHouse, ada: Ada
) -> None:
    house = start_house(max_clients=7)
    gone = house.enter("gone")
    gone.send("exit")
    gone.rest()
    screen = ada(house.server.address[1], columns=200)
    house.enter("river")
    for number, columns in enumerate((200, 100, 80, 40), 1):
        screen.resize(columns, 24)
        screen.type("status")
        screen.wait_for(lambda number=number: str(screen.rows).count("2 active, 1 disconnected, limit 7") == number)
        screen.wait_for_prompt("● ada #lobby>")
        start = max(at for at, row in enumerate(screen.rows) if re.match(r" *id  name|3 river text", row))
        rows = screen.rows[start:-1]
        if columns >= 80:
            assert rows[0].split()[:4] == ["id", "name", "address", "protocol"]
            cells = [row.split() for row in rows[1:4]]
            assert [cell[:2] for cell in cells] == [["3", "river"], ["2", "ada"], ["1", "gone"]]
            assert [cell[3] for cell in cells] == ["text", "irc", "text"]
            assert [len(cell) for cell in cells] == [6, 6, 8]
        else:
            assert [row.split()[:3] for row in rows[:6:2]] == [
                ["3", "river", "text"],
                ["2", "ada", "irc"],
                ["1", "gone", "text"],
            ]
            assert all(re.fullmatch(r"   \d\d:\d\d:\d\d.*", row) for row in rows[1:6:2])
        assert all(len(row) <= columns for row in rows)


def test_a_long_message_is_broken_by_the_terminal_alone(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    river = house.enter("river")
    screen = ada(house.server.address[1], columns=40)
    text = " ".join(f"word{number}" for number in range(40))
    river.send(text)
    screen.wait_for(lambda: b"word39\r\n" in screen.raw)
    assert f": {text}\r\n".encode() in re.sub(rb"\x1b\[[\d;]*m", b"", screen.raw)
    screen.type(text)
    screen.wait("✓")
    screen.wait_for_prompt("● ada #lobby>")


def test_a_new_day_begins_with_a_rule(terminal: Ada, scripted: Scripted) -> None:
    screen = terminal(scripted.port, "--name", "ada", "--room", "#lobby", TZ="UTC")
    server = scripted.accept()
    server.negotiate()
    server.welcome()
    server.until("JOIN #lobby")
    server.say(":ada!u@h JOIN #lobby")
    label = server.label(server.until("CHATHISTORY"))
    server.say(f"@label={label} :s BATCH +h chathistory #lobby")
    for time in ("2026-11-20T23:58", "2026-11-20T23:59", "2026-11-21T00:01"):
        server.say(f"@batch=h;time={time}:00.000Z;msgid={time} :river!u@h PRIVMSG #lobby :at {time}")
    server.say(":s BATCH -h")
    screen.wait("#lobby: the last 3 messages", "now ─")
    rows = [row.rstrip(" ─") for row in screen.rows]
    begun = rows.index("#lobby: the last 3 messages")
    assert rows[begun + 1 : begun + 7] == [
        "Friday, 20 November 2026",
        "23:58 river: at 2026-11-20T23:58",
        "23:59 river: at 2026-11-20T23:59",
        "Saturday, 21 November 2026",
        "00:01 river: at 2026-11-21T00:01",
        "now",
    ]


def test_a_message_is_grey_until_the_server_has_it_and_a_refused_one_says_why(
    terminal: Ada, scripted: Scripted
) -> None:
    screen = terminal(scripted.port, "--name", "ada", "--room", "#lobby")
    server = scripted.accept()
    server.come_in()
    screen.wait("ada joined")
    for text in ("one", "two", "three", "four", "five"):
        screen.type(text)
    screen.key("next")
    screen.wait("  2 more on their way …", "  three …", "  five …")
    screen.wait_for_prompt("● ada #lobby> next")
    assert "✓" not in screen.text
    assert screen.style("five …").fg == "808080"
    for text in ("one", "two", "three"):
        label = server.label(server.until(f"PRIVMSG #lobby {text}"))
        server.say(f"@label={label} :ada!u@h PRIVMSG #lobby {text}")
    label = server.label(server.until("PRIVMSG #lobby four"))
    server.say(f"@label={label} :s 404 ada #lobby :you are not allowed to speak")
    screen.wait("not sent: four", "you are not allowed to speak", "  five …")
    screen.wait_for_prompt("● ada #lobby> next")
    assert screen.said()[-4:-1] == ["ada: one ✓", "ada: two ✓", "ada: three ✓"]
    assert "more on their way" not in screen.text
    assert "four …" not in screen.text
