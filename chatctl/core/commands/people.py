"""Asking about people: Modern IRC, section "User-Based Queries"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.listing import is_visible
from chatctl.core.commands.umodes import modes_of
from chatctl.core.events import people as ev
from chatctl.core.events.presence import Rejected
from chatctl.core.masks import is_mask, matches
from chatctl.core.metadata import everything
from chatctl.core.names import fold
from chatctl.core.queries import WhowasQuery
from chatctl.core.requests import people as ask
from chatctl.core.room import Room
from chatctl.core.state import Chat, host_of
from chatctl.core.turn import Turn
from chatctl.core.user import INVISIBLE, Session, User
from chatctl.errors import NoSuchNick, NoSuchRecord, NoSuchServer

EVERYBODY = ("*", "0")
"""Masks that mean everybody: RFC 2812, section 3.6.1."""

FOUND_LIMIT = 500
"""People whom a mask finds at most, unless an operator of the server asks."""

PROFILES_LIMIT = 4
"""Nicks that one WHOIS may name."""

RECORDS_LIMIT = 100
"""Records that a WHOWAS is answered with at most."""

HOSTS_LIMIT = 5
"""Nicks that one USERHOST may name."""


def who(chat: Chat, session: Session, request: ask.Who, turn: Turn) -> None:
    """List people by room, nick or mask: Modern IRC, section "WHO message"; WHOX (IRCv3)."""
    asker, mask = session.user, request.mask
    room, limit = chat.rooms.get(fold(mask)), None
    if room is not None:
        found = _in_room(asker, room)
    else:
        found = _answering(chat, asker, mask)
        limit = None if asker.operator else FOUND_LIMIT
    if request.operators:
        found = (user for user in found if user.operator)
    cards = tuple([_card(user, room, turn.now) for user in islice(found, limit)])
    more = next(found, None) is not None
    turn.tell(session, ev.WhoShown(mask, cards, request.fields, request.token, more))


def _in_room(asker: User, room: Room) -> Iterator[User]:
    if is_visible(room, asker):
        yield from (user for user in room.members if _is_seen(asker, user))


def _answering(chat: Chat, asker: User, mask: str) -> Iterator[User]:
    if is_mask(mask) or mask in EVERYBODY:
        yield from (user for user in chat.nicks.values() if _answers(user, mask) and _is_seen(asker, user))
    elif fold(mask) in chat.nicks:
        yield chat.nicks[fold(mask)]


def _answers(user: User, mask: str) -> bool:
    """Tell whether a mask means somebody by any of their names, or one with ``!`` or ``@`` by all of them."""
    if mask in EVERYBODY or matches(mask, user.nick):
        return True
    if any(matches(mask, word) for word in (user.name, user.host, user.realname, user.account)):
        return True
    return ("!" in mask or "@" in mask) and matches(mask, user.source.mask)


def _is_seen(asker: User, user: User) -> bool:
    """Tell whether a search may find somebody: who is invisible, only by who shares a room, and by operators."""
    if INVISIBLE not in user.modes or user is asker or asker.operator:
        return True
    return not asker.rooms.keys().isdisjoint(user.rooms)


def _card(user: User, room: Room | None, now: int) -> ev.Card:
    return ev.Card(
        user.source,
        user.name,
        user.host,
        user.realname,
        "*" if room is None else room.name,
        "" if room is None else room.members[user].ranks,
        bool(user.away),
        bool(user.operator),
        _idle(user, now),
    )


def _idle(user: User, now: int) -> int:
    return max(now - user.active, 0) // 1000


def whois(chat: Chat, session: Session, request: ask.Whois, turn: Turn) -> None:
    """Tell all that may be known of people: Modern IRC, section "WHOIS message"."""
    if request.through and fold(request.through) not in chat.nicks:
        turn.tell(session, Rejected(NoSuchServer(request.through)))
    else:
        for nick in request.nicks[:PROFILES_LIMIT]:
            user = chat.nicks.get(fold(nick))
            turn.tell(session, Rejected(NoSuchNick(nick)) if user is None else _profile(session.user, user, turn.now))
    turn.tell(session, ev.WhoisEnded(request.asked))


def _profile(asker: User, user: User, now: int) -> ev.WhoisShown:
    knows = asker is user or bool(asker.operator)
    rooms = [room for room in user.rooms.values() if _is_shown(asker, user, room)]
    hosts = [host_of(one.entry.address) for one in user.sessions]
    return ev.WhoisShown(
        user.source,
        user.name,
        user.host,
        user.realname,
        tuple([(room.name, room.members[user].ranks) for room in rooms]),
        user.away,
        bool(user.operator),
        modes_of(user) if knows else None,
        tuple(dict.fromkeys(hosts)) if knows else None,
        _idle(user, now),
        user.since,
        everything(user),
        all(one.secure for one in user.sessions),
        tuple(dict.fromkeys(one.certificate for one in user.sessions if one.certificate)) if knows else (),
    )


def _is_shown(asker: User, user: User, room: Room) -> bool:
    """Tell whether ``asker`` may know that ``user`` is in ``room``: Modern IRC, section "RPL_WHOISCHANNELS"."""
    if asker in room.members or asker.operator:
        return True
    return INVISIBLE not in user.modes and is_visible(room, asker)


def whowas(chat: Chat, session: Session, request: ask.Whowas, turn: Turn) -> None:
    """Have the ledger asked who had a nick: Modern IRC, section "WHOWAS message"."""
    turn.ask(session, WhowasQuery(request.nick, min(request.count or RECORDS_LIMIT, RECORDS_LIMIT)))


def former_found(chat: Chat, session: Session, request: ask.FormerFound, turn: Turn) -> None:
    """Tell who had a nick, the last one first: who gave it up for another, and who left with it."""
    given_up = [entry for entry in reversed(chat.past_nicks) if fold(entry.nick) == fold(request.nick)]
    entries = sorted((*given_up, *request.entries), key=lambda entry: entry.disconnected or 0, reverse=True)
    if not entries:
        turn.tell(session, Rejected(NoSuchRecord(request.nick)))
    turn.tell(session, ev.WhowasShown(request.nick, tuple(entries[: request.count])))


def hosts(chat: Chat, session: Session, request: ask.Hosts, turn: Turn) -> None:
    """Tell where people are: Modern IRC, section "USERHOST message"."""
    found = (chat.nicks.get(fold(nick)) for nick in request.nicks[:HOSTS_LIMIT])
    people = tuple((user.source, bool(user.operator), bool(user.away)) for user in found if user is not None)
    turn.tell(session, ev.HostsShown(people))


def present(chat: Chat, session: Session, request: ask.Present, turn: Turn) -> None:
    """Tell which nicks are here: RFC 1459, section 5.8."""
    found = (chat.nicks.get(fold(nick)) for nick in request.nicks)
    turn.tell(session, ev.PresentShown(tuple(user.nick for user in found if user is not None)))


HANDLERS: Handlers = {
    ask.Who: who,
    ask.Whois: whois,
    ask.Whowas: whowas,
    ask.FormerFound: former_found,
    ask.Hosts: hosts,
    ask.Present: present,
}
