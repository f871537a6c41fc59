"""What operators of the server may do. Source: Modern IRC, sections "OPER message" and "Operator Messages"."""

from __future__ import annotations

from chatctl.core.commands import patience
from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import tell_user
from chatctl.core.commands.presence import depart
from chatctl.core.events import operators as ev
from chatctl.core.events.presence import Expelled
from chatctl.core.events.status import UserModesChanged
from chatctl.core.limits import RULES
from chatctl.core.modes import ModeChange
from chatctl.core.names import fold
from chatctl.core.queries import SecretQuery
from chatctl.core.requests import operators as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import OPERATOR, Session, User
from chatctl.errors import BadSetting, Killed, NoOperators, NoSuchNick, NotOperator, TooManyTries, WrongOperator

REMEMBERED_FOR = 24 * 60 * 60_000
"""Milliseconds after which wrong passwords are forgotten."""

REASON_LIMIT = 300
"""Characters of a word why; what is longer is cut."""

_SETTINGS = tuple(name for name, rule in RULES.items() if not rule.fixed)


def check_privilege(user: User) -> None:
    """Let operators pass or raise ``NotOperator``."""
    if not user.operator:
        raise NotOperator


def reason(text: str, otherwise: str = "no reason given") -> str:
    """Return a word why as it is told."""
    return text[:REASON_LIMIT] or otherwise


def become(chat: Chat, session: Session, request: ask.BecomeOperator, turn: Turn) -> None:
    """Have an operator's password checked; raises ``NoOperators``, ``TooManyTries``."""
    operators = chat.policy.operators
    if not operators:
        raise NoOperators
    seconds = patience.seconds_left(chat, _key(session), turn.now, REMEMBERED_FOR)
    if seconds:
        raise TooManyTries(seconds)
    wrong = ask.OperatorJudged(request.name, False)
    stored = operators.get(request.name)
    if stored is None:
        # An unknown name takes as long as a known one.
        turn.ask(session, SecretQuery(request.password, next(iter(operators.values())), wrong, wrong))
    else:
        turn.ask(session, SecretQuery(request.password, stored, ask.OperatorJudged(request.name, True), wrong))


def _key(session: Session) -> str:
    return f"operator {session.user.host}"


def judged(chat: Chat, session: Session, request: ask.OperatorJudged, turn: Turn) -> None:
    """Make an operator of who knew the password; raises ``WrongOperator``."""
    user = session.user
    if not request.right:
        patience.note_failure(chat, _key(session), turn.now, REMEMBERED_FOR)
        turn.note(f"{user.source.mask} gave a wrong password for the operator {request.name}")
        raise WrongOperator
    chat.failures.pop(_key(session), None)
    turn.note(f"{user.source.mask} is operator {request.name} now")
    new = not user.operator
    user.operator = request.name
    chat.census.note(user)
    turn.tell(session, ev.OperatorMade())
    if new:
        tell_user(user, UserModesChanged(user.source, (ModeChange(True, OPERATOR),)), turn)


def kill(chat: Chat, session: Session, request: ask.Kill, turn: Turn) -> None:
    """Disconnect somebody, by all their clients; raises ``NotOperator``, ``NoSuchNick``."""
    check_privilege(session.user)
    victim = chat.nicks.get(fold(request.nick))
    if victim is None:
        raise NoSuchNick(request.nick)
    by, why = session.user.source, reason(request.why)
    turn.note(f"{by.mask}, operator {session.user.operator}, disconnects {victim.source.mask}: {why}")
    turn.tell(session, ev.SomebodyKilled(victim.nick))
    for one in tuple(victim.sessions):
        turn.tell(one, ev.KillTold(by, victim.nick, why))
        turn.tell(one, Expelled(Killed(by.nick, why)))
        depart(chat, one, Killed.code, f"Killed ({by.nick}: {why})", turn)


def call(chat: Chat, session: Session, request: ask.Wallops, turn: Turn) -> None:
    """Say something to everybody with the mode w; raises ``NotOperator``."""
    check_privilege(session.user)
    event = ev.Called(session.user.source, request.text)
    audience = tuple([one.id for user in chat.census.listeners for one in user.sessions])
    if audience:
        turn.spread(event, audience)


def list_operators(chat: Chat, session: Session, request: ask.ListOperators, turn: Turn) -> None:
    """Show the names of operators; raises ``NotOperator``."""
    check_privilege(session.user)
    turn.tell(session, ev.OperatorsListed(tuple(chat.policy.operators)))


def show_settings(chat: Chat, session: Session, request: ask.ShowSettings, turn: Turn) -> None:
    """Show a limit, or all that can be set; raises ``NotOperator``, ``BadSetting``."""
    check_privilege(session.user)
    names = (_setting(request.name),) if request.name else _SETTINGS
    turn.tell(session, ev.SettingsShown(names, chat.limits))


def set_limit(chat: Chat, session: Session, request: ask.SetLimit, turn: Turn) -> None:
    """Let another limit hold, as far as the machine allows; nobody who is here has to go.

    Raises ``NotOperator``, ``BadSetting``.
    """
    check_privilege(session.user)
    name = _setting(request.name)
    wished = chat.limits.changed(name, request.value)
    chat.limits = chat.grant(wished)
    turn.note(f"{session.user.source.mask}, operator {session.user.operator}, sets {name} to {chat.limits.told(name)}")
    less = chat.limits.value(name) != wished.value(name)
    turn.tell(session, ev.SettingsShown((name,), chat.limits, wished.value(name) if less else None))


def _setting(text: str) -> str:
    """Return the limit that is meant, however it is spelled; raises ``BadSetting``."""
    letters = text.lower().replace("-", "").replace("_", "")
    name = next((name for name in RULES if name.replace("-", "") == letters), None)
    if name is None:
        raise BadSetting(text, f"one of {', '.join(_SETTINGS)}")
    if RULES[name].fixed:
        raise BadSetting(f"{name} while the server runs", f"--{name} at its next start")
    return name


def shut_down(chat: Chat, session: Session, request: ask.Shutdown, turn: Turn) -> None:
    """Stop the server; everybody is told why. Raises ``NotOperator``."""
    check_privilege(session.user)
    chat.farewell = reason(request.why, "")
    why = f": {chat.farewell}" if chat.farewell else ""
    turn.note(f"{session.user.source.mask}, operator {session.user.operator}, stops the server{why}")
    turn.stop_server()


HANDLERS: Handlers = {
    ask.BecomeOperator: become,
    ask.OperatorJudged: judged,
    ask.Kill: kill,
    ask.Wallops: call,
    ask.ListOperators: list_operators,
    ask.ShowSettings: show_settings,
    ask.SetLimit: set_limit,
    ask.Shutdown: shut_down,
}
