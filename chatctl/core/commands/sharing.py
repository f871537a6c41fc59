"""Several clients of one account under one nick: who comes with another one is shown where they are already."""

from __future__ import annotations

from chatctl.core.commands import markers, metadata, subscriptions
from chatctl.core.commands.rooms import joined, orient
from chatctl.core.commands.status import bring_note
from chatctl.core.commands.umodes import modes_of
from chatctl.core.events.status import AwayNoted, UserModesChanged
from chatctl.core.modes import ModeChange
from chatctl.core.names import fold
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.errors import TooManyClients

CLIENTS_LIMIT = 20
"""Clients that somebody may have under one nick."""


def twin_of(chat: Chat, session: Session, nick: str) -> User | None:
    """Return who has ``nick`` already by other clients of the same account, if it is shared; raises ``TooManyClients``.

    Somebody who can be in one room only shares with nobody.
    """
    holder, account = chat.nicks.get(fold(nick)), chat.accounts.get(fold(session.user.account))
    if holder is None or account is None or not account.shared or holder.account != account.name:
        return None
    if any(one.room is not None for one in holder.sessions):
        return None
    if len(holder.sessions) >= CLIENTS_LIMIT:
        raise TooManyClients(holder.nick, CLIENTS_LIMIT)
    return holder


def attach(chat: Chat, session: Session, twin: User, turn: Turn) -> None:
    """Make ``session`` a further client of ``twin``."""
    brought = session.user.metadata
    chat.attach(session, twin)
    metadata.bring(chat, session, brought, turn)


def orient_twin(chat: Chat, session: Session, note: str, turn: Turn) -> None:
    """Tell a further client of somebody how and where they are; ``note`` is what it said of being away."""
    user = session.user
    letters = modes_of(user)
    if letters:
        changes = tuple(ModeChange(True, letter) for letter in letters)
        turn.tell(session, UserModesChanged(user.source, changes))
    if user.away:
        turn.tell(session, AwayNoted(True))
    for room in user.rooms.values():
        turn.tell(session, joined(user, room))
        markers.entered(chat, session, room, turn)
        orient(session, room, turn)
        subscriptions.entered(chat, session, room, turn)
    bring_note(chat, user, note, turn)
