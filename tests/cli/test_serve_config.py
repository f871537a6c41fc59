"""``chatctl serve --config``: what the file sets, what beats it, and what SIGHUP changes while people talk."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatctl.cli import main

DEADLINE = 10.0


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def put(text: str) -> Path:
        path = tmp_path / "serve.toml"
        path.write_text(text)
        return path

    return put


def check(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["serve", "--check-config", *map(str, arguments)])


def test_a_good_file_is_said_to_be_good_and_no_server_starts(write: Callable[[str], Path]) -> None:
    path = write('[serve]\nport = 0\nmax-clients = 5\nlisten = ["[::1]:0"]\nkeep-messages = "12h"\nmessage-rate = 1\n')
    result = check("--config", path)
    assert (result.exit_code, result.output) == (0, "the configuration is good\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[serve]\nmax-client = 5\n", "knows no 'max-client'; did you mean max-clients?"),
        ("[serve]\nmax-clients = 0\n", "--max-clients 0 cannot be set; use 1 to 1,000,000"),
        ('[serve]\nmax-clients = "5"\n', "max-clients must be a whole number"),
        ("[serve]\nping-after = 90\n", "ping-after must be a text in quotes"),
        ('[serve]\nping-after = "3m"\n', "--ping-timeout 150 cannot be set; use more than the 180 of ping-after"),
        ('[serve]\nmessage-rate = "fast"\n', "message-rate must be a number"),
        ("[serve]\ntls-only = true\n", "there is no certificate"),
        ("[serve]\nclient-certificates = true\n", "there is no certificate"),
        ("[serve]\nsts = '0s'\n", "there is no certificate"),
        ("[serve\n", "is not TOML"),
        ('[serve]\nkeep-messages = "soon"\n', "'soon' is no duration"),
        ('[serve]\noper = "root"\n', "root"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong_in_it(write: Callable[[str], Path], text: str, sentence: str) -> None:
    result = check("--config", write(text))
    assert result.exit_code != 0
    assert sentence in result.stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = check("--config", tmp_path / "none.toml")
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr


class Running:
    """A server in a process of its own, and its log."""

    def __init__(self, arguments: list[str], log: Path, **environment: str) -> None:
        self.log = log
        command = [sys.executable, "-m", "chatctl", "serve", "--in-memory", "-p", "0", *arguments]
        with log.open("w") as file:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=file, text=True, env={**os.environ, **environment}
            )
        assert self.process.stdout
        words = self.process.stdout.readline().split()
        self.port = int(words[words.index("on") + 1].rpartition(":")[2])
        self.announced = " ".join(words)

    def hang_up(self, *, until: str) -> str:
        """Send SIGHUP; return the log once it has ``until``."""
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + DEADLINE
        while until not in (text := self.log.read_text()):
            assert time.monotonic() < deadline, text
            assert self.process.poll() is None, text
            time.sleep(0.01)
        return text

    def enter(self, stack: ExitStack) -> socket.socket | None:
        """Come in; return the connection, or None if the server is full."""
        sock = stack.enter_context(socket.create_connection(("127.0.0.1", self.port), DEADLINE))
        sock.sendall(b"\n")
        return sock if sock.recv(65536).startswith(b"Welcome") else None

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=DEADLINE)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    with ExitStack() as stack:

        def start(*arguments: object, **environment: str) -> Running:
            running = Running([str(argument) for argument in arguments], tmp_path / "log", **environment)
            stack.callback(running.stop)
            return running

        yield start


def test_the_command_line_beats_the_environment_beats_the_file(
    write: Callable[[str], Path], run: Callable[..., Running]
) -> None:
    path = write('[serve]\nmax-clients = 5\nserver-name = "file"\n')
    by_file = run("--config", path)
    assert "file 0" in by_file.announced
    assert "up to 5 clients" in by_file.announced
    by_environment = run("--config", path, CHATCTL_SERVE_MAX_CLIENTS="6")
    assert "up to 6 clients" in by_environment.announced
    by_hand = run("--config", path, "--max-clients", 7, CHATCTL_SERVE_MAX_CLIENTS="6")
    assert "up to 7 clients" in by_hand.announced


def test_sighup_changes_the_limit_and_cuts_nobody(write: Callable[[str], Path], run: Callable[..., Running]) -> None:
    path = write("[serve]\nmax-clients = 2\n")
    server = run("--config", path)
    with ExitStack() as stack:
        first, second = server.enter(stack), server.enter(stack)
        assert first
        assert second
        assert server.enter(stack) is None
        write("[serve]\nmax-clients = 3\n")
        server.hang_up(until="max-clients is 3 now")
        assert server.enter(stack)
        write("[serve]\nmax-clients = 1\n")
        server.hang_up(until="max-clients is 1 now")
        first.sendall(b"still here\n")
        heard = b""
        while b"still here ACK" not in heard:
            heard += first.recv(65536)
        assert server.enter(stack) is None


def test_sighup_says_what_needs_a_new_start(write: Callable[[str], Path], run: Callable[..., Running]) -> None:
    path = write("[serve]\nmax-clients = 2\n")
    server = run("--config", path)
    write('[serve]\nmax-clients = 2\nserver-name = "other"\nmessage-burst = 3\nmax-per-address = 1\n')
    log = server.hang_up(until="changed only by a new start: server-name")
    assert "max-per-address is 1 now" in log
    assert "message-burst is 3 now" in log


def test_sighup_with_a_bad_file_changes_nothing(write: Callable[[str], Path], run: Callable[..., Running]) -> None:
    path = write("[serve]\nmax-clients = 1\n")
    server = run("--config", path)
    write("[serve]\nmax-clients = none\n")
    server.hang_up(until="everything stays as it was")
    write("[serve]\nmax-clients = 5\ntls-only = true\n")
    server.hang_up(until="there is no certificate")
    with ExitStack() as stack:
        assert server.enter(stack)
        assert server.enter(stack) is None


def test_sighup_without_a_file_is_no_reason_to_end(run: Callable[..., Running]) -> None:
    server = run("--tls", "auto")
    server.hang_up(until="certificate read again: SHA256 ")
    with ExitStack() as stack:
        assert server.enter(stack)
