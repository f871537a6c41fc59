"""What rooms are about."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.rooms import room_of, topic_shown
from chatctl.core.commands.rules import check_operator
from chatctl.core.events.rooms import TopicSet
from chatctl.core.records import Message
from chatctl.core.requests import rooms as ask
from chatctl.core.room import TOPIC_KEPT, Room
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import TopicTooLong


def topic(chat: Chat, session: Session, request: ask.Topic, turn: Turn) -> None:
    """Show the topic of the room one is in or set it; raises ``NotRoomOperator``, ``TopicTooLong``."""
    assert session.room is not None
    _topic(chat, session, session.room, request.text, turn)


def topic_of(chat: Chat, session: Session, request: ask.TopicOf, turn: Turn) -> None:
    """Show a room's topic or set it.

    Raises ``NoSuchRoom``, ``NotInRoom``, ``NotRoomOperator``, ``TopicTooLong``.
    """
    _topic(chat, session, room_of(chat, session.user, request.room), request.text, turn)


def _topic(chat: Chat, session: Session, room: Room, text: str | None, turn: Turn) -> None:
    if text is None:
        turn.tell(session, topic_shown(room))
        return
    user = session.user
    if TOPIC_KEPT in room.flags:
        check_operator(room, user)
    if len(text) > chat.limits.topic_length:
        raise TopicTooLong(len(text), chat.limits.topic_length)
    room.topic, room.topic_by, room.topic_at = text, user.source.mask, turn.now
    nick, mask, account, _ = user.source
    message = Message(chat.next_message(), turn.now, room.name, None, session.id, nick, "topic", text, mask, account)
    turn.keep(message)
    turn.spread(TopicSet(user.source, room.name, text, message.id), room.audience)


HANDLERS: Handlers = {ask.Topic: topic, ask.TopicOf: topic_of}
