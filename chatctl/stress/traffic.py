"""What admitted clients say, when it was due, and what they hear."""

from __future__ import annotations

import random
from array import array
from collections import Counter
from heapq import heapify, heappop, heapreplace
from typing import Final

from chatctl.stress.classify import End
from chatctl.stress.connection import Client
from chatctl.stress.engine import Engine
from chatctl.stress.messages import Member, Records
from chatctl.stress.options import Scenario, StressOptions
from chatctl.stress.patterns import filled
from chatctl.stress.payload import Stamp

SKIP_AFTER_NS: Final = 1_000_000_000
_US: Final = 1_000


class Talk:
    """One client's side of the conversation."""

    __slots__ = ("client", "cut", "heard", "last_sequence", "member", "pending", "sequence")

    def __init__(self, client: Client) -> None:
        self.client = client
        self.member = False
        self.sequence = 0
        self.last_sequence: int | None = None
        self.pending: dict[int, tuple[int, int]] = {}
        self.heard: array[int] = array("q")
        self.cut = False


class Traffic:
    """Sends on schedule and listens: a listener of clients and a timer of the engine."""

    def __init__(self, engine: Engine, options: StressOptions, run: str, origin_ns: int) -> None:
        self.records = Records()
        self.sends_due_ns: array[int] = array("q")
        self.send_lags_ns: array[int] = array("q")
        self.sends_skipped = 0
        self.sends_blocked = 0
        self.corrupted = 0
        self.misrouted = 0
        self.errors: Counter[str] = Counter()
        self.slot_freed = False
        self.engine = engine
        self._dialect = engine.dialect
        self._room = options.scenario is Scenario.ROOM
        self._stamp = Stamp(run, options.size_bytes)
        self._origin_ns = origin_ns
        self._seed = options.seed
        self._talks: dict[int, Talk] = {}
        self._schedule: list[tuple[int, int, Client]] = []
        self._interval_ns = 0
        self._end_ns: int | None = None

    @property
    def speaks(self) -> bool:
        """Whether there is anything to send at all."""
        return self._dialect.send is not None

    @property
    def pending(self) -> int:
        """Messages without an answer from clients that are still there."""
        return sum(len(talk.pending) for talk in self._talks.values() if _here(talk.client))

    def begin(self, clients: list[Client], start_ns: int, end_ns: int | None, interval_ns: int) -> None:
        """Let the clients speak every ``interval_ns``, each from a moment of its own."""
        self._interval_ns = interval_ns
        self._end_ns = end_ns
        self._schedule = [(start_ns + self._phase_ns(client), client.index, client) for client in clients]
        heapify(self._schedule)
        for client in clients:
            self._talks[client.index].member = True

    def stop(self) -> None:
        """Send nothing more; what is judged ends here."""
        self._schedule.clear()
        for talk in self._talks.values():
            if talk.last_sequence is None:
                talk.last_sequence = talk.sequence - 1

    def due_ns(self) -> int | None:
        return self._schedule[0][0] if self._schedule else None

    def fire(self, now_ns: int) -> None:
        schedule = self._schedule
        while schedule and schedule[0][0] <= now_ns:
            due_ns, index, client = schedule[0]
            if not _here(client) or (self._end_ns is not None and due_ns >= self._end_ns):
                heappop(schedule)
                continue
            heapreplace(schedule, (due_ns + self._interval_ns, index, client))
            self._send_due(client, due_ns)

    def on_admitted(self, client: Client) -> None:
        client.waited = self.slot_freed
        talk = self._talks[client.index] = Talk(client)
        client.send(filled(self._dialect.join, client.index, self.engine.run))
        if self.speaks:
            # The answer to a first message shows that the join before it is done.
            self._send(client, talk, self.engine.now())
        else:
            client.ready = True

    def on_line(self, client: Client, line: bytes, arrived_ns: int, read_ns: int) -> None:
        message = self._stamp.find(line)
        ack_on = self._dialect.ack_on
        if message is None:
            self._other_line(client, line, arrived_ns, read_ns)
        elif not message.intact:
            self.corrupted += 1
        elif message.sender != client.index:
            self._heard(client, message.sender, message.sequence)
        elif ack_on is None or ack_on.search(line):
            self._acked(client, message.sequence, arrived_ns, read_ns)
        else:
            self.misrouted += self._dialect.private_rooms

    def on_end(self, client: Client) -> None:
        talk = self._talks.get(client.index)
        if talk is None or client.leaving:
            return
        talk.cut = True
        how = "with a reset" if client.end is End.RESET else client.end_text or "without a reset"
        self.errors[f"an admitted client was disconnected by the server {how}"] += 1

    def members(self) -> tuple[Member, ...]:
        """What each client that took part in the measured time sent and heard."""
        return tuple(
            Member(index, talk.last_sequence or 0, frozenset(talk.pending), talk.heard, talk.cut)
            for index, talk in self._talks.items()
            if talk.member
        )

    def _phase_ns(self, client: Client) -> int:
        share = random.Random(f"{self._seed}:{client.index}").random()  # noqa: S311 - pacing, no secret
        return int(share * self._interval_ns)

    def _send_due(self, client: Client, due_ns: int) -> None:
        now_ns = self.engine.now()
        if now_ns - due_ns > SKIP_AFTER_NS:
            self.sends_skipped += 1
            return
        self.sends_due_ns.append(due_ns)
        self.send_lags_ns.append(now_ns - due_ns)
        self._send(client, self._talks[client.index], due_ns)

    def _send(self, client: Client, talk: Talk, due_ns: int) -> None:
        sequence = talk.sequence
        payload = self._stamp.write(client.index, sequence, (due_ns - self._origin_ns) // _US).decode()
        assert self._dialect.send is not None
        talk.pending[sequence] = (due_ns, self.engine.now())
        talk.sequence += 1
        if not client.send(filled(self._dialect.send, client.index, self.engine.run, payload)):
            self.sends_blocked += 1

    def _acked(self, client: Client, sequence: int, arrived_ns: int, read_ns: int) -> None:
        due_ns, sent_ns = self._talks[client.index].pending.pop(sequence, (0, 0))
        if not due_ns:
            self.errors["a message was acknowledged twice"] += 1
        elif sequence == 0:
            client.ready = True
        else:
            records = self.records
            records.due_ns.append(due_ns)
            records.sent_ns.append(sent_ns)
            records.arrived_ns.append(arrived_ns if arrived_ns >= sent_ns else read_ns)
            records.read_ns.append(read_ns)

    def _heard(self, client: Client, sender: int, sequence: int) -> None:
        if self._room:
            self._talks[client.index].heard.append(sender << 32 | sequence)
        else:
            self.misrouted += self._dialect.private_rooms

    def _other_line(self, client: Client, line: bytes, arrived_ns: int, read_ns: int) -> None:
        dialect = self._dialect
        pending = self._talks[client.index].pending
        if dialect.acks_in_order and pending and dialect.ack_on and dialect.ack_on.search(line):
            self._acked(client, next(iter(pending)), arrived_ns, read_ns)
        elif dialect.error_on is not None and dialect.error_on.search(line):
            self.errors[line[:200].decode(errors="replace")] += 1


def _here(client: Client) -> bool:
    return client.admitted and not client.leaving
