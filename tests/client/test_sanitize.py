from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatctl.client import events as ev
from chatctl.client.events import Event, Kind
from chatctl.client.registration import WANTED, Login
from chatctl.client.sanitize import harmless, read_foreign
from chatctl.client.session import Session
from chatctl.errors import CannotRun
from chatctl.wire.irc.message import Line

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
CAPS = " ".join(sorted(WANTED))

POSITIONS = [
    # Who says what where
    b":%s!u@h PRIVMSG #ops :hi",
    b":bob!%s PRIVMSG #ops :hi",
    b":bob!u@h PRIVMSG #ops :%s",
    b":bob!u@h PRIVMSG %s :hi",
    b":bob!u@h PRIVMSG ada :%s",
    b":%s PRIVMSG ada hi",
    b":bob!u@h NOTICE #ops :%s",
    b":irc NOTICE ada :%s",
    b":%s NOTICE ada x",
    b":bob!u@h PRIVMSG #ops :\x01ACTION %s\x01",
    b":bob!u@h PRIVMSG #ops :\x01%s\x01",
    b":bob!u@h NOTICE #ops :\x01%s x\x01",
    b"@msgid=%s;time=%s :bob!u@h PRIVMSG #ops hi",
    b"@%s :bob!u@h PRIVMSG #ops hi",
    b"@label=%s :ada!u@h PRIVMSG #ops said",
    # Rooms and people
    b":ada!u@h JOIN %s",
    b":%s!u@h JOIN #ops",
    b":bob!u@h PART #ops :%s",
    b":bob!u@h PART %s",
    b":%s QUIT :bye",
    b":bob!u@h QUIT :%s",
    b":bob!u@h KICK #ops %s :out",
    b":%s KICK #ops bob :%s",
    b":bob!u@h KICK %s ada :out",
    b":ada!u@h NICK :%s",
    b":bob!u@h NICK %s",
    b":bob!u@h TOPIC #ops :%s",
    b":bob!u@h TOPIC %s :x",
    b":s 332 ada #ops :%s",
    b":s 353 ada = #ops :%s",
    b":s 353 ada = %s :bob",
    b":s RENAME #ops %s",
    b":s RENAME %s #x",
    b":bob MODE #ops %s",
    b":bob INVITE %s %s",
    # The server
    b"ERROR :%s",
    b":s 001 %s :%s",
    b":s 005 ada %s :are supported",
    b":s 005 ada PREFIX=%s CHANTYPES=%s CHATHISTORY=%s :are supported",
    b":s CAP %s",
    b":s CAP * %s",
    b":s CAP * LS :%s",
    b":s CAP * ACK :%s",
    b":s CAP ada DEL :%s",
    b"AUTHENTICATE %s",
    b"PING :%s",
    b"PING %s",
    b"PONG s %s",
    b":s KILL %s :%s",
    b":s WALLOPS :%s",
    b":s FAIL PRIVMSG %s #ops :%s",
    b":s FAIL %s",
    b":s WARN x y :%s",
    b":s NOTE %s",
    b":s ACK %s",
    b":s 372 ada :%s",
    b":s 401 ada %s :no",
    b":s 475 ada %s :no",
    b":s 433 * %s",
    b":s 301 ada %s :%s",
    b":s 465 ada :%s",
    b":s 322 ada %s %s :%s",
    b":s %s",
    b":s %s ada x",
    b":s 311 %s",
    # Batches
    b":s BATCH %s",
    b":s BATCH +b %s",
    b":s BATCH +h chathistory %s",
    b"@label=2 :s BATCH +h chathistory #ops",
    b"@label=3 :s BATCH +f soju.im/search %s",
    b"@batch=h :bob!u@h PRIVMSG #ops :%s",
    b"@batch=h;msgid=%s :%s PRIVMSG #ops x",
    b"@batch=f :bob!u@h PRIVMSG #ops :%s",
    b"@batch=h :bob!u@h BATCH +m draft/multiline #ops",
    b":bob!u@h BATCH +m draft/multiline #ops",
    b"@batch=m :bob!u@h PRIVMSG #ops :%s",
    b"@batch=m :s NOTICE ada :%s",
    b"@batch=m :s TOPIC #ops :%s",
    b"@batch=m :s PING %s %s",
    b"@batch=m;draft/multiline-concat :%s PRIVMSG #ops :x",
    b":s BATCH +s chatctl.dev/session 1 0 9",
    b":s BATCH +s chatctl.dev/session %s",
    b"@batch=s :s SESSION 1 %s %s %s %s %s :%s",
    b"@batch=s :s SESSION %s",
    b":s BATCH -b",
    b":s BATCH -h",
    b":s BATCH -f",
    b":s BATCH -m",
    b":s BATCH -s",
    b"@label=m1 :s BATCH +l labeled-response",
    b"@batch=l %s",
    b":s BATCH -l",
    b"%s",
]

