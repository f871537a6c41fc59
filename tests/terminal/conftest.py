"""`chatctl connect` in a real pseudo-terminal, what a person sees of it, and servers that can go wrong."""

from __future__ import annotations

import codecs
import fcntl
import json
import os
import pty
import re
import selectors
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pyte
import pytest

DEADLINE = 10.0
"""Seconds after which a fact that a test waits for will not come any more."""

# Runs the program as ``python -m chatctl`` on a terminal of its own. A fork in this process, which has threads, is
# no safe way to get there.
BEGIN = (
    "import fcntl, runpy, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "runpy.run_module('chatctl', run_name='__main__', alter_sys=True)"
)

CAPS = "server-time message-tags batch labeled-response echo-message draft/chathistory chatctl.dev/session"


class Screen:
    """A client on a terminal of its own; ``raw`` is all that it wrote there."""

    def __init__(self, arguments: list[str], env: dict[str, str], columns: int, rows: int) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=20_000)
        self.raw = b""
        self.ended = False
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        self._set_size(columns, rows)
        command = [sys.executable, "-c", BEGIN, "connect", *arguments]
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)

    @property
    def rows(self) -> list[str]:
        """All rows, those that have left the screen at the top too; the last is the one of the prompt."""
        kept = [*self.screen.history.top, *(self.screen.buffer[row] for row in range(self.screen.lines))]
        lines = ["".join(row[column].data for column in range(250)).rstrip() for row in kept]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    @property
    def text(self) -> str:
        """What is on the screen now."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    @property
    def prompt(self) -> str:
        """The last line on the screen."""
        return self.text.rpartition("\n")[2]

    def said(self) -> list[str]:
        """All rows that begin with a time of day, without it."""
        return [row[6:] for row in self.rows if re.match(r"\d\d:\d\d ", row)]

    def key(self, *keys: str | bytes) -> None:
        """Press keys, or type a text."""
        for one in keys:
            data = one if isinstance(one, bytes) else one.encode()
            while data:
                data = data[os.write(self._master, data) :]

    def type(self, text: str) -> None:
        """Type a text, with Enter at its end."""
        self.key(f"{text}\r")

    def pump(self, seconds: float = 0.02) -> None:
        """Take in what the program writes; wait for it at most so long."""
        waiting = selectors.DefaultSelector()
        with waiting:
            waiting.register(self._master, selectors.EVENT_READ)
            if not waiting.select(seconds):
                return
        data = b""
        with suppress(OSError):  # nobody holds the other end any more
            data = os.read(self._master, 65_536)
        if not data:
            self.ended = True
            return
        self.raw += data
        self._stream.feed(data)

    def pump_until(self, moment: float) -> None:
        """Take in what the program writes until a moment of the monotonic clock."""
        while (left := moment - time.monotonic()) > 0 and not self.ended:
            self.pump(left)

    def wait_for(self, fact: Callable[[], object]) -> None:
        """Wait for a fact about what has been written."""
        deadline = time.monotonic() + DEADLINE
        while not fact():
            late = time.monotonic() > deadline
            assert not late and not self.ended, f"never seen; the screen is\n{self.text}"
            self.pump()

    def wait(self, *texts: str) -> None:
        """Wait until the screen shows all the texts."""
        self.wait_for(lambda: all(text in self.text for text in texts))

    def wait_for_prompt(self, prompt: str) -> None:
        """Wait until this, and nothing else, is the last line."""
        self.wait_for(lambda: self.prompt == prompt)

    def style(self, text: str, at: int = 0) -> pyte.screens.Char:
        """Return how a letter of ``text`` is drawn on the screen."""
        row, line = next((row, line) for row, line in enumerate(self.screen.display) if text in line)
        # A cell of a wide letter is followed by an empty one; none of the texts asked for has such.
        cell: pyte.screens.Char = self.screen.buffer[row][line.index(text) + at]
        return cell

    def resize(self, columns: int, rows: int) -> None:
        """Make the window wider or narrower."""
        self.pump(0)
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def status(self) -> int:
        """Wait for the end of the program; return its exit status."""
        deadline = time.monotonic() + DEADLINE
        while not self.ended:
            assert time.monotonic() < deadline, f"it does not end; the screen is\n{self.text}"
            self.pump()
        return self.process.wait(DEADLINE)

    def close(self) -> None:
        """End the program, if it has not ended."""
        try:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
                self.status()
        finally:
            self.process.kill()
            self.process.wait()
            os.close(self._master)


class Visitor:
    """One client of a scripted server."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(DEADLINE)
        self.sock = sock
        self._received = b""

    def line(self) -> str:
        """Return the next line that the client sends."""
        while b"\n" not in self._received:
            data = self.sock.recv(65_536)
            assert data, "the client has gone"
            self._received += data
        line, _, self._received = self._received.partition(b"\r\n")
        return line.decode()

    def until(self, wanted: str) -> str:
        """Return the first line with ``wanted``."""
        while wanted not in (line := self.line()):
            pass
        return line

    def say(self, *lines: str | bytes) -> None:
        """Send lines of IRC, whatever is in them."""
        data = [line if isinstance(line, bytes) else line.encode() for line in lines]
        self.sock.sendall(b"".join(line + b"\r\n" for line in data))

    def negotiate(self, caps: str = CAPS) -> None:
        """Go through the capabilities."""
        self.until("CAP LS")
        self.say(f":s CAP * LS :{caps}")
        wanted = self.until("CAP REQ").partition(":")[2]
        self.say(f":s CAP * ACK :{wanted}")
        self.until("CAP END")

    def welcome(self, name: str = "ada", text: str = "welcome", *more: str) -> None:
        """Let the client in, and into the rooms that it asks for."""
        self.say(f":s 001 {name} :{text}", f":s 005 {name} CHANTYPES=# :are supported", *more, f":s 422 {name} :none")

    def enter(self, room: str = "#lobby", name: str = "ada") -> None:
        """Let the client into the room that it asks for; it has no history."""
        self.until(f"JOIN {room}")
        self.say(f":{name}!u@h JOIN {room}", f":s 353 {name} = {room} :{name}", f":s 366 {name} {room} :end")
        self.say(f"@label={self.label(self.until('CHATHISTORY'))} :s ACK")

    def come_in(self) -> None:
        """Do all of this."""
        self.negotiate()
        self.welcome()
        self.enter()

    @staticmethod
    def label(line: str) -> str:
        """Return the label of a line of the client."""
        found = re.match(r"@label=([^ ;]+) ", line)
        assert found, line
        return found[1]


