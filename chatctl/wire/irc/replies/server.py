"""What the server tells about itself: Modern IRC, section "Server Queries and Commands"; extended-isupport (IRCv3)."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.commands.talk import TARGET_LIMIT
from chatctl.core.events.base import Event
from chatctl.core.events.server import LimitsShown
from chatctl.core.metadata import KEYS_LIMIT
from chatctl.core.subscriptions import SUBSCRIPTIONS_LIMIT
from chatctl.core.watching import WATCH_LIMIT
from chatctl.wire.irc import numerics
from chatctl.wire.irc.isupport import tokens
from chatctl.wire.irc.message import MESSAGE_LIMIT
from chatctl.wire.irc.page import Out, Page, Renderers, batched
from chatctl.wire.times import show_duration, show_time

TOKENS_IN_LINE = 13
"""Tokens in one RPL_ISUPPORT: a line has at most 15 parameters."""


@dataclass(frozen=True, slots=True)
class SupportAsked(Event):
    """What the server supports is to be shown."""


@dataclass(frozen=True, slots=True)
class VersionAsked(Event):
    """The server's version is to be shown."""


@dataclass(frozen=True, slots=True)
class TimeAsked(Event):
    """The server's time is to be shown."""


@dataclass(frozen=True, slots=True)
class InfoAsked(Event):
    """What the server is is to be shown."""


@dataclass(frozen=True, slots=True)
class LinksAsked(Event):
    """The servers that this one is linked to and that are like ``mask`` are to be shown."""

    mask: str


@dataclass(frozen=True, slots=True)
class AdminAsked(Event):
    """Who runs the server is to be shown."""


@dataclass(frozen=True, slots=True)
class UptimeAsked(Event):
    """How long the server has been running is to be shown."""


@dataclass(frozen=True, slots=True)
class NoStatistics(Event):
    """Statistics that there are none of."""

    letter: str


@dataclass(frozen=True, slots=True)
class Helped(Event):
    """Help on ``subject``: a title and more lines."""

    subject: str
    title: str
    lines: tuple[str, ...]


def support(page: Page, event: SupportAsked | None = None) -> list[Out]:
    """Return RPL_ISUPPORT, in a batch with extended-isupport."""
    known = tokens(page.info)
    rows = [known[start : start + TOKENS_IN_LINE] for start in range(0, len(known), TOKENS_IN_LINE)]
    lines = [page.numeric(numerics.RPL_ISUPPORT, *row, "are supported by this server") for row in rows]
    return batched(page, "draft/isupport", (), lines) if "draft/extended-isupport" in page.caps else lines


def version(page: Page, event: VersionAsked) -> list[Out]:
    """Return RPL_VERSION and RPL_ISUPPORT."""
    return [
        page.numeric(numerics.RPL_VERSION, page.info.version, page.info.name, page.info.description),
        *support(page),
    ]


def time(page: Page, event: TimeAsked) -> list[Out]:
    """Return RPL_TIME, with the seconds since 1970."""
    return [page.numeric(numerics.RPL_TIME, page.info.name, str(page.now // 1000), show_time(page.now))]


def info(page: Page, event: InfoAsked) -> list[Out]:
    """Return RPL_INFO and RPL_ENDOFINFO."""
    told = (
        f"{page.info.name}: {page.info.description}",
        f"Running {page.info.version}, started {show_time(page.info.created)}",
        "People with a line client, IRC clients and programs are in the same rooms",
    )
    return [
        *(page.numeric(numerics.RPL_INFO, line) for line in told),
        page.numeric(numerics.RPL_ENDOFINFO, "End of /INFO list"),
    ]


def links(page: Page, event: LinksAsked) -> list[Out]:
    """Return RPL_ENDOFLINKS: no server is linked to this one."""
    return [page.numeric(numerics.RPL_ENDOFLINKS, event.mask, "End of /LINKS list")]


def admin(page: Page, event: AdminAsked) -> list[Out]:
    """Return RPL_ADMINME, RPL_ADMINLOC1 and RPL_ADMINLOC2; nobody's e-mail address is known here."""
    return [
        page.numeric(numerics.RPL_ADMINME, page.info.name, "Administrative information"),
        page.numeric(numerics.RPL_ADMINLOC1, page.info.description),
        page.numeric(numerics.RPL_ADMINLOC2, f"Network {page.info.network}; its operators show themselves in WHOIS"),
    ]


def uptime(page: Page, event: UptimeAsked) -> list[Out]:
    """Return RPL_STATSUPTIME: days, and hours, minutes and seconds."""
    days, rest = divmod(max(page.now - page.info.created, 0), 24 * 60 * 60 * 1000)
    return [
        page.numeric(numerics.RPL_STATSUPTIME, f"Server Up {days} days {show_duration(rest)}"),
        end_of_statistics(page, "u"),
    ]


def limits(page: Page, event: LimitsShown) -> list[Out]:
    """Return a line for each limit, by a numeric that servers use for what has none."""
    told = (
        *(f"{name}: {told} - {meaning}" for name, told, meaning in event.limits.rows(event.sessions)),
        f"targets of a message: {TARGET_LIMIT}",
        f"names that one may watch: {WATCH_LIMIT}",
        f"metadata keys: {KEYS_LIMIT}; subscriptions to keys: {SUBSCRIPTIONS_LIMIT}",
        f"bytes in a line: {MESSAGE_LIMIT}",
    )
    return [*(page.numeric(numerics.RPL_STATSDEBUG, "l", line) for line in told), end_of_statistics(page, "l")]


def no_statistics(page: Page, event: NoStatistics) -> list[Out]:
    """Return RPL_ENDOFSTATS."""
    return [end_of_statistics(page, event.letter)]


def end_of_statistics(page: Page, letter: str) -> Out:
    """Return RPL_ENDOFSTATS."""
    return page.numeric(numerics.RPL_ENDOFSTATS, letter, "End of /STATS report")


def helped(page: Page, event: Helped) -> list[Out]:
    """Return RPL_HELPSTART, RPL_HELPTXT and RPL_ENDOFHELP."""
    return [
        page.numeric(numerics.RPL_HELPSTART, event.subject, event.title),
        *(page.numeric(numerics.RPL_HELPTXT, event.subject, line) for line in event.lines),
        page.numeric(numerics.RPL_ENDOFHELP, event.subject, "End of /HELP"),
    ]


RENDERERS: Renderers = {
    SupportAsked: support,
    VersionAsked: version,
    TimeAsked: time,
    InfoAsked: info,
    LinksAsked: links,
    AdminAsked: admin,
    UptimeAsked: uptime,
    LimitsShown: limits,
    NoStatistics: no_statistics,
    Helped: helped,
}
