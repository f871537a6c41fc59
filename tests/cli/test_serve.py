"""`chatctl serve` as people and programs run it."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner

from chatctl.cli import main


@pytest.fixture
def spawn(tmp_path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    with ExitStack() as stack:

        def start(*options: str, **settings: object) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-m", "chatctl", "serve", "-p", "0", *options],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                **settings,  # type: ignore[call-overload]
            )
            stack.callback(process.communicate)
            stack.callback(process.kill)
            return process

        yield start


def port_of(process: subprocess.Popen[str]) -> int:
    return int(json.loads(process.stdout.readline())["addresses"][0].rpartition(":")[2])


def enter(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port), timeout=10)
    sock.sendall(b"\n")
    assert sock.recv(4096).startswith(b"Welcome ")
    return sock


def test_the_first_line_tells_how_to_connect(spawn):
    process = spawn("--in-memory", "--server-name", "old.oak", "--max-clients", "7")
    listening, how = process.stdout.readline(), process.stdout.readline()
    assert re.fullmatch(
        r"old.oak \S+ listens on 127\.0\.0\.1:\d+ for up to 7 clients; messages are kept in memory\.\n", listening
    )
    port = re.search(r":(\d+) for", listening)[1]
    assert how.startswith(f"Connect with: chatctl connect -p {port}   or: nc 127.0.0.1 {port}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_sessions_with_a_word_and_the_process_with_success(spawn, tmp_path, number):
    process = spawn("--data-dir", str(tmp_path), "--log-format", "json")
    with enter(port_of(process)) as peer:
        process.send_signal(number)
        assert b"* the server is shutting down" in peer.makefile("rb").read()
    assert process.wait(10) == 0


def test_a_second_interrupt_ends_the_process_at_once(spawn):
    process = spawn("--in-memory", "--log-format", "json")
    with enter(port_of(process)) as peer:
        # A peer that takes nothing keeps the server waiting for it.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.sendall(b"status\n" * 20_000)
        process.send_signal(signal.SIGINT)
        assert any('"stopping"' in line for line in iter(process.stderr.readline, ""))
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130


def test_in_a_thread_of_another_program_it_is_stopped_from_outside(tmp_path):
    started: queue.SimpleQueue = queue.SimpleQueue()
    results = []
    arguments = ["serve", "-p", "0", "--data-dir", str(tmp_path), "-q"]
    thread = threading.Thread(target=lambda: results.append(CliRunner().invoke(main, arguments, obj=started.put)))
    thread.start()
    server = started.get(timeout=10)
    enter(server.address[1]).close()
    server.request_stop()
    thread.join(10)
    assert results[0].exit_code == 0
    assert results[0].output == ""


def test_a_failed_hub_is_an_error_of_the_command(monkeypatch):
    def fail(server):
        server._fail()

    result = CliRunner().invoke(main, ["serve", "-p", "0", "--in-memory"], obj=fail)
    assert result.exit_code == 1
    assert "the server stopped after a mistake of its own" in result.output


def test_a_connection_is_one_log_line_each_way_and_words_are_none(spawn):
    process = spawn("--in-memory", "--log-format", "json")
    with enter(port_of(process)) as peer:
        peer.sendall(b"secret words\nexit\n")
        peer.makefile("rb").read()
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=10)
    messages = [json.loads(line)["message"] for line in log.splitlines()]
    assert [message.split(" (")[0] for message in messages] == ["session 1", "session 1", "stopping", "stopped"]
    assert messages[1].endswith("ended: quit")
    assert "secret" not in log


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["-p", "99999"], 2, "99999 is not in the range"),
        (["--max-clients", "0"], 2, "--max-clients 0 cannot be set; use 1 to 1,000,000"),
        (["--keep-messages", "soon"], 2, "'soon' is no duration; write a number and ms, s, m, h or d"),
        (["--reader-threads", "many"], 2, "'many' is neither auto, per-client nor a number from 1 to 64"),
        (["--cpus", "0,x"], 2, "'0,x' is no list of processors; this process may use"),
        (["--cpus", "99999"], 2, "'99999' is no list of processors; this process may use"),
        (["--listen", "here"], 1, "'here' is no address; write HOST:PORT"),
        (["--data-dir", "/dev/null/x"], 1, "cannot use the data folder /dev/null/x: Not a directory; choose another"),
    ],
)
def test_a_wrong_option_is_told_in_one_sentence(arguments, status, sentence):
    result = CliRunner().invoke(main, ["serve", "-p", "0", *arguments])
    assert result.exit_code == status
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_damaged_data_file_is_told_with_the_recovery_command(tmp_path):
    (tmp_path / "chatctl.db").write_bytes(b"this is no database, whatever its name says" * 100)
    result = CliRunner().invoke(main, ["serve", "-p", "0", "--data-dir", str(tmp_path)])
    assert result.exit_code == 1
    assert f"chatctl recover --data-dir {tmp_path}" in result.output


def test_the_limit_is_lowered_to_what_the_process_may_open(spawn):
    def restrict() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))

    process = spawn("--in-memory", "--max-clients", "500", "--log-format", "json", preexec_fn=restrict)
    assert json.loads(process.stdout.readline())["max_clients"] == 72
    process.send_signal(signal.SIGTERM)
    assert "max-clients is 72 instead of 500" in process.communicate(timeout=10)[1]


def test_when_descriptors_run_out_accepting_goes_on_as_soon_as_there_are_some(spawn):
    process = spawn("--in-memory", "--max-clients", "50", "--log-format", "json")
    port = port_of(process)
    import resource

    _, hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
    used = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (used + 2, hard))
    peers = [enter(port), enter(port)]
    waiting = socket.create_connection(("127.0.0.1", port), timeout=10)
    waiting.sendall(b"\n")
    lines = iter(process.stderr.readline, "")
    assert any("cannot accept a connection" in line for line in lines)
    for peer in peers:
        peer.sendall(b"exit\n")
        peer.makefile("rb").read()
        peer.close()
    assert waiting.recv(4096).startswith(b"Welcome ")
    waiting.close()


def test_it_stays_on_the_processors_that_it_was_given(spawn):
    one = min(os.sched_getaffinity(0))
    process = spawn("--in-memory", "--log-format", "json", "--cpus", str(one))
    port_of(process)
    threads = [int(entry.name) for entry in Path(f"/proc/{process.pid}/task").iterdir()]
    assert len(threads) >= 4
    assert [os.sched_getaffinity(thread) for thread in threads] == [{one}] * len(threads)


def test_the_user_data_folder_is_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folders = []

    def look(server):
        folders.append(server.data_dir)
        server.request_stop()

    assert CliRunner().invoke(main, ["serve", "-p", "0", "-q"], obj=look).exit_code == 0
    assert folders == [tmp_path / "chatctl"]


def test_the_port_may_come_from_the_environment(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("CHATCTL_SERVE_PORT", str(port))
        result = CliRunner().invoke(main, ["serve", "--in-memory"])
    assert result.exit_code == 1
    assert f"cannot listen on 127.0.0.1:{port}: another program listens there" in result.output


def test_help_and_version_and_unknown_commands():
    assert "serve" in CliRunner().invoke(main, ["-h"]).output
    assert CliRunner().invoke(main, ["--version"]).output.startswith("chatctl, version ")
    for typed, answer in (("nonsense", "No such command 'nonsense'."), ("conect", "Did you mean connect?")):
        result = CliRunner().invoke(main, [typed])
        assert result.exit_code == 2
        assert answer in result.output
