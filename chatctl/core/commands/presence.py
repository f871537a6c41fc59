"""Coming and going: the one door in and the one door out."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.commands.rooms import announce_to_others
from chatctl.core.events import Dismissed, Expelled, Joined, Left, Stopping, Welcomed
from chatctl.core.requests import Expel, Quit, Vanish
from chatctl.core.state import Chat, Session
from chatctl.core.turn import Turn
from chatctl.errors import ServerFull


def arrive(chat: Chat, wire: str, address: str, turn: Turn) -> int:
    """Begin a session in the lobby and return its number; raises ``ServerFull``."""
    if len(chat.sessions) >= chat.limit:
        raise ServerFull(len(chat.sessions), chat.limit)
    session = chat.begin(wire, address, turn.now)
    turn.log(session.entry)
    turn.tell(session.id, Welcomed(session.entry))
    announce_to_others(session, Joined(session.nick, session.room.name), turn)
    return session.id


def quit_(chat: Chat, session: Session, request: Quit, turn: Turn) -> None:
    """Leave by one's own wish, with a goodbye."""
    why = f"quit: {request.note}" if request.note else "quit"
    _depart(chat, session, "quit", why, turn)
    turn.tell(session.id, Dismissed(session.entry))


def expel(chat: Chat, session: Session, request: Expel, turn: Turn) -> None:
    """Leave because the peer misbehaved."""
    turn.tell(session.id, Expelled(request.error))
    _depart(chat, session, request.error.code, request.error.code, turn)


def vanish(chat: Chat, session: Session, request: Vanish, turn: Turn) -> None:
    """Leave because the connection ended."""
    _depart(chat, session, request.reason, request.reason, turn)


def stop(chat: Chat, turn: Turn) -> None:
    """End every session because the server stops."""
    turn.spread(Stopping(), tuple(chat.sessions))
    for session in tuple(chat.sessions.values()):
        _end(chat, session, "shutdown", turn)


def _depart(chat: Chat, session: Session, reason: str, why: str, turn: Turn) -> None:
    announce_to_others(session, Left(session.nick, session.room.name, why), turn)
    _end(chat, session, reason, turn)


def _end(chat: Chat, session: Session, reason: str, turn: Turn) -> None:
    chat.end(session)
    session.entry = replace(session.entry, disconnected=turn.now, reason=reason)
    turn.log(session.entry)
    turn.dismiss(session.id)
