"""What the server tells about itself."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.events.server import LimitsShown
from chatctl.core.requests.server import Answer, ShowLimits
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session


def answer(chat: Chat, session: Session, request: Answer, turn: Turn) -> None:
    """Tell what the wire has to answer by itself."""
    turn.tell(session, request.event)


def show_limits(chat: Chat, session: Session, request: ShowLimits, turn: Turn) -> None:
    """Tell how many there are and may be."""
    turn.tell(session, LimitsShown(len(chat.sessions), chat.limits))


HANDLERS: Handlers = {Answer: answer, ShowLimits: show_limits}
