"""What became of a connection: the decision table, from what was observed to one outcome."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never


class Outcome(StrEnum):
    """What became of one connection attempt."""

    ADMITTED = "admitted"
    REFUSED_MESSAGE = "refused_message"
    REFUSED_MESSAGE_THEN_RESET = "refused_message_then_reset"
    REFUSED_LATE = "refused_late"
    REFUSED_SILENT_CLOSE = "refused_silent_close"
    REFUSED_RESET = "refused_reset"
    CONNECT_REFUSED = "connect_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    QUEUED_BACKLOG = "queued_backlog"
    QUEUED_APPLICATION = "queued_application"
    QUEUED_UNKNOWN = "queued_unknown"
    SILENT_UNKNOWN = "silent_unknown"
    UNEXPECTED = "unexpected"
    CLIENT_ERROR = "client_error"


REFUSALS = frozenset(
    {
        Outcome.REFUSED_MESSAGE,
        Outcome.REFUSED_MESSAGE_THEN_RESET,
        Outcome.REFUSED_LATE,
        Outcome.REFUSED_SILENT_CLOSE,
        Outcome.REFUSED_RESET,
        Outcome.CONNECT_REFUSED,
    }
)
QUEUED = frozenset(
    {Outcome.CONNECT_TIMEOUT, Outcome.QUEUED_BACKLOG, Outcome.QUEUED_APPLICATION, Outcome.QUEUED_UNKNOWN}
)


class Reply(StrEnum):
    """What the first lines of the server were."""

    NONE = "none"
    ADMITTED = "admitted"
    REFUSED = "refused"
    OTHER = "other"


class End(StrEnum):
    """How the connection ended, seen from the client."""

    OPEN = "open"
    LEFT = "left"
    EOF = "eof"
    RESET = "reset"
    CONNECT_REFUSED = "connect_refused"
    TIMED_OUT = "timed_out"
    LOCAL_ERROR = "local_error"


class Place(StrEnum):
    """Where the server's half of a silent connection is, as far as this machine can tell."""

    BACKLOG = "backlog"
    APPLICATION = "application"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Observation:
    """All that decides the outcome of one attempt.

    ``late``: the refusal came after the greeting or after the time to wait for an admission.
    ``waited``: the greeting came only once another client's slot had been freed.
    """

    connected: bool
    reply: Reply = Reply.NONE
    end: End = End.OPEN
    late: bool = False
    waited: bool = False
    place: Place = Place.UNKNOWN


def classify(seen: Observation, *, queue_moves: bool) -> Outcome:
    """The outcome of an attempt; ``queue_moves`` is whether a freed slot let any silent one in."""
    match seen.reply:
        case Reply.ADMITTED:
            return _queued(seen.place) if seen.waited else Outcome.ADMITTED
        case Reply.REFUSED:
            return _refused(seen)
        case Reply.OTHER:
            return Outcome.UNEXPECTED
        case Reply.NONE:
            return _wordless(seen, queue_moves=queue_moves)
        case _:
            assert_never(seen.reply)


def _refused(seen: Observation) -> Outcome:
    if seen.late:
        return Outcome.REFUSED_LATE
    if seen.end is End.RESET:
        return Outcome.REFUSED_MESSAGE_THEN_RESET
    return Outcome.REFUSED_MESSAGE


def _wordless(seen: Observation, *, queue_moves: bool) -> Outcome:
    match seen.end:
        case End.EOF:
            return Outcome.REFUSED_SILENT_CLOSE
        case End.RESET:
            return Outcome.REFUSED_RESET
        case End.CONNECT_REFUSED:
            return Outcome.CONNECT_REFUSED
        case End.TIMED_OUT:
            return Outcome.CONNECT_TIMEOUT
        case End.LOCAL_ERROR:
            return Outcome.CLIENT_ERROR
        case End.OPEN | End.LEFT:
            return _silent(seen, queue_moves=queue_moves) if seen.connected else Outcome.CONNECT_TIMEOUT
        case _:
            assert_never(seen.end)


def _silent(seen: Observation, *, queue_moves: bool) -> Outcome:
    # A connection that the server never accepted is in its backlog, whether or not a slot moves it.
    if queue_moves or seen.place is Place.BACKLOG:
        return _queued(seen.place)
    return Outcome.SILENT_UNKNOWN


def _queued(place: Place) -> Outcome:
    match place:
        case Place.BACKLOG:
            return Outcome.QUEUED_BACKLOG
        case Place.APPLICATION:
            return Outcome.QUEUED_APPLICATION
        case Place.UNKNOWN:
            return Outcome.QUEUED_UNKNOWN
        case _:
            assert_never(place)
