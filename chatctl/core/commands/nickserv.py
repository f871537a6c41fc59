"""NickServ: accounts for clients that know no SASL, by private messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chatctl.core.commands import accounts, certificates, logins, naming
from chatctl.core.commands.base import Handlers
from chatctl.core.events.accounts import ServiceNotice
from chatctl.core.names import fold
from chatctl.core.queries import CredentialsQuery, PasswordQuery
from chatctl.core.records import AccountChanged
from chatctl.core.requests import accounts as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import Refused

Verb = Callable[[Chat, Session, list[str], Turn], None]

HELP = (
    "REGISTER <password> [<email>]: make an account of your nick",
    "IDENTIFY [<account>] <password>: log in",
    "LOGOUT: log out",
    "RECOVER <nick>: get your nick back from who has it",
    "PASSWORD <new password>: change your password",
    "SHARED ON|OFF: let several of your clients have your nick at once, or not",
    certificates.HELP,
    "INFO: what is known of your account",
)


def command(chat: Chat, session: Session, request: ask.Command, turn: Turn) -> None:
    """Do what NickServ is told."""
    verb, *words = request.text.split() or [""]
    act = _VERBS.get(verb.upper())
    if act is None:
        _say(session, turn, *HELP)
        return
    try:
        act(chat, session, words, turn)
    except Refused as error:
        _say(session, turn, f"{error}.")


def _say(session: Session, turn: Turn, *lines: str) -> None:
    for line in lines:
        turn.tell(session, ServiceNotice(line))


def _register(chat: Chat, session: Session, words: list[str], turn: Turn) -> None:
    if not words:
        _say(session, turn, HELP[0])
        return
    email = words[1] if len(words) > 1 else "*"
    accounts.make(chat, session, "*", email, words[0], ask.Way.SERVICE, turn)


def _identify(chat: Chat, session: Session, words: list[str], turn: Turn) -> None:
    if not words:
        _say(session, turn, HELP[1])
        return
    name = words[0] if len(words) > 1 else session.nick
    logins.check_pace(chat, session, name, turn)
    turn.ask(session, PasswordQuery(name, " ".join(words[1:] or words), ask.Way.SERVICE))


def _logout(chat: Chat, session: Session, words: list[str], turn: Turn) -> None:
    if _logged_in(session, turn):
        logins.log_out(chat, session.user, turn)
        _say(session, turn, "You are logged out.")


def _recover(chat: Chat, session: Session, words: list[str], turn: Turn) -> None:
    if not words:
        _say(session, turn, HELP[3])
    elif _logged_in(session, turn):
        nick = words[0]
        holder = chat.nicks.get(fold(nick))
        own = fold(nick) == fold(session.user.account)
        if not own and (holder is None or fold(holder.account) != fold(session.user.account)):
            _say(session, turn, f"{nick} is not yours; log in to the account of that name.")
            return
        naming.recover(chat, session, nick, turn)
        _say(session, turn, f"You are {nick} now.")


def _password(chat: Chat, session: Session, words: list[str], turn: Turn) -> None:
    if not words:
        _say(session, turn, HELP[4])
    elif _logged_in(session, turn):
        if len(words[0]) < accounts.SHORTEST_PASSWORD:
            _say(session, turn, f"A password needs at least {accounts.SHORTEST_PASSWORD} characters.")
            return
        turn.ask(session, CredentialsQuery(session.user.account, "", words[0], ask.Way.SERVICE, replaces=True))


def _shared(chat: Chat, session: Session, words: list[str], turn: Turn) -> None:
    wanted = words[0].upper() if words else ""
    if wanted not in ("ON", "OFF"):
        _say(session, turn, HELP[5])
    elif _logged_in(session, turn):
        key = fold(session.user.account)
        account = chat.accounts[key] = replace(chat.accounts[key], shared=wanted == "ON")
        turn.change(AccountChanged(account))
        several = "Several of your clients may have your nick at once."
        only_one = "Only one of your clients may have your nick; those that are here may stay."
        turn.tell(session, ServiceNotice(several if account.shared else only_one, saved=True))


def _cert(chat: Chat, session: Session, words: list[str], turn: Turn) -> None:
    if _logged_in(session, turn):
        certificates.manage(chat, session, words, turn)


def _info(chat: Chat, session: Session, words: list[str], turn: Turn) -> None:
    if _logged_in(session, turn):
        account = chat.accounts[fold(session.user.account)]
        _say(
            session,
            turn,
            f"You are logged in as {account.name}; your clients here as {session.nick}: {len(session.user.sessions)}.",
            f"Your nick is {'shared among your clients' if account.shared else 'for one client at a time'}.",
            f"Your e-mail address is {account.email or 'not known'}.",
        )


def _logged_in(session: Session, turn: Turn) -> bool:
    if not session.user.account:
        _say(session, turn, "You are not logged in; IDENTIFY [<account>] <password> logs in.")
    return bool(session.user.account)


_VERBS: dict[str, Verb] = {
    "REGISTER": _register,
    "IDENTIFY": _identify,
    "LOGOUT": _logout,
    "RECOVER": _recover,
    "GHOST": _recover,
    "RELEASE": _recover,
    "PASSWORD": _password,
    "SHARED": _shared,
    "CERT": _cert,
    "INFO": _info,
}

HANDLERS: Handlers = {ask.Command: command}
