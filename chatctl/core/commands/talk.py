"""Saying something: to the room, or to one person."""

from __future__ import annotations

from chatctl.core.commands.accepting import check_letter
from chatctl.core.commands.base import Handlers
from chatctl.core.commands.naming import SERVICE
from chatctl.core.commands.nickserv import command
from chatctl.core.commands.rules import check_speech
from chatctl.core.events.presence import Rejected
from chatctl.core.events.talk import Acknowledged, AwayTold, Said
from chatctl.core.names import fold
from chatctl.core.records import LINE_BREAK, LINE_JOINT, Kind, Message
from chatctl.core.requests.accounts import Command
from chatctl.core.requests.talk import Act, Say, Send, Whisper
from chatctl.core.room import RANKS, Room
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.errors import InputTooLong, NoSuchNick, NoSuchRoom, Refused, TooManyTargets

TARGET_LIMIT = 4
"""Rooms and people that one message may go to."""

RELAYED_LIMIT = 512
"""Bytes in a line that IRC clients are sent, without tags: Modern IRC, section "Message Format"."""

LASTING = frozenset(
    {"+draft/persist", "+draft/react", "+draft/reply", "+draft/unreact", "+react", "+reply", "+unreact"}
)
"""Client tags for whose sake a message without text is kept; others, as that somebody types, pass."""

SHORT = 80
"""Characters of a text that fits into a line whoever says it to whom."""

STATUS = {"@": "o", "+": "v"}
"""What is written before a room's name to reach only those of a role and above: STATUSMSG, Modern IRC."""


def say(chat: Chat, session: Session, request: Say, turn: Turn) -> None:
    """Say something in the room one is in."""
    assert session.room is not None
    _to_room(chat, session, session.room, "say", request.text, turn)


def act(chat: Chat, session: Session, request: Act, turn: Turn) -> None:
    """Tell the room what one does."""
    assert session.room is not None
    _to_room(chat, session, session.room, "action", request.text, turn)


def whisper(chat: Chat, session: Session, request: Whisper, turn: Turn) -> None:
    """Say something to one person; raises ``NoSuchNick``."""
    _to_user(chat, session, request.nick, "say", request.text, turn)


def send(chat: Chat, session: Session, request: Send, turn: Turn) -> None:
    """Send a message to each target; what one refuses does not concern the others."""
    if len(request.targets) > TARGET_LIMIT:
        raise TooManyTargets(request.targets[-1], len(request.targets), TARGET_LIMIT)
    for target in request.targets:
        try:
            check_length(session.user, target, request.text)
            _send(chat, session, target, request, turn)
        except Refused as error:
            # A refused notice is not answered: RFC 2812, section 3.3.2.
            if request.kind != "notice":
                turn.tell(session, Rejected(error))


def check_length(user: User, target: str, text: str) -> None:
    """Let a line of ``text`` pass if it can be told in one to every IRC client; raises ``InputTooLong``."""
    if len(text) <= SHORT:
        return
    for line in text.replace(LINE_JOINT, LINE_BREAK).split(LINE_BREAK):
        size = len(f":{user.source.mask} PRIVMSG {target} :{line}\r\n".encode())
        if size > RELAYED_LIMIT:
            raise InputTooLong(size, RELAYED_LIMIT)


def _send(chat: Chat, session: Session, target: str, request: Send, turn: Turn) -> None:
    status = target[0] if target[1:2] == "#" and target[0] in STATUS else ""
    name = target[1:] if status else target
    if not name.startswith("#"):
        _to_user(chat, session, name, request.kind, request.text, turn, request.tags)
        return
    room = chat.rooms.get(fold(name))
    if room is None:
        raise NoSuchRoom(name)
    _to_room(chat, session, room, request.kind, request.text, turn, request.tags, status)


def _to_room(
    chat: Chat, session: Session, room: Room, kind: Kind, text: str, turn: Turn, tags: str = "", status: str = ""
) -> None:
    user, number, now = session.user, session.id, turn.now
    if not room.calm or user not in room.members:
        check_speech(room, user, kind, text)
    user.active = now
    nick, mask, account, bot = user.source
    if bot:
        tags = _marked(tags)
    chat.last_message += 1
    target = status + room.name
    message = Message(chat.last_message, now, target, None, number, nick, kind, text, mask, account, "", tags)
    if status:
        audience = _of_rank(room, STATUS[status])
    else:
        if kind != "tags" or _lasts(tags):
            turn.messages.append(message)
        audience = room.audience
    if len(audience) != 1 or audience[0] != number:
        turn.spread(Said(message), audience, number)
    turn.tell(session, Acknowledged(message))


def _marked(tags: str) -> str:
    """Return the tags of a bot's message: bot-mode (IRCv3)."""
    return f"bot;{tags}" if tags else "bot"


def _lasts(tags: str) -> bool:
    return any(tag.partition("=")[0] in LASTING for tag in tags.split(";"))


def _of_rank(room: Room, rank: str) -> tuple[int, ...]:
    roles = RANKS[: RANKS.index(rank) + 1]
    return tuple(number for user in room.members if room.has_role(user, *roles) for number in user.numbers)


def _to_user(chat: Chat, session: Session, nick: str, kind: Kind, text: str, turn: Turn, tags: str = "") -> None:
    listener = chat.nicks.get(fold(nick))
    if listener is None:
        if fold(nick) == SERVICE:
            # A program must not answer a notice: RFC 2812, section 3.3.2.
            if kind == "say":
                command(chat, session, Command(text), turn)
            return
        raise NoSuchNick(nick)
    check_letter(chat, session.user, listener)
    message = _private(chat, session, listener, kind, text, turn, tags)
    if kind != "tags" or _lasts(tags):
        turn.keep(message)
    for number in dict.fromkeys((*listener.numbers, *session.user.numbers)):
        if number != session.id:
            turn.tell(chat.sessions[number], Said(message))
    if listener is session.user:
        turn.pass_on(session, Said(message))
    turn.tell(session, Acknowledged(message))
    if listener.away and kind != "notice":
        turn.tell(session, AwayTold(listener.nick, listener.away))


def _private(chat: Chat, session: Session, listener: User, kind: Kind, text: str, turn: Turn, tags: str) -> Message:
    session.user.active = turn.now
    nick, mask, account, bot = session.user.source
    return Message(
        chat.next_message(),
        turn.now,
        listener.nick,
        listener.sessions[0].id,
        session.id,
        nick,
        kind,
        text,
        mask,
        account,
        listener.account,
        _marked(tags) if bot else tags,
    )


HANDLERS: Handlers = {Say: say, Act: act, Whisper: whisper, Send: send}
