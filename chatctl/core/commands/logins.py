"""Being logged in: how fast one may try, what follows, whose nick is whose."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import tell_user
from chatctl.core.commands.status import tell_account_change
from chatctl.core.events.accounts import LoggedIn, LoggedOut, ServiceNotice
from chatctl.core.events.presence import Rejected
from chatctl.core.names import fold
from chatctl.core.records import Account
from chatctl.core.requests import accounts as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.errors import SaslFailed, TooManyLogins

TRIES = 3
"""Wrong passwords for one account, and from one address, in ``TRIES_TIME``."""

TRIES_TIME = 60_000
"""Milliseconds."""

REMEMBERED = 10_000
"""Accounts and addresses whose failures are remembered at most."""


def check_pace(chat: Chat, session: Session, name: str, turn: Turn) -> None:
    """Let somebody try a password; raises ``TooManyLogins`` after three wrong ones in a minute."""
    for key in _keys(session, name):
        recent = [at for at in chat.failures.get(key, ()) if at > turn.now - TRIES_TIME]
        if len(recent) >= TRIES:
            raise TooManyLogins((recent[-TRIES] + TRIES_TIME - turn.now) // 1000 + 1)


def note_failure(chat: Chat, session: Session, name: str, turn: Turn) -> None:
    """Remember a wrong password; each one within a minute makes the wait begin anew."""
    for key in _keys(session, name):
        before = chat.failures.pop(key, ())
        chat.failures[key] = (*before[1 - TRIES :], turn.now)
    while len(chat.failures) > REMEMBERED:
        del chat.failures[next(iter(chat.failures))]


def _keys(session: Session, name: str) -> tuple[str, ...]:
    address = f"address {session.user.host}"
    return (f"account {fold(name)}", address) if name else (address,)


def password_judged(chat: Chat, session: Session, request: ask.PasswordJudged, turn: Turn) -> None:
    """Log in, or say that the password was wrong."""
    if request.account is not None:
        complete(chat, session, request.account, request.way, turn)
        return
    note_failure(chat, session, request.name, turn)
    if request.way is ask.Way.SASL:
        turn.tell(session, Rejected(SaslFailed()))
    else:
        turn.tell(session, ServiceNotice("Wrong password, or there is no such account."))


def complete(chat: Chat, session: Session, account: Account, way: ask.Way, turn: Turn) -> None:
    """Be logged in to ``account`` from now on, and get the account's nick back from a stranger."""
    chat.accounts.setdefault(fold(account.name), account)
    user = session.user
    changed = _set_account(user, account.name, turn)
    turn.tell(session, LoggedIn(user.source, account.name, way is ask.Way.SASL))
    if changed:
        tell_account_change(chat, user, turn)
    if way is ask.Way.SERVICE:
        turn.tell(session, ServiceNotice(f"You are now logged in as {account.name}."))


def log_out(chat: Chat, session: Session, turn: Turn) -> None:
    """Be logged in no more."""
    user = session.user
    changed = _set_account(user, "", turn)
    tell_user(user, LoggedOut(user.source), turn)
    if changed:
        tell_account_change(chat, user, turn)


def _set_account(user: User, name: str, turn: Turn) -> bool:
    """Let ``user`` be logged in to the account, or to none; True if others are to know of it."""
    if user.account == name:
        return False
    user.account = name
    user.changed()
    for session in user.sessions:
        session.entry = replace(session.entry, account=name)
        if session.registration is None:
            turn.log(session.entry)
    return user.sessions[0].registration is None


HANDLERS: Handlers = {ask.PasswordJudged: password_judged}
