"""The delivery oracle against journals that are right and wrong in every way."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.stress.messages import Member
from chatctl.stress.oracle import judge, same_order


def key(sender, sequence):
    return sender << 32 | sequence


def member(index, heard, last=2, unanswered=(), cut=False):
    journal = array("q", (key(*each) for each in heard))
    return Member(index, last, frozenset(unanswered), journal, cut)


def hears(index, *order, **facts):
    """A member that heard messages in an order, its own left out as a server does."""
    return member(index, [each for each in order if each[0] != index], **facts)


ORDER = [(0, 1), (1, 1), (2, 1), (1, 2), (0, 2), (2, 2)]


def room(**others):
    members = {f"m{index}": hears(index, *ORDER) for index in range(3)}
    return list({**members, **others}.values())


def test_a_room_that_heard_everything_in_one_order_is_whole():
    verdict = judge(room())
    assert (verdict.expected, verdict.received, verdict.violations, verdict.same_order) == (12, 12, 0, True)


def test_a_message_that_somebody_did_not_get_is_lost():
    verdict = judge(room(m2=hears(2, *ORDER[1:])))
    assert (verdict.lost, verdict.received, verdict.violations) == (1, 11, 1)


def test_a_message_without_an_answer_may_be_missing():
    senders = room(m0=hears(0, *ORDER, unanswered={2}), m2=hears(2, (0, 1), (1, 1), (1, 2)))
    verdict = judge(senders)
    assert (verdict.lost, verdict.expected) == (0, 11)


def test_a_message_that_came_twice_is_duplicated():
    verdict = judge(room(m2=hears(2, *ORDER, (0, 1))))
    assert (verdict.duplicated, verdict.reordered, verdict.lost) == (1, 0, 0)


def test_messages_of_one_sender_in_the_wrong_order_are_reordered():
    verdict = judge(room(m2=hears(2, (0, 2), (1, 1), (1, 2), (0, 1))))
    assert verdict.reordered == 1
    assert verdict.same_order is False


def test_a_fourth_receiver_with_another_order_is_found():
    order = [*ORDER, (3, 1), (3, 2)]
    swapped = [ORDER[1], ORDER[0], *ORDER[2:]]
    members = [hears(index, *order) for index in range(3)]
    verdict = judge([*members, hears(3, *swapped, last=2)])
    assert (verdict.reordered, verdict.same_order) == (0, False)
    assert judge([*members, hears(3, *order)]).same_order is True


def test_a_message_from_oneself_or_a_stranger_is_misrouted():
    verdict = judge(room(m2=member(2, [*[each for each in ORDER if each[0] != 2], (2, 1), (9, 1)])))
    assert (verdict.misrouted, verdict.violations) == (2, 2)


def test_what_the_readers_found_is_added():
    verdict = judge(room(), corrupted=3, misrouted=2)
    assert (verdict.corrupted, verdict.misrouted, verdict.violations) == (3, 2, 5)


def test_a_receiver_that_was_cut_off_is_excused_from_that_point_only():
    verdict = judge(room(m2=hears(2, (0, 1), (1, 2), cut=True)))
    assert (verdict.cut, verdict.excused, verdict.lost) == (1, 1, 1)


def test_first_messages_and_those_of_the_probe_are_not_judged():
    verdict = judge(room(m2=hears(2, (0, 0), (1, 0), *ORDER, (0, 3), (1, 4))))
    assert (verdict.violations, verdict.received) == (0, 12)


@pytest.mark.parametrize("members", [[], [hears(0, *ORDER)], [hears(0, *ORDER), hears(1, *ORDER)]])
def test_fewer_than_three_receivers_cannot_be_compared(members):
    assert judge(members).same_order is None


def test_what_only_one_of_three_heard_says_nothing_about_order():
    assert same_order([[1, 2, 3], [1, 3], [1, 3]]) is True


def test_receivers_that_contradict_each_other_in_a_circle_are_found():
    assert same_order([[1, 2], [2, 3], [3, 1]]) is False


@given(st.permutations(range(8)), st.integers(3, 6))
def test_every_single_order_is_accepted(order, receivers):
    messages = [(number % receivers, number // receivers + 1) for number in range(8)]
    shuffled = [messages[at] for at in order]
    heard = [array("q", (key(*each) for each in shuffled if each[0] != index)) for index in range(receivers)]
    assert same_order(heard) is True
