"""Real IRC clients at our server, and our client at real IRC servers.

A program is driven through a pseudo-terminal or a pipe, and read from its screen, its output or its log.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pexpect
import pyte
import pytest

from chatctl.auth.passwords import make_credentials
from chatctl.core.records import Account
from chatctl.store.accounts import AccountBook
from chatctl.store.datadir import DATA_FILE

COLUMNS, LINES = 130, 44
DEADLINE = 15.0


class Screen:
    """A program in a pseudo-terminal, and what is on its screen."""

    def __init__(self, command: list[str], home: Path) -> None:
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._process = pexpect.spawn(command[0], command[1:], dimensions=(LINES, COLUMNS), env=environment)

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        self.press(f"{line}\r")

    def press(self, keys: str) -> None:
        """Press keys."""
        self._process.send(keys.encode())

    def shows(self, text: str) -> str:
        """Wait until ``text`` is on the screen, and return the screen."""
        deadline = time.monotonic() + DEADLINE
        while text not in (shown := "\n".join(line.rstrip() for line in self._screen.display)):
            if time.monotonic() > deadline:
                raise AssertionError(f"{text!r} did not come onto the screen:\n{shown}")
            try:
                self._stream.feed(self._process.read_nonblocking(65536, timeout=0.1))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                raise AssertionError(f"the program ended before {text!r} came:\n{shown}") from None
        return shown

    def ends(self) -> int:
        """Wait for the program's end; return its exit status."""
        self._process.expect(pexpect.EOF, timeout=DEADLINE)
        self._process.close()
        return self._process.exitstatus

    def close(self) -> None:
        self._process.close(force=True)


class Foreign:
    """A server that is not ours, on a port that it takes again when it is started again."""

    def __init__(self, command: list[str], port: int) -> None:
        self.port = port
        self._command = command
        self.start()

    def start(self) -> None:
        """Start it, and wait until it talks."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + DEADLINE
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), DEADLINE) as sock:
                    # Whoever looks whether it is there takes no place from those who come after.
                    sock.sendall(b"QUIT\r\n")
                    while sock.recv(4096):
                        continue
                return
            except ConnectionRefusedError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"{self._command} does not listen") from None
                time.sleep(0.01)
            except ConnectionResetError:
                return

    def freeze(self) -> None:
        """Let it take nothing in any more."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()


class Irc:
    """A plain IRC client: it sends lines, waits for lines, and answers the server's PING."""

    def __init__(self, port: int, nick: str, room: str = "", password: str = "") -> None:
        self._sock = socket.create_connection(("127.0.0.1", port), DEADLINE)
        self._file = self._sock.makefile("rb")
        self.send(*([f"PASS {password}"] if password else []), f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        self.hear(f" 001 {nick} ")
        if room:
            self.send(f"JOIN {room}")
            self.hear(" 366 ")

    def send(self, *lines: str) -> None:
        self._sock.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def hear(self, *wanted: str) -> list[str]:
        """Return the lines up to and with the first that has all of ``wanted`` in it."""
        heard = [""]
        while not all(part in heard[-1] for part in wanted):
            line = self._file.readline().decode()
            if not line:
                raise AssertionError(f"the server ended before {wanted} came: {heard}")
            if line.startswith("PING "):
                self.send(f"PONG {line.split()[-1]}")
            heard.append(line.rstrip("\r\n"))
        return heard[1:]

    def texts(self, room: str) -> list[str]:
        """Return what others have said in a room since the last look."""
        self.send("PING so-far")
        said = (line.partition(f" PRIVMSG {room} :") for line in self.hear("PONG", "so-far"))
        return [text for _, found, text in said if found]

    def close(self) -> None:
        self._file.close()
        self._sock.close()


class Piped:
    """``chatctl connect`` without a terminal."""

    def __init__(self, port: int, arguments: tuple[str, ...], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chatctl", "connect", "-p", str(port), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.stdout = ""
        self.stderr = ""

    def says(self, text: str = "") -> int:
        """Give it its input, to the end, and wait for its own; return its exit status."""
        self.stdout, self.stderr = self._process.communicate(text, timeout=DEADLINE * 2)
        return self._process.returncode

    def ends(self) -> int:
        """Wait for its end while its input stays open; return its exit status."""
        self._process.wait(DEADLINE)
        return self.says()

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def installed(program: str) -> str | None:
    """Return where a program is, also if it is a system's and not on an ordinary user's path."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


@pytest.fixture
def start_foreign(tmp_path):
    """Start a server that is not ours: ``options`` come before the path of its configuration, which has ``@PORT@``."""
    with ExitStack() as stack:

        def start(program: str, options: list[str], configuration: str) -> Foreign:
            path = installed(program)
            if path is None:
                pytest.skip(f"{program} is not installed")
            with socket.create_server(("127.0.0.1", 0)) as sock:
                port = sock.getsockname()[1]
            file = tmp_path / f"{program}.conf"
            file.write_text(configuration.replace("@PORT@", str(port)))
            server = Foreign([path, *options, str(file)], port)
            stack.callback(server.kill)
            return server

        yield start


@pytest.fixture
def irc():
    """Connect plain IRC clients."""
    with ExitStack() as stack:

        def connect(port: int, nick: str, room: str = "", password: str = "") -> Irc:
            client = Irc(port, nick, room, password)
            stack.callback(client.close)
            return client

        yield connect


@pytest.fixture
def own_folders(tmp_path) -> dict[str, str]:
    """What keeps ``chatctl connect`` from the user's folders."""
    return {"CHATCTL_STATE_DIR": str(tmp_path / "state"), "CHATCTL_CONFIG": str(tmp_path / "config.toml")}


@pytest.fixture
def piped(own_folders) -> Callable[..., Piped]:
    """Start ``chatctl connect`` on a port, in a pipe, as the user ``kim`` of this machine."""
    with ExitStack() as stack:

        def start(port: int, *arguments: str, **environment: str) -> Piped:
            client = Piped(port, arguments, {**os.environ, "LOGNAME": "kim", **own_folders, **environment})
            stack.callback(client.close)
            return client

        yield start


@pytest.fixture
def on_screen(open_screen, own_folders) -> Callable[..., Screen]:
    """Start ``chatctl connect`` on a port, on a screen."""

    def start(port: int, *arguments: str) -> Screen:
        folders = [f"{key}={value}" for key, value in own_folders.items()]
        return open_screen("env", *folders, sys.executable, "-m", "chatctl", "connect", "-p", str(port), *arguments)

    return start


@pytest.fixture
def house_of(start_house, tmp_path):
    """Start a server that knows an account with the password ``green tea``."""

    def start(name: str) -> object:
        folder = tmp_path / "data"
        folder.mkdir()
        with AccountBook(folder / DATA_FILE) as book:
            book.add(Account(name, 0), make_credentials("green tea"))
        return start_house(data_dir=folder)

    return start


@pytest.fixture
def open_screen(tmp_path):
    """Start programs in pseudo-terminals; they are gone after the test."""
    opened = []

    def start(*command: str) -> Screen:
        opened.append(Screen(list(command), tmp_path))
        return opened[-1]

    yield start
    for screen in opened:
        screen.close()
