"""Who a session is, told before it takes part: Modern IRC, section "Connection Registration"."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.bans import find_ban
from chatctl.core.commands import markers, naming, sharing
from chatctl.core.commands.base import Handlers
from chatctl.core.commands.lookups import crowd_of
from chatctl.core.commands.monitor import appeared
from chatctl.core.commands.presence import expel
from chatctl.core.events.presence import Rejected, Welcomed
from chatctl.core.metadata import everything
from chatctl.core.queries import SecretQuery
from chatctl.core.requests import accounts
from chatctl.core.requests import metadata as data
from chatctl.core.requests import presence as ask
from chatctl.core.requests.base import Request
from chatctl.core.requests.status import Away
from chatctl.core.state import Chat, host_of
from chatctl.core.turn import Turn
from chatctl.core.user import UNNAMED, Registration, Session, User
from chatctl.errors import AlreadyRegistered, Banned, NickOwned, Refused, SaslAborted, WrongPassword

ALLOWED: set[type[Request]] = {
    ask.Rename,
    ask.Introduce,
    ask.GivePassword,
    ask.PasswordChecked,
    ask.Hold,
    ask.Release,
    ask.Quit,
    ask.Invalid,
    ask.Expel,
    ask.Vanish,
    ask.Reply,
    ask.Nothing,
    Away,
    accounts.Authenticate,
    accounts.Challenged,
    accounts.ProofJudged,
    accounts.LoginFailed,
    accounts.PasswordJudged,
    accounts.Register,
    accounts.Verify,
    accounts.CredentialsMade,
    accounts.CredentialsRefused,
    data.GetMetadata,
    data.ListMetadata,
    data.SetMetadata,
    data.ClearMetadata,
    data.Subscribe,
    data.Unsubscribe,
    data.ListSubscriptions,
    data.SyncMetadata,
}
"""What a session may ask that has not registered."""


def rename(chat: Chat, session: Session, request: ask.Rename, turn: Turn) -> None:
    """Note the nick, or take another one; raises as ``naming.check_free``."""
    if session.registration is None:
        naming.rename(chat, session, request, turn)
        return
    session.registration.wanted = request.nick
    session.registration.nick = _wish(chat, session, request.nick)
    session.user.nick = session.registration.nick
    session.user.changed()
    proceed(chat, session, turn)


def _wish(chat: Chat, session: Session, nick: str) -> str:
    """Return ``nick`` if the session may hope for it.

    It may still log in to the account that owns it, or share it with its other clients.
    """
    if sharing.twin_of(chat, session, nick) is not None:
        return nick
    try:
        return naming.check_free(chat, session, nick)
    except NickOwned:
        return nick


def introduce(chat: Chat, session: Session, request: ask.Introduce, turn: Turn) -> None:
    """Note user name and real name; raises ``AlreadyRegistered``."""
    registration = _unfinished(session)
    registration.user, registration.realname = request.user, request.realname
    proceed(chat, session, turn)


def give_password(chat: Chat, session: Session, request: ask.GivePassword, turn: Turn) -> None:
    """Note the server's password; raises ``AlreadyRegistered``."""
    _unfinished(session).password = request.password


def password_checked(chat: Chat, session: Session, request: ask.PasswordChecked, turn: Turn) -> None:
    """Go on if the password was right, or end the session."""
    if not request.right:
        expel(chat, session, ask.Expel(WrongPassword()), turn)
    elif session.registration is not None:
        session.registration.checked = True
        proceed(chat, session, turn)


def hold(chat: Chat, session: Session, request: ask.Hold, turn: Turn) -> None:
    """Let the registration wait."""
    if session.registration is not None:
        session.registration.held = True
    turn.tell(session, request.event)


def release(chat: Chat, session: Session, request: ask.Release, turn: Turn) -> None:
    """Let the registration go on."""
    if session.registration is not None:
        session.registration.held = False
        proceed(chat, session, turn)


def proceed(chat: Chat, session: Session, turn: Turn) -> None:
    """Complete the registration if all is told; raises ``NickInUse``."""
    registration = session.registration
    if registration is None or registration.held or not (registration.nick and registration.user):
        return
    if chat.policy.password and not registration.checked:
        right, wrong = ask.PasswordChecked(True), ask.PasswordChecked(False)
        turn.ask(session, SecretQuery(registration.password, chat.policy.password, right, wrong))
        return
    _complete(chat, session, turn)


def _complete(chat: Chat, session: Session, turn: Turn) -> None:
    registration, user = session.registration, session.user
    assert registration is not None
    ban = find_ban(chat, registration.user, host_of(session.entry.address), turn)
    if ban is not None:
        expel(chat, session, ask.Expel(Banned(ban.reason, ban.until)), turn)
        return
    user.name, user.realname, note = registration.user, registration.realname, user.away
    twin = _take_nick(chat, session, registration, turn)
    if twin is not None:
        sharing.attach(chat, session, twin, turn)
        user = twin
    if session.login is not None:
        # IRCv3, sasl-3.1: who goes on without waiting for the end of the exchange does so without an account.
        session.login = None
        turn.tell(session, Rejected(SaslAborted()))
    chat.registered(session)
    session.entry = replace(
        session.entry, nick=user.nick, user=user.name, realname=user.realname, account=user.account, connected=turn.now
    )
    turn.log(session.entry)
    turn.tell(session, Welcomed(session.entry, user.source, crowd_of(chat), everything(user)))
    if twin is None:
        appeared(chat, user, turn)
    else:
        sharing.orient_twin(chat, session, note, turn)
    markers.arrived(chat, session, turn)


def _take_nick(chat: Chat, session: Session, registration: Registration, turn: Turn) -> User | None:
    """Let the session have the nick, or return who has it already by other clients; raises as ``naming.check_free``."""
    user = session.user
    try:
        twin = sharing.twin_of(chat, session, registration.nick)
        nick = registration.nick if twin else naming.check_free(chat, session, registration.nick)
    except Refused:
        registration.nick, user.nick = "", UNNAMED
        user.changed()
        raise
    if twin is None:
        naming.vacate(chat, user, nick, turn)
        chat.name(user, nick)
    return twin


def _unfinished(session: Session) -> Registration:
    if session.registration is None:
        raise AlreadyRegistered
    return session.registration


HANDLERS: Handlers = {
    ask.Rename: rename,
    ask.Introduce: introduce,
    ask.GivePassword: give_password,
    ask.PasswordChecked: password_checked,
    ask.Hold: hold,
    ask.Release: release,
}
