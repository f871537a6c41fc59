"""What others can do to the terminal: nothing, whatever they write and wherever they write it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.terminal.conftest import Screen, Scripted, Visitor

Ada = Callable[..., "Screen"]
StartHouse = Callable[..., "House"]

# The sequences of others all have a 99 in them, or a final letter that nothing of ours has.
CONTROLS = "".join(map(chr, [*range(1, 10), 11, 12, *range(14, 32), *range(0x7F, 0xA0)]))
INVISIBLE = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
HOSTILE = {
    "controls": CONTROLS,
    "title": "\x1b]0;stolen\x07\x1b]2;stolen\x1b\\\x9d0;stolen\x9c\x1bk stolen\x1b\\",
    "clipboard": "\x1b]52;c;aGk=\x07\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\x1b]777;notify;a;b\x07\x1b]9;4;1;99\x07",
    "cursor": "\x1b[99A\x1b[99;99H\x1b[99d\x1b[99S\x9b99A\x1b7\x1b8\x1bM\x1bD\x1b[s\x1b[u",
    "erase": "\x1b[2J\x1b[3J\x1bc\x1b[!p\x1b#8\x1b[99X\x1b[99P\x1b[99L\x1b[99M",
    "modes": "\x1b[?1049h\x1b[?1000h\x1b[?5h\x1b[4h\x1b[20h\x1b=\x1b[99;99r\x1b(0\x0e\x1b%@",
    "reports": "\x1b[6n\x1b[5n\x1b[c\x1b[21t\x1b[99t\x1b]10;?\x07\x05",
    "strings": "\x1bP99qdcs\x1b\\\x90dcs\x9c\x1b_apc\x1b\\\x1b^pm\x1b\\\x98s\x9c\x1bPtmux;\x1b\x1b]0;stolen\x07\x1b\\",
    "colours": "\x1b[38;5;99mx\x1b[5;99m\x0304,99red\x03\x02bold\x0f\x16\x1d\x1f\x1e\x11\x04ff0000",
    "invisible": INVISIBLE,
    "markup": "[red]x[/] [/nope] [link=http://x]y[/link] :boom: [",
}
LONG = "long" * 900

OURS = re.compile(
    r"\x1b\[(?:"
    r"0?(?:;?(?:[1-37]|3[0-7]|9[0-7]|38;5;(?!99)\d+))*m"  # colours
    r"|(?!99)\d*[ACD]|J|K"  # the way back to the prompt's first letter, and out with it
    r"|\?(?:7|12|25|2004)[hl]|\?1l"
    r")"
)


def assert_harmless(screen: Screen, since: int = 0) -> None:
    """See to it that the program wrote nothing that only others can have thought of."""
    written = screen.raw[since:].decode()
    rest = OURS.sub("", written)
    assert not set(rest) & set(CONTROLS.replace("\b", "") + INVISIBLE), repr(rest)


def modes(screen: Screen) -> tuple[object, ...]:
    """Return what a terminal can be made to be."""
    shown = screen.screen
    return shown.mode, shown.title, shown.icon_name, shown.charset, shown.g0_charset, shown.g1_charset, shown.margins


def tagged(text: str) -> str:
    return text.replace(";", "").replace(" ", "")


def attacks(text: str) -> list[str]:
    """Return lines of IRC with ``text`` in every place of all that a client reads."""
    word = text.replace(" ", "").replace(":", "") or "x"
    by = f"ri{word}ver!u{word}@h"
    return [
        f":{by} JOIN #lobby",
        f":{by} PRIVMSG #lobby :say {text}",
        f":{by} PRIVMSG ada :private {text}",
        f":{by} NOTICE #lobby :notice {text}",
        f":{word} NOTICE ada :from a server {text}",
        f":{by} PRIVMSG #lobby :\x01ACTION {text}\x01",
        f":{by} PRIVMSG #lobby :\x01{word} {text}\x01",
        f":{by} PRIVMSG ada :\x01{word}\x01",
        f"@time={tagged(text)};msgid={tagged(text)};label={tagged(text)} :{by} PRIVMSG #lobby :tags",
        f":{by} TOPIC #lobby :{text}",
        f":{by} MODE #lobby +{word} {text}",
        f":{by} INVITE ada #{word}",
        f":{by} NICK {word}",
        f":{word} PART #lobby :{text}",
        f":{by} JOIN #lobby",
        f":op{word} KICK #lobby ri{word}ver :{text}",
        f":{by} JOIN #lobby",
        f":{by} QUIT :{text}",
        f":{by} WALLOPS :{text}",
        f":ada!u@h JOIN #{word}",
        f":s 332 ada #{word} :{text}",
        f":s 353 ada = #{word} :ada @{word} +{text}",
        f":{by} PRIVMSG #{word} :elsewhere {text}",
        f":s RENAME #{word} #re{word} :{text}",
        f":ada!u@h PART #re{word} :{text}",
        f":s 372 ada :{text}",
        f":s 005 ada {word}={word} CHATHISTORY={word} PREFIX=({word}){word} :{text}",
        f":s 404 ada #{word} :{text}",
        f":s 401 ada {word} :{text}",
        f":s 319 ada {word} :{text}",
        f":s 322 ada #{word} {word} :{text}",
        f":s 9{word} ada :{text}",
        f":s FAIL {word} {word} {word} :{text}",
        f":s WARN {word} {word} :{text}",
        f":s NOTE * {word} :{text}",
        f":s {word} {text}",
        f":s BATCH +{word} {word} {text}",
        f"@batch={tagged(text)} :{by} PRIVMSG #lobby :in a batch {text}",
        f":s BATCH -{word}",
        ":s BATCH +m draft/multiline #lobby",
        f"@batch=m :{by} PRIVMSG #lobby :{text}",
        f"@batch=m :{by} PRIVMSG #lobby :{text}",
        ":s BATCH -m",
        ":s BATCH +t chatctl.dev/session 2 0 9",
        f"@batch=t :s SESSION 1 {word} {word} {word} {word} {word} :{text}",
        f"@batch=t :s SESSION 2 {word} {word} {word} 2026-11-22T14:41:07Z * :{text}",
        ":s BATCH -t",
        f":s CAP ada DEL :{text}",
        f":s ERROR_ :{text}",
    ]


@pytest.fixture
def attacked(terminal: Ada, scripted: Scripted) -> tuple[Screen, Visitor]:
    """A client that is in #lobby, with a line half typed, on a server that will do anything."""
    screen = terminal(scripted.port, "--name", "ada", "--room", "#lobby", "--notify", "none", columns=80)
    server = scripted.accept()
    server.come_in()
    screen.wait("ada joined #lobby")
    screen.key("still here")
    screen.wait_for_prompt("● ada #lobby> still here")
    return screen, server


