"""The modes of a room: showing and changing them. Modern IRC, sections "MODE message" and "Channel Modes"."""

from __future__ import annotations

from collections.abc import Callable

from chatctl.core import modes
from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import announce
from chatctl.core.commands.rules import check_operator
from chatctl.core.events.modes import MasksListed, RoomModeChanged, RoomModesShown
from chatctl.core.events.presence import Rejected
from chatctl.core.extbans import MASK_LIMIT, complete_extended, is_mute
from chatctl.core.modes import ModeChange, takes_parameter
from chatctl.core.names import fold
from chatctl.core.requests.modes import ChangeModes, ShowModes
from chatctl.core.room import ListedMask, Room
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.errors import (
    BadModeParameter,
    MaskListFull,
    NoSuchNick,
    NoSuchRoom,
    NotInRoom,
    Refused,
    TooManyChanges,
    UnknownMode,
    UserNotInRoom,
)

CHANGES_LIMIT = 20
"""Changes with a parameter that one request may have."""

MASKS_LIMIT = 100
"""Masks in all lists of a room together."""

KEY_LIMIT = 23
"""Characters of a key: RFC 2812, section 2.3.1."""

HIDDEN = "*"
"""What is shown in place of a key."""


def show_modes(chat: Chat, session: Session, request: ShowModes, turn: Turn) -> None:
    """Show the modes of a room; the key only to its members and to server operators. Raises ``NoSuchRoom``."""
    room, user = _room(chat, request.room), session.user
    shown = [ModeChange(True, letter) for letter in sorted(room.flags)]
    if room.key:
        inside = user in room.members or user.operator
        shown.append(ModeChange(True, modes.KEY, room.key if inside else HIDDEN))
    if room.limit:
        shown.append(ModeChange(True, modes.LIMIT, str(room.limit)))
    turn.tell(session, RoomModesShown(room.name, tuple(shown), room.created))


def change_modes(chat: Chat, session: Session, request: ChangeModes, turn: Turn) -> None:
    """Change modes, show lists; what is refused of it does not concern the rest. The room is told what changed.

    Raises ``NoSuchRoom``, ``NotInRoom``, ``NotRoomOperator``, ``TooManyChanges``.
    """
    room, user = _room(chat, request.room), session.user
    if user not in room.members and not user.operator:
        raise NotInRoom(room.name)
    # Each list and each complaint once, however often the letter is repeated.
    wanted = [one for one in request.changes if not _asks_for_list(one) and one.letter in modes.LETTERS]
    unknown = dict.fromkeys(one.letter for one in request.changes if one.letter not in modes.LETTERS)
    queries = dict.fromkeys(one.letter for one in request.changes if _asks_for_list(one))
    if wanted or unknown:
        check_operator(room, user)
        _check_count(room, wanted)
    for letter in unknown:
        turn.tell(session, Rejected(UnknownMode(letter, modes.LETTERS)))
    _announce(room, session, _apply(chat, room, session, wanted, turn), turn)
    for letter in queries:
        turn.tell(session, MasksListed(room.name, letter, tuple(room.lists[letter].values())))


def _room(chat: Chat, name: str) -> Room:
    room = chat.rooms.get(fold(name))
    if room is None:
        raise NoSuchRoom(name)
    return room


def _asks_for_list(change: ModeChange) -> bool:
    return change.letter in modes.LISTS and not change.parameter


def _check_count(room: Room, changes: list[ModeChange]) -> None:
    count = sum(takes_parameter(one.adding, one.letter) for one in changes)
    if count > CHANGES_LIMIT:
        raise TooManyChanges(room.name, count, CHANGES_LIMIT)


def _apply(chat: Chat, room: Room, session: Session, wanted: list[ModeChange], turn: Turn) -> tuple[ModeChange, ...]:
    """Make the changes and return those that made a difference, as they are to be announced."""
    done = []
    for change in wanted:
        try:
            if change.letter in modes.LISTS:
                made = _change_list(room, session.user, change, turn.now)
            elif change.letter in modes.ROLES:
                made = _change_role(chat, room, change)
            else:
                made = _SETTINGS.get(change.letter, _change_flag)(room, change)
        except Refused as error:
            turn.tell(session, Rejected(error))
        else:
            if made is not None:
                done.append(made)
    return tuple(done)


