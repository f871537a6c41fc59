"""Taking messages back: draft/message-redaction (IRCv3)."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.history import find_log
from chatctl.core.events.history import Redacted as RedactedTold
from chatctl.core.history import Log, RoomLog, log_keys, owner_key
from chatctl.core.names import fold
from chatctl.core.queries import MessageQuery
from chatctl.core.records import Message, Redacted
from chatctl.core.requests.history import Redact, Redaction
from chatctl.core.room import OP
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.errors import CannotRedact, NoSuchMessage, RedactForbidden


def redact(chat: Chat, session: Session, request: Redact, turn: Turn) -> None:
    """Have the message looked up; raises ``CannotRedact``, ``NoSuchMessage``."""
    _log(chat, session, request.target)
    if request.number is None:
        raise NoSuchMessage(request.target, request.message)
    turn.ask(session, MessageQuery(request))


def redaction(chat: Chat, session: Session, request: Redaction, turn: Turn) -> None:
    """Take the message back if it is one's own, or one rules the room.

    Raises ``CannotRedact``, ``NoSuchMessage``, ``RedactForbidden``.
    """
    asked, message = request.request, request.message
    log, title = _log(chat, session, asked.target)
    # Of a message that one may not read one is not told that it exists.
    if message is None or message.kind == "topic" or log.key not in log_keys(message):
        raise NoSuchMessage(asked.target, asked.message)
    if not (_is_own(session, message) or (isinstance(log, RoomLog) and _rules(session.user, title))):
        raise RedactForbidden(title, asked.message)
    turn.change(Redacted(message.id))
    event = RedactedTold(session.user.source, message.target, message.id, asked.why)
    if isinstance(log, RoomLog):
        turn.spread(event, session.user.rooms[fold(title)].audience)
        return
    peer = _recipient(chat, message)
    for number in dict.fromkeys((*session.user.numbers, *(() if peer is None else peer.numbers))):
        turn.tell(chat.sessions[number], event)


def _log(chat: Chat, session: Session, target: str) -> tuple[Log, str]:
    found = find_log(chat, session, target)
    if found is None:
        raise CannotRedact(target)
    return found


def _is_own(session: Session, message: Message) -> bool:
    sender = owner_key(message.account, message.sender)
    return message.sender in session.user.numbers or sender == owner_key(session.user.account, session.id)


def _rules(user: User, room: str) -> bool:
    return bool(user.operator) or user.rooms[fold(room)].has_role(user, OP)


def _recipient(chat: Chat, message: Message) -> User | None:
    """Return whom a private message was for, if they are here."""
    there = chat.sessions.get(message.recipient or 0)
    if there is not None:
        return there.user
    named = chat.nicks.get(fold(message.target))
    return named if named is not None and named.account and named.account == message.recipient_account else None


HANDLERS: Handlers = {Redact: redact, Redaction: redaction}
