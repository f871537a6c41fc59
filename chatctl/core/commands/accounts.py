"""Making an account: IRCv3, draft/account-registration."""

from __future__ import annotations

import re

from chatctl.core.commands import logins
from chatctl.core.commands.base import Handlers
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
    RegistrationClosed,
    WeakPassword,
)

SHORTEST_PASSWORD = 4
"""Characters."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def register(chat: Chat, session: Session, request: ask.Register, turn: Turn) -> None:
    """Have an account made, and log in to it; raises what draft/account-registration names."""
    make(chat, session, request.name, request.email, request.password, ask.Way.REGISTER, turn)


def make(chat: Chat, session: Session, wanted: str, email: str, password: str, way: ask.Way, turn: Turn) -> None:
    """Check what can be checked at once, and have the password hashed; ``wanted`` may be ``*``, ``email`` too."""
    nick = session.nick if session.registration is None else session.registration.wanted or UNNAMED
    name = nick if wanted == UNNAMED else wanted
    _check_policy(chat, session, nick, name)
    if chat.policy.email_required and _EMAIL.fullmatch(email) is None:
        raise EmailNeeded(name, email)
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(name, SHORTEST_PASSWORD)
    turn.ask(session, CredentialsQuery(name, "" if email == "*" else email, password, way))


def _check_policy(chat: Chat, session: Session, nick: str, name: str) -> None:
    if chat.policy.registering is Registering.CLOSED:
        raise RegistrationClosed(name)
    if session.registration is not None and chat.policy.registering is not Registering.BEFORE_CONNECT:
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
        check_nick(name)
    except BadNick:
        raise BadAccountName(name) from None
    if is_reserved(name, 0):
        raise BadAccountName(name)
    holder = chat.nicks.get(fold(name))
    if fold(name) in chat.accounts or (holder is not None and holder is not session.user):
        raise AccountExists(name)


def credentials_made(chat: Chat, session: Session, request: ask.CredentialsMade, turn: Turn) -> None:
    """Keep the new account and log in to it, or keep the new password; raises ``AccountExists``."""
    if request.replaces:
        known = chat.accounts.get(fold(request.name))
        if known is not None:
            turn.change(AccountChanged(known, request.credentials))
            turn.tell(session, ServiceNotice("Your password is changed."))
        return
    check_name(chat, session, request.name)
    account = Account(request.name, turn.now, request.email)
    chat.accounts[fold(account.name)] = account
    turn.change(AccountAdded(account, request.credentials))
    if request.way is ask.Way.REGISTER:
        turn.tell(session, Registered(account.name))
    else:
        turn.tell(session, ServiceNotice("Account created"))
    logins.complete(chat, session, account, ask.Way.REGISTER, turn)


def verify(chat: Chat, session: Session, request: ask.Verify, turn: Turn) -> None:
    """Turn down a code: none is ever asked for; raises ``NoVerification``."""
    raise NoVerification(request.name)


HANDLERS: Handlers = {ask.Register: register, ask.Verify: verify, ask.CredentialsMade: credentials_made}
