"""How each query is answered: from the archive, or by slow arithmetic."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from chatctl.core import queries as asked
from chatctl.core.events.base import Event
from chatctl.core.events.history import RecentShown, Sought, TargetsShown
from chatctl.core.events.lookups import Found, HistoryShown, SessionsListed
from chatctl.core.history import Id, Page, PrivateLog, RoomLog
from chatctl.core.names import fold
from chatctl.core.queries import Query
from chatctl.core.records import Account
from chatctl.core.requests import accounts, people
from chatctl.core.requests.base import Request
from chatctl.core.requests.history import Redaction
from chatctl.errors import BadPassword, BadScram
from chatctl.store.base import Archive

if TYPE_CHECKING:
    from chatctl.auth.scram import Challenge

NONCE_BYTES = 18

ALL = 1_000_000
"""More conversations than anybody has."""


class _Exchange(NamedTuple):
    """A SCRAM exchange under way, and the account that it is about, if there is one."""

    challenge: Challenge
    account: Account | None


def look_up(query: Query, archive: Archive) -> Event | Request:
    """Return the answer to ``query``; raises ``StoreFailed``, ``Refused``."""
    return LOOKUPS[type(query)](query, archive)


def _history(query: asked.HistoryQuery, archive: Archive) -> Event:
    messages = archive.history(query.log, query.page)
    if not messages and query.otherwise is not None:
        messages = archive.history(query.log, query.otherwise)
    return HistoryShown(query.title, messages)


def _search(query: asked.SearchQuery, archive: Archive) -> Event:
    return Found(query.title, query.wanted.text, archive.search(query.logs, query.wanted))


def _sessions(query: asked.SessionsQuery, archive: Archive) -> Event:
    past = archive.past_sessions(query.past_limit)
    return SessionsListed(query.now, query.active, past, query.active_total, archive.past_total(), query.limit)


def _seek(query: asked.SeekQuery, archive: Archive) -> Event:
    logs = list(query.logs)
    if query.owner:
        peers = archive.conversations(query.owner, None, None, ALL)
        logs += [PrivateLog(query.owner, peer) for peer, _ in peers]
    return Sought(archive.search(logs, query.wanted))


def _recent(query: asked.RecentQuery, archive: Archive) -> Event:
    page = Page(query.count, before=Id(query.last + 1), events=False)
    return RecentShown(tuple(HistoryShown(room, archive.history(RoomLog(room), page)) for room in query.rooms))


def _targets(query: asked.TargetsQuery, archive: Archive) -> Event:
    backwards = query.first.ms > query.second.ms
    after, before = (query.second, query.first) if backwards else (query.first, query.second)
    newest = ((room, archive.latest(room)) for room in query.rooms)
    found = [(at, room, room) for room, at in newest if at is not None and after.ms < at < before.ms]
    peers = archive.conversations(query.owner, after, before, ALL if backwards else query.count)
    found += [(at, peer, "") for peer, at in peers]
    found.sort()
    chosen = found[-query.count :] if backwards else found[: query.count]
    return TargetsShown(
        tuple((room or _spelled(archive, PrivateLog(query.owner, peer)), at) for at, peer, room in chosen)
    )


def _spelled(archive: Archive, log: PrivateLog) -> str:
    """Return the peer's nick as it is written in the newest message."""
    names = [name for one in archive.history(log, Page(1)) for name in (one.target, one.nick)]
    return next((name for name in names if fold(name) == fold(log.peer)), log.peer)


def _message(query: asked.MessageQuery, archive: Archive) -> Request:
    number = query.request.number
    return Redaction(query.request, None if number is None else archive.message(number))


def _whowas(query: asked.WhowasQuery, archive: Archive) -> Request:
    return people.FormerFound(query.nick, query.count, archive.whowas(query.nick, query.count))


def _secret(query: asked.SecretQuery, archive: Archive) -> Request:
    from chatctl.auth.passwords import verify_secret

    return query.right if verify_secret(query.secret, query.stored) else query.wrong


def _password(query: asked.PasswordQuery, archive: Archive) -> Request:
    from chatctl.auth.passwords import check_password

    account, credentials = archive.credentials(query.name) or (None, None)
    right = check_password(query.password, credentials)
    return accounts.PasswordJudged(query.name, account if right else None, query.way)


def _credentials(query: asked.CredentialsQuery, archive: Archive) -> Request:
    from chatctl.auth.passwords import make_credentials

    try:
        credentials = make_credentials(query.password)
    except BadPassword as error:
        return accounts.CredentialsRefused(query.name, error, query.way)
    return accounts.CredentialsMade(query.name, query.email, credentials, query.way, query.replaces)


def _scram_first(query: asked.ScramFirstQuery, archive: Archive) -> Request:
    from chatctl.auth import scram

    try:
        first = scram.begin(query.data)
    except BadScram:
        return accounts.LoginFailed()
    account, credentials = archive.credentials(first.username) or (None, None)
    verifier = None if credentials is None else credentials.scram
    challenge = scram.challenge(first, verifier, secrets.token_urlsafe(NONCE_BYTES), _decoy_secret())
    return accounts.Challenged(first.username, challenge.server_first, _Exchange(challenge, account))


def _scram_final(query: asked.ScramFinalQuery, archive: Archive) -> Request:
    from chatctl.auth import scram

    assert isinstance(query.exchange, _Exchange)
    challenge, account = query.exchange
    try:
        proof = scram.finish(challenge, query.data)
    except BadScram:
        return accounts.LoginFailed()
    return accounts.ProofJudged(challenge.first.username, account if proof else None, proof or b"")


@cache
def _decoy_secret() -> bytes:
    return secrets.token_bytes(32)


LOOKUPS: dict[type[Query], Callable[[Any, Archive], Event | Request]] = {
    asked.HistoryQuery: _history,
    asked.SearchQuery: _search,
    asked.SessionsQuery: _sessions,
    asked.SeekQuery: _seek,
    asked.RecentQuery: _recent,
    asked.TargetsQuery: _targets,
    asked.MessageQuery: _message,
    asked.WhowasQuery: _whowas,
    asked.SecretQuery: _secret,
    asked.PasswordQuery: _password,
    asked.CredentialsQuery: _credentials,
    asked.ScramFirstQuery: _scram_first,
    asked.ScramFinalQuery: _scram_final,
}
