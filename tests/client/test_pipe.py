"""The way from a script to a server and back."""

from __future__ import annotations

import json
import os
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
Person = Callable[..., "Peer"]
Start = Callable[..., "subprocess.Popen[str]"]

HISTORY_CAPS = "batch draft/chathistory message-tags server-time"
COMMAND = f"{sys.executable} -m chatctl connect"


def events(output: str, *kinds: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in output.splitlines()]
    return [event for event in found if not kinds or event["event"] in kinds]


def texts(lines: list[str]) -> list[str]:
    """Return what was said to a room, in these lines of IRC."""
    said = (line.partition(" PRIVMSG #")[2] for line in lines)
    return [line.partition(" ")[2].removeprefix(":") for line in said if line]


def shell(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=20)


# Every line


def test_a_line_is_sent_acknowledged_and_heard_by_the_others(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve()
    river = person(port)
    result = connect(port, "--name", "ada", stdin="hi\n")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.splitlines()[0] == f"connected to 127.0.0.1:{port} as ada in #lobby"
    assert result.stderr.splitlines()[1].startswith("Goodbye ada. You were connected for ")
    assert texts(river.hear_until(" QUIT ")) == ["hi"]


def test_a_thousand_lines_of_another_program_are_stored_in_their_order(serve: Serve, person: Person) -> None:
    port = serve()
    river = person(port, room="#ops")
    done = shell(f"seq 1 1000 | {COMMAND} -p {port} --name ada --room '#ops'")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith(f"connected to 127.0.0.1:{port} as ada in #ops\nGoodbye ada.")
    expected = [str(number) for number in range(1, 1001)]
    assert texts(river.hear_until(" QUIT ")) == expected
    reader = person(port, "reader", "#ops", HISTORY_CAPS)
    assert texts(reader.do("CHATHISTORY LATEST #ops * 1000", "BATCH -")) == expected


@pytest.mark.parametrize("size", [0, 1, pipe.WINDOW - 1, pipe.WINDOW, pipe.WINDOW + 1])
def test_every_number_of_lines_is_sent_whole(connect: Connect, serve: Serve, size: int) -> None:
    result = connect(serve(), "--json", stdin="x\n" * size)
    assert result.exit_code == 0, result.output
    assert len(events(result.stdout, "acknowledged")) == size


@pytest.mark.parametrize(
    ("caps", "window"), [("chatctl.dev/session ", pipe.WINDOW), ("", pipe.FOREIGN_WINDOW)], ids=["own", "foreign"]
)
def test_no_more_than_the_window_is_on_its_way(connect: Connect, scripted: Scripted, caps: str, window: int) -> None:
    def script(peer: Peer) -> None:
        peer.open(caps=f"{caps}batch echo-message labeled-response")
        sent = [peer.hear() for _ in range(window)]
        peer.sock.settimeout(0.1)
        with pytest.raises(TimeoutError):
            peer.sock.recv(1)
        peer.sock.settimeout(5)
        for line in sent:
            peer.echo(line)
        peer.echo(peer.hear())
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, "--room", "#x", stdin="x\n" * (window + 1))
    assert result.exit_code == 0, result.output


def test_empty_lines_are_nothing_and_crlf_is_a_line_ending(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), "--json", stdin="\r\n\none\r\n\ntwo")
    assert result.exit_code == 0
    assert [event["text"] for event in events(result.stdout, "acknowledged")] == ["one", "two"]


