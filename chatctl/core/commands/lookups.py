"""Asking: the past, the sessions, for help."""

from __future__ import annotations

from itertools import islice

from chatctl.core.commands.base import Handlers
from chatctl.core.events.lookups import HelpShown
from chatctl.core.events.presence import Crowd
from chatctl.core.history import Page, RoomLog, Wanted
from chatctl.core.queries import HistoryQuery, SearchQuery, SessionsQuery
from chatctl.core.requests import lookups as ask
from chatctl.core.requests.presence import Invalid, Nothing, Reply
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import BadParameter

TABLE_LIMIT = 50
SEARCH_COUNT = 50
"""Messages that a search returns at most."""


def history(chat: Chat, session: Session, request: ask.History, turn: Turn) -> None:
    """Have the last messages of the room looked up; raises ``BadParameter``."""
    most = chat.limits.history_page
    if not 1 <= request.count <= most:
        raise BadParameter(f"cannot show {request.count} messages; ask for 1 to {most}")
    assert session.room is not None
    name = session.room.name
    turn.ask(session, HistoryQuery(RoomLog(name), Page(request.count, events=False), name))


def search(chat: Chat, session: Session, request: ask.Search, turn: Turn) -> None:
    """Have the room's messages searched."""
    assert session.room is not None
    name = session.room.name
    turn.ask(session, SearchQuery((RoomLog(name),), Wanted(request.words, count=SEARCH_COUNT), name))


def status(chat: Chat, session: Session, request: ask.Status, turn: Turn) -> None:
    """Have the session table made: the newest 50 active and 50 past sessions, or everything."""
    most = None if request.everything else TABLE_LIMIT
    present = (one.entry for one in reversed(chat.sessions.values()) if one.registration is None)
    active = tuple(islice(present, most))
    total = len(chat.sessions) - len(chat.unregistered)
    turn.ask(session, SessionsQuery(turn.now, active, total, most, chat.limits.max_clients))


def show_help(chat: Chat, session: Session, request: ask.Help, turn: Turn) -> None:
    """Have the wire tell what can be typed."""
    turn.tell(session, HelpShown(request.subject))


def reject(chat: Chat, session: Session, request: Invalid, turn: Turn) -> None:
    """Turn down what the wire could not understand; raises the wire's error."""
    raise request.error


def reply(chat: Chat, session: Session, request: Reply, turn: Turn) -> None:
    """Tell what the wire has to answer by itself, in its turn."""
    turn.tell(session, request.event)


def nothing(chat: Chat, session: Session, request: Nothing, turn: Turn) -> None:
    """Do nothing."""


def crowd(chat: Chat, session: Session, request: ask.Crowd, turn: Turn) -> None:
    """Tell how many there are."""
    turn.tell(session, crowd_of(chat))


def crowd_of(chat: Chat) -> Crowd:
    """Return how many there are."""
    return Crowd(
        users=len(chat.nicks),
        invisible=len(chat.census.invisible),
        operators=len(chat.census.operators),
        unknown=len(chat.unregistered),
        rooms=len(chat.rooms),
        most=chat.most_users,
    )


HANDLERS: Handlers = {
    ask.History: history,
    ask.Search: search,
    ask.Status: status,
    ask.Help: show_help,
    ask.Crowd: crowd,
    Invalid: reject,
    Reply: reply,
    Nothing: nothing,
}
