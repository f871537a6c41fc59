"""Servers, people and processes for the tests of ``chatctl connect``."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
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

CAPS = (
    "batch chatctl.dev/session draft/multiline=max-bytes=4096,max-lines=32 echo-message labeled-response "
    "message-tags server-time standard-replies"
)
"""What a scripted server offers if a test wants nothing else."""

Fact = Callable[[str], object]


class Peer:
    """One end of a connection that speaks IRC, line by line; every wait has a deadline."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(DEADLINE)
        self.sock = sock
        self.name = ""
        self._file = sock.makefile("rb")

    def say(self, *lines: str) -> None:
        self.sock.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def hear(self) -> str:
        """Return the next line, an empty one at the end of the connection."""
        return self._file.readline().decode().removesuffix("\n").removesuffix("\r")

    def hear_until(self, fact: Fact | str) -> list[str]:
        """Return the lines up to and with the first for which ``fact`` is true, or in which the word is."""
        found = fact if callable(fact) else lambda line: fact in line
        lines = [self.hear()]
        while not found(lines[-1]):
            assert lines[-1], f"the connection ended; heard {lines}"
            lines.append(self.hear())
        return lines

    def rest(self) -> list[str]:
        """Return all lines up to the end of the connection."""
        return self._file.read().decode().splitlines()

    def close(self) -> None:
        self._file.close()
        self.sock.close()

    def reset(self) -> None:
        """Break the connection, as a machine does that loses power and comes back."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    # A server's half

    def register(self, caps: str = CAPS) -> list[str]:
        """Take part in a registration up to where the welcome is due; return what the client said."""
        said = self.hear_until("CAP LS 302")
        self.say(f"CAP * LS :{caps}")
        while said[-1] != "CAP END":
            said.append(self.hear())
            assert said[-1], f"the client went away; heard {said}"
            if said[-1].startswith("CAP REQ"):
                self.say(f"CAP * ACK :{said[-1].partition(':')[2]}")
        return said

    def welcome(self, name: str = "", caps: str = CAPS) -> None:
        """Let the client in under its own name or another."""
        wanted = [line.split()[1] for line in self.register(caps) if line.startswith("NICK ")]
        self.name = name or wanted[-1].replace("*", "Client01")
        self.say(
            f":s 001 {self.name} :Welcome to the network, {self.name}",
            f":s 005 {self.name} CHANTYPES=# PREFIX=(ov)@+ :are supported by this server",
            f":s 422 {self.name} :There is no message of the day",
        )

    def open(self, rooms: int = 1, name: str = "", caps: str = CAPS) -> None:
        """Let the client in, and into so many rooms."""
        self.welcome(name, caps)
        for _ in range(rooms):
            room = self.hear_until("JOIN ")[-1].split()[-1]
            self.say(f":{self.name}!u@h JOIN {room}", f":s 366 {self.name} {room} :End of /NAMES list")

    def echo(self, line: str) -> None:
        """Answer a message of the client as a server does that has stored it."""
        label, _, message = line.partition(" ")
        self.say(f"{label};msgid=id-{label.partition('=')[2]} :{self.name}!u@h {message}")

    def goodbye(self) -> None:
        assert self.hear_until("QUIT")
        self.say(f"ERROR :Goodbye {self.name}.")

    # A client's half

    def enter(self, name: str, room: str = "", caps: str = "") -> None:
        """Come in as somebody, and into a room."""
        self.name = name
        self.say(f"CAP REQ :{caps}" if caps else "PING x", f"NICK {name}", f"USER {name} 0 * :{name}", "CAP END")
        self.hear_until(" 422 ")
        if room:
            self.do(f"JOIN {room}", " 366 ")

    def do(self, command: str, answer: Fact | str) -> list[str]:
        """Send a command and wait for its answer."""
        self.say(command)
        return self.hear_until(answer)

    def done(self, *commands: str) -> list[str]:
        """Send commands and wait until the server has dealt with them."""
        self.say(*commands, "PING dealt-with")
        return self.hear_until(lambda line: "PONG" in line and line.endswith("dealt-with"))[:-1]


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

    def play(self, script: Callable[[Peer], object]) -> Future[object]:
        """Run ``script`` beside the test, then hang up; what it raises fails the test at its end."""

        def run() -> object:
            peer = Peer(self._listener.accept()[0])
            try:
                return script(peer)
            finally:
                peer.close()

        pool = ThreadPoolExecutor(1)
        future = pool.submit(run)
        self._stack.callback(future.result, DEADLINE)
        self._stack.callback(pool.shutdown)
        return future


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's own folders, files and passwords are touched."""
    for name in [name for name in os.environ if name.startswith("CHATCTL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHATCTL_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("CHATCTL_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "state"


@pytest.fixture
def serve(stack: ExitStack) -> Callable[..., int]:
    """Starts a real server in this process; returns its port."""

    def start(max_clients: int = 5, **options: Any) -> int:
        server = ChatServer(
            ServeOptions(port=0, in_memory="data_dir" not in options, max_clients=max_clients, **options)
        )
        port: int = stack.enter_context(server).address[1]
        return port

    return start


@pytest.fixture
def scripted(stack: ExitStack) -> Scripted:
    return Scripted(stack)


@pytest.fixture
def person(stack: ExitStack) -> Callable[..., Peer]:
    """Connects somebody else by IRC: in a room, with some capabilities."""

    def join(port: int, name: str = "river", room: str = "#lobby", caps: str = "") -> Peer:
        peer = Peer(socket.create_connection(("127.0.0.1", port), DEADLINE))
        stack.callback(peer.close)
        peer.enter(name, room, caps)
        return peer

    return join


@pytest.fixture
def connect(state_dir: Path) -> Callable[..., Result]:
    """Runs the command in this process; ``stdin`` is text, bytes or an open file."""

    def run(port: int, *args: str, stdin: Any = None) -> Result:
        return CliRunner().invoke(main, ["connect", "-p", str(port), *args], input=stdin)

    return run


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

    def run(port: int, *args: str, **options: Any) -> subprocess.Popen[str]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        process: subprocess.Popen[str] = stack.enter_context(
            subprocess.Popen([sys.executable, "-m", "chatctl", "connect", "-p", str(port), *args], **(pipes | options))
        )
        stack.callback(process.kill)
        return process

    return run
