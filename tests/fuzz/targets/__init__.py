"""What is fuzzed: each target takes any bytes and raises when what it promises does not hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hypothesis.strategies import SearchStrategy

from . import client, http, irc, lines, sniffer


class Target(NamedTuple):
    """One thing to fuzz: ``run`` takes any bytes; ``inputs`` makes bytes that get far."""

    run: Callable[[bytes], None]
    inputs: SearchStrategy[bytes]


TARGETS = {
    "sniffer": Target(sniffer.run, sniffer.inputs),
    "lines": Target(lines.run, lines.inputs),
    "irc": Target(irc.run, irc.inputs),
    "http": Target(http.run, http.inputs),
    "client": Target(client.run, client.inputs),
}
