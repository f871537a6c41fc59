"""Taking another name."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.commands.rooms import announce
from chatctl.core.events import Renamed
from chatctl.core.names import check_nick, fold, is_reserved
from chatctl.core.requests import Rename
from chatctl.core.state import Chat, Session
from chatctl.core.turn import Turn
from chatctl.errors import NickInUse, NickReserved


def rename(chat: Chat, session: Session, request: Rename, turn: Turn) -> None:
    """Give the session another name; raises ``BadNick``, ``NickInUse``, ``NickReserved``."""
    old, new = session.nick, check_nick(request.nick)
    if chat.nicks.get(fold(new), session) is not session:
        raise NickInUse(new)
    if is_reserved(new, session.id):
        raise NickReserved(new)
    del chat.nicks[fold(old)]
    chat.nicks[fold(new)] = session
    session.entry = replace(session.entry, nick=new)
    turn.log(session.entry)
    announce(session, Renamed(old, new), turn)
