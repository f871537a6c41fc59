"""Making an account: IRCv3, draft/account-registration."""

from __future__ import annotations

import re

from chatctl.core.commands import logins
from chatctl.core.commands.base import Handlers
from chatctl.core.commands.naming import SERVICE
from chatctl.core.events.accounts import Registered, ServiceNotice
from chatctl.core.names import check_nick, fold, is_reserved
from chatctl.core.policy import Registering
from chatctl.core.queries import CredentialsQuery
from chatctl.core.records import Account, AccountAdded, AccountChanged
from chatctl.core.requests import accounts as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import UNNAMED, Session
from chatctl.errors import (
    AccountExists,
    AlreadyLoggedIn,
    BadAccountName,
    BadNick,
    ConnectionNotComplete,
    EmailNeeded,
    NameMustBeNick,
    NeedNick,
    NoVerification,
    Refused,
    RegistrationClosed,
    VerifiedTooEarly,
    WeakPassword,
)

SHORTEST_PASSWORD = 4
"""Characters."""

EMAIL_LIMIT = 254
"""Characters: RFC 5321, section 4.5.3.1.3, less the brackets."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def register(chat: Chat, session: Session, request: ask.Register, turn: Turn) -> None:
    """Have an account made, and log in to it; raises what draft/account-registration names."""
    make(chat, session, request.name, request.email, request.password, ask.Way.REGISTER, turn)


def make(chat: Chat, session: Session, wanted: str, email: str, password: str, way: ask.Way, turn: Turn) -> None:
    """Check what can be checked at once, and have the password hashed; ``wanted`` may be ``*``, ``email`` too."""
    nick = session.nick if session.registration is None else session.registration.wanted or UNNAMED
    name = nick if wanted == UNNAMED else wanted
    _check_policy(chat, session, nick, name)
    address = "" if email == UNNAMED else email
    if (address or chat.policy.email_required) and not _is_email(address):
        raise EmailNeeded(name, email)
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(name, SHORTEST_PASSWORD)
    turn.ask(session, CredentialsQuery(name, address, password, way))


def _is_email(text: str) -> bool:
    return len(text) <= EMAIL_LIMIT and text.isprintable() and _EMAIL.fullmatch(text) is not None


def _check_policy(chat: Chat, session: Session, nick: str, name: str) -> None:
    if chat.policy.registering is Registering.CLOSED:
        raise RegistrationClosed(name)
    if session.registration is not None and chat.policy.who_registers is not Registering.BEFORE_CONNECT:
        raise ConnectionNotComplete
    if nick == UNNAMED:
        raise NeedNick
    if session.user.account:
        raise AlreadyLoggedIn(session.user.account)
    if fold(name) != fold(nick):
        raise NameMustBeNick(name)
    check_name(chat, session, name)


def check_name(chat: Chat, session: Session, name: str) -> None:
    """Let a new account be called ``name``; raises ``BadAccountName``, ``AccountExists``."""
    try:
        check_nick(name, chat.limits.nick_length)
    except BadNick:
        raise BadAccountName(name) from None
    if is_reserved(name, 0) or fold(name) == SERVICE:
        raise BadAccountName(name)
    holder = chat.nicks.get(fold(name))
    if fold(name) in chat.accounts or (holder is not None and holder is not session.user):
        raise AccountExists(name)


def credentials_made(chat: Chat, session: Session, request: ask.CredentialsMade, turn: Turn) -> None:
    """Keep the new account and log in to it, or keep the new password."""
    if request.replaces:
        _replace_password(chat, session, request, turn)
        return
    try:
        check_name(chat, session, request.name)
    except Refused as error:
        logins.refuse(session, error, request.way, turn)
        return
    account = Account(request.name, turn.now, request.email)
    chat.accounts[fold(account.name)] = account
    turn.change(AccountAdded(account, request.credentials))
    turn.tell(session, Registered(account.name, request.way))
    logins.complete(chat, session, account, ask.Way.REGISTER, turn)


def _replace_password(chat: Chat, session: Session, request: ask.CredentialsMade, turn: Turn) -> None:
    known = chat.accounts.get(fold(request.name))
    if known is None:
        turn.tell(session, ServiceNotice(f"The account {request.name} is gone."))
        return
    turn.change(AccountChanged(known, request.credentials))
    turn.tell(session, ServiceNotice("Your password is changed.", saved=True))


def credentials_refused(chat: Chat, session: Session, request: ask.CredentialsRefused, turn: Turn) -> None:
    """Tell why the password cannot be one."""
    request.error.about = (request.name,)
    logins.refuse(session, request.error, request.way, turn)


def verify(chat: Chat, session: Session, request: ask.Verify, turn: Turn) -> None:
    """Turn down a code: none is ever asked for; raises ``VerifiedTooEarly``, ``NoVerification``."""
    if session.registration is not None and chat.policy.who_registers is not Registering.BEFORE_CONNECT:
        raise VerifiedTooEarly
    raise NoVerification(request.name)


HANDLERS: Handlers = {
    ask.Register: register,
    ask.Verify: verify,
    ask.CredentialsMade: credentials_made,
    ask.CredentialsRefused: credentials_refused,
}
