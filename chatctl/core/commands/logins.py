"""Being logged in: how fast one may try, what follows, whose nick is whose."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.commands import naming, patience
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
from chatctl.errors import Refused, SaslFailed, TooManyLogins

ADDRESS_MEMORY = 60 * 60_000
"""Milliseconds for which an address' wrong passwords count: who goes on trying waits longer and longer."""

ACCOUNT_MEMORY = patience.FIRST_WAIT
"""Milliseconds for which those for one account count: a stranger's tries must not keep its owner out for long."""


def check_pace(chat: Chat, session: Session, name: str, turn: Turn) -> None:
    """Let somebody try a password; raises ``TooManyLogins`` after three wrong ones for the account or from the address.

    The account is not known yet when ``name`` is empty.
    """
    seconds = patience.seconds_left(chat, _address(session), turn.now, ADDRESS_MEMORY)
    if name:
        seconds = max(seconds, patience.seconds_left(chat, _account(name), turn.now, ACCOUNT_MEMORY))
    if seconds:
        raise TooManyLogins(seconds)


def note_failure(chat: Chat, session: Session, name: str, turn: Turn) -> None:
    """Remember a wrong password for the account ``name``, or, if that is empty, for none that is known."""
    patience.note_failure(chat, _address(session), turn.now, ADDRESS_MEMORY)
    if name:
        patience.note_failure(chat, _account(name), turn.now, ACCOUNT_MEMORY, chat.limits.login_tries)


def _address(session: Session) -> str:
    return f"address {session.user.host}"


def _account(name: str) -> str:
    return f"account {fold(name)}"


def refuse(session: Session, error: Refused, way: ask.Way, turn: Turn) -> None:
    """Turn down what was asked in this way."""
    turn.tell(session, ServiceNotice(f"{error}.") if way is ask.Way.SERVICE else Rejected(error))


def password_judged(chat: Chat, session: Session, request: ask.PasswordJudged, turn: Turn) -> None:
    """Log in, or say that the password was wrong."""
    try:
        # Other tries may have failed since this one was asked for: who asks from many connections gains nothing.
        check_pace(chat, session, request.name, turn)
    except TooManyLogins as error:
        refuse(session, error, request.way, turn)
        return
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
    for one in user.sessions:
        if one is session or changed:
            turn.tell(one, LoggedIn(user.source, account.name, one is session and way is ask.Way.SASL))
    if way is ask.Way.SERVICE:
        turn.tell(session, ServiceNotice(f"You are now logged in as {account.name}."))
    if changed and _takes_part(user):
        tell_account_change(chat, user, turn)
        naming.leave_owned(chat, user, turn)
        naming.reclaim(chat, user, turn)


def log_out(chat: Chat, user: User, turn: Turn) -> None:
    """Let ``user`` be logged in no more, by any client, nor have a nick that belongs to an account."""
    _set_account(user, "", turn)
    tell_user(user, LoggedOut(user.source), turn)
    if _takes_part(user):
        tell_account_change(chat, user, turn)
        naming.leave_owned(chat, user, turn)


def learn(chat: Chat, accounts: tuple[Account, ...], turn: Turn) -> None:
    """Replace what is known of the accounts; who is logged in to one that is gone is logged out."""
    before = chat.accounts
    chat.learn_accounts(accounts)
    gone = {name for name, account in before.items() if not _is_left(chat, name, account)}
    if gone:
        for user in dict.fromkeys(session.user for session in chat.sessions.values()):
            if fold(user.account) in gone:
                log_out(chat, user, turn)


def _is_left(chat: Chat, name: str, account: Account) -> bool:
    """Tell whether the account is there; one that was made later is another one, however it is called."""
    return name in chat.accounts and chat.accounts[name].created == account.created


def _takes_part(user: User) -> bool:
    return user.sessions[0].registration is None


def _set_account(user: User, name: str, turn: Turn) -> bool:
    """Let ``user`` be logged in to the account, or to none; False if that was so."""
    if user.account == name:
        return False
    user.account = name
    user.changed()
    for session in user.sessions:
        session.entry = replace(session.entry, account=name)
        if session.registration is None:
            turn.log(session.entry)
    return True


HANDLERS: Handlers = {ask.PasswordJudged: password_judged}
