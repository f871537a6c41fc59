"""A private server for the length of a run."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chatctl.stress.errors import SpawnFailed

START_WITHIN_S = 10.0
STOP_WITHIN_S = 10.0
_POLL_S = 0.01


def serve_command(limit: int) -> list[str]:
    """The command line of an in-memory server on a free port with so many slots."""
    serve = [sys.executable, "-m", "chatctl", "serve", "-p", "0", "--in-memory"]
    return [*serve, "--max-clients", str(limit), "--log-format", "json"]


@contextmanager
def private_server(command: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Run the server and give its host and port; at the end SIGTERM, and SIGKILL if it stays."""
    with tempfile.TemporaryDirectory(prefix="chatctl-stress-") as folder:
        # Files and not pipes: nobody has to read along for the server to go on.
        out, err = Path(folder, "stdout"), Path(folder, "stderr")
        with out.open("wb") as stdout, err.open("wb") as stderr:
            # A session of its own: Ctrl-C is for the run, which ends the server when it has reported.
            server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True
            )
        try:
            yield _address(_listening_line(server, out, err))
        finally:
            _stop(server)


def _listening_line(server: subprocess.Popen[bytes], out: Path, err: Path) -> str:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        ended = server.poll() is not None
        first, newline, _ = out.read_text(errors="replace").partition("\n")
        if newline:
            return first
        if ended:
            said = err.read_text(errors="replace").strip().rpartition("\n")[2]
            raise SpawnFailed(f"the private server ended with status {server.returncode}: {said or 'no message'}")
        time.sleep(_POLL_S)
    raise SpawnFailed(f"the private server was not up within {START_WITHIN_S:.0f} s; start one with `chatctl serve`")


def _address(line: str) -> tuple[str, int]:
    try:
        host, _, port = json.loads(line)["addresses"][0].rpartition(":")
        return host.strip("[]"), int(port)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise SpawnFailed(f"the private server's first line was {line!r}, not where it listens") from error


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
