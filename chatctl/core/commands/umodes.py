"""The modes of people: Modern IRC, sections "MODE message" and "User Modes"; bot-mode (IRCv3)."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import tell_user
from chatctl.core.events.status import UserModesChanged, UserModesShown
from chatctl.core.modes import ModeChange
from chatctl.core.names import fold
from chatctl.core.requests.status import ChangeUserModes, ShowUserModes
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import OPERATOR, USER_MODES, Session, User
from chatctl.errors import NoSuchNick, NotYourModes, UnknownUserMode


def modes_of(user: User) -> str:
    """Return the letters of the user's modes."""
    return "".join(letter for letter in USER_MODES if letter in user.modes or (letter == OPERATOR and user.operator))


def show_modes(chat: Chat, session: Session, request: ShowUserModes, turn: Turn) -> None:
    """Show one's modes; raises ``NoSuchNick``, ``NotYourModes``."""
    _check_own(chat, session, request.nick)
    turn.tell(session, UserModesShown(modes_of(session.user)))


def change_modes(chat: Chat, session: Session, request: ChangeUserModes, turn: Turn) -> None:
    """Change one's modes, and then complain of those that there are not.

    Nobody makes an operator of themselves. Raises ``NoSuchNick``, ``NotYourModes``, ``UnknownUserMode``.
    """
    _check_own(chat, session, request.nick)
    user = session.user
    before = modes_of(user)
    for adding, letter, _ in request.changes:
        _apply(user, adding, letter)
    after = modes_of(user)
    done = [ModeChange(True, letter) for letter in after if letter not in before]
    done += [ModeChange(False, letter) for letter in before if letter not in after]
    if done:
        user.changed()
        chat.census.note(user)
        tell_user(user, UserModesChanged(user.source, tuple(done)), turn)
    unknown = dict.fromkeys(one.letter for one in request.changes if one.letter not in USER_MODES)
    if unknown:
        raise UnknownUserMode("".join(unknown), USER_MODES)


def _check_own(chat: Chat, session: Session, nick: str) -> None:
    user = chat.nicks.get(fold(nick))
    if user is None:
        raise NoSuchNick(nick)
    if user is not session.user:
        raise NotYourModes


def _apply(user: User, adding: bool, letter: str) -> None:
    if letter == OPERATOR:
        user.operator = user.operator if adding else ""
    elif letter in USER_MODES:
        (user.modes.add if adding else user.modes.discard)(letter)


HANDLERS: Handlers = {ShowUserModes: show_modes, ChangeUserModes: change_modes}
