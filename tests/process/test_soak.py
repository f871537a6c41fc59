"""Many people who talk for long: nothing is lost, and the server holds no more at the end than at the beginning."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from crowd import Irc, Member, Text, crowd
from oracle import check
from process import Holds, Server, rest

SECONDS = float(os.environ.get("SOAK_SECONDS", "45"))
CLIENTS = 200
IN_ROOM = 10
RATE = 1.0
"""Messages of each client in a second."""

WARM_UP = 0.2
"""The part of the time in which caches fill."""

SLOPE_LIMIT = 1024.0
"""KiB an hour, where it was looked at for ten minutes or more; a shorter time only tells of a coarse leak."""

COARSE_LIMIT = 8192
"""KiB that memory may grow after the warm-up of a short run."""


def members(server: Server, folder: Path, stop: threading.Event, count: int, prefix: str) -> list[Member]:
    """Return people, text and IRC, every fifth with TLS."""
    return [
        Member(
            server.address,
            f"{prefix}{number}",
            f"#{prefix}{number // IN_ROOM}",
            folder,
            stop,
            (Text(), Irc())[number % 2],
            tls=number % 5 == 0,
            window=1,
            rate=RATE,
        )
        for number in range(count)
    ]


def watch(server: Server, seconds: float) -> list[tuple[float, int]]:
    """Return times and resident memory (KiB) after the warm-up, while people talk."""
    begun, pause, samples = time.monotonic(), threading.Event(), []
    told = 0.0
    while (passed := time.monotonic() - begun) < seconds:
        held = server.holds
        if passed > seconds * WARM_UP:
            samples.append((passed, held.memory))
        if passed - told >= 60:
            told = passed
            print(
                f"  {passed:4.0f} s: {held.memory} KiB, {held.descriptors} descriptors, {held.threads} threads",
                flush=True,
            )
        pause.wait(0.5)
    return samples


def slope(samples: list[tuple[float, int]]) -> float:
    """Return how much memory grew, in KiB an hour, by least squares."""
    times, sizes = zip(*samples, strict=True)
    middle, mean = sum(times) / len(times), sum(sizes) / len(sizes)
    spread = sum((at - middle) ** 2 for at in times)
    return 3600 * sum((at - middle) * (size - mean) for at, size in samples) / spread


def before(server: Server, folder: Path) -> Holds:
    """Return what the server holds once as many people were there, and have left."""
    stop = threading.Event()
    with crowd(members(server, folder, stop, CLIENTS, "first"), stop):
        pass
    start = server.holds
    return rest(server, start._replace(descriptors=0), 2.0)


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 120)
def test_people_who_talk_for_long_leave_nothing_behind(tmp_path):
    stop = threading.Event()
    with Server(tmp_path / "data", "--tls", "auto", "--log-level", "warning") as server:
        start = before(server, tmp_path)
        with crowd(members(server, tmp_path, stop, CLIENTS, "soak"), stop):
            samples = watch(server, SECONDS)
        end = rest(server, start)
    grown = slope(samples)
    print(f"{CLIENTS} clients for {SECONDS:.0f} s: {check(tmp_path, server.database)}")
    print(f"  memory {samples[0][1]} -> {samples[-1][1]} KiB, {grown:+.0f} KiB an hour; before {start}, after {end}")
    assert end[1:] == start[1:]
    # A process gives little back to the system; what it keeps is no more than it needed.
    assert end.memory <= samples[-1][1]
    assert samples[-1][1] - samples[0][1] < COARSE_LIMIT
    assert grown < SLOPE_LIMIT or SECONDS < 600