NASTY = [
    *("\x1b[2J", "\x1b]0;title\x07", "\u009b2J", "\u009d0;title\u009c", "\x7f", "\t", "\r", "\0", "\x0c", "\x85"),
    *("\u202e", "\u2066", "\u061c", "\u2028", "\u2029", "\ufeff", "\u200d", "\x01", "\x02", "\x0312,4", "\x04ff0000"),
    *(" ", ":", ",", "@", "#", "#ops", "ada", "bob", "+", "-", "*", "", "=", ";", "\\", "\\n", "\\:", "%", "{0}", "é"),
    *("400", "1", "999999999999", "٣", "2026-11-22T14:41:07Z", "0001-01-01T00:00:00Z", "chathistory", "LS", "ACK"),
]

rubbish = (
    st.lists(st.sampled_from(NASTY) | st.text(max_size=5), max_size=4)
    .map("".join)
    .map(lambda text: text.encode(errors="replace"))
    | st.binary(max_size=12)
).map(lambda data: data.replace(b"\n", b""))


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """Draw a line in which something is rubbish."""
    parts = draw(st.sampled_from(POSITIONS)).split(b"%s")
    return parts[0] + b"".join(draw(rubbish) + part for part in parts[1:])


def opened() -> Session:
    """Return a session with everything: capabilities, a room, a message on its way, requests for history."""
    session = Session(Login("ada"), ["#ops"])
    welcome = [f":s CAP * LS :{CAPS}", f":s CAP * ACK :{CAPS}", ":s 001 ada :hi", ":s 376 ada :", ":ada!u@h JOIN #ops"]
    session.receive("".join(f"{line}\n" for line in welcome).encode())
    assert session.ready
    session.say(Kind.SAY, "#ops", "said")
    session.fetch("#ops", 5, "history")
    session.search("#ops", "tea", 5)
    session.here.named.add("#ops")
    session.join("#new")
    return session


