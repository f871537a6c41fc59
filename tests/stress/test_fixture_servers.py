"""The decision table against servers that do each of the eight things a full server may do."""

from __future__ import annotations

from collections import Counter

import pytest

from chatctl.stress.classify import Outcome, Place, classify
from chatctl.stress.limit import Confidence, ImposedBy, State, limit_of, slots_of
from chatctl.stress.prober import Prober


def outcomes(bench):
    attempts = bench.ramp.attempts()
    moves = any(attempt.seen.waited for attempt in attempts)
    return {attempt.index: classify(attempt.seen, queue_moves=moves) for attempt in attempts}


def probed(bench):
    return Prober(bench.engine, bench.ramp.held, 0, 4, 0.0).run()


@pytest.mark.parametrize(
    ("kind", "outcome", "imposed_by"),
    [
        ("polite", Outcome.REFUSED_MESSAGE, ImposedBy.APPLICATION),
        ("unread", Outcome.REFUSED_MESSAGE_THEN_RESET, ImposedBy.APPLICATION),
        ("silent fin", Outcome.REFUSED_SILENT_CLOSE, ImposedBy.APPLICATION),
        ("resetting", Outcome.REFUSED_RESET, ImposedBy.APPLICATION),
        ("closes listener", Outcome.CONNECT_REFUSED, ImposedBy.SERVER_OS),
    ],
)
def test_a_server_that_turns_clients_away_is_recognised_and_its_limit_is_exact(
    serving, bench, kind, outcome, imposed_by
):
    server = serving(kind)
    # Slowly enough for the listener to be closed before the next one comes.
    made = bench(server, connect_rate=20.0)
    made.climb()
    became = outcomes(made)
    assert Counter(became.values()) == {Outcome.ADMITTED: 4, outcome: 5}

    facts = probed(made)
    limit = limit_of(made.ramp.attempts(), became, facts)
    assert (limit.state, limit.value, limit.confidence) == (State.ENFORCED, 4, Confidence.EXACT)
    assert (limit.imposed_by, limit.first_bitten_attempt, limit.overshoot) == (imposed_by, 5, 0)
    slots = slots_of(facts)
    assert slots is not None
    assert (slots.leaked, [each.reused for each in slots.reuse]) == (0, [3, 3, 3, 3])


def test_the_words_of_a_refusal_survive_the_reset_that_follows_them(serving, bench):
    made = bench(serving("unread"))
    made.climb()
    limit = limit_of(made.ramp.attempts(), outcomes(made), None)
    assert limit.refusal_texts == {"ERROR :Server full, try again later": 5}


def test_a_server_that_lingers_in_its_accept_loop_refuses_the_last_ones_late(serving, bench):
    made = bench(serving("lingering"), clients=8)
    made.climb()
    assert made.ramp.silent
    made.wait(lambda: not made.ramp.silent)
    counts = Counter(outcomes(made).values())
    assert counts[Outcome.ADMITTED] == 4
    assert counts[Outcome.REFUSED_LATE] > 0
    assert counts[Outcome.REFUSED_MESSAGE] + counts[Outcome.REFUSED_LATE] == 4


def test_a_server_that_stops_accepting_leaves_clients_in_its_backlog_and_before_it(serving, bench):
    made = bench(serving("stops accepting"))
    made.climb()
    made.ramp.watch(free=True)
    counts = Counter(outcomes(made).values())
    assert counts[Outcome.ADMITTED] == 4
    assert counts[Outcome.QUEUED_BACKLOG] > 0
    assert counts[Outcome.CONNECT_TIMEOUT] > 0
    assert counts[Outcome.QUEUED_BACKLOG] + counts[Outcome.CONNECT_TIMEOUT] == 5
    limit = limit_of(made.ramp.attempts(), outcomes(made), None)
    assert (limit.state, limit.imposed_by, limit.value) == (State.QUEUEING, ImposedBy.SERVER_OS, 4)


def test_a_server_with_a_waiting_pool_is_found_out_by_freeing_a_slot(serving, bench):
    made = bench(serving("pool"), admit_timeout_s=0.15)
    made.climb()
    made.ramp.watch(free=True)
    became = outcomes(made)
    assert Counter(became.values()) == {Outcome.ADMITTED: 4, Outcome.QUEUED_APPLICATION: 5}

    facts = probed(made)
    limit = limit_of(made.ramp.attempts(), became, facts)
    assert (limit.state, limit.value, limit.confidence) == (State.QUEUEING, 4, Confidence.EXACT)
    slots = slots_of(facts)
    assert slots is not None
    assert slots.leaked == 0


