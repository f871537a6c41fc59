"""What outcomes and probes say about the limit."""

from __future__ import annotations

import pytest

from chatctl.stress.classify import classify
from chatctl.stress.connection import Departure
from chatctl.stress.limit import Confidence, ImposedBy, Scope, State, limit_of, slots_of
from chatctl.stress.messages import ProbeFacts, Reuse, Trial

REFUSED = Trial(held=20, attempts=5, admitted=0, refused=5)


def of(tried, probe=None):
    outcomes = {each.index: classify(each.seen, queue_moves=False) for each in tried}
    return limit_of(tried, outcomes, probe)


@pytest.mark.parametrize(
    ("counts", "state", "value"),
    [
        ({"admitted": 50}, State.NOT_REACHED, None),
        ({"admitted": 20, "refused": 30}, State.ENFORCED, 20),
        ({"admitted": 20, "reset": 30}, State.ENFORCED, 20),
        ({"admitted": 20, "backlog": 3, "syn": 4}, State.QUEUEING, 20),
        ({"admitted": 20, "refused": 3, "backlog": 4}, State.MIXED, 20),
        ({"admitted": 20, "refused": 3, "silent": 1}, State.INCONCLUSIVE, None),
        ({"admitted": 20, "local": 1}, State.INCONCLUSIVE, None),
        ({"refused": 5}, State.INCONCLUSIVE, None),
    ],
)
def test_the_state_follows_from_what_became_of_the_attempts(attempts, counts, state, value):
    limit = of(attempts(**counts))
    assert (limit.state, limit.value, limit.at_least) == (state, value, counts.get("admitted", 0))


def test_a_limit_is_exact_if_every_trial_was_refused_as_a_whole(attempts):
    limit = of(attempts(admitted=20, refused=30), ProbeFacts(trials=(REFUSED,) * 3))
    assert (limit.value, limit.confidence) == (20, Confidence.EXACT)


@pytest.mark.parametrize(
    ("trial", "value"),
    [(Trial(20, 5, 1, 4), 21), (Trial(19, 5, 0, 5), 20), (Trial(20, 5, 0, 4), 20), (Trial(19, 5, 1, 4), 20)],
)
def test_a_trial_that_differs_makes_the_limit_varying(attempts, trial, value):
    limit = of(attempts(admitted=20, refused=30), ProbeFacts(trials=(REFUSED, trial, REFUSED)))
    assert (limit.value, limit.confidence) == (value, Confidence.VARYING)


def test_without_trials_a_limit_is_untried(attempts):
    assert of(attempts(admitted=20, refused=30)).confidence is Confidence.UNTRIED


def test_extras_of_a_queueing_server_need_no_decision(attempts):
    waiting = Trial(held=20, attempts=5, admitted=0, refused=0)
    limit = of(attempts(admitted=20, backlog=30), ProbeFacts(trials=(waiting,) * 3))
    assert limit.confidence is Confidence.EXACT


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        ("ERROR :Server full (20/20 clients), try again later", Scope.SERVER),
        ("ERROR :Too many connections from your IP", Scope.PER_IP),
        ("ERROR :Closing link: No more connections allowed from your host", Scope.PER_IP),
        ("ERROR :Trying to reconnect too fast.", Scope.THROTTLE),
        ("ERROR :go away", Scope.UNKNOWN),
    ],
)
def test_the_words_of_a_refusal_tell_whom_the_limit_counts(attempts, words, scope):
    limit = of(attempts(words, admitted=2, refused=3))
    assert (limit.scope, limit.refusal_texts) == (scope, {words: 3})


@pytest.mark.parametrize(
    ("counts", "imposed_by"),
    [
        ({"refused": 3}, ImposedBy.APPLICATION),
        ({"unreachable": 3}, ImposedBy.SERVER_OS),
        ({"local": 3, "refused": 1}, ImposedBy.CLIENT),
        ({}, None),
    ],
)
def test_who_turned_most_away_imposed_the_limit(attempts, counts, imposed_by):
    assert of(attempts(admitted=20, **counts)).imposed_by is imposed_by


def test_the_attempt_where_the_limit_was_first_felt_is_counted_from_one(attempts):
    assert of(attempts(admitted=20, refused=3)).first_bitten_attempt == 21


@pytest.mark.parametrize(("admitted", "overshoot"), [(5, 0), (3, 0), (7, 2)])
def test_more_than_the_freed_slots_is_an_overshoot(attempts, admitted, overshoot):
    burst = Trial(held=15, attempts=50, admitted=admitted, refused=50 - admitted)
    probe = ProbeFacts(trials=(REFUSED,), freed=5, burst=burst, target=20, held_at_end=20)
    assert of(attempts(admitted=20, refused=30), probe).overshoot == overshoot


def test_slots_that_do_not_come_back_are_leaked():
    reuses = (
        Reuse(Departure.QUIT, 1_000_000),
        Reuse(Departure.QUIT, 3_000_000),
        Reuse(Departure.RST, None),
    )
    slots = slots_of(ProbeFacts(reuses=reuses, target=20, held_at_end=20))
    assert slots is not None
    assert [(str(each.departure), each.departures, each.reused, each.worst_ms) for each in slots.reuse] == [
        ("quit", 2, 2, 3.0),
        ("rst", 1, 0, None),
    ]
    assert (slots.leaked, slots.worst_ms) == (1, 3.0)


def test_slots_that_are_missing_at_the_end_are_leaked_even_if_each_seemed_reused():
    slots = slots_of(ProbeFacts(reuses=(Reuse(Departure.QUIT, 1),), target=20, held_at_end=17))
    assert slots is not None
    assert slots.leaked == 3


@pytest.mark.parametrize("probe", [None, ProbeFacts()])
def test_without_departures_nothing_is_known_of_slots(probe):
    assert slots_of(probe) is None
