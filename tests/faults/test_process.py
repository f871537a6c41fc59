"""The process and what it was given: a log that nobody reads, an output that is gone, signals, a damaged file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from crowd import Irc, Member, Text, crowd
from oracle import check, read_ledger
from process import Server


class Spawned:
    """A server whose standard streams the test chose; where it listens is looked up, as it may not be able to say."""

    def __init__(self, redirection: str = "", **streams: object) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = free.getsockname()
        command = [sys.executable, "-m", "chatctl", "serve", "-p", str(self.address[1]), "--in-memory"]
        self.process = subprocess.Popen(["sh", "-c", f'exec "$@" {redirection}', "sh", *command], **streams)  # type: ignore[call-overload]

    def visit(self) -> bool:
        """Come, and leave; tell whether one was served."""
        try:
            with socket.create_connection(self.address, timeout=10) as peer:
                peer.sendall(b"exit\n")
                return peer.recv(4096).startswith(b"Welcome ")
        except ConnectionRefusedError:
            return False

    def end(self) -> int:
        """End it with SIGTERM; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


Spawn = Callable[..., Spawned]


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    with ExitStack() as stack:

        def start(redirection: str = "", **streams: object) -> Spawned:
            server = Spawned(redirection, **streams)
            stack.callback(server.process.wait)
            stack.callback(server.process.kill)
            return server

        yield start


def filled_pipe() -> tuple[int, int]:
    """Return a pipe that has no room for anything more."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"\n" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
    return reader, writer


def test_a_log_that_nobody_reads_stops_nobody_and_says_what_it_lost(spawn: Spawn, wait_until) -> None:
    reader, writer = filled_pipe()
    server = spawn(stdout=subprocess.DEVNULL, stderr=writer)
    os.close(writer)
    wait_until(server.visit, "the server")
    for _ in range(20):
        assert server.visit()
    with os.fdopen(reader, "rb") as log:
        log.read1(1 << 20)
        assert server.visit()
        assert any(b" log lines were left out: nobody read the log" in line for line in log)
        assert server.end() == 0
        assert b" stopped\n" in log.read()


@pytest.mark.slow
def test_a_log_that_nobody_reads_at_the_end_keeps_nobody_waiting(spawn: Spawn, wait_until) -> None:
    ends = filled_pipe()
    server = spawn(stdout=subprocess.DEVNULL, stderr=ends[1])
    wait_until(server.visit, "the server")
    assert server.end() == 0
    for end in ends:
        os.close(end)


def test_a_log_whose_reader_went_away_stops_nobody(spawn: Spawn) -> None:
    server = spawn(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with server.process.stdout as out:  # type: ignore[union-attr]
        assert b" listens on " in out.readline()
    assert [server.visit() for _ in range(5)] == [True] * 5
    assert server.end() == 0


@pytest.mark.parametrize("redirection", [">&- 2>&-", ">/dev/full 2>/dev/full"])
def test_an_output_that_takes_nothing_stops_nobody(spawn: Spawn, wait_until, redirection: str) -> None:
    server = spawn(redirection)
    wait_until(server.visit, "the server")
    assert server.end() == 0


@pytest.mark.slow
def test_many_hangups_at_once_lose_nothing(tmp_path: Path) -> None:
    stop = threading.Event()
    with Server(tmp_path / "data") as server:
        members = [Member(server.address, name, "#r", tmp_path, stop, Text()) for name in ("ada", "bob")]
        with crowd(members, stop):
            for _ in range(200):
                os.kill(server.process.pid, signal.SIGHUP)
                members[0].join(0.002)
    assert server.process.returncode == 0
    check(tmp_path, server.database)


def test_a_termination_in_the_middle_of_talking_loses_nothing(tmp_path: Path, wait_until) -> None:
    stop = threading.Event()
    server = Server(tmp_path / "data")
    tongues = (Text(), Irc())
    members = [
        Member(server.address, f"m{index}", "#r", tmp_path, stop, tongues[index % 2], window=20) for index in range(6)
    ]
    with crowd(members, stop):
        wait_until(lambda: sum(member.acknowledged for member in members) > 200, "the talking")
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 10
    check(tmp_path, server.database)
    assert {past.reason for past in read_ledger(server.database)} == {"shutdown"}


def test_tls_handshakes_that_are_under_way_do_not_put_off_the_end(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", "--tls", "auto")
    with ExitStack() as stack:
        for _ in range(3):
            peer = stack.enter_context(socket.create_connection(server.address, timeout=10))
            peer.sendall(b"\x16\x03\x01\x02\x00\x01")
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 10


def test_a_file_that_is_found_damaged_while_the_server_runs_does_not_end_it(
    start_house, tmp_path: Path, wait_until, caplog
) -> None:
    house = start_house(data_dir=tmp_path)
    ada = house.enter("ada")
    ada.send(*[f"line {number} {'x' * 500}" for number in range(200)])
    ada.until("line 199")
    house.server.stop()
    data = tmp_path / "chatctl.db"
    with data.open("r+b") as file:
        file.seek(data.stat().st_size // 2)
        file.write(b"\xff" * 4096)
    again = start_house(data_dir=tmp_path)
    wait_until(lambda: "the data file cannot be read" in caplog.text, "the complaint")
    assert again.enter("bob")
    assert not again.server.failed


SIGNAL_ELSEWHERE = """
import signal, sys, threading
from chatctl.cli import main

def when_told():
    sys.stdin.readline()
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

threading.Thread(target=when_told).start()
main(["serve", "-p", "0", "--in-memory"])
"""


def test_a_signal_that_another_thread_gets_ends_the_server_too() -> None:
    command = [sys.executable, "-c", SIGNAL_ELSEWHERE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        process.stdin.write(b"\n")
        process.stdin.flush()
        try:
            assert process.wait(10) == 0
        finally:
            process.kill()
