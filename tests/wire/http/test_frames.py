"""IRC lines in WebSocket frames, read by another implementation."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Close, Frame, Opcode

from chatctl.core.events.base import Event
from chatctl.core.events.presence import Dismissed, Expelled, Labeled, Stopping
from chatctl.errors import BadWebSocket, InternalError, Killed, ServerFull, WrongPassword
from chatctl.wire.http.frames import BINARY, PONG, TEXT, FramedDialects, close, frame
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo

OPCODES = {TEXT: Opcode.TEXT, BINARY: Opcode.BINARY, PONG: Opcode.PONG}


@dataclass(frozen=True, slots=True)
class Told(Event):
    """Something that is told in these lines."""

    lines: tuple[str, ...]


class Plain:
    """A dialect that tells whom it writes to and when, then the lines."""

    def render(self, event, nick="*", now=0):
        lines = (f"{nick} at {now}", *event.lines) if isinstance(event, Told) else (type(event).__name__,)
        return "".join(f"{line}\r\n" for line in lines).encode()

    def refuse(self, error):
        return f"ERROR :{error}\r\n".encode()


class Mute(Plain):
    """A dialect that has a word for nothing."""

    def render(self, event, nick="*", now=0):
        return b""


def read(data):
    """Return the frames in ``data`` as another implementation reads them."""

    def take(size):
        nonlocal data
        taken, data = data[:size], data[size:]
        assert len(taken) == size
        yield from ()
        return taken

    def parsed():
        return (yield from Frame.parse(take, mask=False))

    found = []
    while data:
        with pytest.raises(StopIteration) as end:
            next(parsed())
        found.append(end.value.value)
    return found


def lines(data):
    """Return the payloads of the messages in ``data``, each a whole one."""
    frames = read(data)
    assert all(one.fin for one in frames)
    return [bytes(one.data).decode() for one in frames]


def told_and_closed(data):
    """Return the lines and the status that the connection is closed with."""
    *before, last = read(data)
    assert last.opcode is Opcode.CLOSE
    assert all(one.opcode is Opcode.TEXT for one in before)
    return [bytes(one.data).decode() for one in before], Close.parse(last.data).code


@given(st.sampled_from(sorted(OPCODES)), st.binary(max_size=300))
def test_a_frame_is_what_another_implementation_writes(opcode, payload):
    payload = payload[:125] if opcode == PONG else payload
    assert frame(opcode, payload) == Frame(OPCODES[opcode], payload).serialize(mask=False)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 70000])
@pytest.mark.parametrize("opcode", [TEXT, BINARY], ids=["text", "binary"])
def test_a_frame_of_each_length_is_what_another_implementation_writes(opcode, size):
    payload = b"x" * size
    assert frame(opcode, payload) == Frame(OPCODES[opcode], payload).serialize(mask=False)


@pytest.mark.parametrize("status", [1000, 1001, 1002, 1007, 1008, 1009, 1011, 1013])
def test_a_closing_frame_is_what_another_implementation_writes(status):
    assert close(status) == Frame(Opcode.CLOSE, Close(status, "").serialize()).serialize(mask=False)


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
def test_every_line_is_a_message_without_its_ending(binary):
    data = FramedDialects().framing(Plain(), binary).render(Told(("one", "two äöü", "x" * 8000)), "ada", 7)
    assert {one.opcode for one in read(data)} == {Opcode.BINARY if binary else Opcode.TEXT}
    assert lines(data) == ["ada at 7", "one", "two äöü", "x" * 8000]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1)))
def test_any_lines_come_out_as_they_went_in(said):
    data = FramedDialects().framing(Plain(), False).render(Told(tuple(said)))
    assert lines(data) == ["* at 0", *said]


def test_what_the_inner_dialect_has_no_word_for_is_not_told():
    assert FramedDialects().framing(Mute(), False).render(Told(("one",))) == b""


class TestSharing:
    """What is rendered for one is sent to all who have the same dialect object."""

    def test_the_same_inner_dialect_has_one_framed_dialect(self):
        irc, framed = Dialects(ServerInfo()), FramedDialects()
        one = framed.framing(irc.speaking(frozenset({"batch"})), False)
        assert framed.framing(irc.speaking(frozenset({"batch"})), False) is one
        assert one.inner is irc.speaking(frozenset({"batch"}))

    def test_another_inner_dialect_or_kind_of_message_has_another(self):
        irc, framed = Dialects(ServerInfo()), FramedDialects()
        one = framed.framing(irc.speaking(frozenset()), False)
        assert framed.framing(irc.speaking(frozenset({"batch"})), False) is not one
        assert framed.framing(irc.speaking(frozenset()), True) is not one


class TestTheEnd:
    """Nothing may be sent after the closing frame, so it comes with the last line. RFC 6455, section 5.5.1."""

    @pytest.mark.parametrize(
        ("event", "status"),
        [
            (Dismissed(None), 1000),
            (Stopping(), 1001),
            (Expelled(Killed("ada", "spam")), 1008),
            (Expelled(InternalError()), 1011),
            (Expelled(BadWebSocket(1007, "a text message is UTF-8")), 1007),
            (Labeled("x", (Told(("one",)), Dismissed(None))), 1000),
        ],
        ids=["quit", "stop", "kill", "mistake", "bad WebSocket", "labeled quit"],
    )
    def test_the_last_line_of_a_session_closes_the_connection(self, event, status):
        data = FramedDialects().framing(Plain(), False).render(event)
        assert told_and_closed(data) == ([type(event).__name__], status)

    def test_a_labeled_answer_that_ends_nothing_leaves_the_connection_open(self):
        data = FramedDialects().framing(Plain(), False).render(Labeled("x", (Told(("one",)),)))
        assert lines(data) == ["Labeled"]

    def test_the_connection_is_closed_also_if_the_inner_dialect_has_no_last_word(self):
        assert FramedDialects().framing(Mute(), False).render(Stopping()) == close(1001)

    @pytest.mark.parametrize(
        ("error", "status"),
        [(ServerFull(2, 2), 1013), (WrongPassword(), 1008), (InternalError(), 1011)],
        ids=lambda value: type(value).__name__,
    )
    def test_a_refusal_closes_the_connection(self, error, status):
        data = FramedDialects().framing(Plain(), False).refuse(error)
        assert told_and_closed(data) == ([f"ERROR :{error}"], status)

    def test_in_irc_a_full_server_says_so(self):
        dialect = FramedDialects().framing(Dialects(ServerInfo()).speaking(frozenset()), False)
        told, status = told_and_closed(dialect.refuse(ServerFull(2, 2)))
        assert status == 1013
        assert told[-1].startswith("ERROR :")
        assert "Server full (2/2 clients)" in told[-1]
