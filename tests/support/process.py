"""The server as a process of its own, and what it holds: memory, descriptors, threads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple


class Holds(NamedTuple):
    """What a process holds: resident memory in KiB, open descriptors, threads."""

    memory: int
    descriptors: int
    threads: int


class Server:
    """A running ``chatctl serve`` on a free port, with its data in ``folder``; a context manager.

    ``seconds`` is how long it took until it listened. What it logs is in ``log``, a file.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.database = folder / "chatctl.db"
        self.log = folder.with_name(f"{folder.name}.log")
        command = [sys.executable, "-m", "chatctl", "serve", "-p", "0", "--data-dir", str(folder)]
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--log-format", "json", *options], stdout=subprocess.PIPE, stderr=log
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.communicate()
            raise AssertionError(f"the server did not start: {self.log.read_text()}")
        self.seconds = time.monotonic() - begun
        self.address = ("127.0.0.1", int(json.loads(line)["addresses"][0].rpartition(":")[2]))

    @property
    def holds(self) -> Holds:
        """What the process holds now."""
        proc = Path(f"/proc/{self.process.pid}")
        status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
        memory = int(status["VmRSS"].split()[0])
        return Holds(memory, len(list((proc / "fd").iterdir())), int(status["Threads"]))

    def kill(self) -> None:
        """End it with SIGKILL."""
        self.process.kill()
        self.process.communicate()

    def stop(self) -> int:
        """End it with SIGTERM; return its exit status."""
        if self.process.returncode is None:
            os.kill(self.process.pid, signal.SIGTERM)
            try:
                self.process.communicate(timeout=30)
            finally:
                self.kill()
        return self.process.returncode

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def rest(server: Server, start: Holds, deadline: float = 20.0) -> Holds:
    """Wait until a server that everybody has left has given back descriptors and threads; return what it holds."""
    until = time.monotonic() + deadline
    pause = threading.Event()
    while (now := server.holds)[1:] != start[1:] and time.monotonic() < until:
        pause.wait(0.05)
    return now
