"""Streams cut into lines, for people and for IRC clients: any bytes, however they are cut."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from chatctl.core.events.presence import Expelled, Rejected
from chatctl.core.limits import DEFAULTS
from chatctl.core.requests.presence import Expel, Invalid
from chatctl.errors import BadCharacter, InputTooLong, LineTooLong, NotUtf8
from chatctl.wire.base import Dialect, Wire
from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.commands import COMMANDS as IRC_COMMANDS
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.lines import IrcLines
from chatctl.wire.irc.message import BODY_LIMIT, escape_tag, parse, write
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.lines import Lines
from chatctl.wire.text import COMMANDS, TextWire

from . import cutting, shown
from .cutting import Timeline, pick

_DIALECTS = Dialects(ServerInfo())
_ALL = frozenset(offered(_DIALECTS.info))
_TOLD_IN: tuple[Dialect, ...] = (_DIALECTS.speaking(frozenset()), _DIALECTS.speaking(_ALL))

_SIZES = (DEFAULTS.text_line, DEFAULTS.text_line + 1, BODY_LIMIT, 4094)
_EDGES = [bytes([letter]) * size for letter in b"x\xc3" for size in _SIZES]
_WORDS = [
    *(
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b":",
        b"@",
        b";",
        b"=",
        b"\\",
        b"\0",
        b"\xe2\x82\xac",
        b"\xff",
        b"\xe2\x80\xae",
        b"\x1b[",
    ),
    *(b"status", b"status all", b"exit", b"//x", b"/history 20", b"/history -1", b"/msg ada hi", b"/"),
    *(command.name.encode() + b" " for command in COMMANDS),
    *(name.encode() + b" " for name in IRC_COMMANDS),
    *(b"@label=1 ", b"@batch=x;+a=b\\s ", b":src ", b"#lobby", b"CAP REQ :batch labeled-response draft/multiline\r\n"),
]
_ENDINGS = [b"\n", b"\r\n", b"\r"]
_piece = st.one_of(pick(_WORDS), pick(_ENDINGS), pick(_EDGES), st.binary(max_size=8))
_stream = st.lists(_piece, max_size=20).map(b"".join)

inputs = st.builds(bytes.__add__, st.binary(min_size=1, max_size=1), cutting.streams(_stream))


def run(data: bytes) -> None:
    """Check one of the ways to cut lines: the first byte chooses it."""
    timeline = cutting.read(data[1:])
    choice = data[0] if data else 0
    if choice % 4 == 0:
        _check_lines(lambda: Lines(1 + choice // 4), 1 + choice // 4, timeline)
    elif choice % 4 == 1:
        _check_lines(IrcLines, IrcLines()._limit, timeline)
        _check_round_trip(b"".join(piece for _, piece in timeline))
    elif choice % 4 == 2:
        _check_wire(TextWire, timeline)
    else:
        _check_wire(lambda: IrcWire(_DIALECTS), timeline)


def _check_lines(make: Callable[[], Lines], limit: int, timeline: Timeline) -> None:
    """Check that there are as many lines as line endings, none too long, and the same however the stream is cut."""
    found = _cut(make(), limit, timeline)
    assert found == _cut(make(), limit, cutting.whole(timeline)) == _cut(make(), limit, cutting.crumbs(timeline))
    stream = b"".join(piece for _, piece in timeline)
    assert len(found) == stream.count(b"\n") + 1
    if all(isinstance(line, bytes) for line in found):
        assert b"\n".join(map(bytes, found)) == stream.replace(b"\r\n", b"\n").removesuffix(b"\r")


def _cut(lines: Lines, limit: int, timeline: Timeline) -> list[bytes | str]:
    found: list[bytes | LineTooLong] = []
    for _, piece in timeline:
        found += lines.receive(piece)
        assert cutting.held(lines) <= limit + 1
    found.append(lines.flush())
    assert all(len(line) <= limit if isinstance(line, bytes) else line.size > limit for line in found)
    return [line if isinstance(line, bytes) else str(line) for line in found]


def _check_round_trip(line: bytes) -> None:
    """Check that a line that is understood is understood in the same way when it is written again."""
    try:
        read = parse(line)
    except (InputTooLong, NotUtf8, BadCharacter):
        return
    if read is None or not read.command.isalnum():
        return
    written = write("", read.command, *read.params).encode()
    if len(written) <= BODY_LIMIT:
        again = parse(written)
        assert again is not None
        assert again[:2] == read[:2]
    tags = ";".join(f"{key}={escape_tag(value)}" for key, value in read.tags.items())
    if 0 < len(tags.encode()) <= 4094:
        again = parse(f"@{tags} X".encode())
        assert again is not None
        assert again.tags == read.tags


def _check_wire(make: Callable[[], Wire], timeline: Timeline) -> None:
    """Check that the same is asked however the stream is cut, and that every refusal can be told."""
    asked = _ask(make(), cutting.whole(timeline))
    assert asked == _ask(make(), timeline) == _ask(make(), cutting.crumbs(timeline))


def _ask(wire: Wire, timeline: Timeline) -> list[str]:
    now, requests = 0.0, []
    for pause, piece in timeline:
        now += pause
        if wire.deadline is not None and wire.deadline <= now:
            requests += wire.silence()
        if piece:
            requests += wire.receive(piece, now)
            assert cutting.held(getattr(wire, "_lines", b"")) <= IrcLines()._limit + 1
    requests += wire.finish()
    for request in requests:
        if isinstance(request, Invalid | Expel):
            event = Rejected(request.error) if isinstance(request, Invalid) else Expelled(request.error)
            shown.check_text(TextWire.dialect.render(event))
            for dialect in _TOLD_IN:
                shown.check_irc(dialect.render(event))
    return [repr(request) for request in requests]
