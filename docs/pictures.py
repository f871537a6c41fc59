"""Draws the pictures of the documentation from real runs: ``python docs/pictures.py``.

Each is a program in a pseudo-terminal, read by a terminal emulator and exported by Rich.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

import pexpect
import pyte
from rich.console import Console
from rich.text import Text

from chatctl.server import ChatServer, ServeOptions

IMAGES = Path(__file__).parent / "images"
COLUMNS = 100


class Terminal:
    """A program on a screen of its own."""

    def __init__(self, *arguments: str, rows: int) -> None:
        self.screen = pyte.Screen(COLUMNS, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "chatctl", *arguments],
            dimensions=(rows, COLUMNS),
            env={**os.environ, "TERM": "xterm-256color", "CHATCTL_STATE_DIR": tempfile.mkdtemp()},
            timeout=60,
        )

    def wait(self, *wanted: str) -> None:
        """Read until the screen shows all that is wanted."""
        while not all(part in "\n".join(self.screen.display) for part in wanted):
            self._stream.feed(self._child.read_nonblocking(65536, 60))

    def type(self, text: str) -> None:
        """Type a text, with Enter at its end."""
        self._child.send(f"{text}\r")

    def begin(self, text: str) -> None:
        """Type a text and leave it there."""
        self._child.send(text)

    def end(self) -> None:
        """Read to the end of the program, or end it."""
        self._child.close(force=True)

    def finish(self) -> None:
        """Read what comes until the program ends."""
        while True:
            try:
                self._stream.feed(self._child.read_nonblocking(65536, 60))
            except pexpect.EOF:
                return


def export(screen: pyte.Screen, name: str, title: str) -> None:
    """Write the screen as an SVG picture."""
    used = max(index for index, line in enumerate(screen.display) if line.strip()) + 1
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, legacy_windows=False)
        for row in range(used):
            console.print(_line(screen, row), soft_wrap=True)
        svg = console.export_svg(title=title, unique_id=name.partition(".")[0])
    # The reader's own monospaced font will do: a picture fetches nothing from elsewhere.
    (IMAGES / name).write_text(re.sub(r',?\s*url\("https://[^)]*\)\s*format\("\w+"\)', "", svg))
    print(f"wrote {IMAGES / name}")


def _line(screen: pyte.Screen, row: int) -> Text:
    text = Text()
    for column in range(COLUMNS):
        cell = screen.buffer[row][column]
        text.append(cell.data, _style(cell))
    text.rstrip()
    return text


def _style(cell: pyte.screens.Char) -> str:
    colour = {"default": "", "brown": "yellow"}.get(cell.fg, cell.fg)
    if len(colour) == 6 and all(digit in "0123456789abcdef" for digit in colour):
        colour = f"#{colour}"
    elif colour.startswith("bright"):
        colour = colour.replace("bright", "bright_").replace("brown", "yellow")
    words = ["bold"] if cell.bold else []
    words += ["reverse"] if cell.reverse else []
    return " ".join([*words, colour]).strip()


def draw_connect() -> None:
    """Two people talk, and one looks at the table of sessions."""
    with ChatServer(ServeOptions(port=0, in_memory=True, max_clients=20)) as server:
        port = str(server.address[1])
        ada = Terminal("connect", "-p", port, "--name", "ada", rows=24)
        ada.wait("ada", "#lobby>")
        river = Terminal("connect", "-p", port, "--name", "river", rows=24)
        river.wait("river", "#lobby>")
        ada.type("good morning, river")
        river.wait("good morning, river")
        river.type("ada: morning! is the new build out?")
        ada.wait("is the new build out?")
        ada.type("/topic release day")
        river.wait("release day")
        ada.type("yes, since ten minutes")
        river.wait("since ten minutes")
        river.type("/me opens the window")
        river.type("exit")
        ada.wait("river left")
        ada.type("status")
        ada.wait("1 active, 1 disconnected")
        ada.begin("and the tests are")
        ada.wait("and the tests are")
        export(ada.screen, "connect.svg", "chatctl connect --name ada")
        ada.end()
        river.end()


def draw_stress() -> None:
    """The limit of a server, found and proven."""
    stress = Terminal("stress", "--clients", "50", "--spawn", "20", "-d", "5s", "--no-live", rows=50)
    stress.finish()
    export(stress.screen, "stress.svg", "chatctl stress --clients 50 --spawn 20 -d 5s")


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    draw_connect()
    draw_stress()
