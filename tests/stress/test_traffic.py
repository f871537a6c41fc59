"""What admitted clients say and hear, against servers that answer well and badly."""

from __future__ import annotations

import pytest

from chatctl.stress.connection import Departure
from chatctl.stress.options import Protocol, Scenario, StressOptions
from chatctl.stress.oracle import judge
from chatctl.stress.patterns import dialect

SECOND = 1_000_000_000


def sequence(line):
    """Which of a client's messages this is."""
    return int(line.split(b".")[2])


def talk(bench, seconds=0.25, per_second=40):
    """Let everybody who is ready speak for a while, and wait for the answers that come."""
    engine, traffic = bench.engine, bench.traffic
    start = engine.now()
    traffic.begin(
        [client for client in bench.ramp.held if client.ready],
        start,
        start + int(seconds * SECOND),
        SECOND // per_second,
    )
    engine.rest(seconds)
    engine.until(lambda: not traffic.pending, engine.now() + SECOND // 2)
    traffic.stop()


def line_bench(bench, server, **options):
    asked = {"protocol": Protocol.LINE, "admitted_on": "^Welcome", "login": "hello {client}", **options}
    return bench(server, dialect(StressOptions(**asked)), clients=2, **asked)


@pytest.fixture
def room_server(polite_server):
    """A server that has one room for all; ``spoil`` may change what receivers get."""

    class Room(polite_server):
        def __init__(self, limit):
            super().__init__(limit)
            self.members = []

        def serve(self, sock, number):
            with self.changed:
                self.members.append(sock)
            super().serve(sock, number)

        def answer(self, sock, line):
            with self.changed:
                for member in self.members:
                    if member is sock:
                        member.sendall(line + b" ACK\n")
                    elif member.fileno() != -1:
                        member.sendall(self.spoil(self.members.index(member), b"Client01: " + line + b"\n"))

        def spoil(self, receiver, line):
            return line

    return Room


def test_every_message_is_answered_and_its_times_are_in_order(serving, bench):
    made = bench(serving("polite"), clients=4)
    made.climb()
    talk(made)
    records = made.traffic.records
    assert made.traffic.pending == 0
    assert len(records.due_ns) == len(made.traffic.sends_due_ns) >= 20
    for due, sent, arrived, read in zip(
        *(records.due_ns, records.sent_ns, records.arrived_ns, records.read_ns), strict=True
    ):
        assert due <= sent <= arrived <= read


def test_a_message_that_is_not_answered_stays_pending(serving, bench, polite_server):
    class Forgetful(polite_server):
        def answer(self, sock, line):
            if sequence(line) != 3:
                super().answer(sock, line)

    made = bench(serving(Forgetful), clients=2)
    made.climb()
    talk(made)
    assert [member.unanswered for member in made.traffic.members()] == [frozenset({3})] * 2


def test_a_client_that_is_not_answered_at_all_is_admitted_but_not_ready(serving, bench, polite_server):
    class Deaf(polite_server):
        def answer(self, sock, line):
            """Nothing."""

    made = bench(serving(Deaf), clients=2, ack_timeout_s=0.1)
    made.climb()
    assert [(client.admitted, client.ready) for client in made.ramp.clients] == [(True, False)] * 2


def test_a_second_answer_is_an_error(serving, bench, polite_server):
    class Stutterer(polite_server):
        def answer(self, sock, line):
            super().answer(sock, line)
            super().answer(sock, line)

    made = bench(serving(Stutterer), clients=1)
    made.climb()
    made.wait(lambda: made.traffic.errors["a message was acknowledged twice"] == 1)


def test_error_lines_are_counted_by_their_text(serving, bench, polite_server):
    class Strict(polite_server):
        def answer(self, sock, line):
            sock.sendall(b"ERR no-such-thing not today\n* a notice\n")
            super().answer(sock, line)

    made = bench(serving(Strict), clients=2)
    made.climb()
    assert made.traffic.errors == {"ERR no-such-thing not today": 2}


def test_an_admitted_client_that_the_server_drops_is_counted_as_cut(serving, bench, polite_server):
    class Impatient(polite_server):
        def answer(self, sock, line):
            if sequence(line) == 2:
                sock.shutdown(2)
            super().answer(sock, line)

    made = bench(serving(Impatient), clients=2)
    made.climb()
    talk(made)
    assert [member.cut for member in made.traffic.members()] == [True, True]
    assert sum(made.traffic.errors.values()) == 2


def test_a_client_that_leaves_is_not_cut(serving, bench):
    made = bench(serving("polite"), clients=1)
    made.climb()
    made.ramp.held[0].leave(Departure.QUIT)
    made.wait(lambda: not made.ramp.clients[0].admitted)
    assert made.traffic.errors == {}


def test_a_server_that_does_not_read_blocks_sends_and_is_told_so(serving, bench, polite_server):
    class Stuck(polite_server):
        def answer(self, sock, line):
            super().answer(sock, line)
            self.stopping.wait()

    made = bench(serving(Stuck), clients=1, size_bytes=2000)
    made.climb()
    (client,) = made.ramp.held
    while client.send(b"x" * 60_000):
        made.engine.turn(0)
    talk(made, seconds=0.05, per_second=200)
    assert made.traffic.sends_blocked > 0


def test_messages_that_are_a_second_late_are_skipped_and_counted(serving, bench):
    made = bench(serving("polite"), clients=1)
    made.climb()
    start = made.engine.now() - 3 * SECOND
    made.traffic.begin(made.ramp.held, start, start + SECOND, SECOND // 10)
    made.traffic.fire(made.engine.now())
    assert (made.traffic.sends_skipped, len(made.traffic.sends_due_ns)) == (10, 0)


def test_in_a_room_everybody_hears_everybody_else(serving, bench, room_server):
    made = bench(serving(room_server), clients=4, scenario=Scenario.ROOM)
    made.climb()
    talk(made)
    verdict = judge(made.traffic.members())
    assert verdict.received == verdict.expected > 60
    assert (verdict.violations, verdict.same_order) == (0, True)


def test_what_a_room_loses_doubles_and_spoils_is_found(serving, bench, room_server):
    class Spoiler(room_server):
        def spoil(self, receiver, line):
            if receiver != 2:
                return line
            spoilt = {2: b"", 3: line + line, 4: line.replace(b"l", b"k")}
            return spoilt.get(sequence(line), line)

    made = bench(serving(Spoiler), clients=4, scenario=Scenario.ROOM)
    made.climb()
    talk(made)
    verdict = judge(made.traffic.members(), corrupted=made.traffic.corrupted)
    assert verdict.lost >= 6
    assert verdict.duplicated >= 3
    assert verdict.corrupted >= 3


def test_a_message_in_a_room_where_it_does_not_belong_is_misrouted(serving, bench, room_server):
    made = bench(serving(room_server), clients=2)
    made.climb()
    talk(made, seconds=0.1)
    assert made.traffic.misrouted > 0


def test_ones_own_message_that_is_no_answer_is_misrouted(serving, bench, polite_server):
    class Echo(polite_server):
        def answer(self, sock, line):
            sock.sendall(b"Client01: " + line + b"\n")
            super().answer(sock, line)

    made = bench(serving(Echo), clients=1)
    made.climb()
    assert made.traffic.misrouted == 1


def test_a_line_server_is_spoken_to_with_patterns(serving, bench, polite_server):
    class Numbering(polite_server):
        def answer(self, sock, line):
            if not line.startswith(b"hello"):
                sock.sendall(b"OK\n")

    made = line_bench(bench, serving(Numbering), send="say {payload}", ack_on="^OK$")
    made.climb()
    talk(made, seconds=0.1)
    assert made.traffic.pending == 0
    assert len(made.traffic.records.due_ns) > 0


def test_a_line_servers_echo_is_its_answer(serving, bench, polite_server):
    class Echo(polite_server):
        def answer(self, sock, line):
            sock.sendall(line + b"\n")

    made = line_bench(bench, serving(Echo), send=r"{payload}\n")
    made.climb()
    talk(made, seconds=0.1)
    assert (made.traffic.pending, made.traffic.corrupted) == (0, 0)
    assert len(made.traffic.records.due_ns) > 0


def test_without_a_message_to_send_line_clients_are_idle(serving, bench):
    made = line_bench(bench, serving("polite"))
    made.climb()
    assert not made.traffic.speaks
    assert all(client.ready for client in made.ramp.held)
