"""What the one who runs the server has decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

HISTORY_ON_JOIN = 50
"""Messages of a room that are shown to who comes in, unless the one who runs the server wants it otherwise."""


class Registering(StrEnum):
    """Who may make an account: the values of draft/account-registration (IRCv3)."""

    OPEN = "open"
    BEFORE_CONNECT = "before-connect"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of this server.

    ``password`` is what everybody has to know, ``operators`` what each operator has to know, both as they are or
    as an argon2 hash; empty means no password is asked for. ``history_on_join`` is how many messages of a room
    are shown to who comes in with a client that cannot ask for them; 0: none.
    """

    password: str = field(default="", repr=False)
    operators: Mapping[str, str] = field(default_factory=dict, repr=False)
    registering: Registering = Registering.OPEN
    email_required: bool = False
    history_on_join: int = HISTORY_ON_JOIN

    @property
    def who_registers(self) -> Registering:
        """Who may make an account, all told: nobody before the server's password was asked for."""
        early = self.registering is Registering.BEFORE_CONNECT
        return Registering.OPEN if early and self.password else self.registering
