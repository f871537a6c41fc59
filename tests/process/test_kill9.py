"""A server killed with SIGKILL under load: nothing that was acknowledged is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from crowd import DEADLINE, Irc, Member, Text, crowd
from oracle import check, read_ledger
from process import Server

SENDERS = 8
IN_FLIGHT = 20
RESTART_LIMIT = 2.0


def kill_under_load(tmp_path: Path, number: int, options: Sequence[str]) -> float:
    """Let clients talk and kill the server among them; return the seconds that it took to start."""
    server, stop = Server(tmp_path / "data", *options), threading.Event()
    tongues = (Text(), Irc())
    members = [
        Member(
            server.address, f"r{number}s{index}", f"#r{index % 2}", tmp_path, stop, tongues[index % 2], window=IN_FLIGHT
        )
        for index in range(SENDERS)
    ]
    # Each round is killed at another moment: after so many acknowledgements.
    target = 200 + 331 * (number % 7)
    with crowd(members, stop):
        deadline = time.monotonic() + DEADLINE
        while sum(member.acknowledged for member in members) < target and time.monotonic() < deadline:
            members[0].join(0.002)
        server.kill()
    return server.seconds


def run(tmp_path: Path, rounds: int, options: Sequence[str] = ()) -> None:
    slowest = max(kill_under_load(tmp_path, number, options) for number in range(rounds))
    with Server(tmp_path / "data") as server:
        slowest = max(slowest, server.seconds)
    print(f"{rounds} rounds: {check(tmp_path, server.database)}; slowest start {slowest:.2f} s")
    assert {past.reason for past in read_ledger(server.database)} == {"crash"}
    assert slowest < RESTART_LIMIT


def test_two_rounds_of_kill_9_lose_nothing_that_was_acknowledged(tmp_path):
    run(tmp_path, 2)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("options", [(), ("--reader-threads", "1")], ids=["thread-per-client", "one-reader"])
def test_25_rounds_of_kill_9_lose_nothing_that_was_acknowledged(tmp_path, options):
    run(tmp_path, 25, options)
