"""One request in, what it causes out."""

from __future__ import annotations

from chatctl.core.commands import HANDLERS, presence, registration
from chatctl.core.events.presence import Rejected
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Labeled
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import NotRegistered, Refused


class Hub:
    """Applies requests to the chat, one at a time, and writes what follows into a turn."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    def arrive(self, wire: str, address: str, turn: Turn, named: bool = True, certificate: str = "") -> int:
        """Begin a session and return its number; raises ``ServerFull`` when no slot is free.

        One that is not ``named`` has to register before it takes part; ``certificate`` is the fingerprint of its own.
        """
        number = presence.arrive(self.chat, wire, address, turn, named)
        self.chat.sessions[number].certificate = certificate
        return number

    def handle(self, number: int, request: Request, turn: Turn) -> None:
        """Apply one request of session ``number``; a session that has ended asks for nothing any more."""
        session = self.chat.sessions.get(number)
        if session is None:
            return
        kind = type(request)
        if isinstance(request, Labeled):
            self._answer(session, request, turn)
            return
        try:
            if session.registration is not None and kind not in registration.ALLOWED:
                raise NotRegistered
            HANDLERS[kind](self.chat, session, request, turn)
        except Refused as error:
            turn.tell(session, Rejected(error))

    def _answer(self, session: Session, labeled: Labeled, turn: Turn) -> None:
        turn.begin_reply(session, labeled.label)
        try:
            self.handle(session.id, labeled.request, turn)
        finally:
            turn.end_reply(session)

    def stop(self, turn: Turn) -> None:
        """Tell everybody that the server stops and end every session."""
        presence.stop(self.chat, turn)
