"""The terminal client's half of IRC, told anything by a hostile server."""

from __future__ import annotations

import dataclasses

from hypothesis import strategies as st

from chatctl.client.events import Event, Kind
from chatctl.client.registration import WANTED, Login
from chatctl.client.session import RECEIVED_LIMIT, Session
from chatctl.errors import CannotRun
from chatctl.wire.irc.commands import COMMANDS

from . import cutting, shown
from .cutting import Timeline, pick

CAPS = " ".join(sorted(WANTED))
WELCOME = (
    f":s CAP * LS :{CAPS}\r\n:s CAP * ACK :{CAPS}\r\n:s 001 ada :hi\r\n"
    ":s 005 ada CHANTYPES=# PREFIX=(ov)@+ CHATHISTORY=100 :are supported by this server\r\n:s 376 ada :\r\n"
    ":ada!u@h JOIN #ops\r\n:s 353 ada = #ops :@ada bob\r\n:s 366 ada #ops :\r\n"
).encode()
"""What a server says until the client is in."""

MEMORY = 1 << 18
"""Bytes that a session may keep of a stream of a few thousand."""

_LINES = [
    *(b":bob!u@h PRIVMSG #ops :hi", b":ada!u@h PRIVMSG #ops :said", b"@label=1 :ada!u@h PRIVMSG #ops :said", b"PING x"),
    *(
        b"@label=2 :s BATCH +h chathistory #ops",
        b"@batch=h;msgid=1;time=2026-11-23T01:11:12.233Z :b!u@h PRIVMSG #ops :x",
    ),
    *(b":s BATCH -h", b":s BATCH +m draft/multiline #ops", b"@batch=m;draft/multiline-concat :b!u@h PRIVMSG #ops :y"),
    *(b":s BATCH -m", b":s CAP * DEL :batch", b":s CAP * NEW :sasl=PLAIN", b"AUTHENTICATE +", b":s 433 * ada :x"),
    *(
        b":s FAIL JOIN X #ops :no",
        b":ada!u@h PART #ops",
        b":ada!u@h NICK eve",
        b":s RENAME #ops #new :x",
        b"ERROR :bye",
    ),
    *(
        b":s KICK #ops ada :out",
        b":s 005 ada CHANTYPES= PREFIX= NICKLEN=x :are",
        b":s 332 ada #ops :t",
        b"@label=1 ACK",
    ),
    *(b"\x01ACTION x\x01", b"@time=9999-99-99T99:99:99.999Z :b PRIVMSG #ops :x", b":s 353 ada = #ops :@+x", b":s 001"),
]
_COMMANDS = [name.encode() for name in COMMANDS] + [
    b"%03d" % number for number in (1, 5, 311, 322, 352, 366, 376, 903, 904)
]
_word = pick([b"#ops", b"ada", b"bob", b"*", b":x y", b"=", b"LS", b"ACK", b"+h", b"-h", b"\x1b[2J", b"\xff", b""])
_HOSTILE = [
    b"\x1b[2J",
    b"\x1b]0;x\x07",
    b"\xe2\x80\xae",
    b"\xc2\x9b2J",
    b"\x03\x1b4,5x",
    b"\x01\x1b[\x01",
    b"\r",
    b"\xe2\x80\xa8",
    b"\xff",
]
_PLACES = [
    *(
        b":%s!u@h PRIVMSG #ops :x",
        b":bob!u@h PRIVMSG #ops :%s",
        b":bob!u@h PRIVMSG ada :\x01ACTION %s\x01",
        b":s NOTICE ada :%s",
    ),
    *(
        b":bob!%s JOIN #ops",
        b":bob!u@h QUIT :%s",
        b":s 332 ada #ops :%s",
        b":s 353 ada = #ops :%s",
        b":s FAIL X %s :x",
        b":s 433 ada %s",
    ),
    *(
        b"@msgid=%s :bob!u@h PRIVMSG #ops :x",
        b":ada!u@h NICK %s",
        b":s RENAME #ops #%s :x",
        b"ERROR :%s",
        b":s 001 %s :x",
        b"PING :%s",
    ),
    *(
        b":s 311 ada bob u h * :%s",
        b":s 322 ada #x 3 :%s",
        b":s %s ada :x",
        b"%s",
        b":s KICK #ops bob :%s",
        b":s 005 ada PREFIX=(ov)%s :x",
    ),
]
_attack = st.builds(lambda place, bad: place.replace(b"%s", bad), pick(_PLACES), pick(_HOSTILE))
_made = st.builds(
    lambda tags, source, command, words: b" ".join([*tags, *source, command, *words]),
    st.lists(pick([b"@label=1", b"@batch=h", b"@time=x;msgid=\\:", b"@batch=m;label=2"]), max_size=1),
    st.lists(pick([b":ada!u@h", b":bob", b":s", b":"]), max_size=1),
    pick(_COMMANDS),
    st.lists(_word, max_size=6),
)
_line = st.one_of(pick(_LINES), _made, _attack, st.binary(max_size=40))

inputs = st.builds(
    bytes.__add__,
    pick([b"\0", b"\1", b"\2", b"\3"]),
    cutting.streams(st.lists(_line, max_size=14).map(lambda lines: b"".join(line + b"\r\n" for line in lines))),
)


def run(data: bytes) -> None:
    """Check that the same is understood however the stream is cut, all of it harmless, and that what is sent is IRC."""
    choice = data[0] % 4 if data else 0
    timeline = cutting.read(data[1:])
    told = _follow(choice, timeline)
    assert told == _follow(choice, cutting.whole(timeline)) == _follow(choice, cutting.crumbs(timeline))


def _follow(choice: int, timeline: Timeline) -> tuple[list[str], bytes]:
    login = Login("ada", account="ada", password="x") if choice == 1 else Login("ada")
    session, told = Session(login, ["#ops"]), list[str]()
    if choice > 1:
        session.receive(WELCOME)
        assert session.ready
    if choice > 2:
        session.say(Kind.SAY, "#ops", "said")
        session.fetch("#ops", 10, "10")
        session.search("#ops", "words", 10)
    session.take_output()
    try:
        for _, piece in timeline:
            for event in session.receive(piece):
                _check_harmless(event)
                told.append(repr(event))
            assert cutting.held(session._lines) <= RECEIVED_LIMIT + 1
            assert cutting.held(session) < MEMORY + 2 * len(piece)
    except CannotRun as error:
        # What was told before in the same piece is of no use to somebody who does not get in.
        _check_words(str(error))
        told = [repr(error)]
    sent = session.take_output()
    shown.check_irc(sent)
    return told, sent


def _check_harmless(value: object) -> None:
    """Check that a terminal may be shown every text of an event."""
    if isinstance(value, str):
        _check_words(value)
    elif isinstance(value, Event) or dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):  # type: ignore[arg-type]
            _check_harmless(getattr(value, field.name))
    elif isinstance(value, tuple | list | frozenset):
        for part in value:
            _check_harmless(part)


def _check_words(text: str) -> None:
    # The lines of a message of several are parted by line breaks.
    shown.check_text(f"{text}\n".encode(errors="surrogatepass"))
