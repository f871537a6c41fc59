"""How the pipe path ends when it does not end well."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import Result

from chatctl.client import pipe
from chatctl.client.errors import ConnectionLost, Expelled, Unacknowledged
from chatctl.client.interrupt import interrupt
from chatctl.client.link import Link
from chatctl.client.options import ConnectOptions
from chatctl.client.printers import make_printer
from chatctl.client.registration import Login
from chatctl.client.session import Session
from chatctl.client.source import Source
from chatctl.core.policy import Policy

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted

Connect = Callable[..., Result]
Serve = Callable[..., int]
Person = Callable[..., "Peer"]
Start = Callable[..., "subprocess.Popen[str]"]

OPERATORS = Policy(operators={"root": "sesame"})


def events(output: str, *kinds: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in output.splitlines()]
    return [event for event in found if not kinds or event["event"] in kinds]


def write(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin
    process.stdin.write(text)
    process.stdin.flush()


# Lines and messages that are refused


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a\xffb\n", "ERR not-utf8 byte 1 is not UTF-8; set your client to UTF-8"),
        ("ä\n".encode("latin-1"), "ERR not-utf8 byte 0 is not UTF-8; set your client to UTF-8"),
        (b"x" * 4097 + b"\n", "ERR line-too-long line is 4097 bytes; the limit is 4096"),
        (b"x" * 200_000 + b"\n", "ERR line-too-long line is 200000 bytes; the limit is 4096"),
        (b"a\0b\n", "ERR bad-character line holds a NUL character; send it without"),
        (b"a\rb\n", "ERR bad-character line holds a line break; send it without"),
        (b"/me a\0b\n", "ERR bad-character line holds a NUL character; send it without"),
        (b"/msg river a\xff\n", "ERR not-utf8 byte 1 is not UTF-8; set your client to UTF-8"),
        (b"/msg river\n", "ERR missing-parameter something is missing; type /msg NAME TEXT"),
    ],
)
def test_a_line_that_no_server_takes_is_told_and_the_others_are_sent(
    connect: Connect, serve: Serve, tmp_path: Path, data: bytes, sentence: str
) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"first\n" + data + b"last\n")
    with path.open("rb") as file:
        result = connect(serve(), "--json", stdin=file)
    assert result.exit_code == 15
    (refused,) = events(result.stdout, "refused")
    assert f"ERR {refused['code']} {refused['text']}" == sentence
    assert [event["text"] for event in events(result.stdout, "acknowledged")] == ["first", "last"]
    assert result.stderr == "Error: 1 of 3 messages was not acknowledged\n"


def test_a_message_that_the_server_refuses_is_missing(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), "--json", stdin="one\n/msg nobody hi\ntwo\n")
    assert result.exit_code == 15
    (refused,) = events(result.stdout, "refused")
    assert refused["code"] == "no-such-nick"
    assert refused["message"] == {"kind": "private", "to": "nobody", "text": "hi"}
    assert result.stderr == "Error: 1 of 3 messages was not acknowledged\n"


def test_in_a_muted_room_every_message_is_missing(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve()
    river = person(port, room="#ops")
    river.do("MODE #ops +m", " MODE ")
    result = connect(port, "--name", "ada", "--room", "#ops", stdin="one\ntwo\n")
    assert result.exit_code == 15
    lines = result.stderr.splitlines()
    assert [line.split(" ", 2)[:2] for line in lines[1:3]] == [["ERR", "cannot-speak"]] * 2
    assert lines[-1] == "Error: 2 of 2 messages were not acknowledged"
    assert not any("PRIVMSG" in line for line in river.hear_until(" QUIT "))


def test_a_long_message_that_is_refused_is_one_message(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve()
    person(port, room="#ops").do("MODE #ops +m", " MODE ")
    result = connect(port, "--room", "#ops", stdin=f"{'x' * 3000}\n")
    assert result.exit_code == 15
    assert "Error: 1 of 1 message was not acknowledged\n" in result.stderr


def test_a_refused_command_is_no_missing_message(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), stdin="/nick 9\n")
    assert result.exit_code == 0
    assert "ERR bad-nick" in result.stderr


# The server goes, or is silent


def test_messages_whose_fate_is_unknown_are_missing(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        sent = [peer.hear() for _ in range(3)]
        peer.echo(sent[0])
        peer.say("ERROR :the server is shutting down: good night")
        peer.close()

    scripted.play(script)
    result = connect(scripted.port, stdin="one\ntwo\nthree\n")
    assert result.exit_code == 15
    assert result.stdout == "* the server is shutting down: good night\n"
    assert "Error: 2 of 3 messages were not acknowledged: the server shut down" in result.stderr


def test_lines_that_could_not_be_sent_are_missing_too(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        for _ in range(pipe.WINDOW):
            peer.hear()
        peer.say("ERROR :you are too slow")
        peer.close()

    scripted.play(script)
    result = connect(scripted.port, stdin="x\n" * (pipe.WINDOW + 7))
    total = pipe.WINDOW + 7
    assert result.exit_code == 15
    assert f"Error: {total} of {total} messages were not acknowledged: you are too slow" in result.stderr


def test_a_connection_that_breaks_in_the_middle_leaves_numbers(
    connect: Connect, scripted: Scripted, open_input: Any
) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        sent = [peer.hear() for _ in range(5)]
        peer.echo(sent[0])
        peer.echo(sent[1])
        peer.say("PING heard")
        peer.hear_until("PONG heard")
        peer.reset()

    scripted.play(script)
    result = connect(scripted.port, stdin=open_input(b"1\n2\n3\n4\n5\n"))
    assert result.exit_code == 15
    assert result.stderr.splitlines()[-1].startswith("Error: 3 of 5 messages were not acknowledged: ")


def test_a_connection_that_breaks_while_all_is_acknowledged_is_lost(
    connect: Connect, scripted: Scripted, open_input: Any
) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        peer.echo(peer.hear())
        peer.say("PING heard")
        peer.hear_until("PONG heard")
        peer.reset()

    scripted.play(script)
    result = connect(scripted.port, stdin=open_input(b"one\n"))
    assert result.exit_code == 1
    assert "Error: connection lost: " in result.stderr


def test_a_server_that_ends_it_with_a_word_is_quoted(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        peer.say("ERROR :Closing link: Ping timeout")
        peer.close()

    scripted.play(script)
    result = connect(scripted.port, "--read-only")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[1:] == ["Error: connection lost: Closing link: Ping timeout"]


def test_a_server_that_goes_once_all_is_acknowledged_and_left_is_no_loss(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        peer.echo(peer.hear())
        assert peer.hear() == "QUIT"
        peer.close()

    scripted.play(script)
    assert connect(scripted.port, stdin="one\n").exit_code == 0


def test_a_server_that_never_acknowledges_is_given_up(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        assert "PRIVMSG" in peer.hear()
        assert peer.hear() == ""

    scripted.play(script)
    result = connect(scripted.port, "--timeout", "200ms", stdin="one\n")
    assert result.exit_code == 15
    assert "Error: 1 of 1 message was not acknowledged: no answer within 0.2 seconds" in result.stderr


def test_every_acknowledgement_gives_the_server_its_time_again(connect: Connect, scripted: Scripted) -> None:
    pause = threading.Event()

    def script(peer: Peer) -> None:
        peer.open()
        for line in [peer.hear() for _ in range(4)]:
            pause.wait(0.3)
            peer.echo(line)
        peer.goodbye()

    scripted.play(script)
    assert connect(scripted.port, "--timeout", "900ms", stdin="1\n2\n3\n4\n").exit_code == 0


def test_a_server_that_only_talks_is_given_up_all_the_same(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        while True:
            try:
                peer.say(":river!u@h PRIVMSG #lobby :blah")
            except OSError:
                return

    scripted.play(script)
    result = connect(scripted.port, "--timeout", "300ms", stdin="one\n")
    assert result.exit_code == 15
    assert "no answer within 0.3 seconds" in result.stderr


def test_a_server_that_does_not_say_goodbye_has_all_the_same(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        peer.echo(peer.hear())
        assert peer.hear() == "QUIT"
        peer.rest()

    scripted.play(script)
    assert connect(scripted.port, "--timeout", "200ms", stdin="one\n").exit_code == 0


def test_a_server_that_does_not_read_is_given_up(connect: Connect, scripted: Scripted) -> None:
    gone = threading.Event()

    def script(peer: Peer) -> None:
        peer.open()
        gone.wait(10)

    scripted.play(script)
    try:
        result = connect(scripted.port, "--timeout", "200ms", stdin=f"{'x' * 4096}\n" * 5_000)
    finally:
        gone.set()
    assert result.exit_code == 15
    assert re.search(r"Error: (\d+) of \1 messages were not acknowledged: no answer within 0.2 seconds", result.stderr)


def open_pair(near: socket.socket) -> Link:
    """Return a link to the other end of a pair of sockets, as if the server had let the client in."""
    session = Session(Login("ada"), ["#x"])
    link = Link(near, session)
    link.opening += session.receive(b":s 001 ada :Hello\r\n:s 422 ada :No MOTD\r\n:ada!u@h JOIN #x\r\n")
    session.take_output()
    assert session.ready
    return link


@pytest.mark.parametrize(
    ("words", "error", "sentence"),
    [
        (b"ERROR :go away\r\n", Unacknowledged, "1 of 1 message was not acknowledged: go away"),
        (b"ERROR :K-lined: spam\r\n", Expelled, "K-lined: spam; 1 not acknowledged"),
        (b":river!u@h KICK #x ada :enough\r\n", Expelled, "river kicked ada from #x (enough); 1 not acknowledged"),
    ],
)
def test_the_last_words_of_a_server_are_heard_though_it_reads_no_more(
    words: bytes, error: type[Exception], sentence: str
) -> None:
    near, far = socket.socketpair()
    with near, far, tempfile.TemporaryFile() as file:
        file.write(b"hi\n")
        file.seek(0)
        far.shutdown(socket.SHUT_RD)
        far.sendall(words)
        far.close()
        printer = make_printer(ConnectOptions(), to_terminal=False)
        with pytest.raises(error) as caught, interrupt() as stop:
            pipe.Pipe(open_pair(near), Source(file), printer, 10, stop).run()
    assert str(caught.value) == sentence


def test_an_end_without_a_word_is_told_as_such() -> None:
    near, far = socket.socketpair()
    with near:
        far.close()
        printer = make_printer(ConnectOptions(), to_terminal=False)
        lost = "connection lost: the server closed the connection"
        with pytest.raises(ConnectionLost, match=lost), interrupt() as stop:
            pipe.Pipe(open_pair(near), None, printer, 10, stop).run()


# Not welcome any more


def test_who_is_kicked_from_the_room_ends_with_13(serve: Serve, start: Start, person: Person) -> None:
    port = serve()
    river = person(port, room="#ops")
    process = start(port, "--name", "ada", "--room", "#ops")
    write(process, "one\n")
    river.hear_until("PRIVMSG")
    river.say("KICK #ops ada :enough")
    assert process.wait(10) == 13
    _, errors = process.communicate()
    assert errors.splitlines()[1:] == ["Error: river kicked ada from #ops (enough)"]


def test_who_is_kicked_while_sending_is_told_how_much_is_missing(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        sent = [peer.hear() for _ in range(3)]
        peer.echo(sent[0])
        peer.say(f":river!u@h KICK #lobby {peer.name} :flood")
        peer.rest()

    scripted.play(script)
    result = connect(scripted.port, stdin="1\n2\n3\n")
    assert result.exit_code == 13
    assert result.stderr.splitlines()[-1] == ("Error: river kicked Client01 from #lobby (flood); 2 not acknowledged")


def test_somebody_else_who_is_kicked_is_only_told(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        peer.say(":river!u@h KICK #lobby lake :flood")
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, stdin="")
    assert result.exit_code == 0
    assert result.stdout == "* river kicked lake from #lobby (flood)\n"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("KILL ada :bye now", "bye now"),
        ("KLINE mallory@127.0.0.1 :spam", "You are banned: spam"),
        ("KLINE 2h mallory@127.0.0.1 :spam", "You are banned until "),
    ],
)
def test_who_is_put_out_by_an_operator_ends_with_13(
    serve: Serve,
    start: Start,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("LOGNAME", "mallory")
    port = serve(policy=OPERATORS)
    boss = person(port, "boss")
    boss.do("OPER root sesame", " 381 ")
    process = start(port, "--name", "ada")
    write(process, "one\n")
    boss.hear_until("PRIVMSG")
    boss.say(command)
    assert process.wait(10) == 13
    output, errors = process.communicate()
    assert output == ""
    assert errors.splitlines()[-1].startswith("Error: ")
    assert sentence in errors.splitlines()[-1]


# Interrupted


@pytest.mark.parametrize("args", [(), ("--read-only",), ("--read-only", "--json")])
def test_ctrl_c_ends_it_with_130(serve: Serve, start: Start, person: Person, args: tuple[str, ...]) -> None:
    port = serve()
    river = person(port)
    process = start(port, "--name", "ada", *args)
    river.hear_until("JOIN")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in errors + output
    assert "not acknowledged" not in errors
    assert "ada" in river.hear_until("QUIT")[-1]


def test_ctrl_c_tells_what_was_not_acknowledged(scripted: Scripted, start: Start) -> None:
    process = start(scripted.port)
    peer = scripted.accept()
    peer.open()
    write(process, "one\ntwo\n")
    peer.echo(peer.hear())
    assert peer.hear().endswith("two")
    peer.say("PING heard")
    peer.hear_until("PONG heard")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "1 of 2 messages was not acknowledged: interrupted"
    assert "Traceback" not in errors