def test_odd_texts_arrive_as_they_are(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve()
    river = person(port)
    lines = [":colon first", " blank first", "@tag like", "PRIVMSG #x :y", "tab\tinside", "naïve 🫖 عربي", "trailing "]
    result = connect(port, "--name", "ada", stdin="".join(f"{line}\n" for line in lines))
    assert result.exit_code == 0, result.output
    assert texts(river.hear_until(" QUIT ")) == lines


def test_a_long_line_arrives_whole_at_another_client(serve: Serve, start: Start, connect: Connect) -> None:
    port = serve()
    reader = start(port, "--read-only", "--json", "--name", "reader")
    assert reader.stdout
    assert "ready" in "".join(reader.stdout.readline() for _ in range(3))
    lines = ["ä" * 2048, "word " * 600 + "end", "🫖" * 300, "x" * 4096, "short"]
    result = connect(port, "--json", "--name", "ada", stdin="".join(f"{line}\n" for line in lines))
    assert result.exit_code == 0, result.output
    assert [event["text"] for event in events(result.stdout, "acknowledged")] == lines
    heard: list[str] = []
    while len(heard) < len(lines):
        line = reader.stdout.readline()
        assert line, heard
        heard += [event["text"] for event in events(line, "message")]
    assert heard == lines


def test_a_long_line_comes_in_pieces_to_a_client_that_knows_only_short_ones(
    connect: Connect, serve: Serve, person: Person
) -> None:
    port = serve()
    river = person(port)
    line = "".join(f"{number} " for number in range(800)) + "end"
    assert connect(port, stdin=f"{line}\n").exit_code == 0
    heard = river.hear_until(" QUIT ")
    pieces = texts(heard)
    assert len(pieces) > 1
    assert "".join(pieces) == line
    assert max(len(one.encode()) for one in heard) <= 510


def test_a_long_line_is_sent_in_pieces_to_a_server_that_takes_only_short_ones(
    connect: Connect, scripted: Scripted
) -> None:
    line = "".join(f"{number} " for number in range(300)) + "end"
    heard: list[str] = []

    def script(peer: Peer) -> None:
        peer.open(caps="batch echo-message labeled-response")
        while not heard or not heard[-1].endswith("end"):
            sent = peer.hear()
            heard.append(sent)
            peer.echo(sent)
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, "--room", "#x", stdin=f"{line}\n")
    assert result.exit_code == 0, result.output
    assert len(heard) == 3
    assert "".join(texts(heard)) == line


# Input that comes in its own way


def test_input_that_comes_slowly_is_sent_as_it_comes(serve: Serve, person: Person, start: Start) -> None:
    port = serve()
    river = person(port)
    process = start(port, "--name", "ada")
    assert process.stdin
    for text in ("one", "two"):
        process.stdin.write(f"{text}\n")
        process.stdin.flush()
        assert texts(river.hear_until("PRIVMSG"))[-1] == text
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Goodbye ada." in errors


def test_a_file_that_grows_can_be_followed(serve: Serve, person: Person, tmp_path: Path) -> None:
    port = serve()
    river = person(port)
    log = tmp_path / "log"
    log.write_text("first\n")
    script = f"tail -n +1 -s 0.05 -f '{log}' | {COMMAND} -p {port} --name ada"
    with subprocess.Popen(["sh", "-c", script], stderr=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            assert texts(river.hear_until("PRIVMSG"))[-1] == "first"
            with log.open("a") as file:
                file.write("second\n")
            assert texts(river.hear_until("PRIVMSG"))[-1] == "second"
        finally:
            os.killpg(process.pid, 15)


def test_half_a_line_waits_for_its_other_half(serve: Serve, person: Person, start: Start) -> None:
    port = serve()
    river = person(port)
    process = start(port, "--name", "ada")
    assert process.stdin
    process.stdin.write("whole\nha")
    process.stdin.flush()
    assert texts(river.hear_until("PRIVMSG")) == ["whole"]
    process.stdin.write("lf")
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert texts(river.hear_until(" QUIT ")) == ["half"]


def test_a_closed_stdin_is_an_empty_one(serve: Serve) -> None:
    done = shell(f"{COMMAND} -p {serve()} <&-")
    assert done.returncode == 0, done.stderr
    assert "Goodbye" in done.stderr


def test_an_empty_stdin_is_no_failure(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), stdin="")
    assert result.exit_code == 0
    assert "Goodbye Client01." in result.stderr


# Commands in the input


def test_commands_work_as_typed_and_their_replies_are_data(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), stdin="status\n/join #ops\n/rooms\n")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["id", "name", "address", "protocol", "connected", "disconnected", "duration", "reason"]
    assert lines[2] == "1 active, 0 disconnected, limit 5"
    assert lines[3] == "* Client01 joined #ops"
    assert sorted(lines[4:]) == ["#lobby: 1 here", "#ops: 1 here"]


@pytest.mark.parametrize("command", ["/join #ops", "/join #a,#ops", "/room #OPS"])
def test_what_is_said_after_a_join_is_said_in_that_room(connect: Connect, serve: Serve, command: str) -> None:
    result = connect(serve(), "--json", stdin=f"before\n{command}\nhere\n")
    assert result.exit_code == 0, result.output
    said = [(event["to"].lower(), event["text"]) for event in events(result.stdout, "acknowledged")]
    assert said == [("#lobby", "before"), ("#ops", "here")]


