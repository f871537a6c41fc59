"""Draws the pictures of the documentation from real runs: ``python docs/pictures.py [NAME ...]``.

Each is a program in a pseudo-terminal, read by a terminal emulator and exported by Rich.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pexpect
import pyte
from rich.console import Console
from rich.text import Text

from chatctl.server import ChatServer, ServeOptions

IMAGES = Path(__file__).parent / "images"
COLUMNS = 100


class Terminal:
    """A program on a screen of its own."""

    def __init__(self, *arguments: str, rows: int, columns: int = COLUMNS) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "chatctl", *arguments],
            dimensions=(rows, columns),
            env={**os.environ, "TERM": "xterm-256color", "CHATCTL_STATE_DIR": tempfile.mkdtemp()},
            timeout=60,
        )

    def wait(self, *wanted: str) -> None:
        """Read until the screen shows all that is wanted."""
        while not all(part in "\n".join(self.screen.display) for part in wanted):
            try:
                self._stream.feed(self._child.read_nonblocking(65536, 20))
            except (pexpect.TIMEOUT, pexpect.EOF) as error:
                raise SystemExit("\n".join([f"waited for {wanted} on:", *self.screen.display])) from error

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


def export(screen: pyte.Screen, name: str, title: str, columns: int = COLUMNS) -> None:
    """Write the screen as an SVG picture."""
    used = max(index for index, line in enumerate(screen.display) if line.strip()) + 1
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=columns, file=nowhere, force_terminal=True, legacy_windows=False)
        for row in range(used):
            console.print(_line(screen, row), soft_wrap=True)
        svg = console.export_svg(title=title, unique_id=name.partition(".")[0])
    # The reader's own monospaced font will do: a picture fetches nothing from elsewhere.
    (IMAGES / name).write_text(re.sub(r',?\s*url\("https://[^)]*\)\s*format\("\w+"\)', "", svg))
    print(f"wrote {IMAGES / name}")


def _line(screen: pyte.Screen, row: int) -> Text:
    text = Text()
    for column in range(screen.columns):
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


def draw_rooms() -> None:
    """Two rooms, the server killed and started again, and what was missed meanwhile."""
    with TemporaryDirectory() as folder:
        port = free_port()
        server = Server(port, folder)
        ada = Terminal("connect", "-p", port, "--name", "ada", "--room", "#lobby", "--room", "#ops", rows=24)
        ada.wait("ada #lobby>")
        river = Terminal("connect", "-p", port, "--name", "river", "--room", "#ops", "--room", "#lobby", rows=24)
        river.wait("river #ops>")
        river.type("disk 3 is at 91 %")
        ada.wait("2:#ops 1")
        river.type("ada: can you look?")
        ada.wait("2:#ops 2!")
        ada.type("/room 2")
        ada.wait("can you look?")
        ada.type("river: on it")
        river.wait("on it")
        server.kill()
        ada.wait("connection lost")
        river.wait("connection lost")
        river.end()
        server = Server(port, folder)
        tell(port, "#ops", "kim", "disk 3 is full", "I took the old logs away")
        ada.wait("2 missed messages", "now")
        ada.begin("thank you, kim")
        ada.wait("thank you, kim")
        export(ada.screen, "rooms.svg", "chatctl connect --name ada --room '#lobby' --room '#ops'")
        ada.end()
        server.kill()


def draw_narrow() -> None:
    """The same client on a narrow screen."""
    with ChatServer(ServeOptions(port=0, in_memory=True, max_clients=20)) as server:
        port = str(server.address[1])
        ada = Terminal("connect", "-p", port, "--name", "ada", rows=16, columns=40)
        ada.wait("ada #lobby>")
        tell(port, "#lobby", "river", "the tests are through on all three machines", "ship it")
        ada.wait("river left")
        ada.type("status")
        ada.wait("1 active, 1 disconnected")
        ada.begin("on which port does")
        ada.wait("on which port does")
        export(ada.screen, "narrow.svg", "40 columns", 40)
        ada.end()


def tell(port: str, room: str, name: str, *lines: str) -> None:
    """Say something as somebody else, and leave."""
    command = [sys.executable, "-m", "chatctl", "connect", "-p", port, "--name", name, "--room", room]
    text = "".join(f"{line}\n" for line in lines)
    subprocess.run(command, input=text, text=True, capture_output=True, check=True)


def free_port() -> str:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


class Server:
    """A server that can be killed."""

    def __init__(self, port: str, folder: str) -> None:
        command = [sys.executable, "-m", "chatctl", "serve", "-p", port, "--data-dir", folder]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def kill(self) -> None:
        """End it at once, as a loss of power would."""
        self._process.kill()
        self._process.communicate()


def draw_stress() -> None:
    """The limit of a server, found and proven."""
    stress = Terminal("stress", "--clients", "50", "--spawn", "20", "-d", "5s", "--no-live", rows=50)
    stress.finish()
    export(stress.screen, "stress.svg", "chatctl stress --clients 50 --spawn 20 -d 5s")


PICTURES = {"connect": draw_connect, "rooms": draw_rooms, "narrow": draw_narrow, "stress": draw_stress}

if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    for name in sys.argv[1:] or PICTURES:
        PICTURES[name]()
