"""A real server whose system refuses to accept."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

FAILING = 5.0
"""Seconds for which the processor time is measured."""

SHARE = 0.05
"""The most of a processor that a server may use while it cannot accept."""


def processor_seconds(pid: int) -> float:
    """Return what a process has used so far, in all its threads: proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def traced(fault: str) -> list[str]:
    return ["strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=accept4", "-e", f"inject=accept4:{fault}"]


def may_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    return subprocess.run([*traced("error=ENFILE"), "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not may_trace(), reason="needs strace, and to be allowed to trace")
@pytest.mark.parametrize("error", ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "ECONNABORTED", "EPROTO", "EPERM"])
def test_an_accept_that_fails_all_the_time_costs_next_to_nothing(error: str) -> None:
    command = [*traced(f"error={error}:when=1+"), sys.executable, "-m", "chatctl", "serve", "-p", "0", "--in-memory"]
    process = subprocess.Popen([*command, "--log-format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    listening = json.loads(process.stdout.readline())
    port = int(listening["addresses"][0].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10):
        before = processor_seconds(listening["pid"])
        threading.Event().wait(FAILING)
        share = (processor_seconds(listening["pid"]) - before) / FAILING
        os.kill(listening["pid"], signal.SIGTERM)
        log = process.communicate(timeout=20)[1].decode()
    print(f"{error}: {share:.1%} of a processor")
    assert share <= SHARE
    assert log.count("cannot accept a connection") == 1
    assert process.returncode == 0
