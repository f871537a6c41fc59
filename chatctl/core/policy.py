"""What the one who runs the server has decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Registering(StrEnum):
    """Who may make an account: the values of draft/account-registration (IRCv3)."""

    OPEN = "open"
    BEFORE_CONNECT = "before-connect"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of this server.

    ``password`` is what everybody has to know, ``operators`` what each operator has to know, both as they are or
    as an argon2 hash; empty means no password is asked for.
    """

    password: str = field(default="", repr=False)
    operators: Mapping[str, str] = field(default_factory=dict, repr=False)
    registering: Registering = Registering.OPEN
    email_required: bool = False

    @property
    def who_registers(self) -> Registering:
        """Who may make an account, all told: nobody before the server's password was asked for."""
        early = self.registering is Registering.BEFORE_CONNECT
        return Registering.OPEN if early and self.password else self.registering
