"""The wires that this server speaks, in one table, and what peers of the others are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import assert_never

from chatctl.wire.base import Link, Wire
from chatctl.wire.http.answers import answer
from chatctl.wire.http.frames import FramedDialects
from chatctl.wire.http.origins import Origins
from chatctl.wire.http.websocket import WebSocketWire
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.sniff import WireName
from chatctl.wire.text import TextWire

Wires = dict[WireName, Callable[[Link], Wire]]


def wires(info: ServerInfo, origins: frozenset[str] = frozenset()) -> Wires:
    """Return what makes the wire of each protocol that a server speaks; pages of ``origins`` may connect too."""
    # A page is secure if its own address is: STS is for clients that connect by themselves.
    irc, irc_for_pages = Dialects(info), Dialects(replace(info, sts=None))
    framed, pages = FramedDialects(), Origins(origins)
    return {
        WireName.TEXT: lambda link: TextWire(info.limits.text_line),
        WireName.IRC: partial(IrcWire, irc),
        WireName.HTTP: lambda link: WebSocketWire(
            partial(IrcWire, irc_for_pages, link), framed, pages, info.limits.websocket_message
        ),
    }


# A fatal alert, handshake_failure: RFC 8446, section 6.
_NO_TLS = bytes([21, 3, 1, 0, 2, 2, 40])
_TLS_ONLY = "this server takes nothing but TLS; connect with it, for example: chatctl connect --tls"


def refusal(name: WireName) -> bytes:
    """Return what a peer is told, in its protocol, that would have to do with TLS, or without."""
    match name:
        case WireName.TLS:
            return _NO_TLS
        case WireName.HTTP:
            return answer(HTTPStatus.FORBIDDEN, f"{_TLS_ONLY}, or https.\n")
        case WireName.IRC:
            return f"ERROR :{_TLS_ONLY}\r\n".encode()
        case WireName.TEXT:
            return f"ERROR :{_TLS_ONLY}\n".encode()
        case _:
            assert_never(name)
