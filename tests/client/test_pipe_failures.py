"""How the pipe path ends when it does not end well."""

from __future__ import annotations

import json
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import Result

from chatctl.client import pipe
from chatctl.client.errors import Expelled
from chatctl.client.link import Link
from chatctl.client.options import ConnectOptions
from chatctl.client.printers import make_printer
from chatctl.client.session import Session
from chatctl.client.source import Source

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted

Connect = Callable[..., Result]
Serve = Callable[..., int]


def events(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a\xffb\n", "ERR not-utf8 byte 1 is not UTF-8; set your client to UTF-8"),
        (b"x" * 5000 + b"\n", "ERR line-too-long line is 5000 bytes; the limit is 2048"),
        (b"a\0b\n", "ERR bad-character line holds a NUL character; send it without"),
    ],
)
def test_a_line_that_no_server_takes_is_told_and_the_others_are_sent(
    connect: Connect, serve: Serve, tmp_path: Path, data: bytes, sentence: str
) -> None:
    path = tmp_path / "input"
    path.write_bytes(data + b"fine\n")
    with path.open("rb") as file:
        result = connect(serve(), stdin=file)
    assert result.exit_code == 15
    assert sentence in result.stderr
    assert "Error: 1 of 2 messages was not acknowledged" in result.stderr


def test_a_message_that_the_server_refuses_is_missing(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), "--json", stdin="one\n/msg nobody hi\n")
    assert result.exit_code == 15
    refused = [event for event in events(result.stdout) if event["event"] == "refused"]
    assert refused[0]["code"] == "no-such-nick"
    assert refused[0]["message"] == {"kind": "private", "to": "nobody", "text": "hi"}
    assert "Error: 1 of 2 messages was not acknowledged" in result.stderr


def test_a_refused_command_is_no_missing_message(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), stdin="/nick 9\n")
    assert result.exit_code == 0
    assert "ERR bad-nick" in result.stderr


def test_messages_whose_fate_is_unknown_are_missing(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        texts = [peer.hear() for _ in range(3)]
        peer.say(f"{texts[0]} ACK", "* the server is shutting down")
        assert peer.hear() == "exit"
        peer.close()

    scripted.play(script)
    result = connect(scripted.port, stdin="one\ntwo\nthree\n")
    assert result.exit_code == 15
    assert result.stdout == "* the server is shutting down\n"
    assert "Error: 2 of 3 messages were not acknowledged: the server shut down" in result.stderr


def test_lines_that_could_not_be_sent_are_missing_too(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        for _ in range(pipe.WINDOW):
            peer.hear()
        peer.say("ERROR :you are too slow")
        peer.close()

    scripted.play(script)
    result = connect(scripted.port, stdin="x\n" * (pipe.WINDOW + 7))
    assert result.exit_code == 13
    expected = f"the server ended the session: you are too slow; {pipe.WINDOW + 7} not acknowledged"
    assert expected in result.stderr


def test_a_connection_that_breaks_while_all_is_acknowledged_is_lost(
    connect: Connect, scripted: Scripted, open_input: Any
) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        peer.say(f"{peer.hear()} ACK")
        peer.reset()

    scripted.play(script)
    result = connect(scripted.port, stdin=open_input(b"one\n"))
    assert result.exit_code == 1
    assert "Error: connection lost: " in result.stderr


def test_a_server_that_goes_once_all_is_acknowledged_and_left_is_no_loss(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        peer.say(f"{peer.hear()} ACK")
        assert peer.hear() == "exit"
        peer.close()

    scripted.play(script)
    assert connect(scripted.port, stdin="one\n").exit_code == 0


def test_a_server_that_never_acknowledges_is_given_up(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        peer.hear_until(lambda line: line == "exit")
        assert peer.hear() == ""

    scripted.play(script)
    result = connect(scripted.port, "--timeout", "200ms", stdin="one\n")
    assert result.exit_code == 15
    assert "Error: 1 of 1 message was not acknowledged: no answer within 0.2 seconds" in result.stderr


def test_a_server_that_does_not_read_is_given_up(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        gone.wait(10)

    gone = threading.Event()
    scripted.play(script)
    big = b"x" * 2048 + b"\n"
    try:
        result = connect(scripted.port, "--timeout", "200ms", stdin=big.decode() * 20_000)
    finally:
        gone.set()
    assert result.exit_code == 15


def test_the_last_words_of_a_server_are_heard_though_it_reads_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    near, far = socket.socketpair()
    with near, far, tempfile.TemporaryFile() as file:
        file.write(b"hi\n")
        file.seek(0)
        far.shutdown(socket.SHUT_RD)
        far.sendall(b"ERROR :go away\n")
        far.close()
        session = Session()
        session.receive(b"Welcome Client01! You are connected since 2026-11-22 14:41:07 UTC.\n")
        printer = make_printer(ConnectOptions(), to_terminal=False)
        with pytest.raises(Expelled, match="the server ended the session: go away; 1 not acknowledged"):
            pipe.Pipe(Link(near, session), Source(file), printer, 10).run()
    assert capsys.readouterr().err == "ERROR :go away\n"


@pytest.mark.parametrize("args", [(), ("--read-only",), ("--read-only", "--json")])
def test_ctrl_c_ends_it_with_130(serve: Serve, start: Any, wait_until_in: Any, args: tuple[str, ...]) -> None:
    port = serve()
    process = start(port, "--name", "ada", *args)
    wait_until_in(port, "ada")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in errors + output


def test_ctrl_c_tells_what_was_not_acknowledged(scripted: Scripted, start: Any) -> None:
    process = start(scripted.port)
    peer = scripted.accept()
    peer.welcome()
    process.stdin.write("one\n")
    process.stdin.flush()
    assert peer.hear() == "one"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "1 of 1 message was not acknowledged: interrupted" in errors
