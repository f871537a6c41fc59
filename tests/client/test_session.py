from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.client import events as ev
from chatctl.client.events import Kind, Outgoing
from chatctl.client.session import Session
from chatctl.errors import BadCharacter, LineTooLong, NotUtf8

WELCOME = b"Welcome Client01! You are connected since 2026-11-22 14:41:07 UTC.\n"


def ready(name: str | None = None, room: str | None = None) -> Session:
    session = Session(name, room)
    session.receive(WELCOME)
    if name:
        session.receive(f"* Client01 is now {name}\n".encode())
    if room:
        session.receive(f"* {session.name} joined {room}\n".encode())
    assert session.ready
    session.take_output()
    return session


def test_the_first_line_is_empty_and_then_nothing_is_sent_before_the_welcome() -> None:
    session = Session("ada", "#ops")
    assert session.take_output() == b"\n"
    assert session.take_output() == b""


def test_without_a_name_and_a_room_the_welcome_is_all() -> None:
    session = Session()
    assert session.receive(WELCOME) == [
        ev.Welcomed(WELCOME.decode().strip(), "Client01", "2026-11-22 14:41:07 UTC"),
        ev.Ready("", "Client01", "#lobby"),
    ]


def test_name_and_room_are_asked_for_one_after_the_other() -> None:
    session = Session("ada", "#ops")
    session.receive(WELCOME)
    assert session.take_output() == b"\n/nick ada\n"
    session.receive(b"* Client02 is now river\n* Client02 joined #ops\n")
    assert session.take_output() == b""
    session.receive(b"* Client01 is now ada\n")
    assert session.take_output() == b"/join #ops\n"
    session.receive(b"* river is now lake\n* lake joined #ops\n")
    assert session.take_output() == b""
    assert session.receive(b"* ada joined #OPS\n")[-1] == ev.Ready("", "ada", "#OPS")


def test_what_is_so_already_is_not_asked_for() -> None:
    session = Session("Client01", "#LOBBY")
    assert session.receive(WELCOME)[-1] == ev.Ready("", "Client01", "#lobby")
    assert session.take_output() == b"\n"


def test_name_and_room_follow_what_the_server_tells() -> None:
    session = ready()
    session.receive(b"* Client01 is now ada\n* ada joined #ops\n* river joined #x\n")
    assert (session.name, session.room) == ("ada", "#ops")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("hi there", Outgoing(Kind.SAY, "#lobby", "hi there")),
        ("//part is a command", Outgoing(Kind.SAY, "#lobby", "/part is a command")),
        ("/me  waves ", Outgoing(Kind.ACTION, "#lobby", "waves")),
        ("/msg river psst", Outgoing(Kind.PRIVATE, "river", "psst")),
        ("hi\r", Outgoing(Kind.SAY, "#lobby", "hi")),
        ("status", None),
        ("/history 5", None),
        ("/history five", None),
        ("/msg river", None),
        ("/later-than-this-client", None),
        ("", None),
    ],
)
def test_it_knows_which_lines_will_be_acknowledged(typed: str, message: Outgoing | None) -> None:
    session = ready()
    assert session.send(typed) == message
    line = typed.removesuffix("\r")
    assert session.take_output() == (f"{line}\n".encode() if line else b"")
    assert list(session.waiting) == ([message] if message else [])


def test_messages_are_acknowledged_in_their_order_only() -> None:
    session = ready()
    one, two = session.send("one"), session.send("two")
    assert session.receive(b"two ACK\n") == [ev.Told("two ACK")]
    assert session.receive(b"one ACK\ntwo ACK\n") == [
        ev.Acknowledged("one ACK", one),  # type: ignore[arg-type]
        ev.Acknowledged("two ACK", two),  # type: ignore[arg-type]
    ]
    assert not session.waiting


