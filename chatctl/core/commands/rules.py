"""What a room allows whom."""

from __future__ import annotations

from chatctl.core.extbans import is_mute, means
from chatctl.core.records import LINE_BREAK, LINE_JOINT, Kind
from chatctl.core.room import INVITE_ONLY, MEMBERS_ONLY, MODERATED, NO_CTCP, OP, Member, Room
from chatctl.core.user import User
from chatctl.errors import BannedFromRoom, CannotSend, InviteOnly, NotRoomOperator, RoomFull, WrongKey

_CTCP = "\x01"


def check_speech(room: Room, user: User, kind: Kind, text: str) -> None:
    """Let ``user`` say something in ``room`` or raise ``CannotSend``.

    Source of what the modes mean: Modern IRC, section "Channel Modes"; a role lets one speak in spite of bans, too.
    """
    flags = room.flags
    if NO_CTCP in flags and _is_ctcp(kind, text):
        raise CannotSend(room.name, "CTCP is switched off there, except actions")
    member = room.members.get(user)
    if member is None:
        if MEMBERS_ONLY in flags:
            raise CannotSend(room.name, "you are not in the room; join it first")
    elif member.roles:
        return
    if MODERATED in flags:
        raise CannotSend(room.name, "only those with voice may speak; ask one of its operators for it")
    if room.lists["b"] and _is_silenced(room, user, member):
        raise CannotSend(room.name, "you are banned or muted; ask one of its operators to lift it")


def check_entry(room: Room, user: User, key: str) -> None:
    """Let ``user`` come into ``room``; raises ``BannedFromRoom``, ``InviteOnly``, ``WrongKey``, ``RoomFull``.

    An invitation stands above the modes i and l: Modern IRC, sections "JOIN message" and "INVITE message".
    """
    invited = user in room.invited
    if _is_banned(room, user, speaking=False):
        raise BannedFromRoom(room.name)
    if INVITE_ONLY in room.flags and not invited and not _is_listed(room, "I", user, speaking=False):
        raise InviteOnly(room.name)
    if room.key and key != room.key:
        raise WrongKey(room.name)
    if room.limit and len(room.members) >= room.limit and not invited:
        raise RoomFull(room.name, room.limit)


def _is_ctcp(kind: Kind, text: str) -> bool:
    if kind == "action" or _CTCP not in text:
        return False
    return any(line.startswith(_CTCP) for line in text.replace(LINE_JOINT, "").split(LINE_BREAK))


def _is_silenced(room: Room, user: User, member: Member | None) -> bool:
    if member is None:
        return _is_banned(room, user, speaking=True)
    # Comparing a hundred masks with each message would cost more than all the rest of it.
    if member.ruling is None or member.ruling[0] is not user.source:
        member.ruling = user.source, _is_banned(room, user, speaking=True)
    return member.ruling[1]


def _is_banned(room: Room, user: User, speaking: bool) -> bool:
    return _is_listed(room, "b", user, speaking) and not _is_listed(room, "e", user, speaking)


def _is_listed(room: Room, letter: str, user: User, speaking: bool) -> bool:
    return any(means(mask, user) for mask, _, _ in room.lists[letter].values() if speaking or not is_mute(mask))


def check_operator(room: Room, user: User) -> None:
    """Let ``user`` do what the room's operators may or raise ``NotRoomOperator``; server operators may too."""
    if not room.has_role(user, OP) and not user.operator:
        raise NotRoomOperator(room.name)
