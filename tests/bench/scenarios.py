"""What is measured: loads, the figures to show of them, and the servers to put side by side."""

from __future__ import annotations

from dataclasses import dataclass

from servers import INSPIRCD, NGIRCD, SHARED, TEXTBOOK, THREADS, Server

PAIRS = 5
"""Runs at least of a scenario that compares two loads with each other."""


@dataclass(frozen=True)
class Field:
    """Servers side by side: ``own`` are chatctl, each is compared with each of the ``others``."""

    title: str
    own: tuple[Server, ...]
    others: tuple[Server, ...]

    @property
    def servers(self) -> tuple[Server, ...]:
        return self.own + self.others


TEXT = Field("how many times better than the textbook server", (THREADS, SHARED), (TEXTBOOK,))
IRC = Field("how many times better than other IRC servers", (THREADS, SHARED), (NGIRCD, INSPIRCD))


@dataclass(frozen=True)
class Load:
    """What the load generator does: its options, and how many clients that means."""

    clients: int
    options: str

    def arguments(self) -> list[str]:
        return ["-n", str(self.clients), *self.options.split()]


@dataclass(frozen=True)
class Figure:
    """A figure of a load: its key in the generator's answer, and what to divide it by to print it."""

    title: str
    key: str
    scale: float = 1.0
    more_is_better: bool | None = True
    load: int = 0


def p99(title: str = "p99, ms", load: int = 0) -> Figure:
    return Figure(title, "p99_us", 1000, more_is_better=False, load=load)


ACKS = Figure("acks/s", "acks_s")
DELIVERIES = Figure("deliveries/s", "deliveries_s")
P50 = Figure("p50, ms", "p50_us", 1000, more_is_better=False)


@dataclass(frozen=True)
class Scenario:
    """Loads, run one after the other on fresh servers, and the figures to show of them."""

    loads: tuple[Load, ...]
    figures: tuple[Figure, ...]
    field: Field = TEXT
    left_out: tuple[Server, ...] = ()

    @property
    def servers(self) -> list[Server]:
        return [server for server in self.field.servers if server not in self.left_out]

    def runs(self, asked: int) -> int:
        return max(asked, PAIRS) if self.figures[-1].key == "cut" else asked


def _room(clients: int, talkers: int) -> Scenario:
    return Scenario((Load(clients, f"-m room -a {talkers} -d 2"),), (DELIVERIES, p99()))


def _irc(title: str, key: str, clients: int, options: str) -> Scenario:
    return Scenario((Load(clients, f"-i {options} -d 2"),), (Figure(title, key), p99()), IRC)


SCENARIOS = {
    "echo50": Scenario((Load(50, "-d 2"),), (ACKS, p99())),
    "echo1000": Scenario((Load(1000, "-d 2"),), (ACKS, p99())),
    "echo10000": Scenario((Load(10000, "-d 3"),), (ACKS, p99()), left_out=(THREADS,)),
    "pipeline50": Scenario((Load(50, "-w 16 -d 2"),), (ACKS, p99())),
    "open10000": Scenario((Load(10000, "-r 5000 -d 4"),), (P50, p99())),
    "hold10000": Scenario(
        (Load(1, "-d 2"), Load(10000, "-a 1 -d 2")),
        (
            p99("p99 alone, ms", 0),
            p99("p99 among 10,000, ms", 1),
            Figure("memory per client, KiB", "rss_per_client_kib", more_is_better=False, load=1),
        ),
    ),
    "room50": _room(50, 10),
    "room500": _room(500, 50),
    "room2000": _room(2000, 100),
    "slow-reader": Scenario(
        (Load(200, "-m room -a 10 -z 900 -d 6"), Load(200, "-m room -a 10 -z 900 -d 6 -k 1")),
        (
            p99("p99 when all read, ms", 0),
            p99("p99 with one that stopped, ms", 1),
            Figure("longest pause when all read, ms", "pause_us", 1000, more_is_better=False, load=0),
            Figure("longest pause with one that stopped, ms", "pause_us", 1000, more_is_better=False, load=1),
            Figure("clients cut (sendq)", "cut", more_is_better=None, load=1),
        ),
    ),
    "irc-room500": _irc("deliveries/s", "deliveries_s", 500, "-m room -a 50 -w 16"),
    "irc-room500-one": _irc("deliveries/s", "deliveries_s", 500, "-m room -a 50"),
    "irc-ping1000": _irc("PONGs/s", "acks_s", 1000, "-m echo"),
}
