"""A server killed with SIGKILL under load: nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

SENDERS = 8
IN_FLIGHT = 20
RESTART_LIMIT = 2.0


class Sender(threading.Thread):
    """Keeps messages under way and notes which of them were acknowledged, until the connection ends."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(name=name)
        self.acknowledged: list[str] = []
        self._port = port

    def run(self) -> None:
        with socket.create_connection(("127.0.0.1", self._port), timeout=30) as sock:
            sock.sendall(f"\n/join #{self.name}\n".encode())
            try:
                self._talk(sock)
            except ConnectionError:
                return

    def _talk(self, sock: socket.socket) -> None:
        sent = 0
        received = b""
        while True:
            block = [f"{self.name}-{number}" for number in range(sent, sent + IN_FLIGHT)]
            sock.sendall("".join(f"{message}\n" for message in block).encode())
            sent += IN_FLIGHT
            due = set(block)
            while due:
                data = sock.recv(65536)
                if not data:
                    return
                *lines, received = (received + data).split(b"\n")
                for line in lines:
                    if line.endswith(b" ACK"):
                        self.acknowledged.append(line[:-4].decode())
                        due.discard(self.acknowledged[-1])


def start(folder: Path, *options: str) -> tuple[subprocess.Popen[bytes], int, float]:
    """Start a server; return it, its port and the seconds until it listened."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "chatctl", "serve", "-p", "0", "--data-dir", str(folder), "--log-format", "json"]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    listening = json.loads(process.stdout.readline())
    return process, int(listening["addresses"][0].rpartition(":")[2]), time.monotonic() - begun


def kill_under_load(folder: Path, number: int, options: tuple[str, ...]) -> tuple[list[str], float]:
    """Return the acknowledged messages of one round and the seconds that its server took to start."""
    process, port, seconds = start(folder, *options)
    senders = [Sender(port, f"r{number}s{index}") for index in range(SENDERS)]
    for sender in senders:
        sender.start()
    # Each round is killed at another moment: after so many acknowledgements.
    target = 200 + 331 * (number % 7)
    deadline = time.monotonic() + 30
    while sum(len(sender.acknowledged) for sender in senders) < target and time.monotonic() < deadline:
        senders[0].join(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    for sender in senders:
        sender.join(30)
    return [message for sender in senders for message in sender.acknowledged], seconds


def stored(folder: Path) -> tuple[list[str], list[tuple[object, ...]]]:
    connection = sqlite3.connect(folder / "chatctl.db")
    texts = [row[0] for row in connection.execute("SELECT text FROM messages ORDER BY id")]
    sessions = connection.execute("SELECT reason, disconnected >= connected FROM sessions").fetchall()
    connection.close()
    return texts, sessions


def check(folder: Path, rounds: int, options: tuple[str, ...] = ()) -> None:
    acknowledged: list[str] = []
    slowest = 0.0
    for number in range(rounds):
        messages, seconds = kill_under_load(folder, number, options)
        assert messages
        acknowledged += messages
        slowest = max(slowest, seconds)
    process, _, seconds = start(folder)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=15)
    texts, sessions = stored(folder)
    print(
        f"{rounds} rounds, {len(acknowledged)} acknowledged, {len(set(acknowledged) - set(texts))} lost,"
        f" slowest start {max(slowest, seconds):.2f} s"
    )
    assert set(acknowledged) <= set(texts)
    assert len(texts) == len(set(texts))
    for name in {text.rpartition("-")[0] for text in texts}:
        mine = [int(text.rpartition("-")[2]) for text in texts if text.startswith(f"{name}-")]
        assert mine == list(range(len(mine)))
    talked = {message.rpartition("-")[0] for message in acknowledged}
    assert len(talked) <= len(sessions) <= rounds * SENDERS
    assert set(sessions) <= {("crash", 1), ("eof", 1), ("reset", 1)}
    assert max(slowest, seconds) < RESTART_LIMIT


def test_two_rounds_of_kill_9_lose_nothing_that_was_acknowledged(tmp_path):
    check(tmp_path, 2)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("options", [(), ("--reader-threads", "1")], ids=["thread-per-client", "one-reader"])
def test_25_rounds_of_kill_9_lose_nothing_that_was_acknowledged(tmp_path, options):
    check(tmp_path, 25, options)
