"""A conversation written down: one line for each thing that somebody does.

``a NICK eve`` has client a send that line; a capital letter has it do so in the same turn as what follows. ``a ~``
hangs up and comes again, ``+`` and a character lets time go by. Any other bytes are a conversation too.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.commands import COMMANDS
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.text import COMMANDS as TEXT_COMMANDS

from .cutting import pick

CLIENTS = "abcdtw"
"""Ada understands everything, b nothing, c half; d has not registered, t has netcat, and w comes by WebSocket."""

TIME, AWAY = b"+", b"~"


class Act(NamedTuple):
    """What ``client`` does: it sends ``line`` or, without one, hangs up; ``seconds`` go by before."""

    client: str
    line: bytes | None
    seconds: float = 0.0
    goes_on: bool = False


def read(data: bytes) -> list[Act]:
    """Return what happens in a conversation."""
    return [_read(line) for line in data.split(b"\n") if line]


def _read(line: bytes) -> Act:
    first, rest = line[:1], line[1:].removeprefix(b" ")
    if first == TIME:
        return Act(CLIENTS[0], b"", 10.0 * sum(rest[:1]))
    who = first.decode("latin-1").lower()
    client = who if who in CLIENTS else CLIENTS[first[0] % len(CLIENTS)]
    return Act(client, None if rest == AWAY else rest, goes_on=first.isupper())


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


_NICKS = [
    "ada",
    "bob",
    "cy",
    "tom",
    "dan",
    "ADA",
    "Client05",
    "Client99",
    "*",
    "nickserv",
    "-ada",
    "eve",
    "b" * 31,
    "é",
    "",
]
_ROOMS = [
    "#a",
    "#A",
    "#lobby",
    "#b",
    "#é",
    "#a,#b",
    "#" + "x" * 63,
    "#" + "é" * 63,
    "#",
    "0",
    "@#a",
    "+#a",
    "&a",
    "#\x1b[2J",
]
_NICKS += ["ada", "bob", "cy"] * 5
_ROOMS += ["#a"] * 20
_MASKS = [
    "*!*@*",
    "ada!*@*",
    "*@127.0.0.1",
    "127.0.0.0/8",
    "::/0",
    "$a:ada",
    "~a:ada",
    "a:*",
    "n:*",
    "C:*",
    "*",
    "?*",
    "[",
    "é" * 90,
]
_MODES = [f"{sign}{letter}" for sign in "+-" for letter in "ovbeIklimnstCBRwor"] + [
    "+ovk",
    "b",
    "I",
    "+k-k+l",
    "+",
    "",
    "+Z",
]
_TEXTS = [
    "hi",
    "",
    ":",
    ":x",
    " ",
    "two words",
    "\x01ACTION waves\x01",
    "\x01VERSION\x01",
    "é" * 250,
    "x" * 480,
    "😀" * 120,
]
_TEXTS += ["\u202etxet", "\x02\x1b[31m", "//x", "a\tb", "\x7f\x9b", "\u2028", "x " * 240]
_NUMBERS = ["0", "1", "-1", "2", "3", "50", "1000", "99999999999999999", "٣", "1e3", "5m", "2w", "99999999w", "+5"]
_TIMES = [
    "timestamp=2026-11-22T14:41:07.123Z",
    "timestamp=0001-01-01T00:00:00.000Z",
    "timestamp=9999-12-31T23:59:59.999Z",
]
_MARKS = [*_TIMES, "msgid=1", "msgid=2", "msgid=3", "msgid=999999999999999999", "msgid=", "timestamp=*", "*"]
_KEYS = ["avatar", "url", "k" * 40, "k" * 41, "display-name", "pronouns", "Ä", "a b", "-", "v:x"]
_SECRETS = ["secret", "pass1", "wrong", "x" * 400, "ä\u00ad", "\u0627a"]
_SASL = [
    "YWJé",
    "PLAIN",
    "SCRAM-SHA-256",
    "EXTERNAL",
    "*",
    "+",
    "A" * 400,
    "=",
    _encoded(b"\0ada\0pass1"),
    _encoded(b"\0bob\0wrong"),
]
_SASL += [
    _encoded(b"n,,n=ada,r=abc"),
    _encoded(b"c=biws,r=abc,p=AAAA"),
    _encoded(b"y,,n=,r="),
    _encoded(b"\xff\0\xff\0\xff"),
]
_SEARCHES = [
    "in=#a;text=hi",
    "from=ada",
    "in=bob;limit=5",
    "text=\\s",
    "after=2026-11-22T14:41:07.123Z",
    "limit=-1;in=#a",
    "=;=",
    "in=#a;before=x",
]
_WORDS = [*_NICKS, *_ROOMS, *_MASKS, *_MODES, *_TEXTS, *_NUMBERS, *_MARKS, *_KEYS, *_SECRETS, *_SASL]
_MEANT = {
    "nick": _NICKS,
    "target": [*_NICKS, *_ROOMS],
    "account": ["*", *_NICKS],
    "channel": _ROOMS,
    "mask": [*_MASKS, *_ROOMS],
    "address": _MASKS,
    "network": _MASKS,
    "user@host": _MASKS,
    "modes": _MODES,
    "msgid": ["1", "2", "3", "4", "5", "999"],
    "password": _SECRETS,
    "mechanism": _SASL,
    "time": _TIMES,
    "subcommand": ["LATEST", "BEFORE", "AFTER", "BETWEEN", "AROUND", "TARGETS", "latest", "X"],
    "key": _KEYS,
    "value": _TEXTS,
    "count": _NUMBERS,
    "number": _NUMBERS,
    "attribute": _SEARCHES,
    "id": ["+x", "-x", "+y", "-y", "+", "+ü"],
    "command": [
        "REGISTER pass1",
        "IDENTIFY pass1",
        "IDENTIFY ada pass1",
        "LOGOUT",
        "HELP",
        "HELP REGISTER",
        "GHOST bob pass1",
        "JOIN",
    ],
    "parameters": [
        "#a * 10",
        "#a msgid=1 5",
        "bob * 3",
        "#a msgid=1 msgid=5 3",
        "#a " + _TIMES[1] + " 50",
        "bob " + " ".join(_TIMES[1:]) + " 5",
    ],
    "condition": [">1", "<5", "C>1", "T<5", "C<99999999999999", "!a*", "*a*", "U>x"],
    "fields": ["%tcuihsnfdlaor,42", "%", "%a,1234", "o"],
}
"""What fits where the table of commands says what a parameter is."""

_CAPS = [
    *offered(ServerInfo()),
    "batch labeled-response",
    "-echo-message",
    "-message-tags",
    "nonsense",
    "-labeled-response -batch",
]
_LITERALS = {"CAP": _CAPS, "REGISTER": ["*", "ada", "pass1", "a@b.c"], "OPER": ["root", "secret"]}
_TAGS = [
    "@label=1 ",
    "@label=" + "l" * 70 + " ",
    "@+typing=active ",
    "@batch=x ",
    "@batch=x;draft/multiline-concat ",
    "@+x=" + "y" * 4000 + " ",
]
_TAGS += ["@label=2;+a=\\s\\:\\\\ ", "@+draft/reply=1;label=3 ", "@ ", "@;;=; "]
_SCENES = [
    [
        "BATCH +x draft/multiline #a",
        "@batch=x PRIVMSG #a :one",
        "@batch=x;draft/multiline-concat PRIVMSG #a :two",
        "BATCH -x",
    ],
    ["@label=9 BATCH +x draft/multiline bob", "@batch=x NOTICE bob :" + "é" * 200, "@batch=x NOTICE bob :", "BATCH -x"],
    ["AUTHENTICATE PLAIN", "AUTHENTICATE " + _encoded(b"\0ada\0pass1")],
    [
        "AUTHENTICATE SCRAM-SHA-256",
        "AUTHENTICATE " + _encoded(b"n,,n=ada,r=abc"),
        "AUTHENTICATE " + _encoded(b"c=biws,r=abc,p=AAAA"),
    ],
    ["AUTHENTICATE PLAIN", "AUTHENTICATE " + "A" * 400, "AUTHENTICATE +"],
    ["REGISTER * * pass1", "PRIVMSG bob :hi", "MARKREAD #a timestamp=2026-11-22T14:41:07.123Z"],
    ["NICKSERV REGISTER pass1", "NS IDENTIFY pass1", "NS SHARED OFF", "NS PASSWORD pass2", "NS INFO", "NS LOGOUT"],
    ["NS REGISTER pass1", "~", "CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE " + _encoded(b"\0ada\0pass1")],
    ["NS REGISTER pass1", "QUIT", "CAP REQ sasl", "NICK ada", "USER a 0 * :A", "AUTHENTICATE PLAIN"],
    ["AUTHENTICATE " + _encoded(b"\0ada\0pass1"), "CAP END", "NICK ada", "AWAY :gone", "JOIN #b", "PART #a"],
    [
        "OPER root secret",
        "KILL bob :x",
        "KLINE 5 *@127.0.0.1 :x",
        "UNKLINE *@127.0.0.1",
        "WALLOPS :hi",
        "SET MAXCLIENTS 3",
    ],
    ["NICK dan", "USER dan 0 * :Dan", "CAP END", "JOIN #a"],
    [
        "CAP LS 302",
        "CAP REQ :batch labeled-response sasl message-tags",
        "METADATA * SET avatar :x",
        "NICK eve",
        "USER e 0 * :E",
        "CAP END",
    ],
    ["METADATA * SUB avatar url", "METADATA #a SET url :x", "METADATA * SYNC", "METADATA ada LIST", "METADATA * CLEAR"],
    [
        "CHATHISTORY LATEST #a * 10",
        "CHATHISTORY BETWEEN #a msgid=1 msgid=9 5",
        "CHATHISTORY TARGETS " + " ".join(_TIMES[1:]) + " 10",
    ],
    ["MONITOR + ada,bob,eve", "MONITOR S", "NICK eve", "MONITOR - ada", "MONITOR C"],
    [
        "MODE #a +b *!*@*",
        "MODE #a +e ada!*@*",
        "MODE #a +iklm key 2",
        "INVITE bob #a",
        "KICK #a bob :out",
        "RENAME #a #b :x",
    ],
    ["JOIN #r", "RENAME #r #s", "JOIN #r", "RENAME #r #S", "PART #s", "TOPIC #s :t"],
    ["REDACT #a 1 :x", "REDACT bob 2", "SEARCH in=#a;text=hi", "MARKREAD #a"],
    [
        "MODE #a +bbb *!*@* $a:ada ~a:bob",
        "PRIVMSG #a :x",
        "MODE #a -bbb+mC *!*@* $a:ada ~a:bob",
        "NOTICE #a :\x01X\x01",
    ],
    [
        "MODE #a +ov bob cy",
        "NAMES #a",
        "WHO #a %tcuihsnfdlaor,42",
        "MODE #a -o+I bob bob!*@*",
        "TOPIC #a :" + "é" * 200,
    ],
    ["WHOIS bob", "WHOIS ada,bob", "WHOWAS dan", "LIST >0", "USERHOST ada bob", "ISON ada bob", "LUSERS", "STATS u"],
    ["ACCEPT bob", "MODE ada +RB", "ACCEPT *", "ACCEPT -bob"],
    ["bad\0line", "bad\rline", "@" + "x" * 5000, "NICK ada"],
]
"""Lines that mean something together."""

_LOGIN = ["CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE " + _encoded(b"\0ada\0pass1")]
_TWIN = ["~", *_LOGIN, "NICK ada", "USER a 0 * :A", "CAP END"]
_PLAYS = [
    [
        "a NS REGISTER pass1",
        *(f"c {line}" for line in _TWIN),
        "c PRIVMSG #a :x",
        "a PRIVMSG bob :y",
        "c PART #a",
        "a ~",
        "c QUIT",
    ],
    [
        "a NS REGISTER pass1",
        *(f"w {line}" for line in _TWIN),
        "w METADATA * SET url :x",
        "w AWAY :gone",
        "a NICK eve",
        "w ~",
    ],
    [
        "a NS REGISTER pass1",
        "b NICK ada",
        "a ~",
        "b NICK ada",
        *(f"a {line}" for line in _TWIN),
        "a NS RECOVER ada",
        "a NS INFO",
    ],
    [
        "a MODE #a +i",
        "c PART #a",
        "a INVITE cy #a",
        "c JOIN #a",
        "a KICK #a cy",
        "C JOIN #a",
        "A MODE #a +o bob",
        "a RENAME #a #z",
    ],
    [
        "t hello",
        "A PRIVMSG #a :one",
        "B PRIVMSG #a :two",
        "w REDACT #a 1",
        "a REDACT #a 2",
        "c CHATHISTORY LATEST #a * 9",
        "t /history",
    ],
    [
        "a MARKREAD #a " + _TIMES[0],
        "a NS REGISTER pass1",
        "a MARKREAD #a " + _TIMES[0],
        "a NS LOGOUT",
        "a MARKREAD bob",
        "a ~",
    ],
    [
        "a OPER root secret",
        "A KILL tom :x",
        "t hi",
        "a KLINE 5 *@127.0.0.2",
        "b ~",
        "b NICK bob",
        "a SET MAXCLIENTS 1",
        "c ~",
        "c NICK x",
    ],
]
"""Lines of several clients that mean something together."""

_ALTERNATIVES = re.compile(r"<([^<>]+)>|([A-Z0-9+*-]+)")


def _words_for(command: Command) -> list[st.SearchStrategy[str]]:
    """Return what fits, one for each parameter that the table of commands writes down."""
    places = []
    for written in command.parameters.replace("> <", ">\0<").replace(" ", "\0").split("\0"):
        fitting = list(_LITERALS.get(command.name, ()))
        for meaning, literal in _ALTERNATIVES.findall(written):
            fitting += [literal] if literal else _MEANT.get(meaning, _TEXTS)
        places.append(st.one_of(*[pick(fitting or _WORDS)] * 5, pick(_WORDS)))
    return places


def _join(words: Sequence[str]) -> str:
    """Return the words as a line; the last one may be anything."""
    return " ".join([*words[:-1], f":{words[-1]}" if " " in words[-1] or not words[-1] else words[-1]])


def _lines_of(command: Command) -> st.SearchStrategy[str]:
    places = _words_for(command)
    enough = st.tuples(*places)
    fewer = enough.flatmap(lambda words: st.integers(0, len(words)).map(lambda count: words[:count]))
    more = st.builds(lambda words, extra: (*words, *extra), enough, st.lists(pick(_WORDS), max_size=3))
    tags = st.one_of(st.just(""), st.just("@label=1 "), pick(_TAGS))
    return st.builds(
        lambda tag, words: tag + _join((command.name, *words)), tags, st.one_of(enough, enough, fewer, more)
    )


_irc_line = st.one_of(*(_lines_of(command) for command in COMMANDS.values()))
_text_line = st.builds(
    lambda command, words: " ".join([command, *words]),
    pick([*(command.name for command in TEXT_COMMANDS), "status", "exit", ""]),
    st.lists(pick(_WORDS), max_size=3),
)


def _written(client: str, goes_on: bool, line: str) -> bytes:
    return (client.upper() if goes_on else client).encode() + b" " + line.replace("\n", "").encode()


def _spoken(client: str) -> st.SearchStrategy[list[bytes]]:
    line = st.one_of(_text_line, _text_line, _irc_line) if client == "t" else st.one_of(*[_irc_line] * 9, _text_line)
    acts = st.builds(
        lambda goes_on, line: [_written(client, goes_on, line)], st.integers(0, 5).map(lambda n: n == 0), line
    )
    scene = pick(_SCENES).map(lambda lines: [_written(client, False, line) for line in lines])
    away = st.just([client.encode() + b" ~"])
    return st.one_of(*[acts] * 7, *[scene] * 4, away)


_time = pick([[b"+ \x01"], [b"+ \x7f"], [b"+ \xff"]])
_noise = st.binary(max_size=30).map(lambda noise: [noise.replace(b"\n", b"")])

_play = pick([[line.encode() for line in play] for play in _PLAYS])

inputs = st.lists(st.one_of(*map(_spoken, CLIENTS * 2), _play, _play, _time, _noise), max_size=14).map(
    lambda parts: b"\n".join(line for part in parts for line in part)
)