def test_a_message_that_looks_like_another_line_is_acknowledged() -> None:
    session = ready()
    for text in ("river: hi", "* ada joined #x", "ERR not-saved x", "ERROR :x", "id  name"):
        message = session.send(text)
        assert session.receive(f"{text} ACK\n".encode()) == [ev.Acknowledged(f"{text} ACK", message)]  # type: ignore[arg-type]
    assert (session.name, session.room) == ("Client01", "#lobby")


def test_characters_that_are_stripped_do_not_hide_the_acknowledgement() -> None:
    session = ready()
    session.send("a\tb\x1b[1m\u202e")
    assert isinstance(session.receive("a\tb\x1b[1m\u202e ACK\n".encode())[0], ev.Acknowledged)
    session.send("a\tb\x1b[1m")
    assert isinstance(session.receive(b"a b[1m ACK\n")[0], ev.Acknowledged)


@pytest.mark.parametrize("code", ["not-saved", "line-too-long", "bad-character", "not-utf8"])
def test_a_refusal_is_of_the_first_message_that_waits(code: str) -> None:
    session = ready()
    one = session.send("one")
    session.send("two")
    assert session.receive(f"ERR {code} no\n".encode()) == [ev.Refused(f"ERR {code} no", code, "no", one)]
    assert [message.text for message in session.waiting] == ["two"]


def test_a_refusal_of_a_command_leaves_the_messages_waiting() -> None:
    session = ready()
    session.send("one")
    refused = session.receive(b"ERR nick-in-use no\nERR no-such-nick no\n")
    assert [event.message for event in refused if isinstance(event, ev.Refused)] == [None, None]
    assert len(session.waiting) == 1


def test_a_private_message_to_nobody_no_longer_waits() -> None:
    session = ready()
    session.send("/msg nobody hi")
    assert isinstance(session.receive(b"ERR no-such-nick no\n")[0], ev.Refused)
    assert not session.waiting


def test_a_refusal_when_nothing_waits_is_of_a_command() -> None:
    assert ready().receive(b"ERR not-saved no\n") == [ev.Refused("ERR not-saved no", "not-saved", "no", None)]


@pytest.mark.parametrize("line", ["exit", "EXIT", "/quit see you", "/exit"])
def test_it_knows_that_one_leaves(line: str) -> None:
    session = ready()
    session.send(line)
    assert session.leaving


def test_leaving_asks_for_the_goodbye() -> None:
    session = ready()
    session.leave()
    assert session.leaving
    assert session.take_output() == b"exit\n"
    goodbye = "Goodbye Client01. You were connected for 00:00:01, until 2026-11-22 14:42:30 UTC."
    assert session.receive(f"{goodbye}\n".encode()) == [ev.Goodbye(goodbye)]


def test_what_the_server_would_not_take_is_not_sent() -> None:
    session = ready()
    with pytest.raises(LineTooLong, match="line is 2049 bytes; the limit is 2048"):
        session.send("é" * 1024 + "x")
    with pytest.raises(NotUtf8, match="byte 3 "):
        session.send("é1\udcff")
    with pytest.raises(BadCharacter, match="NUL"):
        session.send("a\0b")
    assert not session.waiting
    assert session.take_output() == b""


def test_a_line_without_an_end_is_left_out() -> None:
    session = ready()
    session.receive(b"x" * 100_000)
    assert session.receive(b"\nriver: hi\n") == [
        ev.Told("(left out: line is 100000 bytes; the limit is 8192)"),
        ev.Spoke("river: hi", "river", "#lobby", "hi"),
    ]


@given(st.data())
def test_the_events_do_not_depend_on_how_the_bytes_are_cut(data: st.DataObject) -> None:
    stream = (
        WELCOME
        + "river: grüße\r\n* river waves\nid  name  address  protocol  connected  disconnected  duration  reason\n"
        "1  x  y  text  a  -  c  -\n1 active, 0 disconnected, limit 2\nERR x y\n".encode()
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    session = Session()
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert [event for piece in pieces for event in session.receive(piece)] == Session().receive(stream)


@given(st.binary())
def test_no_bytes_break_it(data: bytes) -> None:
    session = ready()
    session.send("x")
    session.receive(data + b"\n")
