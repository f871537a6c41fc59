"""Reading what was said: CHATHISTORY (IRCv3), SEARCH (soju.im/search), and what one is shown on coming in."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.commands.base import Handlers
from chatctl.core.history import Log, PrivateLog, RoomLog, owner_key
from chatctl.core.names import check_nick, fold
from chatctl.core.queries import HistoryQuery, RecentQuery, SeekQuery, TargetsQuery
from chatctl.core.requests import history as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import BadHistoryRequest, BadNick, BadSearch, NoSuchHistory


def find_log(chat: Chat, session: Session, target: str) -> tuple[Log, str] | None:
    """Return what was said in a room or with somebody, and what that is called; None for what is not one's own."""
    user = session.user
    if target.startswith("#"):
        room = user.rooms.get(fold(target))
        return None if room is None else (RoomLog(room.name), room.name)
    try:
        return PrivateLog(owner_key(user.account, session.id), check_nick(target, chat.limits.nick_length)), target
    except BadNick:
        return None


def recall(chat: Chat, session: Session, request: ask.Recall, turn: Turn) -> None:
    """Have messages looked up; raises ``NoSuchHistory``, ``BadHistoryRequest``."""
    found = find_log(chat, session, request.target)
    if found is None:
        raise NoSuchHistory(request.command, request.target)
    count = _count(chat, request.command, request.page.count)
    otherwise = None if request.otherwise is None else replace(request.otherwise, count=count)
    log, title = found
    turn.ask(session, HistoryQuery(log, replace(request.page, count=count), title, otherwise, request.command))


def list_targets(chat: Chat, session: Session, request: ask.ListTargets, turn: Turn) -> None:
    """Have rooms and conversations looked up; raises ``BadHistoryRequest``."""
    user = session.user
    rooms = tuple(room.name for room in user.rooms.values())
    owner = owner_key(user.account, session.id)
    count = _count(chat, "TARGETS", request.count)
    turn.ask(session, TargetsQuery(rooms, owner, request.first, request.second, count))


def _count(chat: Chat, command: str, count: int) -> int:
    most = chat.limits.history_page
    if count < 1:
        raise BadHistoryRequest(command, f"cannot show {count} messages; ask for 1 to {most}", str(count))
    return min(count, most)


def seek(chat: Chat, session: Session, request: ask.Seek, turn: Turn) -> None:
    """Have messages searched; raises ``BadSearch``."""
    most = chat.limits.history_page
    if request.wanted.count < 1:
        raise BadSearch("limit", f"cannot show {request.wanted.count} messages; ask for 1 to {most}")
    wanted = replace(request.wanted, count=min(request.wanted.count, most))
    user = session.user
    if not request.target:
        rooms = tuple(RoomLog(room.name) for room in user.rooms.values())
        turn.ask(session, SeekQuery(rooms, owner_key(user.account, session.id), wanted))
        return
    found = find_log(chat, session, request.target)
    if found is None:
        raise BadSearch("in", f"you cannot read what was said in {request.target}; join it, or leave it out")
    turn.ask(session, SeekQuery((found[0],), "", wanted))


def show_recent(chat: Chat, session: Session, before: set[str], turn: Turn) -> None:
    """Have shown what was said last in the rooms that the session's user is in and was not ``before`` (folded names).

    Source: chathistory (IRCv3), section "Implementation": not to who can ask for it.
    """
    rooms = tuple(room.name for key, room in session.user.rooms.items() if key not in before)
    if rooms and chat.limits.history_on_join:
        turn.ask(session, RecentQuery(rooms, chat.limits.history_on_join, chat.last_message))


HANDLERS: Handlers = {ask.Recall: recall, ask.ListTargets: list_targets, ask.Seek: seek}
