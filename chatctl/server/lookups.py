"""How each query is answered: from the archive, or by slow arithmetic."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from chatctl.core import queries as asked
from chatctl.core.events.base import Event
from chatctl.core.events.lookups import Found, HistoryShown, SessionsListed
from chatctl.core.queries import Query
from chatctl.core.records import Account
from chatctl.core.requests import accounts
from chatctl.core.requests.base import Request
from chatctl.errors import BadScram
from chatctl.store.base import Archive

if TYPE_CHECKING:
    from chatctl.auth.scram import Challenge

NONCE_BYTES = 18


class _Exchange(NamedTuple):
    """A SCRAM exchange under way, and the account that it is about, if there is one."""

    challenge: Challenge
    account: Account | None


def look_up(query: Query, archive: Archive) -> Event | Request:
    """Return the answer to ``query``; raises ``StoreFailed``, ``Refused``."""
    return LOOKUPS[type(query)](query, archive)


def _history(query: asked.HistoryQuery, archive: Archive) -> Event:
    return HistoryShown(query.title, archive.history(query.log, query.page))


def _search(query: asked.SearchQuery, archive: Archive) -> Event:
    return Found(query.title, query.wanted.text, archive.search(query.logs, query.wanted))


def _sessions(query: asked.SessionsQuery, archive: Archive) -> Event:
    past = archive.past_sessions(query.past_limit)
    return SessionsListed(query.now, query.active, past, query.active_total, archive.past_total(), query.limit)


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

    credentials = make_credentials(query.password)
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
    return accounts.Challenged(challenge.server_first, _Exchange(challenge, account))


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
    asked.SecretQuery: _secret,
    asked.PasswordQuery: _password,
    asked.CredentialsQuery: _credentials,
    asked.ScramFirstQuery: _scram_first,
    asked.ScramFinalQuery: _scram_final,
}
