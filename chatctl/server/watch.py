"""Who has been silent for too long."""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import ceil

from chatctl.core.events.presence import Pinged
from chatctl.core.hub import Hub
from chatctl.core.limits import Limits
from chatctl.core.requests.presence import Expel
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import PingTimeout, RegistrationTimeout
from chatctl.transport.connection import Connection
from chatctl.wire.sniff import WireName

LONGEST = 5.0
"""Seconds between two looks at everybody, at most."""


class Watch:
    """Asks silent clients whether they are there, and ends sessions that are not; from the hub thread.

    ``wait`` is how many seconds may pass until the next look.
    """

    def __init__(self, limits: Limits) -> None:
        self.wait = _pause(limits)
        self._next = 0.0

    def look(self, hub: Hub, connections: Mapping[int, Connection], turn: Turn) -> None:
        """Look at everybody, if it is time to."""
        now = time.monotonic()
        if now < self._next:
            return
        self.wait = _pause(hub.chat.limits)
        self._next = now + self.wait
        for number, connection in tuple(connections.items()):
            session = hub.chat.sessions.get(number)
            if session is not None:
                self._look_at(hub, session, connection, now, turn)

    def _look_at(self, hub: Hub, session: Session, connection: Connection, now: float, turn: Turn) -> None:
        silent = now - connection.heard
        limits = hub.chat.limits
        if session.registration is not None:
            if now - connection.begun > limits.registration_time:
                hub.handle(session.id, Expel(RegistrationTimeout(ceil(limits.registration_time))), turn)
        elif connection.wire_name.partition("+")[0] == WireName.TEXT:
            return
        elif silent > limits.ping_timeout:
            hub.handle(session.id, Expel(PingTimeout(int(silent))), turn)
        elif silent <= limits.ping_after:
            connection.pinged = False
        elif not connection.pinged:
            connection.pinged = True
            turn.tell(session, Pinged())


def _pause(limits: Limits) -> float:
    return min(LONGEST, limits.ping_after / 4, limits.registration_time / 4)
