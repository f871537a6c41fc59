"""Watching who comes and goes, and how they are: monitor and extended-monitor (IRCv3)."""

from __future__ import annotations

from chatctl.core.commands import subscriptions
from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import circle
from chatctl.core.events.accounts import AccountChanged
from chatctl.core.events.presence import Rejected
from chatctl.core.events.status import (
    Appeared,
    AwayChanged,
    RealnameChanged,
    Vanished,
    Watched,
    WatchedListed,
)
from chatctl.core.names import check_nick, fold
from chatctl.core.requests import status as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.core.watching import WATCH_LIMIT
from chatctl.errors import BadNick, WatchListFull


def appeared(chat: Chat, user: User, turn: Turn) -> None:
    """Tell those who watch the name that ``user`` is here under it now."""
    watchers = chat.watching.watchers(user.nick)
    if watchers:
        turn.spread(Appeared((user.source,)), watchers)
        for number in watchers:
            subscriptions.watched(chat, chat.sessions[number], user, turn)


def vanished(chat: Chat, nick: str, turn: Turn) -> None:
    """Tell those who watch ``nick`` that nobody is here under it any more."""
    turn.spread(Vanished((nick,)), chat.watching.watchers(nick))


def tell_change(
    chat: Chat, user: User, event: AwayChanged | RealnameChanged | AccountChanged, turn: Turn, own: bool = True
) -> None:
    """Tell all who share a room with ``user`` or watch the name; also the user if ``own``."""
    near = circle(user)
    if own:
        turn.spread(event, near)
    elif len(user.sessions) == 1:
        turn.spread(event, near, but=user.sessions[0].id)
    else:
        turn.spread(event, tuple([number for number in near if number not in user.numbers]))
    watchers = chat.watching.watchers(user.nick)
    if watchers:
        known = {*near, *user.numbers}
        turn.spread(Watched(event), tuple([number for number in watchers if number not in known]))


def watch(chat: Chat, session: Session, request: ask.Watch, turn: Turn) -> None:
    """Watch names; what one refuses (``BadNick``) does not concern the others. Raises ``WatchListFull``."""
    watched: list[str] = []
    left: list[str] = []
    for nick in request.nicks:
        try:
            check_nick(nick, chat.limits.nick_length)
        except BadNick as error:
            turn.tell(session, Rejected(error))
            continue
        (watched if chat.watching.add(session.id, nick) else left).append(nick)
    _show(chat, session, watched, turn)
    if left:
        raise WatchListFull(WATCH_LIMIT, tuple(left))


def _show(chat: Chat, session: Session, nicks: list[str], turn: Turn) -> None:
    here = [chat.nicks[fold(nick)].source for nick in nicks if fold(nick) in chat.nicks]
    missing = [nick for nick in nicks if fold(nick) not in chat.nicks]
    if here:
        turn.tell(session, Appeared(tuple(here)))
    if missing:
        turn.tell(session, Vanished(tuple(missing)))
    for who in here:
        subscriptions.watched(chat, session, chat.nicks[fold(who.nick)], turn)


def unwatch(chat: Chat, session: Session, request: ask.Unwatch, turn: Turn) -> None:
    """Watch names no more."""
    for nick in request.nicks:
        chat.watching.remove(session.id, nick)


def unwatch_all(chat: Chat, session: Session, request: ask.UnwatchAll, turn: Turn) -> None:
    """Watch nobody any more."""
    chat.watching.clear(session.id)


def list_watched(chat: Chat, session: Session, request: ask.ListWatched, turn: Turn) -> None:
    """Show which names one watches."""
    turn.tell(session, WatchedListed(chat.watching.watched(session.id)))


def show_watched(chat: Chat, session: Session, request: ask.ShowWatched, turn: Turn) -> None:
    """Show who of those one watches is here."""
    _show(chat, session, list(chat.watching.watched(session.id)), turn)


HANDLERS: Handlers = {
    ask.Watch: watch,
    ask.Unwatch: unwatch,
    ask.UnwatchAll: unwatch_all,
    ask.ListWatched: list_watched,
    ask.ShowWatched: show_watched,
}