def _announce(room: Room, session: Session, done: tuple[ModeChange, ...], turn: Turn) -> None:
    if not done:
        return
    event = RoomModeChanged(session.user.source, room.name, done)
    announce(room, event, turn)
    if session.user not in room.members:
        turn.tell(session, event)


def _change_flag(room: Room, change: ModeChange) -> ModeChange | None:
    if change.adding == (change.letter in room.flags):
        return None
    if change.adding:
        room.flags.add(change.letter)
    else:
        room.flags.remove(change.letter)
    room.ruled()
    return ModeChange(change.adding, change.letter)


def _change_key(room: Room, change: ModeChange) -> ModeChange | None:
    """Set the key, or take it away whatever key was given; raises ``BadModeParameter``, which does not repeat it."""
    if not change.adding:
        had, room.key = room.key, ""
        return ModeChange(False, modes.KEY, HIDDEN) if had else None
    key = change.parameter
    usable = 0 < len(key) <= KEY_LIMIT and key.isprintable() and key[0] != ":"
    if not usable or " " in key or "," in key:
        remedy = f"up to {KEY_LIMIT} characters without blanks and commas, and no colon at the start"
        raise BadModeParameter(room.name, modes.KEY, HIDDEN, remedy)
    if key == room.key:
        return None
    room.key = key
    return ModeChange(True, modes.KEY, key)


def _change_limit(room: Room, change: ModeChange) -> ModeChange | None:
    """Set the limit or take it away; raises ``BadModeParameter``."""
    if not change.adding:
        had, room.limit = room.limit, 0
        return ModeChange(False, modes.LIMIT) if had else None
    text = change.parameter
    # int() would also read other scripts' digits and numbers of any length.
    limit = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not limit:
        raise BadModeParameter(room.name, modes.LIMIT, text, "a number of members from 1 to 999999999")
    if limit == room.limit:
        return None
    room.limit = limit
    return ModeChange(True, modes.LIMIT, str(limit))


def _change_role(chat: Chat, room: Room, change: ModeChange) -> ModeChange | None:
    """Give a member a role or take it; raises ``NoSuchNick``, ``UserNotInRoom``."""
    user = chat.nicks.get(fold(change.parameter))
    if user is None:
        raise NoSuchNick(change.parameter)
    member = room.members.get(user)
    if member is None:
        raise UserNotInRoom(user.nick, room.name)
    if change.adding == (change.letter in member.roles):
        return None
    if change.adding:
        member.roles.add(change.letter)
    else:
        member.roles.remove(change.letter)
    return ModeChange(change.adding, change.letter, user.nick)


def _change_list(room: Room, user: User, change: ModeChange, now: int) -> ModeChange | None:
    """Add a mask to a list or remove it; raises ``BadModeParameter``, ``MaskListFull``."""
    letter, masks = change.letter, room.lists[change.letter]
    mask = complete_extended(change.parameter)
    if not mask or (letter == "I" and is_mute(mask)):
        remedy = f"NICK!USER@HOST or a:ACCOUNT, for bans also m: and one of these, of up to {MASK_LIMIT} bytes"
        raise BadModeParameter(room.name, letter, change.parameter, remedy)
    listed = masks.get(fold(mask))
    if change.adding == (listed is not None):
        return None
    if listed is not None:
        del masks[fold(mask)]
        mask = listed.mask
    else:
        if sum(map(len, room.lists.values())) >= MASKS_LIMIT:
            raise MaskListFull(room.name, letter, MASKS_LIMIT)
        masks[fold(mask)] = ListedMask(mask, user.source.mask, now)
    room.ruled()
    return ModeChange(change.adding, letter, mask)


_SETTINGS: dict[str, Callable[[Room, ModeChange], ModeChange | None]] = {
    modes.KEY: _change_key,
    modes.LIMIT: _change_limit,
}

HANDLERS: Handlers = {ShowModes: show_modes, ChangeModes: change_modes}
