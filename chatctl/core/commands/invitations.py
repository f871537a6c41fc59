"""Inviting people into rooms: Modern IRC, section "INVITE message"; invite-notify (IRCv3)."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import tell_user
from chatctl.core.commands.rooms import room_of
from chatctl.core.commands.rules import check_operator
from chatctl.core.events.rooms import InvitationsListed, Invited, Inviting
from chatctl.core.events.talk import AwayTold
from chatctl.core.names import fold
from chatctl.core.requests.rooms import Invite, ListInvitations
from chatctl.core.room import INVITE_ONLY, OP
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import NoSuchNick, UserInRoom


def invite(chat: Chat, session: Session, request: Invite, turn: Turn) -> None:
    """Invite somebody into a room; only an operator's invitation opens a room that is closed to them.

    Raises ``NoSuchNick``, ``NoSuchRoom``, ``NotInRoom``, ``UserInRoom``, ``NotRoomOperator``.
    """
    user = session.user
    target = chat.nicks.get(fold(request.nick))
    if target is None:
        raise NoSuchNick(request.nick)
    room = room_of(chat, user, request.room)
    if INVITE_ONLY in room.flags:
        check_operator(room, user)
    if target in room.members:
        raise UserInRoom(target.nick, room.name)
    if room.has_role(user, OP) or user.operator:
        room.invited = {one for one in room.invited if one.sessions} | {target}
    turn.tell(session, Inviting(target.nick, room.name))
    if target.away:
        turn.tell(session, AwayTold(target.nick, target.away))
    tell_user(target, Invited(user.source, target.nick, room.name), turn)
    operators = [one for one in room.members if room.has_role(one, OP)]
    witnesses = tuple([one.id for operator in operators for one in operator.sessions if one is not session])
    if witnesses:
        turn.spread(Invited(user.source, target.nick, room.name, witness=True), witnesses)


def list_invitations(chat: Chat, session: Session, request: ListInvitations, turn: Turn) -> None:
    """List the rooms that are open to one by invitation."""
    names = [room.name for room in chat.rooms.values() if session.user in room.invited]
    turn.tell(session, InvitationsListed(tuple(names)))


HANDLERS: Handlers = {Invite: invite, ListInvitations: list_invitations}
