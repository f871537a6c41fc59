"""Coming, going, names, the server: Modern IRC, sections "Connection Messages" and "Server Queries and Commands"."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events import presence as ev
from chatctl.core.events.base import Event
from chatctl.core.modes import LETTERS, WITH_PARAMETER
from chatctl.core.user import USER_MODES
from chatctl.wire.irc import numerics
from chatctl.wire.irc.page import Out, Page, Renderers, last_word
from chatctl.wire.irc.refusals import last_words, refuse
from chatctl.wire.irc.replies.metadata import own
from chatctl.wire.irc.replies.server import support
from chatctl.wire.irc.vendor import VENDOR_CAP
from chatctl.wire.sessions import goodbye
from chatctl.wire.times import show_time


@dataclass(frozen=True, slots=True)
class Ponged(Event):
    """The server is there."""

    token: str


@dataclass(frozen=True, slots=True)
class MotdAsked(Event):
    """The message of the day is to be shown."""


def welcomed(page: Page, event: ev.Welcomed) -> list[Out]:
    """Return what a client is told when it has registered: RPL_WELCOME to the message of the day."""
    info, who = page.info, event.who
    lines = [
        page.numeric(numerics.RPL_WELCOME, f"Welcome to the {info.network} network, {who.mask}"),
        page.numeric(numerics.RPL_YOURHOST, f"Your host is {info.name}, running version {info.version}"),
        page.numeric(numerics.RPL_CREATED, f"This server was started {show_time(info.created)}"),
        page.numeric(numerics.RPL_MYINFO, info.name, info.version, USER_MODES, LETTERS, WITH_PARAMETER),
        *support(page),
    ]
    if event.crowd is not None:
        lines += crowd(page, event.crowd)
    return lines + own(page, who.nick, event.metadata) + motd(page)


def crowd(page: Page, event: ev.Crowd) -> list[Out]:
    """Return RPL_LUSERCLIENT to RPL_GLOBALUSERS."""
    seen = event.users - event.invisible
    return [
        page.numeric(numerics.RPL_LUSERCLIENT, f"There are {seen} users and {event.invisible} invisible on 1 servers"),
        page.numeric(numerics.RPL_LUSEROP, str(event.operators), "operator(s) online"),
        page.numeric(numerics.RPL_LUSERUNKNOWN, str(event.unknown), "unknown connection(s)"),
        page.numeric(numerics.RPL_LUSERCHANNELS, str(event.rooms), "channels formed"),
        page.numeric(numerics.RPL_LUSERME, f"I have {event.users} clients and 0 servers"),
        page.numeric(
            numerics.RPL_LOCALUSERS,
            str(event.users),
            str(event.most),
            f"Current local users {event.users}, max {event.most}",
        ),
        page.numeric(
            numerics.RPL_GLOBALUSERS,
            str(event.users),
            str(event.most),
            f"Current global users {event.users}, max {event.most}",
        ),
    ]


def motd(page: Page, event: MotdAsked | None = None) -> list[Out]:
    """Return the message of the day, or ERR_NOMOTD."""
    if not page.info.motd:
        return [page.numeric(numerics.ERR_NOMOTD, "There is no message of the day")]
    return [
        page.numeric(numerics.RPL_MOTDSTART, f"- {page.info.name} message of the day -"),
        *(page.numeric(numerics.RPL_MOTD, f"- {line}") for line in page.info.motd),
        page.numeric(numerics.RPL_ENDOFMOTD, "End of the message of the day"),
    ]


def ponged(page: Page, event: Ponged) -> list[Out]:
    """Return PONG."""
    return [page.server("PONG", page.info.name, event.token)]


def pinged(page: Page, _: ev.Pinged) -> list[Out]:
    """Return PING, without a source, as clients expect it."""
    return [("", f"PING :{page.info.name}")]


def renamed(page: Page, event: ev.Renamed) -> list[Out]:
    """Return NICK."""
    return [page.user(event.who, "NICK", event.new)]


def departed(page: Page, event: ev.Departed) -> list[Out]:
    """Return QUIT."""
    return [page.user(event.who, "QUIT", event.why)]


def rejected(page: Page, event: ev.Rejected) -> list[Out]:
    """Return a numeric or a FAIL."""
    return refuse(page, event.error)


def dismissed(page: Page, event: ev.Dismissed) -> list[Out]:
    """Return ERROR, the last line of a connection; with chatctl.dev/session it says how long it lasted."""
    if VENDOR_CAP in page.caps:
        return [last_word(goodbye(event.entry))]
    return [last_word(f"Closing link: {event.note or 'goodbye'}")]


def expelled(page: Page, event: ev.Expelled) -> list[Out]:
    """Return why, with ERROR as the last line of a connection."""
    return last_words(page, event.error)


def stopping(page: Page, event: ev.Stopping) -> list[Out]:
    """Return ERROR, the last line of a connection."""
    return [last_word(f"the server is shutting down{f': {event.why}' if event.why else ''}")]


RENDERERS: Renderers = {
    ev.Welcomed: welcomed,
    ev.Crowd: crowd,
    MotdAsked: motd,
    Ponged: ponged,
    ev.Pinged: pinged,
    ev.Renamed: renamed,
    ev.Departed: departed,
    ev.Rejected: rejected,
    ev.Dismissed: dismissed,
    ev.Expelled: expelled,
    ev.Stopping: stopping,
}
