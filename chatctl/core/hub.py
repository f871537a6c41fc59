"""One request in, what it causes out."""

from __future__ import annotations

from chatctl.core.commands import HANDLERS, presence
from chatctl.core.events import Rejected
from chatctl.core.requests import Request
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.errors import Refused


class Hub:
    """Applies requests to the chat, one at a time, and writes what follows into a turn."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    def arrive(self, wire: str, address: str, turn: Turn) -> int:
        """Begin a session and return its number; raises ``ServerFull`` when no slot is free."""
        return presence.arrive(self.chat, wire, address, turn)

    def handle(self, number: int, request: Request, turn: Turn) -> None:
        """Apply one request of session ``number``; a session that has ended asks for nothing any more."""
        session = self.chat.sessions.get(number)
        if session is None:
            return
        try:
            HANDLERS[type(request)](self.chat, session, request, turn)
        except Refused as error:
            turn.tell(number, Rejected(error))

    def stop(self, turn: Turn) -> None:
        """Tell everybody that the server stops and end every session."""
        presence.stop(self.chat, turn)
