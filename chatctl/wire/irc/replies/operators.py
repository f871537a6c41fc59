"""What operators of the server do: Modern IRC, section "Operator Messages"."""

from __future__ import annotations

from chatctl.core.events import operators as ev
from chatctl.core.records import Ban
from chatctl.wire.irc import numerics
from chatctl.wire.irc.page import Out, Page, Renderers
from chatctl.wire.irc.replies.server import end_of_statistics
from chatctl.wire.times import show_time


def made(page: Page, event: ev.OperatorMade) -> list[Out]:
    """Return RPL_YOUREOPER."""
    return [page.numeric(numerics.RPL_YOUREOPER, "You are now an IRC operator")]


def kill_told(page: Page, event: ev.KillTold) -> list[Out]:
    """Return KILL."""
    return [page.user(event.who, "KILL", event.nick, event.why)]


def killed(page: Page, event: ev.SomebodyKilled) -> list[Out]:
    """Return a notice."""
    return _notice(page, f"{event.nick} is disconnected")


def ban_placed(page: Page, event: ev.BanPlaced) -> list[Out]:
    """Return a notice."""
    ended = "1 session ended" if event.ended == 1 else f"{event.ended} sessions ended"
    return _notice(page, f"{event.ban.mask} is banned {_until(event.ban)}; {ended}")


def ban_gone(page: Page, event: ev.BanGone) -> list[Out]:
    """Return a notice."""
    return _notice(page, f"{event.mask} is not banned any more")


def bans_listed(page: Page, event: ev.BansListed) -> list[Out]:
    """Return RPL_STATSKLINE for each ban, and RPL_ENDOFSTATS: RFC 1459, section 6.2."""
    return [*(_ban(page, ban) for ban in event.bans), end_of_statistics(page, "k")]


def _ban(page: Page, ban: Ban) -> Out:
    user, _, host = ban.mask.rpartition("@")
    # No word of an IRC line may begin with a colon, as an address may.
    host = f"0{host}" if host.startswith(":") else host
    since = f"by {ban.by} since {show_time(ban.since)}, {_until(ban)}"
    return page.numeric(numerics.RPL_STATSKLINE, "K", host, "*", user or "*", f"{ban.reason} ({since})")


def _until(ban: Ban) -> str:
    return "for ever" if ban.until is None else f"until {show_time(ban.until)}"


def operators_listed(page: Page, event: ev.OperatorsListed) -> list[Out]:
    """Return RPL_STATSOLINE for each operator, and RPL_ENDOFSTATS: RFC 1459, section 6.2."""
    return [
        *(page.numeric(numerics.RPL_STATSOLINE, "O", "*", "*", name) for name in event.names),
        end_of_statistics(page, "o"),
    ]


def called(page: Page, event: ev.Called) -> list[Out]:
    """Return WALLOPS."""
    return [page.user(event.who, "WALLOPS", event.text)]


def settings_shown(page: Page, event: ev.SettingsShown) -> list[Out]:
    """Return a notice for each limit."""
    less = f"; this machine allows no more than that, {event.wanted} were asked for; raise its limit with ulimit -n"
    told = [f"{name} is {event.limits.told(name)}{less if event.wanted else ''}" for name in event.names]
    return [page.server("NOTICE", page.nick, line) for line in told]


def _notice(page: Page, text: str) -> list[Out]:
    return [page.server("NOTICE", page.nick, text)]


RENDERERS: Renderers = {
    ev.OperatorMade: made,
    ev.KillTold: kill_told,
    ev.SomebodyKilled: killed,
    ev.BanPlaced: ban_placed,
    ev.BanGone: ban_gone,
    ev.BansListed: bans_listed,
    ev.OperatorsListed: operators_listed,
    ev.Called: called,
    ev.SettingsShown: settings_shown,
}
