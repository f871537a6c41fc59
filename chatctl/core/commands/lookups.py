"""Asking: the past, the sessions, for help."""

from __future__ import annotations

from itertools import islice

from chatctl.core.events import HelpShown
from chatctl.core.requests import Help, History, Invalid, Search, Status
from chatctl.core.state import Chat, Session
from chatctl.core.turn import HistoryQuery, SearchQuery, SessionsQuery, Turn
from chatctl.errors import BadParameter

HISTORY_LIMIT = 1000
TABLE_LIMIT = 50


def history(chat: Chat, session: Session, request: History, turn: Turn) -> None:
    """Have the last messages of the room looked up; raises ``BadParameter``."""
    if not 1 <= request.count <= HISTORY_LIMIT:
        raise BadParameter(f"cannot show {request.count} messages; ask for 1 to {HISTORY_LIMIT}")
    turn.ask(session.id, HistoryQuery(session.room.name, request.count))


def search(chat: Chat, session: Session, request: Search, turn: Turn) -> None:
    """Have the room's messages searched."""
    turn.ask(session.id, SearchQuery(session.room.name, request.words))


def status(chat: Chat, session: Session, request: Status, turn: Turn) -> None:
    """Have the session table made: the newest 50 active and 50 past sessions, or everything."""
    most = None if request.everything else TABLE_LIMIT
    newest = islice(reversed(chat.sessions.values()), most)
    active = tuple(one.entry for one in newest)
    turn.ask(session.id, SessionsQuery(turn.now, active, len(chat.sessions), most, chat.limit))


def show_help(chat: Chat, session: Session, request: Help, turn: Turn) -> None:
    """Have the wire tell what can be typed."""
    turn.tell(session.id, HelpShown())


def reject(chat: Chat, session: Session, request: Invalid, turn: Turn) -> None:
    """Turn down what the wire could not understand; raises the wire's error."""
    raise request.error