def test_without_the_kernels_table_a_queue_is_found_but_not_its_place(serving, bench, monkeypatch):
    monkeypatch.setattr("chatctl.stress.ramp.places", lambda port: {})
    made = bench(serving("pool"))
    made.climb()
    made.ramp.watch(free=True)
    assert Counter(outcomes(made).values()) == {Outcome.ADMITTED: 4, Outcome.QUEUED_UNKNOWN: 5}


def test_a_server_that_keeps_silent_even_when_a_slot_is_free_stays_unexplained(serving, bench, polite_server):
    class Mute(polite_server):
        def turn_away(self, sock):
            self.run(sock.recv, 65536)

    made = bench(serving(Mute), clients=6)
    made.climb()
    made.ramp.watch(free=True)
    assert Counter(outcomes(made).values()) == {Outcome.ADMITTED: 4, Outcome.SILENT_UNKNOWN: 2}
    assert {attempt.seen.place for attempt in made.ramp.attempts()[4:]} == {Place.APPLICATION}


def test_a_server_that_greets_first_and_refuses_then_refuses_late(serving, bench, polite_server):
    class Hasty(polite_server):
        def refuse(self, sock):
            sock.sendall(b"Welcome Client99!\n")
            super().refuse(sock)

    made = bench(serving(Hasty), clients=6)
    made.climb()
    assert Counter(outcomes(made).values()) == {Outcome.ADMITTED: 4, Outcome.REFUSED_LATE: 2}


def test_words_that_are_neither_greeting_nor_refusal_are_unexpected(serving, bench, polite_server):
    class Odd(polite_server):
        def refuse(self, sock):
            sock.sendall(b"moo")  # and no newline

    made = bench(serving(Odd), clients=5)
    made.climb()
    assert Counter(outcomes(made).values()) == {Outcome.ADMITTED: 4, Outcome.UNEXPECTED: 1}
    assert made.ramp.attempts()[4].text == "moo"


def test_a_refusal_without_a_newline_is_understood_at_the_end(serving, bench, polite_server):
    class Terse(polite_server):
        def refuse(self, sock):
            sock.sendall(b"ERROR :full")
            sock.shutdown(1)

    made = bench(serving(Terse), clients=5)
    made.climb()
    assert Counter(outcomes(made).values()) == {Outcome.ADMITTED: 4, Outcome.REFUSED_MESSAGE: 1}


def test_a_server_that_checks_and_then_adds_is_caught_over_its_limit(serving, bench, polite_server):
    class Racy(polite_server):
        def accept_loop(self):
            while not self.stopping.is_set():
                sock = self.accept()
                if sock is None:
                    continue
                sock.settimeout(None)
                self.sockets.add(sock)
                # The burst on the four freed slots brings in numbers 5 to 8, and one more.
                roomy = self.active < self.limit or self.number == 8
                self.admit(sock) if roomy else self.turn_away(sock)

    made = bench(serving(Racy), clients=6)
    made.climb()
    facts = probed(made)
    assert limit_of(made.ramp.attempts(), outcomes(made), facts).overshoot == 1
    slots = slots_of(facts)
    assert slots is not None
    assert slots.leaked == 0


def test_a_server_that_never_frees_the_slot_of_a_half_closed_client_leaks(serving, bench, polite_server, monkeypatch):
    monkeypatch.setattr("chatctl.stress.prober.REUSE_WITHIN_NS", 400_000_000)

    class Leaky(polite_server):
        def converse(self, sock):
            said_exit = super().converse(sock)
            # Only a client that is wholly gone makes writing fail.
            while not said_exit and not self.stopping.wait(0.01):
                sock.sendall(b"* still there?\n")
            return said_exit

    made = bench(serving(Leaky), clients=5)
    made.climb()
    slots = slots_of(probed(made))
    assert slots is not None
    assert {str(each.departure): each.reused for each in slots.reuse} == {
        "quit": 3,
        "fin": 3,
        "rst": 3,
        "half_close": 0,
    }
    assert (slots.leaked, slots.held_at_end) == (1, 4)
