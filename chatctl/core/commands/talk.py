"""Saying something: to the room, or to one person."""

from __future__ import annotations

from chatctl.core.events import Acknowledged, Said
from chatctl.core.names import fold
from chatctl.core.records import Kind, Message
from chatctl.core.requests import Act, Say, Whisper
from chatctl.core.state import Chat, Session
from chatctl.core.turn import Turn
from chatctl.errors import NoSuchNick


def say(chat: Chat, session: Session, request: Say, turn: Turn) -> None:
    """Say something in the room."""
    _to_room(chat, session, "say", request.text, turn)


def act(chat: Chat, session: Session, request: Act, turn: Turn) -> None:
    """Tell the room what one does."""
    _to_room(chat, session, "action", request.text, turn)


def whisper(chat: Chat, session: Session, request: Whisper, turn: Turn) -> None:
    """Say something to one person; raises ``NoSuchNick``."""
    listener = chat.nicks.get(fold(request.nick))
    if listener is None:
        raise NoSuchNick(request.nick)
    message = Message(
        chat.next_message(),
        turn.now,
        listener.nick,
        listener.id,
        session.id,
        session.nick,
        "private",
        request.text,
    )
    turn.keep(message)
    turn.tell(listener.id, Said(message))
    turn.tell(session.id, Acknowledged(message))


def _to_room(chat: Chat, session: Session, kind: Kind, text: str, turn: Turn) -> None:
    room = session.room
    number = session.id
    message = Message(chat.next_message(), turn.now, room.name, None, number, session.entry.nick, kind, text)
    turn.keep(message)
    if len(room.members) > 1:
        turn.spread(Said(message), room.audience, but=number)
    turn.tell(number, Acknowledged(message))
