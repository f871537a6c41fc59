"""What is told of a turn that could not be stored: each sender hears that it was not, the others hear nothing."""

from __future__ import annotations

from collections.abc import Sequence

from chatctl.core.events import accounts
from chatctl.core.events.base import Event
from chatctl.core.events.presence import Labeled, Rejected
from chatctl.core.events.talk import Acknowledged, Said
from chatctl.core.names import fold
from chatctl.core.records import AccountAdded, Change
from chatctl.core.requests.accounts import Way
from chatctl.core.turn import Delivery
from chatctl.errors import AccountNotSaved, NotSaved


def unsaved_deliveries(deliveries: Sequence[Delivery], changes: Sequence[Change]) -> list[Delivery]:
    """Return what may be told although neither messages nor ``changes`` were stored."""
    lost = {fold(change.account.name) for change in changes if isinstance(change, AccountAdded)}
    told = ((delivery, _unsaved(delivery.event, lost)) for delivery in deliveries)
    return [delivery._replace(event=event) for delivery, event in told if event is not None]


def _unsaved(event: Event, lost: set[str]) -> Event | None:
    match event:
        case Said():
            return None
        case Acknowledged():
            return Rejected(NotSaved())
        case Labeled(label, events):
            return Labeled(label, tuple(one for one in (_unsaved(each, lost) for each in events) if one is not None))
        case accounts.Registered(account, way):
            error = AccountNotSaved(account)
            return accounts.ServiceNotice(f"{error}.") if way is Way.SERVICE else Rejected(error)
        case accounts.LoggedIn(account=account) if fold(account) in lost:
            return None
        case accounts.AccountChanged(who) if fold(who.account) in lost:
            return None
        case accounts.ServiceNotice(saved=True):
            return accounts.ServiceNotice("The server could not store it, so nothing is changed; try again later.")
        case _:
            return event
