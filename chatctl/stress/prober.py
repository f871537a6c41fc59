"""Trying the limit: extra connections while it is reached, a burst on freed slots, four ways to leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from chatctl.stress.classify import End, Reply
from chatctl.stress.connection import Client, Departure
from chatctl.stress.engine import Engine
from chatctl.stress.messages import ProbeFacts, Reuse, Trial

TRIALS = 3
EXTRA = 5
FREED_MOST = 5
BURST_FACTOR = 10
ROUNDS = 3
DECIDE_NS = 1_000_000_000
REUSE_WITHIN_NS = 2_000_000_000
_GOODBYE_NS = 1_000_000_000
_STUCK_NS = 250_000_000
_MS = 1_000_000


class Mute:
    """A listener for connections that only want to know whether they are admitted."""

    def on_admitted(self, client: Client) -> None:
        client.ready = True

    def on_line(self, client: Client, line: bytes, arrived_ns: int, read_ns: int) -> None:
        """Nothing to learn from it."""

    def on_end(self, client: Client) -> None:
        """Whoever holds the client looks at it."""


class Prober:
    """Tries the limit of the server with the clients that one worker holds."""

    def __init__(self, engine: Engine, held: list[Client], elsewhere: int, peak: int, gap_s: float) -> None:
        self._engine = engine
        self._own = held
        self._elsewhere = elsewhere
        self._peak = peak
        self._gap_s = gap_s
        self._decide_ns = min(DECIDE_NS, engine.admit_timeout_ns)
        self._trials: list[Trial] = []
        self._reuses: list[Reuse] = []
        self._freed = 0
        self._burst: Trial | None = None

    @property
    def held(self) -> int:
        """How many clients of the whole run are connected now."""
        self._own = [client for client in self._own if client.admitted]
        return self._elsewhere + len(self._own)

    def run(self) -> ProbeFacts:
        """Trials, burst, departures, in this order."""
        self._refill(self._peak)
        for _ in range(TRIALS):
            self._trials.append(self._trial(EXTRA, keep=False))
            self._engine.rest(self._gap_s)
        target = self.held
        if target:
            self._free_and_burst()
            self._part(self._own[: max(0, self.held - target)])  # whoever got in over the limit
            self._refill(target)
            for departure in self._departures():
                self._change_places(departure, target)
        self._refill(target)
        held_at_end = self.held
        self._part(self._own)
        reuses = tuple(self._reuses)
        return ProbeFacts(tuple(self._trials), self._freed, self._burst, reuses, target, held_at_end)

    def _departures(self) -> Iterator[Departure]:
        for departure in Departure:
            if departure is not Departure.QUIT or self._engine.quit_line:
                yield departure

    def _trial(self, attempts: int, *, keep: bool) -> Trial:
        held = self.held
        with self._connecting(attempts) as clients:
            self._decided(clients)
            admitted = [client for client in clients if client.admitted]
            refused = sum(_turned_away(client) for client in clients)
            if keep:
                self._own[:0] = admitted
            else:
                self._part(admitted)
        return Trial(held, attempts, len(admitted), refused)

    def _free_and_burst(self) -> None:
        self._freed = min(FREED_MOST, len(self._own))
        leaving, self._own = self._own[-self._freed :], self._own[: -self._freed]
        self._part(leaving)
        self._burst = self._trial(BURST_FACTOR * self._freed, keep=True)

    def _change_places(self, departure: Departure, target: int) -> None:
        for _ in range(ROUNDS):
            if not self._own:
                return
            leaving = self._own.pop()
            left_ns = self._engine.now()
            leaving.leave(departure)
            successor = self._claim(left_ns + REUSE_WITHIN_NS)
            leaving.close()
            if successor is None:
                self._reuses.append(Reuse(departure, None))
                self._refill(target)
                return
            self._own.insert(0, successor)
            self._reuses.append(Reuse(departure, (successor.decided_ns or 0) - left_ns))

    def _refill(self, target: int) -> None:
        deadline_ns = self._engine.now() + REUSE_WITHIN_NS
        while self.held < target:
            client = self._claim(deadline_ns)
            if client is None:
                return
            self._own.insert(0, client)

    def _claim(self, deadline_ns: int) -> Client | None:
        """Connect again and again until admitted, with pauses of 1 to 10 ms."""
        pause_ms = 1
        while self._engine.now() < deadline_ns:
            client = Client(self._engine, -1, Mute())
            client.start()
            self._engine.until(partial(_settled_or_stuck, client), deadline_ns)
            if client.admitted:
                return client
            client.close()
            self._engine.until(lambda: False, min(deadline_ns, self._engine.now() + pause_ms * _MS))
            pause_ms = min(10, 2 * pause_ms)
        return None

    def _part(self, clients: list[Client]) -> None:
        """Let clients leave politely and wait until the server has let them go."""
        for client in clients:
            client.leave(Departure.QUIT if self._engine.quit_line else Departure.FIN)
        gone_by_ns = self._engine.now() + _GOODBYE_NS
        self._engine.until(lambda: all(client.end is not End.OPEN for client in clients), gone_by_ns)
        for client in clients:
            client.close()

    def _decided(self, clients: list[Client]) -> None:
        deadline_ns = self._engine.now() + self._decide_ns
        self._engine.until(
            lambda: all(client.settled or client.reply is Reply.REFUSED for client in clients), deadline_ns
        )

    @contextmanager
    def _connecting(self, count: int) -> Iterator[list[Client]]:
        clients = [Client(self._engine, -1, Mute()) for _ in range(count)]
        for client in clients:
            client.start()
        yield clients
        for client in clients:
            if not client.admitted:
                client.close()


def _turned_away(client: Client) -> bool:
    if client.reply is Reply.REFUSED:
        return True
    return not client.admitted and client.end in (End.EOF, End.RESET, End.CONNECT_REFUSED)


def _settled_or_stuck(client: Client) -> bool:
    if client.settled or client.reply is not Reply.NONE:
        return True
    # A lost SYN is tried again by the kernel only after a second: better a fresh one.
    return client.connected_ns is None and client.engine.now() - client.started_ns > _STUCK_NS
