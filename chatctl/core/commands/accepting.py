"""Private messages of people who are not logged in: the user mode R, and whom it does not concern."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.events.presence import Rejected
from chatctl.core.events.status import AcceptedListed
from chatctl.core.names import fold
from chatctl.core.requests import status as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import REGISTERED_ONLY, Session, User
from chatctl.errors import LoginNeeded, NoSuchNick


def check_letter(chat: Chat, user: User, listener: User) -> None:
    """Let ``user`` write to ``listener`` or raise ``LoginNeeded``; who writes to somebody lets them answer."""
    closed = REGISTERED_ONLY in listener.modes and not user.account and user is not listener
    if closed and not chat.acceptances.allows(listener, user):
        raise LoginNeeded(listener.nick)
    if REGISTERED_ONLY in user.modes and not listener.account:
        chat.acceptances.add(user, listener)


def accept(chat: Chat, session: Session, request: ask.Accept, turn: Turn) -> None:
    """Accept people, or no more; what one refuses (``NoSuchNick``) does not concern the others."""
    for nicks, act in ((request.nicks, chat.acceptances.add), (request.unwanted, chat.acceptances.remove)):
        for nick in nicks:
            other = chat.nicks.get(fold(nick))
            if other is None:
                turn.tell(session, Rejected(NoSuchNick(nick)))
            else:
                act(session.user, other)


def list_accepted(chat: Chat, session: Session, request: ask.ListAccepted, turn: Turn) -> None:
    """Show whom one accepts."""
    turn.tell(session, AcceptedListed(tuple(other.nick for other in chat.acceptances.of(session.user))))


HANDLERS: Handlers = {ask.Accept: accept, ask.ListAccepted: list_accepted}