@pytest.mark.parametrize("room", ["#locked", "ops", "0", "#x,#locked"])
def test_a_join_that_is_refused_keeps_nobody_waiting(connect: Connect, serve: Serve, person: Person, room: str) -> None:
    port = serve()
    person(port, room="#locked").do("MODE #locked +k sesame", " MODE ")
    result = connect(port, "--timeout", "1s", "--room", "#a", stdin=f"/join {room}\n/join #b\n/topic tea\n")
    assert result.exit_code == 0, result.output
    assert "* Client02 set the topic of #b: tea" in result.stdout


def test_a_join_that_is_never_answered_is_given_up(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        peer.hear_until("JOIN #ops")
        peer.rest()

    scripted.play(script)
    result = connect(scripted.port, "--timeout", "200ms", stdin="/join #ops\nhi\n")
    assert result.exit_code == 15
    assert "Error: 1 of 1 message was not acknowledged: no answer within 0.2 seconds" in result.stderr


def test_exit_in_the_input_leaves_the_rest_unsent(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), "--json", stdin="one\nexit\ntwo\n")
    assert result.exit_code == 0
    assert [event["event"] for event in events(result.stdout)][-2:] == ["acknowledged", "goodbye"]
    assert [event["text"] for event in events(result.stdout, "acknowledged")] == ["one"]


