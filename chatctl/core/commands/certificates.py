"""The TLS certificates by which one can log in to an account: NickServ's CERT."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.events.accounts import ServiceNotice
from chatctl.core.fingerprints import parse_fingerprint
from chatctl.core.names import fold
from chatctl.core.records import Account, CertificateAdded, CertificateRemoved
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import CertificateRefused

CERTIFICATES_LIMIT = 20
"""Certificates of one account."""

HELP = "CERT ADD|DEL [<fingerprint>], CERT LIST: log in by a TLS certificate, the one you use now if none is named"


def holder(chat: Chat, fingerprint: str) -> Account | None:
    """Return the account that has the certificate."""
    return next((one for one in chat.accounts.values() if fingerprint in one.certificates), None)


def manage(chat: Chat, session: Session, words: list[str], turn: Turn) -> None:
    """Add a certificate, take one away, or list those that there are; raises ``CertificateRefused``."""
    verb, *rest = words or [""]
    account = chat.accounts[fold(session.user.account)]
    match verb.upper():
        case "ADD":
            _add(chat, session, account, _named(session, rest), turn)
        case "DEL":
            _remove(chat, session, account, _named(session, rest), turn)
        case "LIST":
            _list(session, account, turn)
        case _:
            turn.tell(session, ServiceNotice(HELP))


def _named(session: Session, words: list[str]) -> str:
    """Return the fingerprint that is named, or that of the session's own certificate."""
    if words:
        try:
            return parse_fingerprint("".join(words))
        except ValueError as error:
            raise CertificateRefused(str(error)) from None
    if not session.certificate:
        raise CertificateRefused("you came without a certificate; connect with one, or tell its fingerprint")
    return session.certificate


def _add(chat: Chat, session: Session, account: Account, fingerprint: str, turn: Turn) -> None:
    if holder(chat, fingerprint) is not None:
        raise CertificateRefused("an account has this certificate already; take it away there, or use another")
    if len(account.certificates) >= CERTIFICATES_LIMIT:
        raise CertificateRefused(f"an account has {CERTIFICATES_LIMIT} certificates at most; take one away first")
    _keep(chat, account, tuple(sorted((*account.certificates, fingerprint))))
    turn.change(CertificateAdded(account.name, fingerprint))
    turn.tell(session, ServiceNotice(f"You can log in by the certificate {fingerprint} now.", saved=True))


def _remove(chat: Chat, session: Session, account: Account, fingerprint: str, turn: Turn) -> None:
    if fingerprint not in account.certificates:
        raise CertificateRefused("your account does not have this certificate; CERT LIST tells which it has")
    _keep(chat, account, tuple(one for one in account.certificates if one != fingerprint))
    turn.change(CertificateRemoved(account.name, fingerprint))
    turn.tell(session, ServiceNotice(f"Nobody can log in by the certificate {fingerprint} any more.", saved=True))


def _list(session: Session, account: Account, turn: Turn) -> None:
    for fingerprint in account.certificates:
        own = " (the one you use now)" if fingerprint == session.certificate else ""
        turn.tell(session, ServiceNotice(f"{fingerprint}{own}"))
    count = len(account.certificates) or "no"
    turn.tell(session, ServiceNotice(f"Your account has {count} {'certificate' if count == 1 else 'certificates'}."))


def _keep(chat: Chat, account: Account, certificates: tuple[str, ...]) -> None:
    chat.accounts[fold(account.name)] = replace(account, certificates=certificates)
