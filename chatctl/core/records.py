"""What the chat remembers and the store keeps: messages, the session ledger, accounts, bans, read markers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["say", "action", "notice", "tags", "topic"]
"""How a message was meant; ``tags`` has no text, only client tags (a TAGMSG); ``topic`` set the room's topic."""

EVENTS: frozenset[Kind] = frozenset({"tags", "topic"})
"""The kinds that say nothing to people: events, which only those read who ask for them."""

LINE_BREAK = "\n"
"""Parts the lines of a multiline message's text."""

LINE_JOINT = "\r"
"""Where a multiline message's line was sent in two pieces that belong together."""


class Message(NamedTuple):
    """One message as it is stored and delivered; a named tuple because one is made for each line said.

    ``at`` counts milliseconds since 1970 (UTC); ``sender`` and ``recipient`` are session numbers. ``target`` is
    the room's name, or the recipient's nick of a private message, which is one with a ``recipient``. ``user`` is
    the sender's ``user@host``; accounts are empty for who is not logged in; ``tags`` are ``bot``
    for a bot's message, and the client's own, as IRC writes them, without the ``@``.
    """

    id: int
    at: int
    target: str
    recipient: int | None
    sender: int
    nick: str
    kind: Kind
    text: str
    user: str = ""
    account: str = ""
    recipient_account: str = ""
    tags: str = ""


SECURE = "+tls"
"""How the name of a protocol ends that was spoken through TLS."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the session ledger.

    Times count milliseconds since 1970 (UTC); ``disconnected`` is None and ``reason`` empty while the
    session lasts. ``user`` is the name that IRC shows before the ``@``.
    """

    id: int
    nick: str
    address: str
    wire: str
    connected: int
    disconnected: int | None = None
    reason: str = ""
    user: str = ""
    realname: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can log in; ``shared``: several sessions at once may have the account's nick.

    ``created`` counts milliseconds since 1970 (UTC). ``certificates`` are the fingerprints (SHA-256, 64 lower-case
    hexadecimal digits, sorted) of those by which one can log in; no two accounts have the same.
    """

    name: str
    created: int
    email: str = ""
    shared: bool = True
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Credentials:
    """What checks a password: an argon2id hash, and a SCRAM-SHA-256 verifier kept apart from it.

    ``scram`` is ``iterations$salt$stored-key$server-key``, the last three in base64 (RFC 5802, section 3).
    """

    argon2: str = field(repr=False)
    scram: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ban:
    """Addresses that may not connect: a glob of ``user@host`` or a network such as ``10.0.0.0/8``.

    ``until`` counts milliseconds since 1970 (UTC); None means for ever.
    """

    mask: str
    reason: str
    by: str
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Marker:
    """Up to which time (milliseconds since 1970) an account has read a room or a conversation."""

    account: str
    target: str
    at: int


@dataclass(frozen=True, slots=True)
class AccountAdded:
    """A new account is to be kept; one with the same name, letter case apart, is left as it is."""

    account: Account
    credentials: Credentials


@dataclass(frozen=True, slots=True)
class AccountRemoved:
    """The account and its read markers are to be forgotten; its private messages are nobody's from then on."""

    name: str


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """The account has other properties or, when not None, other credentials; its certificates stay."""

    account: Account
    credentials: Credentials | None = None


@dataclass(frozen=True, slots=True)
class CertificateAdded:
    """One can log in to the account by the certificate with this fingerprint, unless it is another account's."""

    account: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CertificateRemoved:
    """One cannot log in to the account by the certificate with this fingerprint any more."""

    account: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class MarkerMoved:
    """A read marker is to be kept in place of the earlier one for the same account and target."""

    marker: Marker


@dataclass(frozen=True, slots=True)
class BanSet:
    """A ban is to be kept in place of an earlier one with the same mask."""

    ban: Ban


@dataclass(frozen=True, slots=True)
class BanLifted:
    """The ban with this mask is to be forgotten."""

    mask: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """The message is to be forgotten: its row, and what the search index knows of it."""

    message: int


Change = (
    AccountAdded
    | AccountRemoved
    | AccountChanged
    | CertificateAdded
    | CertificateRemoved
    | MarkerMoved
    | BanSet
    | BanLifted
    | Redacted
)
"""What a store keeps apart from messages and ledger rows."""