def assert_answers(screen: Screen, server: Visitor) -> None:
    """See to it that the line that is half typed is whole, and is sent."""
    screen.wait_for(lambda: screen.prompt.endswith("#lobby> still here"))
    screen.type("!")
    label = server.label(server.until("still here!"))
    server.say(f"@label={label} :ada!u@h PRIVMSG #lobby :still here!")
    screen.wait("ada: still here! ✓")


def test_a_server_cannot_touch_the_terminal(attacked: tuple[Screen, Visitor]) -> None:
    screen, server = attacked
    before, begun = modes(screen), len(screen.raw)
    for text in [*HOSTILE.values(), LONG]:
        server.say(*attacks(text))
    server.say(*(line.encode("latin-1", "replace") for line in attacks(CONTROLS + "\xe4\xff")))
    server.say(b"x" * 20_000, b"@" + b"a;" * 5_000 + b" :s NOTICE ada :x", b"", b":", b"@", b"@a", b" ", b":a :")
    server.say(":s NOTICE ada :the end")
    screen.wait("the end")
    assert_answers(screen, server)
    # A blank at the end of a row that goes on in the next is not to be told from none.
    shown = "".join(screen.rows).replace(" ", "")
    assert f"say {HOSTILE['markup']}".replace(" ", "") in shown
    assert "[99A[99;99H" in shown, "what is left of a sequence is shown"
    assert_harmless(screen, begun)
    assert modes(screen) == before


def test_a_history_cannot_touch_the_terminal(terminal: Ada, scripted: Scripted) -> None:
    screen = terminal(scripted.port, "--name", "ada", "--room", "#lobby", "--notify", "none", columns=80)
    server = scripted.accept()
    server.negotiate()
    server.welcome()
    server.until("JOIN #lobby")
    server.say(":ada!u@h JOIN #lobby")
    label = server.label(server.until("CHATHISTORY"))
    lines = [line for text in HOSTILE.values() for line in attacks(text) if line[0] == ":"]
    server.say(f"@label={label} :s BATCH +h chathistory #lobby", *(f"@batch=h {line}" for line in lines))
    server.say("@batch=h :river!u@h PRIVMSG #lobby :the end", ":s BATCH -h")
    screen.wait("river: the end")
    screen.key("still here")
    assert_answers(screen, server)
    assert_harmless(screen)


