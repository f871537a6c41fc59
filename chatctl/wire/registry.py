"""The wires that this server speaks, in one table, and what peers of the others are told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from chatctl.wire.base import Wire
from chatctl.wire.http.frames import FramedDialects
from chatctl.wire.http.origins import Origins
from chatctl.wire.http.websocket import WebSocketWire
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.sniff import WireName
from chatctl.wire.text import TextWire

Wires = dict[WireName, Callable[[], Wire]]


def wires(info: ServerInfo, origins: frozenset[str] = frozenset()) -> Wires:
    """Return what makes the wire of each protocol that a server speaks; pages of ``origins`` may connect too."""
    make_irc = partial(IrcWire, Dialects(info))
    return {
        WireName.TEXT: TextWire,
        WireName.IRC: make_irc,
        WireName.HTTP: partial(WebSocketWire, make_irc, FramedDialects(), Origins(origins)),
    }


# A fatal alert, handshake_failure: RFC 8446, section 6.
REFUSALS = {WireName.TLS: bytes([21, 3, 1, 0, 2, 2, 40])}
"""What a peer is told whose protocol is recognised and not spoken, in that protocol."""
