"""Who has been silent for too long."""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import ceil

from chatctl.core.events.presence import Pinged
from chatctl.core.hub import Hub
from chatctl.core.requests.presence import Expel
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import PingTimeout, RegistrationTimeout
from chatctl.server.options import Patience
from chatctl.transport.connection import Connection
from chatctl.wire.sniff import WireName

MOST_OFTEN = 5.0
"""Seconds between two looks at everybody."""


class Watch:
    """Asks silent clients whether they are there, and ends sessions that are not; from the hub thread."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._every = min(MOST_OFTEN, patience.ping / 4, patience.registration / 4)
        self._next = 0.0

    @property
    def wait(self) -> float:
        """How many seconds may pass until the next look."""
        return self._every

    def look(self, hub: Hub, connections: Mapping[int, Connection], turn: Turn) -> None:
        """Look at everybody, if it is time to."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._every
        for number, connection in tuple(connections.items()):
            session = hub.chat.sessions.get(number)
            if session is not None:
                self._look_at(hub, session, connection, now, turn)

    def _look_at(self, hub: Hub, session: Session, connection: Connection, now: float, turn: Turn) -> None:
        silent = now - connection.heard
        patience = self._patience
        if session.registration is not None:
            if now - connection.begun > patience.registration:
                hub.handle(session.id, Expel(RegistrationTimeout(ceil(patience.registration))), turn)
        elif connection.wire_name.partition("+")[0] == WireName.TEXT:
            return
        elif silent > patience.timeout:
            hub.handle(session.id, Expel(PingTimeout(int(silent))), turn)
        elif silent <= patience.ping:
            connection.pinged = False
        elif not connection.pinged:
            connection.pinged = True
            turn.tell(session, Pinged())
