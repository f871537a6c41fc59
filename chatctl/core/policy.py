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

    password: str = ""
    operators: Mapping[str, str] = field(default_factory=dict)
    registering: Registering = Registering.OPEN
    email_required: bool = False
