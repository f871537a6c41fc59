"""Real IRC clients at a real server: driven through a pseudo-terminal or a pipe, read from screen or log."""

from __future__ import annotations

import os
import time
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
        self._process.send(f"{line}\r".encode())

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

    def ends(self) -> None:
        """Wait for the program's end."""
        self._process.expect(pexpect.EOF, timeout=DEADLINE)

    def close(self) -> None:
        self._process.close(force=True)


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