class Scripted:
    """A server that says what a test wants it to say."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._listener.settimeout(DEADLINE)
        self.port: int = self._listener.getsockname()[1]

    def accept(self) -> Visitor:
        """Wait for the next client."""
        sock = self._stack.enter_context(self._listener.accept()[0])
        return Visitor(sock)


class Relay:
    """Stands between a client and its server, writes down what the client sends, and can lose things.

    While ``deaf``, what the client sends is lost; while ``mute``, what the server sends.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.deaf = self.mute = False
        self.heard: list[str] = []
        self._target = target
        self._text = codecs.getincrementaldecoder("utf-8")()
        self._partial = ""
        self._ends: dict[socket.socket, socket.socket] = {}
        self._client: set[socket.socket] = set()
        self._orders: list[str] = []
        self._bell, self._rope = socket.socketpair()
        self._done = threading.Event()
        self._listener: socket.socket | None = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="relay")
        self._thread.start()

    def said(self, text: str) -> list[str]:
        """Return the lines of the client with this text."""
        return [line for line in self.heard if text in line]

    def cut(self) -> None:
        """Break the connection; nobody listens any more."""
        self._order("cut")

    def open(self) -> None:
        """Listen again."""
        self._order("open")

    def close(self) -> None:
        """Come to an end."""
        self._order("end")
        self._thread.join(DEADLINE)
        self._bell.close()
        self._rope.close()

    def _order(self, what: str) -> None:
        self._done.clear()
        self._orders.append(what)
        self._rope.send(b"!")
        assert self._done.wait(DEADLINE)

    def _run(self) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._bell, selectors.EVENT_READ)
            assert self._listener is not None
            waiting.register(self._listener, selectors.EVENT_READ)
            while True:
                for found, _ in waiting.select():
                    sock = found.fileobj
                    assert isinstance(sock, socket.socket)
                    if sock is self._bell:
                        sock.recv(1)
                        order = self._orders.pop(0)
                        self._obey(order, waiting)
                        self._done.set()
                        if order == "end":
                            return
                    elif sock is self._listener:
                        self._join(sock, waiting)
                    elif sock in self._ends:
                        self._pass_on(sock, waiting)

    def _obey(self, order: str, waiting: selectors.BaseSelector) -> None:
        if order == "open":
            self._listener = socket.create_server(("127.0.0.1", self.port))
            waiting.register(self._listener, selectors.EVENT_READ)
            return
        if self._listener is not None:
            waiting.unregister(self._listener)
            self._listener.close()
            self._listener = None
        while self._ends:
            self._part(next(iter(self._ends)), waiting)

    def _join(self, listener: socket.socket, waiting: selectors.BaseSelector) -> None:
        client = listener.accept()[0]
        server = socket.create_connection(self._target, DEADLINE)
        self._ends |= {client: server, server: client}
        self._client.add(client)
        for sock in (client, server):
            waiting.register(sock, selectors.EVENT_READ)

    def _pass_on(self, sock: socket.socket, waiting: selectors.BaseSelector) -> None:
        data = b""
        with suppress(OSError):
            data = sock.recv(65_536)
        if not data:
            self._part(sock, waiting)
            return
        if sock in self._client:
            *lines, self._partial = (self._partial + self._text.decode(data)).split("\r\n")
            self.heard += lines
        if not (self.deaf if sock in self._client else self.mute):
            with suppress(OSError):
                self._ends[sock].sendall(data)

    def _part(self, sock: socket.socket, waiting: selectors.BaseSelector) -> None:
        other = self._ends.pop(sock)
        del self._ends[other]
        for one in (sock, other):
            waiting.unregister(one)
            one.close()


