"""AUTHENTICATE: the server's half of SASL, in the core because its state has to follow the order of requests.

Source: IRCv3, sasl-3.1 and sasl-3.2; EXTERNAL is RFC 4422, appendix A, PLAIN RFC 4616, SCRAM-SHA-256 RFC 5802 and
RFC 7677.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from chatctl.core.commands import certificates, logins
from chatctl.core.commands.base import Handlers
from chatctl.core.events.accounts import Asked, Mechanisms
from chatctl.core.names import fold
from chatctl.core.queries import PasswordQuery, ScramFinalQuery, ScramFirstQuery
from chatctl.core.records import Account
from chatctl.core.requests import accounts as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import CertificateUnknown, NoCertificate, SaslAborted, SaslFailed, SaslTooLong

MECHANISMS = ("PLAIN", "SCRAM-SHA-256")
EXTERNAL = "EXTERNAL"
CHUNK = 400
"""Characters of base64 in one line; a shorter one is the last."""

MESSAGE_LIMIT = 4 * CHUNK
"""Characters of base64 in one message."""


@dataclass(slots=True)
class Login:
    """A SASL exchange under way; ``account`` is set once a SCRAM proof was right."""

    mechanism: str
    text: str = field(default="", repr=False)
    exchange: object = field(default=None, repr=False)
    account: Account | None = None


def mechanisms(certified: bool) -> tuple[str, ...]:
    """Return the ways to log in for a session, which may have shown a certificate."""
    return (*MECHANISMS, EXTERNAL) if certified else MECHANISMS


def authenticate(chat: Chat, session: Session, request: ask.Authenticate, turn: Turn) -> None:
    """Take one step.

    Raises ``SaslFailed``, ``SaslTooLong``, ``SaslAborted``, ``TooManyLogins``, ``CertificateUnknown``,
    ``NoCertificate``.
    """
    text, login = request.text, session.login
    if text == "*":
        session.login = None
        raise SaslAborted
    if not isinstance(login, Login) or (not login.text and text.upper() in mechanisms(True)):
        # None of the names is a message in base64, so a client that begins again is understood.
        _begin(session, text.upper(), turn)
        return
    login.text += "" if text == "+" else text
    if len(text) > CHUNK or len(login.text) > MESSAGE_LIMIT:
        session.login = None
        raise SaslTooLong if len(text) > CHUNK else SaslFailed
    if len(text) == CHUNK:
        return
    message, login.text = login.text, ""
    try:
        _step(chat, session, login, _decode(message), turn)
    except BaseException:
        session.login = None
        raise


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        # It is no base64 or, which is another error, not even ASCII.
        raise SaslFailed from None


def _begin(session: Session, mechanism: str, turn: Turn) -> None:
    usable = mechanisms(bool(session.certificate))
    if mechanism not in usable:
        turn.tell(session, Mechanisms(usable))
        raise NoCertificate if mechanism == EXTERNAL else SaslFailed
    session.login = Login(mechanism)
    turn.tell(session, Asked(b""))


def _step(chat: Chat, session: Session, login: Login, data: bytes, turn: Turn) -> None:
    if login.account is not None:
        session.login = None
        logins.complete(chat, session, login.account, ask.Way.SASL, turn)
    elif login.mechanism == EXTERNAL:
        session.login = None
        _log_in_by_certificate(chat, session, data, turn)
    elif login.mechanism == "PLAIN":
        name, password = _read_plain(data)
        session.login = None
        logins.check_pace(chat, session, name, turn)
        turn.ask(session, PasswordQuery(name, password, ask.Way.SASL))
    elif login.exchange is None:
        logins.check_pace(chat, session, "", turn)
        turn.ask(session, ScramFirstQuery(data))
    else:
        turn.ask(session, ScramFinalQuery(login.exchange, data))


def _log_in_by_certificate(chat: Chat, session: Session, data: bytes, turn: Turn) -> None:
    """Log in to the account that has the session's certificate, and is the one named in ``data`` if that is not empty.

    RFC 4422, appendix A. Raises ``TooManyLogins``, ``CertificateUnknown``.
    """
    logins.check_pace(chat, session, "", turn)
    account = certificates.holder(chat, session.certificate)
    if account is None or (data and fold(data.decode(errors="replace")) != fold(account.name)):
        logins.note_failure(chat, session, "", turn)
        raise CertificateUnknown
    logins.complete(chat, session, account, ask.Way.SASL, turn)


def _read_plain(data: bytes) -> tuple[str, str]:
    """Return name and password; nobody can act for somebody else: RFC 4616, section 2."""
    try:
        acted, name, password = data.decode().split("\0")
    except ValueError:
        raise SaslFailed from None
    if not name or not password or (acted and fold(acted) != fold(name)):
        raise SaslFailed
    return name, password


def challenged(chat: Chat, session: Session, request: ask.Challenged, turn: Turn) -> None:
    """Send the server's answer to the first SCRAM message; raises ``TooManyLogins``."""
    login, session.login = session.login, None
    logins.check_pace(chat, session, request.name, turn)
    assert isinstance(login, Login)
    login.exchange = request.exchange
    session.login = login
    turn.tell(session, Asked(request.data))


def proof_judged(chat: Chat, session: Session, request: ask.ProofJudged, turn: Turn) -> None:
    """Send the server's own proof, or say that the client's was wrong; raises ``TooManyLogins``, ``SaslFailed``."""
    login, session.login = session.login, None
    logins.check_pace(chat, session, request.name, turn)
    if request.account is None:
        logins.note_failure(chat, session, request.name, turn)
        raise SaslFailed
    assert isinstance(login, Login)
    login.account = request.account
    session.login = login
    turn.tell(session, Asked(request.data))


def failed(chat: Chat, session: Session, request: ask.LoginFailed, turn: Turn) -> None:
    """End the exchange; raises ``SaslFailed``."""
    session.login = None
    raise SaslFailed


HANDLERS: Handlers = {
    ask.Authenticate: authenticate,
    ask.Challenged: challenged,
    ask.ProofJudged: proof_judged,
    ask.LoginFailed: failed,
}
