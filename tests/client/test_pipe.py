"""The way from a script to a server and back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import Result

from chatctl.client import pipe

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted

Connect = Callable[..., Result]
Serve = Callable[..., int]


def events(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_line_is_sent_acknowledged_and_heard_by_the_others(
    connect: Connect, serve: Serve, person: Callable[[int], Peer]
) -> None:
    port = serve()
    river = person(port)
    result = connect(port, "--name", "ada", stdin="hi\n")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.splitlines()[0] == f"connected to 127.0.0.1:{port} as ada in #lobby"
    assert result.stderr.splitlines()[1].startswith("Goodbye ada. You were connected for ")
    assert "ada: hi" in river.hear_until(lambda line: line.endswith("(quit)"))


def test_every_line_arrives_once_and_in_order(connect: Connect, serve: Serve, person: Callable[[int], Peer]) -> None:
    port = serve()
    river = person(port)
    lines = [f"line {number}" for number in range(5 * pipe.WINDOW)]
    result = connect(port, stdin="\n".join(lines))
    assert result.exit_code == 0, result.output
    heard = river.hear_until(lambda line: line.endswith("(quit)"))
    assert [line.removeprefix("Client02: ") for line in heard if line.startswith("Client02: ")] == lines


def test_no_more_than_the_window_is_on_its_way(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        texts = [peer.hear() for _ in range(pipe.WINDOW)]
        peer.sock.settimeout(0.1)
        with pytest.raises(TimeoutError):
            peer.sock.recv(1)
        peer.sock.settimeout(5)
        peer.say(*(f"{text} ACK" for text in texts))
        peer.say(f"{peer.hear()} ACK")
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, stdin="x\n" * (pipe.WINDOW + 1))
    assert result.exit_code == 0, result.output


def test_empty_lines_are_nothing_and_crlf_is_a_line_ending(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), "--json", stdin="\r\n\none\r\n\ntwo")
    assert result.exit_code == 0
    acknowledged = [event["text"] for event in events(result.stdout) if event["event"] == "acknowledged"]
    assert acknowledged == ["one", "two"]


def test_commands_work_as_typed_and_their_replies_are_data(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), stdin="status\n/join #ops\n/rooms\n")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["id", "name", "address", "protocol", "connected", "disconnected", "duration", "reason"]
    assert lines[2] == "1 active, 0 disconnected, limit 5"
    assert lines[3] == "* Client01 joined #ops"
    assert any(line.startswith("* #ops") for line in lines[4:])


def test_exit_in_the_input_leaves_the_rest_unsent(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), "--json", stdin="one\nexit\ntwo\n")
    assert result.exit_code == 0
    assert [event["event"] for event in events(result.stdout)][-2:] == ["acknowledged", "goodbye"]


def test_the_room_asked_for_is_entered_before_anything_is_said(
    connect: Connect, serve: Serve, person: Callable[[int], Peer]
) -> None:
    port = serve()
    river = person(port)
    river.say("/join #ops")
    assert connect(port, "--name", "ada", "--room", "#ops", stdin="deployed\n").exit_code == 0
    assert "ada: deployed" in river.hear_until(lambda line: line.endswith("left #ops (quit)"))


def test_a_script_that_only_reads_gets_what_comes(
    connect: Connect, scripted: Scripted, person: Callable[[int], Peer]
) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        peer.say("river: hi", "* river waves", "\x1b]0;title\x07lake: \x1b[2Jboo\u202e")
        peer.close()

    scripted.play(script)
    result = connect(scripted.port, "--read-only")
    assert result.exit_code == 1
    assert result.stdout == "river: hi\n* river waves\n]0;titlelake: [2Jboo\n"
    assert "Error: connection lost: the server closed the connection" in result.stderr


def test_input_that_comes_slowly_is_sent_as_it_comes(
    state_dir: Path, serve: Serve, person: Callable[[int], Peer], start: Any
) -> None:
    port = serve()
    river = person(port)
    process = start(port, "--name", "ada")
    for text in ("one", "two"):
        process.stdin.write(f"{text}\n")
        process.stdin.flush()
        river.hear_until(lambda line, text=text: line == f"ada: {text}")  # type: ignore[misc]
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Goodbye ada." in errors


def test_a_closed_stdin_is_an_empty_one(serve: Serve, state_dir: Path) -> None:
    command = f'exec "$0" -m chatctl connect -p {serve()} <&-'
    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, text=True, timeout=10)
    assert done.returncode == 0, done.stderr
    assert "Goodbye" in done.stderr


def test_a_reader_that_goes_away_ends_it_quietly(
    serve: Serve, start: Any, wait_until_in: Any, person: Callable[[int], Peer]
) -> None:
    port = serve()
    process = start(port, "--read-only", "--name", "ada")
    wait_until_in(port, "ada")
    process.stdout.close()
    person(port).say("hi", "there")
    assert process.wait(10) == 1
    assert process.stderr.read() == f"connected to 127.0.0.1:{port} as ada in #lobby\n"


def test_no_control_byte_and_no_colour_gets_out(
    connect: Connect, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    def script(peer: Peer) -> None:
        peer.welcome()
        peer.say("ERR x \x1b[31mred", "river: \x9b31mhi", "* ada joined #\x1bc", "\x1b[31m")
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, stdin="")
    assert result.exit_code == 0
    assert not set(result.output) - {"\n"} & {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]}
