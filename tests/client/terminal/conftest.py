"""A real pseudo-terminal, a screen that shows what a person would see, and a server out of the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pyte
import pytest

DEADLINE = 10.0
"""Seconds after which a fact that a test waits for will not come any more."""


@dataclass
class ServerProcess:
    process: subprocess.Popen[str]
    port: int


class Screen:
    """``chatctl connect`` in a real pseudo-terminal, and what a person would see of it."""

    def __init__(self, port: int, args: tuple[str, ...], env: dict[str, str], size: tuple[int, int]) -> None:
        command = ["-m", "chatctl", "connect", "-p", str(port), *args]
        self.child = pexpect.spawn(sys.executable, command, dimensions=size, env=env, timeout=DEADLINE)
        self.child.delaybeforesend = None
        self.child.ptyproc.delayafterclose = 0
        self.screen = pyte.Screen(size[1], size[0])
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.ended = False

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).rstrip()

    @property
    def prompt(self) -> str:
        """The last line on the screen."""
        return self.text.rpartition("\n")[2]

    def type(self, text: str) -> None:
        self.child.send(text)

    def enter(self, text: str) -> None:
        self.type(f"{text}\r")

    def pump(self) -> None:
        try:
            data = self.child.read_nonblocking(65_536, timeout=0.02)
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF:
            self.ended = True
            return
        self.raw += data
        self._stream.feed(data)

    def wait_for(self, fact: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE
        while not fact():
            assert time.monotonic() < deadline, f"never seen; the screen is\n{self.text}"
            self.pump()

    def wait_for_text(self, *texts: str) -> None:
        self.wait_for(lambda: all(text in self.text for text in texts))

    def wait_for_prompt(self, prompt: str) -> None:
        self.wait_for(lambda: self.prompt == prompt)

    def exit_status(self) -> int | None:
        self.wait_for(lambda: self.ended)
        self.child.wait()  # close() would not wait for it but kill it
        self.child.close()
        status: int | None = self.child.exitstatus
        return status

    def resize(self, rows: int, columns: int) -> None:
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def close(self) -> None:
        if not self.child.closed:
            self.child.kill(signal.SIGTERM)
            self.exit_status()


@pytest.fixture
def server_process(stack: ExitStack) -> ServerProcess:
    """A real server of its own process, without which no thread is near when a terminal is forked."""
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "chatctl", "serve", "-p", "0", "--in-memory", "--log-format", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    )
    stack.callback(process.kill)
    assert process.stdout is not None
    address = json.loads(process.stdout.readline())["addresses"][0]
    return ServerProcess(process, int(address.rpartition(":")[2]))


@pytest.fixture
def server_port(server_process: ServerProcess) -> int:
    return server_process.port


@pytest.fixture
def terminal(stack: ExitStack, state_dir: Path) -> Callable[..., Screen]:
    """Runs the command in a pseudo-terminal."""

    def run(port: int, *args: str, size: tuple[int, int] = (24, 80), **env: str) -> Screen:
        kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "LINES")}
        screen = Screen(port, args, kept | {"TERM": "xterm-256color", "LANG": "C.UTF-8"} | env, size)
        stack.callback(screen.close)
        return screen

    return run
