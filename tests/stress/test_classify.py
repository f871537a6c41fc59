"""The decision table, row by row and over every observation there can be."""

from __future__ import annotations

from itertools import product

import pytest

from chatctl.stress.classify import QUEUED, REFUSALS, End, Observation, Outcome, Place, Reply, classify

EVERYTHING = [Observation(*seen) for seen in product((True, False), Reply, End, (True, False), (True, False), Place)]

TABLE = [
    (Observation(True, Reply.ADMITTED), Outcome.ADMITTED),
    (Observation(True, Reply.ADMITTED, End.EOF), Outcome.ADMITTED),
    (Observation(True, Reply.ADMITTED, waited=True, place=Place.BACKLOG), Outcome.QUEUED_BACKLOG),
    (Observation(True, Reply.ADMITTED, waited=True, place=Place.APPLICATION), Outcome.QUEUED_APPLICATION),
    (Observation(True, Reply.ADMITTED, waited=True), Outcome.QUEUED_UNKNOWN),
    (Observation(True, Reply.REFUSED, End.EOF), Outcome.REFUSED_MESSAGE),
    (Observation(True, Reply.REFUSED), Outcome.REFUSED_MESSAGE),
    (Observation(True, Reply.REFUSED, End.RESET), Outcome.REFUSED_MESSAGE_THEN_RESET),
    (Observation(True, Reply.REFUSED, End.RESET, late=True), Outcome.REFUSED_LATE),
    (Observation(True, Reply.OTHER, End.RESET), Outcome.UNEXPECTED),
    (Observation(True, end=End.EOF), Outcome.REFUSED_SILENT_CLOSE),
    (Observation(True, end=End.RESET), Outcome.REFUSED_RESET),
    (Observation(False, end=End.CONNECT_REFUSED), Outcome.CONNECT_REFUSED),
    (Observation(False, end=End.TIMED_OUT), Outcome.CONNECT_TIMEOUT),
    (Observation(False), Outcome.CONNECT_TIMEOUT),
    (Observation(False, end=End.LOCAL_ERROR), Outcome.CLIENT_ERROR),
    (Observation(True, place=Place.BACKLOG), Outcome.QUEUED_BACKLOG),
    (Observation(True, place=Place.APPLICATION), Outcome.SILENT_UNKNOWN),
    (Observation(True), Outcome.SILENT_UNKNOWN),
]


@pytest.mark.parametrize(("seen", "outcome"), TABLE)
def test_each_observation_has_its_outcome(seen, outcome):
    assert classify(seen, queue_moves=False) is outcome


@pytest.mark.parametrize(
    ("place", "outcome"),
    [
        (Place.BACKLOG, Outcome.QUEUED_BACKLOG),
        (Place.APPLICATION, Outcome.QUEUED_APPLICATION),
        (Place.UNKNOWN, Outcome.QUEUED_UNKNOWN),
    ],
)
def test_a_silent_connection_is_queued_if_a_freed_slot_let_another_in(place, outcome):
    assert classify(Observation(True, end=End.LEFT, place=place), queue_moves=True) is outcome


def test_the_table_reaches_every_outcome():
    assert {classify(seen, queue_moves=moves) for seen in EVERYTHING for moves in (True, False)} == set(Outcome)


def test_nobody_is_admitted_without_a_greeting():
    for seen, moves in product(EVERYTHING, (True, False)):
        if classify(seen, queue_moves=moves) is Outcome.ADMITTED:
            assert seen.reply is Reply.ADMITTED


def test_what_the_server_said_decides_before_how_it_ended():
    for seen, moves in product(EVERYTHING, (True, False)):
        outcome = classify(seen, queue_moves=moves)
        if seen.reply is Reply.REFUSED:
            assert outcome in REFUSALS
        if seen.reply is Reply.OTHER:
            assert outcome is Outcome.UNEXPECTED


def test_refusals_and_queues_have_nothing_in_common():
    assert not REFUSALS & QUEUED
