"""CAP: IRCv3, capability negotiation."""

from __future__ import annotations

from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Hold, Release, Reply
from chatctl.errors import BadCapCommand
from chatctl.wire.base import SwitchDialect
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.caps import CAP_NOTIFY, offered, told
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.message import Line
from chatctl.wire.irc.replies.capabilities import CapAnswered


def _cap(caller: Caller, line: Line) -> Request | None:
    name = line.params[0].upper()
    match name:
        case "LS":
            return _list_offered(caller, line)
        case "LIST":
            return Reply(CapAnswered("LIST", tuple(sorted(caller.caps)), caller.cap_version))
        case "REQ":
            return _require(caller, line)
        case "END":
            return Release()
        case _:
            raise BadCapCommand(line.params[0])


def _list_offered(caller: Caller, line: Line) -> Request:
    version = line.params[1] if len(line.params) > 1 else ""
    # int() would also read other scripts' digits.
    if version.isascii() and version.isdigit() and int(version) >= 302:
        caller.cap_version = 302
        caller.caps |= {CAP_NOTIFY}
    known = offered(caller.dialects.info, caller.link)
    if caller.cap_version >= 302:
        known |= told(caller.dialects.info, caller.link)
        shown = tuple(f"{name}={value}" if value else name for name, value in known.items())
    else:
        shown = tuple(known)
    return Hold(CapAnswered("LS", shown, caller.cap_version))


def _require(caller: Caller, line: Line) -> Request:
    words = line.params[1].split(" ") if len(line.params) > 1 else []
    wanted = [word for word in words if word]
    known = offered(caller.dialects.info, caller.link)
    asked = tuple(wanted)
    refused = any(word.removeprefix("-") not in known for word in wanted)
    # Who speaks version 302 is always told of changes: capability negotiation, section "cap-notify".
    if refused or (caller.cap_version >= 302 and f"-{CAP_NOTIFY}" in wanted):
        return Hold(CapAnswered("NAK", asked, caller.cap_version))
    caps = set(caller.caps)
    for word in wanted:
        (caps.discard if word.startswith("-") else caps.add)(word.removeprefix("-"))
    caller.caps = frozenset(caps)
    return SwitchDialect(caller.dialect, CapAnswered("ACK", asked, caller.cap_version))


COMMANDS = (Command("CAP", "LS|LIST|REQ|END [...]", "negotiate capabilities", 1, _cap),)
