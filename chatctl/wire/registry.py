"""The wires that this server speaks, in one table, and what peers of the others are told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from chatctl.errors import UnsupportedWire
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

# A fatal alert, handshake_failure: RFC 8446, section 6.
_TLS_ALERT = bytes([21, 3, 1, 0, 2, 2, 40])


def wires(info: ServerInfo, origins: frozenset[str] = frozenset()) -> Wires:
    """Return what makes the wire of each protocol that a server speaks; pages of ``origins`` may connect too."""
    make_irc = partial(IrcWire, Dialects(info))
    return {
        WireName.TEXT: TextWire,
        WireName.IRC: make_irc,
        WireName.HTTP: partial(WebSocketWire, make_irc, FramedDialects(), Origins(origins)),
    }


def refusal(name: WireName) -> bytes:
    """Return what a peer is told whose wire is not in the table, in its own protocol."""
    sentence = str(UnsupportedWire(name.upper()))
    match name:
        case WireName.TLS:
            return _TLS_ALERT
        case _:
            return f"ERROR :{sentence}\r\n".encode()
