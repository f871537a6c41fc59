"""Judges what a room delivered: lost, duplicated, reordered, the same order for everybody."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from chatctl.stress.messages import Member

_SEQUENCE = 0xFFFFFFFF
_REFERENCES = 3


@dataclass(frozen=True, slots=True)
class Delivery:
    """How often each promise of delivery was broken; counts are of (message, receiver) pairs.

    ``excused``: not received by a client after the server had disconnected it.
    ``same_order``: whether all receivers agree on one order; ``None`` if nobody can compare.
    """

    expected: int
    received: int
    lost: int
    duplicated: int
    reordered: int
    corrupted: int
    misrouted: int
    excused: int
    cut: int
    same_order: bool | None

    @property
    def violations(self) -> int:
        """How many promises were broken."""
        faults = self.lost + self.duplicated + self.reordered + self.corrupted + self.misrouted
        return faults + (self.same_order is False)


@dataclass(slots=True)
class _Tally:
    """Counts of one receiver, added up over receivers."""

    expected: int = 0
    received: int = 0
    lost: int = 0
    duplicated: int = 0
    reordered: int = 0
    misrouted: int = 0
    excused: int = 0


def judge(members: Sequence[Member], *, corrupted: int = 0, misrouted: int = 0) -> Delivery:
    """The verdict on a room in which every member was to hear every other member."""
    tally = _Tally(misrouted=misrouted)
    last = {member.index: member.last_sequence for member in members}
    unanswered = {member.index: member.unanswered for member in members}
    heard = [_measured(member, last) for member in members]
    for member, messages in zip(members, heard, strict=True):
        _tally_receiver(tally, member, messages, last, unanswered)
    return Delivery(
        expected=tally.expected,
        received=tally.received,
        lost=tally.lost,
        duplicated=tally.duplicated,
        reordered=tally.reordered,
        corrupted=corrupted,
        misrouted=tally.misrouted,
        excused=tally.excused,
        cut=sum(member.cut for member in members),
        same_order=same_order([_from_others(member, keys, last) for member, keys in zip(members, heard, strict=True)]),
    )


def same_order(sequences: Sequence[Sequence[int]]) -> bool | None:
    """Whether one order of all messages explains every receiver's; ``None`` with fewer than three.

    Nobody hears itself, so of two messages only a third receiver knows the order. Any two messages that
    two of three receivers heard were both heard by one of them; others are left out.
    """
    firsts = [tuple(dict.fromkeys(sequence)) for sequence in sequences if len(sequence) > 0]
    references = sorted(firsts, key=len, reverse=True)[:_REFERENCES]
    if len(references) < _REFERENCES:
        return None
    seen = [set(reference) for reference in references]
    known = (seen[0] & seen[1]) | (seen[0] & seen[2]) | (seen[1] & seen[2])
    try:
        ranks = _ranks([[message for message in reference if message in known] for reference in references])
    except CycleError:
        return False
    return all(_rising(ranks[message] for message in sequence if message in known) for sequence in firsts)


def _ranks(references: Iterable[Sequence[int]]) -> dict[int, int]:
    graph: TopologicalSorter[int] = TopologicalSorter()
    for reference in references:
        for earlier, later in pairwise(reference):
            graph.add(later, earlier)
    return {message: rank for rank, message in enumerate(graph.static_order())}


def _rising(ranks: Iterable[int]) -> bool:
    highest = -1
    for rank in ranks:
        if rank < highest:
            return False
        highest = rank
    return True


def _measured(member: Member, last: Mapping[int, int]) -> array[int]:
    """What a member heard of the measured time: no first messages, none of the probe."""
    return array("q", (key for key in member.heard if 1 <= key & _SEQUENCE <= last.get(key >> 32, _SEQUENCE)))


def _from_others(member: Member, messages: array[int], last: Mapping[int, int]) -> list[int]:
    return [key for key in messages if key >> 32 in last and key >> 32 != member.index]


def _tally_receiver(
    tally: _Tally,
    member: Member,
    messages: array[int],
    last: Mapping[int, int],
    unanswered: Mapping[int, frozenset[int]],
) -> None:
    by_sender: dict[int, list[int]] = {sender: [] for sender in last if sender != member.index}
    for key in messages:
        if key >> 32 in by_sender:
            by_sender[key >> 32].append(key & _SEQUENCE)
        else:
            tally.misrouted += 1
    for sender, sequences in by_sender.items():
        distinct = set(sequences)
        # A message without an ACK may or may not have been stored: only its absence is forgiven.
        due = set(range(1, last[sender] + 1)) - (unanswered[sender] - distinct)
        missing = due - distinct
        excused = {number for number in missing if member.cut and number > max(distinct, default=0)}
        tally.expected += len(due)
        tally.received += len(distinct)
        tally.duplicated += len(sequences) - len(distinct)
        tally.lost += len(missing) - len(excused)
        tally.excused += len(excused)
        tally.reordered += _backward_steps(sequences)


def _backward_steps(sequences: Sequence[int]) -> int:
    """How many distinct messages came after a later one of the same sender."""
    highest, steps, seen = 0, 0, set()
    for number in sequences:
        if number < highest and number not in seen:
            steps += 1
        seen.add(number)
        highest = max(highest, number)
    return steps