class ServerProcess:
    """A server in a process of its own, which can be stopped and killed."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "chatctl", "serve", "-p", "0", "--data-dir", str(folder)]
        self._process = subprocess.Popen(
            [*command, "--log-format", "json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        listening = json.loads(self._process.stdout.readline())
        self.port = int(listening["addresses"][0].rpartition(":")[2])

    def freeze(self) -> None:
        """Let it answer nothing more, without a word."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it at once, as a loss of power would."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def terminal(start_house: object, stack: ExitStack, tmp_path: Path) -> Callable[..., Screen]:
    """Run ``chatctl connect -p PORT ...`` in a pseudo-terminal; it ends before the servers of the test do."""

    def run(port: int, *arguments: str, columns: int = 100, rows: int = 24, **env: str) -> Screen:
        unwanted = ("NO_COLOR", "COLUMNS", "LINES", "TMUX", "FORCE_COLOR", "CHATCTL_CONFIG")
        kept = {key: value for key, value in os.environ.items() if key not in unwanted}
        own = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "CHATCTL_STATE_DIR": str(tmp_path / "state")}
        own["CHATCTL_CONFIG"] = str(tmp_path / "config.toml")
        (tmp_path / "config.toml").touch()
        screen = Screen(["-p", str(port), *arguments], kept | own | env, columns, rows)
        stack.callback(screen.close)
        return screen

    return run


@pytest.fixture
def ada(terminal: Callable[..., Screen]) -> Callable[..., Screen]:
    """Run the client as ada, and wait until she has come into a room."""

    def run(port: int, *arguments: str, **how: object) -> Screen:
        screen = terminal(port, "--name", "ada", *arguments, **how)
        screen.wait_for(lambda: "* ada joined #" in screen.text and screen.prompt.endswith(">"))
        return screen

    return run


@pytest.fixture
def scripted(stack: ExitStack) -> Scripted:
    return Scripted(stack)


@pytest.fixture
def relay(stack: ExitStack) -> Callable[[tuple[str, int]], Relay]:
    """Start a relay to a server."""

    def start(target: tuple[str, int]) -> Relay:
        relay = Relay(target)
        stack.callback(relay.close)
        return relay

    return start


@pytest.fixture
def server_process(stack: ExitStack) -> Callable[[Path], ServerProcess]:
    """Start a server that can be killed."""

    def start(folder: Path) -> ServerProcess:
        server = ServerProcess(folder)
        stack.callback(server.kill)
        return server

    return start
