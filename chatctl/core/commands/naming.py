"""Taking another name."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.commands.circles import NOTICE_LIMIT, circle
from chatctl.core.commands.monitor import appeared, vanished
from chatctl.core.events.presence import Renamed
from chatctl.core.names import check_nick, default_nick, fold, is_reserved
from chatctl.core.requests.presence import Rename
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.errors import NickInUse, NickOwned, NickReserved, NoNick

ASK_FOR_ONE = "*"
"""Who asks for this nick gets the one that the server gives: ``Client07``."""


SERVICE = "nickserv"
"""The folded nick of the server's own service, which nobody may have."""


def check_free(chat: Chat, session: Session, nick: str) -> str:
    """Return ``nick`` if ``session`` may take it; raises why not."""
    if not nick:
        raise NoNick
    if nick == ASK_FOR_ONE:
        return default_nick(session.id)
    _check_name(chat, session, nick)
    holder = chat.nicks.get(fold(nick), session.user)
    if holder is not session.user and not _yields(session.user, holder, nick):
        raise NickInUse(nick)
    return nick


def _check_name(chat: Chat, session: Session, nick: str) -> None:
    check_nick(nick, chat.limits.nick_length)
    check_owned(chat, session.user, nick)
    if is_reserved(nick, session.id) or fold(nick) == SERVICE:
        raise NickReserved(nick)


def check_owned(chat: Chat, user: User, nick: str) -> None:
    """Let ``user`` have ``nick`` as far as accounts go; raises ``NickOwned`` for another account's."""
    if fold(nick) in chat.accounts and fold(user.account) != fold(nick):
        raise NickOwned(nick)


def _yields(user: User, holder: User, nick: str) -> bool:
    """Tell whether ``holder``, a stranger, has to give the nick to ``user``, whose account is called so."""
    return fold(user.account) == fold(nick) != fold(holder.account)


def rename(chat: Chat, session: Session, request: Rename, turn: Turn) -> None:
    """Give the user another name; raises as ``check_free``."""
    new = check_free(chat, session, request.nick)
    vacate(chat, session.user, new, turn)
    give(chat, session.user, new, turn)


def recover(chat: Chat, session: Session, nick: str, turn: Turn) -> None:
    """Take a nick that is one's own from whoever has it; raises ``BadNick``, ``NickOwned``, ``NickReserved``."""
    _check_name(chat, session, nick)
    vacate(chat, session.user, nick, turn)
    give(chat, session.user, nick, turn)


def reclaim(chat: Chat, user: User, turn: Turn) -> None:
    """Take the name of the account that ``user`` is logged in to from a stranger who has it."""
    holder = chat.nicks.get(fold(user.account))
    if holder is not None and _yields(user, holder, user.account):
        vacate(chat, user, user.account, turn)


def leave_owned(chat: Chat, user: User, turn: Turn) -> None:
    """Give ``user`` the name that the server gives, if the one they have belongs to an account that is not theirs."""
    if fold(user.nick) in chat.accounts and fold(user.account) != fold(user.nick):
        give(chat, user, default_nick(user.sessions[0].id), turn)


def vacate(chat: Chat, user: User, nick: str, turn: Turn) -> None:
    """Give somebody else who has ``nick`` the name that the server gives."""
    holder = chat.nicks.get(fold(nick))
    if holder is not None and holder is not user:
        give(chat, holder, default_nick(holder.sessions[0].id), turn)


def give(chat: Chat, user: User, nick: str, turn: Turn) -> None:
    """Let ``user`` have ``nick``, which nobody else has, and tell who is to know."""
    before = user.source
    if nick == before.nick:
        return
    chat.name(user, nick)
    for one in user.sessions:
        one.entry = replace(one.entry, nick=nick)
        turn.log(one.entry)
    turn.spread(Renamed(before, nick), _witnesses(user))
    if fold(nick) != fold(before.nick):
        _remember(chat, user, before.nick, turn.now)
        vanished(chat, before.nick, turn)
        appeared(chat, user, turn)


def _remember(chat: Chat, user: User, nick: str, now: int) -> None:
    """Note for WHOWAS that ``user`` gave up ``nick``; not the one that everybody with a line client begins with."""
    session = user.sessions[0]
    if nick != default_nick(session.id):
        chat.past_nicks.append(replace(session.entry, nick=nick, disconnected=now))


def _witnesses(user: User) -> tuple[int, ...]:
    """Return who hears of another name: who keeps lists of members, and everybody in small rooms."""
    rooms = tuple(user.rooms.values())
    small = [room for room in rooms if len(room.members) <= NOTICE_LIMIT]
    if len(rooms) == 1 and small:
        return rooms[0].audience
    return tuple(dict.fromkeys((*circle(user), *(number for room in small for number in room.others))))
