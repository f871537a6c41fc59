"""What a store in memory keeps apart from messages and sessions; whoever has it guards it."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from chatctl.core.names import fold
from chatctl.core.records import (
    Account,
    AccountAdded,
    AccountChanged,
    AccountRemoved,
    Ban,
    BanLifted,
    BanSet,
    CertificateAdded,
    CertificateRemoved,
    Change,
    Credentials,
    Marker,
    MarkerMoved,
    Redacted,
)


class Register:
    """Accounts, read markers and bans."""

    def __init__(self) -> None:
        self.accounts: dict[str, tuple[Account, Credentials]] = {}
        self._markers: dict[tuple[str, str], Marker] = {}
        self._bans: dict[str, Ban] = {}

    def apply(self, change: Change) -> None:
        """Do ``change``; it is about nothing here when a message is redacted."""
        match change:
            case AccountAdded(account, credentials):
                self.accounts.setdefault(fold(account.name), (account, credentials))
            case AccountRemoved(name):
                self._remove(fold(name))
            case AccountChanged(account, credentials):
                self._change(account, credentials)
            case CertificateAdded(name, fingerprint):
                self._add_certificate(fold(name), fingerprint)
            case CertificateRemoved(name, fingerprint):
                self._certify(fold(name), [one for one in self._certificates(fold(name)) if one != fingerprint])
            case MarkerMoved(marker):
                account_name, target = fold(marker.account), fold(marker.target)
                self._markers[account_name, target] = Marker(account_name, target, marker.at)
            case BanSet(ban):
                self._bans[ban.mask] = ban
            case BanLifted(mask):
                self._bans.pop(mask, None)
            case Redacted():
                pass
            case _:
                assert_never(change)

    def all_accounts(self) -> tuple[Account, ...]:
        """Return all accounts in the order of their names."""
        return tuple(self.accounts[name][0] for name in sorted(self.accounts))

    def all_bans(self) -> tuple[Ban, ...]:
        """Return all bans in the order in which they were set."""
        return tuple(sorted(self._bans.values(), key=lambda ban: (ban.since, ban.mask)))

    def markers_of(self, account: str) -> tuple[Marker, ...]:
        """Return the read markers of an account in the order of their targets."""
        name = fold(account)
        return tuple(marker for key, marker in sorted(self._markers.items()) if key[0] == name)

    def all_markers(self) -> tuple[Marker, ...]:
        """Return all read markers, in the order of accounts and targets."""
        return tuple(marker for _, marker in sorted(self._markers.items()))

    def _remove(self, name: str) -> None:
        self.accounts.pop(name, None)
        for key in [key for key in self._markers if key[0] == name]:
            del self._markers[key]

    def _change(self, account: Account, credentials: Credentials | None) -> None:
        name = fold(account.name)
        if name in self.accounts:
            known, earlier = self.accounts[name]
            self.accounts[name] = (replace(account, certificates=known.certificates), credentials or earlier)

    def _add_certificate(self, name: str, fingerprint: str) -> None:
        if all(fingerprint not in account.certificates for account, _ in self.accounts.values()):
            self._certify(name, [*self._certificates(name), fingerprint])

    def _certificates(self, name: str) -> tuple[str, ...]:
        return self.accounts[name][0].certificates if name in self.accounts else ()

    def _certify(self, name: str, certificates: list[str]) -> None:
        if name in self.accounts:
            account, credentials = self.accounts[name]
            self.accounts[name] = (replace(account, certificates=tuple(sorted(certificates))), credentials)
