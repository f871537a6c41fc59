"""What the chat remembers and the store keeps: messages and the session ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["say", "action", "private"]
"""How a message was meant."""


class Message(NamedTuple):
    """One message as it is stored and delivered; a named tuple because one is made for each line said.

    ``at`` counts milliseconds since 1970 (UTC); ``sender`` and ``recipient`` are session numbers;
    ``target`` is the room's name, or the recipient's nick when ``kind`` is private.
    """

    id: int
    at: int
    target: str
    recipient: int | None
    sender: int
    nick: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the session ledger.

    Times count milliseconds since 1970 (UTC); ``disconnected`` is None and ``reason`` empty while the
    session lasts.
    """

    id: int
    nick: str
    address: str
    wire: str
    connected: int
    disconnected: int | None = None
    reason: str = ""
