"""What holds in a chat between two turns."""

from __future__ import annotations

from chatctl.core.names import fold
from chatctl.core.state import Chat
from chatctl.core.user import Session, User
from chatctl.store.memory import MemoryStore

from . import cutting


def check(chat: Chat, store: MemoryStore) -> None:
    """Check that everything that is known twice is known in the same way."""
    _check_people(chat)
    _check_rooms(chat)
    _check_lists(chat)
    _check_what_lasts(chat, store)


def _check_people(chat: Chat) -> None:
    users = {session.user for session in chat.sessions.values()}
    for number, session in chat.sessions.items():
        assert session.id == number
        assert session in session.user.sessions
        assert (number in chat.unregistered) == (session.registration is not None)
        assert session.room is None or session.user in session.room.members
    assert chat.unregistered <= chat.sessions.keys()
    for user in users:
        assert all(chat.sessions.get(one.id) is one for one in user.sessions)
        assert len(set(user.numbers)) == len(user.sessions)
        if all(one.registration is None for one in user.sessions):
            assert chat.nicks.get(fold(user.nick)) is user
    assert all(user in users and fold(user.nick) == name for name, user in chat.nicks.items())


def _check_rooms(chat: Chat) -> None:
    assert chat.rooms[fold(chat.lobby.name)] is chat.lobby
    for name, room in chat.rooms.items():
        assert fold(room.name) == name
        assert room.members or room is chat.lobby
        numbers = {number for user in room.members for number in user.numbers}
        assert set(room.audience) == numbers == {*room.roster, *room.others}
        assert len(room.audience) == len(numbers) == len(room.roster) + len(room.others)
        for user, member in room.members.items():
            assert member.user is user
            assert user.rooms.get(name) is room
            assert user.sessions
    for user in chat.nicks.values():
        assert all(chat.rooms.get(name) is room and user in room.members for name, room in user.rooms.items())


def _check_lists(chat: Chat) -> None:
    """Check that nothing is remembered of who has left; invitations are looked through at the next one."""
    for watched in (*chat.watching._lists, *chat.subscriptions._keys):
        assert watched in chat.sessions
    for watchers in (*chat.watching._watchers.values(), *chat.subscriptions._sessions.values()):
        assert watchers
        assert watchers.keys() <= chat.sessions.keys()
    for user in _people_in(chat.acceptances, chat.census):
        assert chat.sessions.keys() >= set(user.numbers) != set()


def _check_what_lasts(chat: Chat, store: MemoryStore) -> None:
    assert {account.name: account for account in chat.accounts.values()} == {one.name: one for one in store.accounts()}
    assert tuple(sorted(chat.bans.values(), key=str)) == tuple(sorted(store.bans(), key=str))
    for account in chat.accounts.values():
        kept = {marker.target: marker.at for marker in store.markers(account.name)}
        assert chat.markers.of(fold(account.name)) == kept


def check_empty(chat: Chat) -> None:
    """Check that a chat that everybody has left has nobody in it."""
    assert not chat.sessions
    assert not chat.nicks
    assert list(chat.rooms.values()) == [chat.lobby]
    assert not chat.lobby.members
    lists = (chat.watching, chat.subscriptions, chat.acceptances, chat.census)
    assert not [one for one in cutting.reachable(lists) if isinstance(one, dict | set) and one]
    assert chat.markers._times.keys() <= chat.accounts.keys()
    assert not _people_in(chat.past_nicks, chat.failures, chat.bans, chat.lobby.lists, chat.markers)


def _people_in(*roots: object) -> list[User]:
    found = list(cutting.reachable(roots))
    return [one for one in found if isinstance(one, User)] + [one.user for one in found if isinstance(one, Session)]