def strings(value: object) -> Iterator[str]:
    """Yield every text in an event."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            found = getattr(value, field.name)
            # The lines of one message.
            yield from found.split("\n") if isinstance(value, ev.Said) and field.name == "text" else strings(found)


def is_harmless(text: str) -> bool:
    return not {unicodedata.category(char) for char in text} & {"Cc", "Cs", "Zl", "Zp"} and not BIDI & set(text)


def told(session: Session, stream: bytes) -> list[Event]:
    """Return what is told with ``stream``, all of it checked; so is what is to be sent."""
    events = session.receive(stream)
    assert [text for event in events for text in strings(event) if not is_harmless(text)] == []
    assert is_harmless(session.take_output().decode().replace("\r\n", "").replace("\x01", ""))
    return events


@given(st.lists(lines(), max_size=12))
@example([b":bob!u@h BATCH +m draft/multiline #ops", b"@batch=m PING a b", b"@batch=m PING a c", b"BATCH -m"])
@example([b":s BATCH +m draft/multiline #ops", b"@batch=m :s NOTICE ada a", b"@batch=m :s NOTICE ada b", b"BATCH -m"])
def test_no_bytes_break_a_session_and_none_that_could_harm_a_terminal_come_out(stream: list[bytes]) -> None:
    told(opened(), b"".join(line + b"\n" for line in stream))


@given(
    st.lists(lines(), max_size=8),
    st.sampled_from([Login(), Login("ada"), Login("ada", account="ada", password="x"), Login("ada", any_name=True)]),
    st.booleans(),
    st.integers(0, 4),
)
@example([b"AUTHENTICATE +", b"AUTHENTICATE +"], Login("ada", account="ada", password="x"), False, 2)
@example([b":s CAP", b":s 904", b":s 433", b":s 464", b":s 001"], Login("ada", account="a", password="x"), False, 0)
def test_no_bytes_break_an_opening_but_in_the_ways_that_are_known(
    stream: list[bytes], login: Login, again: bool, progress: int
) -> None:
    session = Session(login, ["#ops"], again=again)
    start = [f":s CAP * LS :{CAPS}", f":s CAP * ACK :{CAPS}", "@time=x :s 001 ada :hi", ":s 376 ada :"][:progress]
    try:
        told(session, "".join(f"{line}\n" for line in start).encode())
        told(session, b"".join(line + b"\n" for line in stream))
    except CannotRun as error:
        assert is_harmless(str(error))
    assert is_harmless(session.strange)


@given(st.binary(max_size=300))
def test_whatever_a_stranger_sends_the_opening_fails_only_in_known_ways(data: bytes) -> None:
    session = Session(Login("ada"))
    try:
        told(session, data + b"\n")
    except CannotRun as error:
        assert is_harmless(str(error))


@given(st.lists(lines(), min_size=1, max_size=6), st.data())
def test_the_events_do_not_depend_on_how_the_bytes_are_cut(drawn: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(line + b"\r\n" for line in drawn) + ":bob!u@h PRIVMSG #ops :grüße\r\n".encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    session = opened()
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert [event for piece in pieces for event in session.receive(piece)] == opened().receive(stream)


@given(st.binary())
def test_every_part_of_a_line_is_harmless(data: bytes) -> None:
    line = read_foreign(data)
    if line is not None:
        parts = [line.command, line.source, *line.params, *line.tags, *line.tags.values()]
        assert all(map(is_harmless, parts))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain", "plain"),
        ("a\tb", "a b"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\u009b2J\u009d0;title\u009c", "2J0;title"),
        ("\x07\x08\x7f\x00", ""),
        ("exe\u202egpj", "exegpj"),
        ("one\u2028two\u2029three\x85", "onetwothree"),
        (
            "\x02bold\x0f \x1ditalic\x1d \x1funder\x1f \x16rev\x16 \x1estrike \x11mono",
            "bold italic under rev strike mono",
        ),
        ("\x0304red\x03 \x0304,05both\x03,plain \x03", "red both,plain "),
        ("\x04ff0000red\x04 \x0400FF00,000000x", "red x"),
        ("grüße 👩\u200d👩\u200d👧 שלום", "grüße 👩\u200d👩\u200d👧 שלום"),
    ],
)
def test_what_harms_goes_and_what_is_language_stays(text: str, left: str) -> None:
    assert harmless(text) == left


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", None),
        (b":source only", Line("ONLY", (), {}, "source")),
        (b":source", None),
        (b"@a=b ", None),
        (b"@a=b\\s\\:;c :s privmsg #x :caf\xe9", Line("PRIVMSG", ("#x", "caf\ufffd"), {"a": "b ;", "c": ""}, "s")),
        (b":s PRIVMSG #x :\x01action waves at all\x01", Line("CTCP", ("#x", "ACTION", "waves at all"), {}, "s")),
        (b":s PRIVMSG #x \x01PING", Line("CTCP", ("#x", "PING", ""), {}, "s")),
        (b":s NOTICE #x :\x01VERSION 7\x01", Line("CTCPREPLY", ("#x", "VERSION", "7"), {}, "s")),
        (b":s TOPIC #x :\x01ACTION\x01", Line("TOPIC", ("#x", "ACTION"), {}, "s")),
        (b"PRIVMSG #x a :\x01b\x01", Line("PRIVMSG", ("#x", "a", "b"))),
    ],
)
def test_a_line_is_taken_apart(data: bytes, line: Line | None) -> None:
    assert read_foreign(data) == line
