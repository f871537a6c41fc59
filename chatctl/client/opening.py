"""From the first byte to the last room that was asked for: Modern IRC, section "Connection Setup"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NoReturn

from chatctl.client import events as ev
from chatctl.client.errors import AuthenticationFailed, CannotConnect, Expelled, NoSlotFree, OpeningRefused
from chatctl.client.events import Event
from chatctl.client.here import Here
from chatctl.client.numerics import JOIN_REFUSALS
from chatctl.client.registration import Login, Registration
from chatctl.core.names import LOBBY, fold
from chatctl.errors import CannotRun
from chatctl.wire.irc.message import Line
from chatctl.wire.irc.vendor import VENDOR_CAP

_OPENINGS = frozenset(
    {"NOTICE", "CAP", "PING", "ERROR", "AUTHENTICATE", "FAIL", "NOTE", "WARN", "PRIVMSG", "CTCP", "CTCPREPLY"}
)
_FULL = re.compile(r"\bfull\b|too many (clients|connections|users)|no more connections|connection limit", re.IGNORECASE)
_DENIED = re.compile(r"\bpassword\b|\baccess denied\b|\bauthori[sz](ed|ation)\b", re.IGNORECASE)


class Opening:
    """The way in; ``rooms`` None is the lobby where there is one.

    One that comes ``again`` does without the rooms that do not let it in. ``strange`` is what a peer said that is
    no chat server.
    """

    def __init__(
        self, login: Login, rooms: Iterable[str] | None, again: bool, here: Here, put: Callable[..., None]
    ) -> None:
        self.strange = ""
        self._rooms = None if rooms is None else list(rooms)
        self._again = again
        self._here = here
        self._put = put
        self._joining: set[str] | None = None
        self._registration = Registration(login, put)
        self._registration.begin()

    @property
    def sts(self) -> str:
        """What the server says of TLS: the value of sts (IRCv3)."""
        return self._registration.sts

    def welcome(self, line: Line) -> None:
        """Note that the server has let the client in."""
        self._registration.receive(line)
        self._here.name = line.params[0]
        self._here.caps = self._registration.caps

    def follow(self, line: Line) -> None:
        """Take the steps into the server and into the rooms; raises what the server refuses."""
        if not self._here.name:
            # Mail and file servers begin with numbers too, but never say who speaks.
            numeric = line.source and line.command.isdecimal() and len(line.command) == 3
            known = line.command in _OPENINGS or numeric
            if not known:
                self.strange = f"{line.command} {' '.join(line.params)}".rstrip()[:60]
                raise CannotConnect("it is no chat server")
            self._registration.receive(line)
        elif line.command in ("376", "422") and self._joining is None:
            self._go_in()
        elif self._joining and line.command in JOIN_REFUSALS and len(line.params) > 1:
            self._turned_away(line)

    def _go_in(self) -> None:
        if self._rooms is None:
            # Every server of ours has a lobby; on others nobody is put where they did not ask to be.
            self._rooms = [LOBBY] if VENDOR_CAP in self._here.caps else []
        self._joining = {fold(room) for room in self._rooms}
        for room in self._rooms:
            self._put("JOIN", room)

    def _turned_away(self, line: Line) -> None:
        assert self._joining is not None
        room = fold(line.params[1])
        if room not in self._joining:
            return
        if not self._again:
            raise OpeningRefused(f"cannot go into {line.params[1]}: {line.params[-1]}")
        self._joining.discard(room)

    def is_done(self, events: list[Event]) -> bool:
        """Tell whether, with these events, all rooms are entered."""
        if self._joining is None:
            return False
        self._joining -= {fold(event.room) for event in events if isinstance(event, ev.Joined) and event.own}
        return not self._joining

    def end(self, reason: str, expelled: bool) -> NoReturn:
        """Raise why the server does not let one in."""
        error = turned_away(reason)
        if isinstance(error, NoSlotFree):
            raise error
        if expelled:
            raise Expelled(reason)
        if _DENIED.search(reason):
            remedy = self._registration.password_remedy
            raise AuthenticationFailed(f"the server says: {reason}; if it wants a password, {remedy}")
        raise error


def turned_away(reason: str) -> CannotRun:
    """Return the error for a server that lets nobody in now, and says why."""
    return NoSlotFree(reason) if _FULL.search(reason) else CannotConnect(reason)
