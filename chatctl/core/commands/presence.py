"""Coming and going: the one door in and the one door out."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.bans import find_ban
from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import announce, bystanders, tell_circle
from chatctl.core.commands.monitor import appeared, vanished
from chatctl.core.events.presence import Departed, Dismissed, Expelled, Stopping, Welcomed
from chatctl.core.events.rooms import Joined, Left
from chatctl.core.requests.presence import Expel, Quit, Vanish
from chatctl.core.state import Chat, host_of
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import Banned, PasswordNeeded, ServerFull


def arrive(chat: Chat, wire: str, address: str, turn: Turn, named: bool) -> int:
    """Begin a session and return its number; raises ``Banned``, ``ServerFull``, ``PasswordNeeded``.

    One that is ``named`` is in the lobby at once; the others have to register.
    """
    ban = find_ban(chat, wire if named else "", host_of(address), turn)
    if ban is not None:
        raise Banned(ban.reason, ban.until)
    if len(chat.sessions) >= chat.limits.max_clients:
        raise ServerFull(len(chat.sessions), chat.limits.max_clients)
    if not named:
        return chat.begin_nameless(wire, address, turn.now).id
    if chat.policy.password:
        raise PasswordNeeded
    session = chat.begin(wire, address, turn.now)
    user = session.user
    turn.log(session.entry)
    turn.tell(session, Welcomed(session.entry, user.source))
    session.room = chat.lobby
    chat.enter(user, chat.lobby)
    announce(chat.lobby, Joined(user.source, chat.lobby.name), turn, but=session.id)
    appeared(chat, user, turn)
    return session.id


def quit_(chat: Chat, session: Session, request: Quit, turn: Turn) -> None:
    """Leave by one's own wish, with a goodbye."""
    why = f"quit: {request.note}" if request.note else "quit"
    depart(chat, session, "quit", why, turn)
    turn.tell(session, Dismissed(session.entry, request.note))


def expel(chat: Chat, session: Session, request: Expel, turn: Turn) -> None:
    """Leave because the peer misbehaved."""
    turn.tell(session, Expelled(request.error))
    depart(chat, session, request.error.code, request.error.code, turn)


def vanish(chat: Chat, session: Session, request: Vanish, turn: Turn) -> None:
    """Leave because the connection ended."""
    depart(chat, session, request.reason, request.reason, turn)


def stop(chat: Chat, turn: Turn) -> None:
    """End every session because the server stops."""
    turn.spread(Stopping(chat.farewell), tuple(chat.sessions))
    for session in tuple(chat.sessions.values()):
        _end(chat, session, "shutdown", turn)


def depart(chat: Chat, session: Session, reason: str, why: str, turn: Turn) -> None:
    """End a session, and tell the others if it was its user's last; ``reason`` goes into the ledger."""
    user = session.user
    if len(user.sessions) == 1:
        tell_circle(user, Departed(user.source, why), turn, but=session.id)
        for room in user.rooms.values():
            turn.spread(Left(user.source, room.name, why), bystanders(room), but=session.id)
    _end(chat, session, reason, turn)
    if not user.sessions and session.registration is None:
        vanished(chat, user.nick, turn)


def _end(chat: Chat, session: Session, reason: str, turn: Turn) -> None:
    chat.end(session)
    if session.registration is None:
        # The clock may have been set back since.
        ended = max(turn.now, session.entry.connected)
        session.entry = replace(session.entry, disconnected=ended, reason=reason)
        turn.log(session.entry)
    turn.dismiss(session.id)


HANDLERS: Handlers = {Quit: quit_, Expel: expel, Vanish: vanish}