@pytest.mark.parametrize("kind", ["title", "erase", "controls", "invisible", "long"])
def test_hostile_words_on_the_way_in_and_out_leave_the_terminal_untouched(
    terminal: Ada, scripted: Scripted, kind: str
) -> None:
    text = {**HOSTILE, "long": LONG}[kind]
    screen = terminal(scripted.port, "--room", "#lobby", "--notify", "none", columns=80)
    before = modes(screen)
    server = scripted.accept()
    server.say(f":s NOTICE * :{text}", f":{text.replace(' ', '')} NOTICE * :look up")
    server.negotiate()
    name = re.sub("[ :!@]", "", f"a{text}da")
    server.welcome(name, f"welcome {text}", f":s 375 ada :{text}", f":s 372 ada :motd {text}", f":s 376x {text}")
    server.enter(name=name)
    screen.wait("joined #lobby")
    screen.type("hello")
    server.until("hello")
    screen.type("exit")
    server.until("QUIT")
    server.say(f"ERROR :good night {text}")
    assert screen.status() == 15, "nobody acknowledged the message"
    assert "good night" in "\n".join(screen.rows)
    assert_harmless(screen)
    assert modes(screen) == before


@pytest.mark.parametrize(
    ("command", "status"),
    [("433 * ada", 1), ("464 *", 12), ("473 ada #lobby", 1), ("ERROR", 10), ("ERROR :full", 11), ("NONSENSE", 10)],
)
def test_a_refusal_cannot_touch_the_terminal(terminal: Ada, scripted: Scripted, command: str, status: int) -> None:
    text = "".join(HOSTILE.values())
    screen = terminal(scripted.port, "--name", "ada", "--room", "#lobby")
    server = scripted.accept()
    if "#lobby" in command:
        server.negotiate()
        server.welcome()
        server.until("JOIN")
    server.say(f":s {command} {'' if ':' in command else ':'}because {text}")
    assert screen.status() == status
    assert "because" in screen.text
    assert_harmless(screen)


def test_times_outside_the_calendar_and_lines_with_too_little_in_them_stop_nobody(
    attacked: tuple[Screen, Visitor],
) -> None:
    screen, server = attacked
    times = [
        "0001-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00+23:59",
        "1969-12-31T23:59:59.999Z",
        "2026-02-30T00:00:00Z",
        "now",
    ]
    server.say(*(f"@time={time} :river!u@h PRIVMSG #lobby :when {number}" for number, time in enumerate(times)))
    commands = "JOIN PART KICK QUIT NICK TOPIC RENAME MODE INVITE CAP FAIL WARN NOTE WALLOPS PRIVMSG NOTICE PING PONG"
    words = [*commands.split(), "BATCH", "ACK", "KILL", "001", "005", "332", "353", "366", "433", "401", "903", "١٢٣"]
    server.say(*(f":river!u@h {word}{rest}" for word in words for rest in ("", " ", " :", " ada", " #lobby")))
    server.say(":s NOTICE ada :the end")
    screen.wait("the end")
    assert [row for row in screen.said() if "when" in row] == [f"river: when {number}" for number in range(6)]
    assert_answers(screen, server)


def test_a_notification_of_the_desktop_holds_nothing_but_words(terminal: Ada, scripted: Scripted) -> None:
    screen = terminal(scripted.port, "--name", "ada", "--room", "#lobby", "--notify", "osc9")
    server = scripted.accept()
    server.come_in()
    screen.wait("ada joined")
    # OSC 9 ; 4 and its like are commands to some terminals: the bar of progress, a macro.
    server.say(f":4;1;50!u@h PRIVMSG #lobby :ada {HOSTILE['title']}")
    server.say(":river!u@h BATCH +m draft/multiline #lobby")
    server.say("@batch=m :river!u@h PRIVMSG #lobby :ada: one", "@batch=m :river!u@h PRIVMSG #lobby :two", ":s BATCH -m")
    screen.wait("ada: one", "two")
    screen.wait_for(lambda: screen.raw.count(b"\x1b]") == screen.raw.count(b"\x1b\\") == 2)
    first, second = re.findall(rb"\x1b\]9;([^\x1b]*)\x1b\\", screen.raw)
    assert first.startswith(b"4,1,50: ada ]0;stolen")
    assert second == b"river: ada: one two"
    assert screen.raw.count(b"\x1b]") == 2


def test_a_person_cannot_touch_the_terminal_of_another(start_house: StartHouse, ada: Ada) -> None:
    house = start_house()
    river = house.enter("river")
    screen = ada(house.server.address[1], "--notify", "none", columns=80)
    before = modes(screen)
    for text in HOSTILE.values():
        river.sock.sendall(f"text {text}\n/me does {text}\n/topic {text}\n/msg ada psst {text}\n".encode())
        river.sock.sendall(f"/nick {text}\n/join #{text.replace(' ', '')}\n".encode())
    river.sock.sendall(b"\xff\xfe\x1b[99A\n" + b"\x9b99A\n")
    river.send("/join #lobby", "the end")
    screen.wait("river: the end")
    screen.type("still here")
    screen.wait("ada: still here ✓")
    assert "text [red]x[/]" in "\n".join(screen.rows)
    assert_harmless(screen)
    assert modes(screen) == before
