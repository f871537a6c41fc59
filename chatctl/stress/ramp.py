"""Getting in: connect on schedule, wait until each attempt is decided, look again at the silent ones."""

from __future__ import annotations

from collections import deque

from chatctl.stress.classify import End, Reply
from chatctl.stress.connection import Client, Departure
from chatctl.stress.engine import Engine
from chatctl.stress.messages import Attempt
from chatctl.stress.procnet import places
from chatctl.stress.traffic import Traffic

_SECOND = 1_000_000_000
LINGER_NS = 1_000_000_000  # how long a refused connection may take to close
WATCH_NS = 1_000_000_000


class Ramp:
    """The attempts of one worker: a timer of the engine while clients are still to connect."""

    def __init__(self, engine: Engine, traffic: Traffic, indices: range, ack_timeout_s: float) -> None:
        self.clients: list[Client] = []
        self._engine = engine
        self._traffic = traffic
        self._ack_timeout_ns = int(ack_timeout_s * _SECOND)
        self._coming = deque(indices)
        self._start_ns = 0
        self._spacing_ns = 0.0

    @property
    def held(self) -> list[Client]:
        """The clients that are admitted and connected."""
        return [client for client in self.clients if client.admitted and not client.leaving]

    @property
    def silent(self) -> list[Client]:
        """Connections that are open without a word."""
        return [client for client in self.clients if client.end is End.OPEN and client.reply is Reply.NONE]

    def climb(self, start_ns: int, per_second: float) -> None:
        """Connect everybody and return when each is decided, silent ones after the time to admit."""
        self._start_ns = start_ns
        self._spacing_ns = _SECOND / per_second
        self._engine.timers.append(self)
        while self._coming:
            self._engine.turn(self._engine.now() + _SECOND)
        self._engine.timers.remove(self)
        latest = self._engine.now() + self._engine.admit_timeout_ns + self._ack_timeout_ns + LINGER_NS
        self._engine.until(lambda: not any(map(self._open_question, self.clients)), latest)
        for client in self.clients:
            self._settle(client)

    def due_ns(self) -> int | None:
        return self._start_ns + int(self._coming[0] * self._spacing_ns) if self._coming else None

    def fire(self, now_ns: int) -> None:
        while self._coming and self._start_ns + self._coming[0] * self._spacing_ns <= now_ns:
            client = Client(self._engine, self._coming.popleft(), self._traffic)
            self.clients.append(client)
            client.start()

    def watch(self, *, free: bool) -> None:
        """Free a slot if asked and see whether a silent connection is greeted then; close the others."""
        silent = self.silent
        seen = places(self._engine.sockaddr[1])
        for client in silent:
            client.place = seen.get(client.local_port or 0, client.place)
        self._traffic.slot_freed = True
        if free and self.held:
            self.held[-1].leave(Departure.QUIT if self._engine.quit_line else Departure.FIN)
        watch_ns = min(WATCH_NS, self._engine.admit_timeout_ns) if silent else 0
        self._engine.until(lambda: any(client.admitted for client in silent), self._engine.now() + watch_ns)
        for client in silent:
            if client.reply is not Reply.ADMITTED:
                client.close()

    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt as it was seen."""
        return tuple(
            Attempt(
                client.index,
                client.observation,
                client.started_ns,
                client.connected_ns,
                client.decided_ns,
                client.text,
                client.end_text,
            )
            for client in self.clients
        )

    def _open_question(self, client: Client) -> bool:
        now = self._engine.now()
        if client.end is not End.OPEN:
            return False
        match client.reply:
            case Reply.ADMITTED:
                return not client.ready and now < (client.decided_ns or 0) + self._ack_timeout_ns
            case Reply.REFUSED:
                return now < (client.decided_ns or 0) + LINGER_NS
            case Reply.NONE | Reply.OTHER:
                return now < client.admit_by_ns

    def _settle(self, client: Client) -> None:
        if client.end is not End.OPEN:
            return
        client.judge_rest()
        if client.reply is Reply.ADMITTED:
            return
        if client.connected_ns is None:
            client.close(End.TIMED_OUT)
        elif client.reply is not Reply.NONE:
            client.close()
