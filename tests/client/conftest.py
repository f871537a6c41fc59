"""Servers, people and screens for the tests of ``chatctl connect``."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chatctl.cli import main
from chatctl.server import ChatServer, ServeOptions

DEADLINE = 10.0
"""Seconds after which a fact that a test waits for will not come any more."""


class Peer:
    """One end of a connection, line by line."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(DEADLINE)
        self.sock = sock
        self.port = sock.getpeername()[1]
        self._file = sock.makefile("rb")

    def say(self, *lines: str) -> None:
        self.sock.sendall("".join(f"{line}\n" for line in lines).encode())

    def hear(self) -> str:
        return self._file.readline().decode().removesuffix("\n")

    def hear_until(self, fact: Callable[[str], bool]) -> list[str]:
        lines = [self.hear()]
        while not fact(lines[-1]):
            assert lines[-1] or len(lines) < 100, f"the connection ended; heard {lines}"
            lines.append(self.hear())
        return lines

    def welcome(self, name: str = "Client01") -> None:
        assert self.hear() == ""
        self.say(
            f"Welcome {name}! You are connected since 2026-11-22 14:41:07 UTC.",
            'Type a message, "status" for all sessions, "exit" to leave, "/help" for more.',
        )

    def goodbye(self, name: str = "Client01") -> None:
        assert self.hear() == "exit"
        self.say(f"Goodbye {name}. You were connected for 00:01:23, until 2026-11-22 14:42:30 UTC.")

    def close(self) -> None:
        self._file.close()
        self.sock.close()

    def reset(self) -> None:
        """Break the connection, as a machine does that loses power and comes back."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()


class Scripted:
    """A server that says what a test wants it to say."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._listener.settimeout(DEADLINE)
        self.port: int = self._listener.getsockname()[1]

    def accept(self) -> Peer:
        peer = Peer(self._listener.accept()[0])
        self._stack.callback(peer.close)
        return peer

    def play(self, script: Callable[[Peer], None]) -> Future[None]:
        """Run ``script`` beside the test; what it raises fails the test at its end."""
        pool = ThreadPoolExecutor(1)
        future = pool.submit(lambda: script(self.accept()))
        self._stack.callback(future.result, DEADLINE)
        self._stack.callback(pool.shutdown)
        return future


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's own folders are touched."""
    monkeypatch.setenv("CHATCTL_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def serve(stack: ExitStack) -> Callable[..., int]:
    """Starts a real server in this process; returns its port."""

    def start(max_clients: int = 5) -> int:
        server = ChatServer(ServeOptions(port=0, in_memory=True, max_clients=max_clients))
        port: int = stack.enter_context(server).address[1]
        return port

    return start


@pytest.fixture
def scripted(stack: ExitStack) -> Scripted:
    return Scripted(stack)


@pytest.fixture
def person(stack: ExitStack) -> Callable[[int], Peer]:
    """Connects somebody else, who is already welcome."""

    def join(port: int) -> Peer:
        peer = Peer(socket.create_connection(("127.0.0.1", port), DEADLINE))
        stack.callback(peer.close)
        peer.say("")
        peer.hear_until(lambda line: line.startswith("Type"))
        return peer

    return join


@pytest.fixture
def connect(state_dir: Path) -> Callable[..., Result]:
    """Runs the command in this process; ``stdin`` is text or an open file."""

    def run(port: int, *args: str, stdin: Any = None) -> Result:
        return CliRunner().invoke(main, ["connect", "-p", str(port), *args], input=stdin)

    return run


@pytest.fixture
def wait_until_in(person: Callable[[int], Peer]) -> Callable[[int, str], None]:
    """Returns once somebody called ``name`` is on the server."""

    def wait(port: int, name: str) -> None:
        watcher = person(port)
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            watcher.say("status")
            table = watcher.hear_until(lambda line: " active, " in line)
            if any(line.split()[1:2] == [name] for line in table):
                watcher.close()
                return
        raise AssertionError(f"{name} never came")

    return wait


@pytest.fixture
def open_input(stack: ExitStack) -> Callable[[bytes], Any]:
    """Returns a pipe to read that holds some bytes and does not end."""

    def make(data: bytes) -> Any:
        reading, writing = os.pipe()
        stack.callback(os.close, writing)
        os.write(writing, data)
        return stack.enter_context(os.fdopen(reading, "rb"))

    return make


@pytest.fixture
def start(stack: ExitStack, state_dir: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts the command as a process with pipes on all sides."""

    def run(port: int, *args: str) -> subprocess.Popen[str]:
        process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "chatctl", "connect", "-p", str(port), *args],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(process.kill)
        return process

    return run
