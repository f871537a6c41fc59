"""Coming, going, one's name."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatctl.core.events.base import Event
from chatctl.core.requests.base import Request
from chatctl.errors import Misbehaved, Refused


@dataclass(frozen=True, slots=True)
class Rename(Request):
    """Take another name; before registration, the name one is to have."""

    nick: str


@dataclass(frozen=True, slots=True)
class Introduce(Request):
    """Tell one's user name and real name."""

    user: str
    realname: str


@dataclass(frozen=True, slots=True)
class GivePassword(Request):
    """Tell the server's password."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordChecked(Request):
    """The answer to whether the server's password was right."""

    right: bool


@dataclass(frozen=True, slots=True)
class Hold(Request):
    """Do not complete the registration until ``Release``: capabilities are negotiated; ``event`` is the answer."""

    event: Event


@dataclass(frozen=True, slots=True)
class Release(Request):
    """Complete the registration as soon as all is told."""


@dataclass(frozen=True, slots=True)
class Quit(Request):
    """Leave the server, with a word to the others."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Invalid(Request):
    """Something the wire could not understand, answered in its turn with ``error``."""

    error: Refused


@dataclass(frozen=True, slots=True)
class Expel(Request):
    """The peer misbehaved: it is told ``error`` and the session ends with the error's code as the reason."""

    error: Misbehaved


@dataclass(frozen=True, slots=True)
class Vanish(Request):
    """The connection ended without a goodbye; ``reason`` goes into the ledger."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reply(Request):
    """Something that the wire itself has to answer, in its turn."""

    event: Event


@dataclass(frozen=True, slots=True)
class Nothing(Request):
    """Something that needs no answer."""


@dataclass(frozen=True, slots=True)
class Labeled(Request):
    """A request whose answers are to carry ``label``: labeled-response (IRCv3)."""

    label: str
    request: Request