def test_quit_tells_the_others_why(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve()
    river = person(port)
    assert connect(port, "--name", "ada", stdin="/quit all done\nmore\n").exit_code == 0
    assert river.hear_until(" QUIT ")[-1].endswith(" QUIT :quit: all done")


def test_a_second_slash_makes_a_message_of_what_looks_like_a_command(
    connect: Connect, serve: Serve, person: Person
) -> None:
    port = serve()
    river = person(port)
    assert connect(port, stdin="//etc/hosts\n///x\n").exit_code == 0
    assert texts(river.hear_until(" QUIT ")) == ["/etc/hosts", "//x"]


def test_an_unknown_command_is_told_with_the_nearest_one(connect: Connect, serve: Serve) -> None:
    result = connect(serve(), stdin="/toppic x\n")
    assert result.exit_code == 0
    assert "ERR unknown-command there is no command /toppic; did you mean /topic?" in result.stderr


def test_an_action_and_a_private_message_are_acknowledged_like_any(
    connect: Connect, serve: Serve, person: Person
) -> None:
    port = serve()
    river = person(port)
    result = connect(port, "--json", "--name", "ada", stdin="/me waves\n/msg river psst\n/notice river beep\n")
    assert result.exit_code == 0, result.output
    assert [(event["kind"], event["to"], event["text"]) for event in events(result.stdout, "acknowledged")] == [
        ("action", "#lobby", "waves"),
        ("private", "river", "psst"),
        ("notice", "river", "beep"),
    ]
    heard = river.hear_until(" QUIT ")
    assert [line.partition(" ")[2] for line in heard if line.startswith(":ada!") and "JOIN" not in line][:3] == [
        "PRIVMSG #lobby :\x01ACTION waves\x01",
        "PRIVMSG river :psst",
        "NOTICE river :beep",
    ]


# Rooms


def test_the_room_asked_for_is_entered_before_anything_is_said(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve()
    river = person(port, room="#ops")
    assert connect(port, "--name", "ada", "--room", "#ops", stdin="deployed\n").exit_code == 0
    heard = river.hear_until(" QUIT ")
    assert [line.split()[1] for line in heard] == ["JOIN", "PRIVMSG", "QUIT"]
    assert texts(heard) == ["deployed"]


def test_what_is_said_goes_to_the_first_of_several_rooms(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve()
    river = person(port, room="#b")
    river.do("JOIN #a", " 366 ")
    result = connect(port, "--name", "ada", "--room", "#b", "--room", "#a", stdin="hi\n")
    assert result.exit_code == 0
    assert "as ada in #b\n" in result.stderr
    heard = river.hear_until(" QUIT ")
    assert [line.split(" ", 1)[1] for line in heard if "PRIVMSG" in line] == ["PRIVMSG #b :hi"]
    assert sum(" JOIN " in line for line in heard) == 2


def test_on_another_server_nobody_is_put_where_they_did_not_ask_to_be(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome(caps="batch echo-message labeled-response")
        peer.echo(peer.hear())
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, "--name", "ada", stdin="/msg river psst\nlost\n")
    assert result.exit_code == 15
    assert result.stderr.splitlines()[0] == f"connected to 127.0.0.1:{scripted.port} as ada"
    assert "ERR no-room you are in no room; /join #room goes into one" in result.stderr
    assert "Error: 1 of 2 messages was not acknowledged" in result.stderr


def test_a_server_without_capabilities_says_by_a_pong_that_it_has_dealt_with_a_message(
    connect: Connect, scripted: Scripted
) -> None:
    def script(peer: Peer) -> None:
        assert peer.hear() == "CAP LS 302"
        peer.say(":old 421 * CAP :Unknown command")
        peer.hear_until("USER ")
        peer.name = "ada"
        peer.say(":old 001 ada :Hello", ":old 376 ada :End of MOTD")
        assert peer.hear_until("JOIN ")[-1] == "JOIN #x"
        peer.say(":ada!u@h JOIN :#x")
        for text in ("one", "two"):
            assert peer.hear() == f"PRIVMSG #x {text}"
        # One question for all that is sent at once: servers that slow talkers down count it too.
        peer.say(f":old PONG old :{peer.hear().removeprefix('PING ')}")
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, "--name", "ada", "--room", "#x", stdin="one\ntwo\n")
    assert result.exit_code == 0, result.output
    assert result.stderr == f"connected to 127.0.0.1:{scripted.port} as ada in #x\nGoodbye ada.\n"


# Reading


def test_a_script_that_only_reads_gets_what_comes(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        peer.say(":river!u@h PRIVMSG #lobby :hi", ":river!u@h PRIVMSG #lobby :\x01ACTION waves\x01")
        peer.close()

    scripted.play(script)
    result = connect(scripted.port, "--read-only")
    assert result.exit_code == 1
    assert result.stdout == "river: hi\n* river waves\n"
    assert "Error: connection lost: the server closed the connection" in result.stderr


def test_who_only_reads_sends_nothing_of_its_input(connect: Connect, scripted: Scripted) -> None:
    heard: list[str] = []

    def script(peer: Peer) -> None:
        peer.open()
        peer.say("PING now")
        heard.extend(peer.hear_until("PONG"))
        peer.close()

    scripted.play(script)
    connect(scripted.port, "--read-only", stdin="secret\n")
    assert heard == ["PONG now"]


def test_a_reader_that_goes_away_ends_it_quietly(serve: Serve, start: Start, person: Person) -> None:
    port = serve()
    river = person(port)
    process = start(port, "--read-only", "--name", "ada")
    assert process.stdout
    assert process.stderr
    river.hear_until("JOIN")
    process.stdout.close()
    river.say("PRIVMSG #lobby :hi", "PRIVMSG #lobby :there")
    assert process.wait(10) == 1
    assert process.stderr.read() == f"connected to 127.0.0.1:{port} as ada in #lobby\n"


def test_head_can_take_the_first_line_of_json(serve: Serve) -> None:
    done = shell(f"{COMMAND} -p {serve()} --json </dev/null | head -1")
    assert [event["event"] for event in events(done.stdout)] == ["welcome"]
    assert done.stderr == ""


def test_nothing_is_lost_for_a_reader_that_is_slow(scripted: Scripted, start: Start) -> None:
    lines = [f"{number} {'x' * 200}" for number in range(2_000)]

    def script(peer: Peer) -> None:
        peer.open()
        peer.say(*(f":river!u@h PRIVMSG #lobby :{line}" for line in lines), "PING end")
        peer.hear_until("PONG end")
        peer.close()

    future = scripted.play(script)
    process = start(scripted.port, "--read-only")
    assert process.stdout
    assert process.stdout.readline() == f"river: {lines[0]}\n"
    # A pipe holds far less: the client is stuck, and so is the server.
    assert not future.done()
    assert process.stdout.read().splitlines() == [f"river: {line}" for line in lines[1:]]


def test_the_time_in_which_stdout_is_stuck_is_no_fault_of_the_server(scripted: Scripted, start: Start) -> None:
    def script(peer: Peer) -> None:
        peer.open()
        message = peer.hear()
        peer.say(*[f":river!u@h PRIVMSG #lobby :{'x' * 200}"] * 2_000)
        peer.echo(message)
        peer.goodbye()

    scripted.play(script)
    process = start(scripted.port, "--timeout", "300ms")
    assert process.stdin
    process.stdin.write("hi\n")
    process.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    assert process.stdout
    assert len(process.stdout.readlines()) == 2_000
    assert process.wait(10) == 0
