"""What is told about people: Modern IRC, section "User-Based Queries"; whox (IRCv3)."""

from __future__ import annotations

from collections.abc import Callable

from chatctl.core.events import people as ev
from chatctl.core.records import Entry
from chatctl.core.state import host_of
from chatctl.core.user import BOT
from chatctl.wire.irc import numerics
from chatctl.wire.irc.page import Out, Page, Renderers
from chatctl.wire.irc.replies.listing import packed, prefixes
from chatctl.wire.irc.replies.metadata import of_somebody
from chatctl.wire.times import show_time


def who_shown(page: Page, event: ev.WhoShown) -> list[Out]:
    """Return RPL_WHOREPLY or RPL_WHOSPCRPL for each, and RPL_ENDOFWHO."""
    if event.fields is None:
        rows = [_plain(page, card) for card in event.cards]
    else:
        fields = [read for letter, read in _FIELDS.items() if letter in event.fields]
        rows = [
            page.numeric(numerics.RPL_WHOSPCRPL, *[read(page, event, card) for read in fields]) for card in event.cards
        ]
    end = "End of WHO list; there are more, use a mask that means less" if event.more else "End of WHO list"
    return [*rows, page.numeric(numerics.RPL_ENDOFWHO, _repeated(event.mask), end)]


def _repeated(asked: str) -> str:
    """Return what was asked for as a word; ``?`` stands for what none can hold, and means any character in a mask."""
    word = asked.replace(" ", "?") or "*"
    return f"?{word[1:]}" if word[0] == ":" else word


def _plain(page: Page, card: ev.Card) -> Out:
    place = (card.room, card.name, card.host, page.info.name, card.who.nick, _flags(page, card))
    return page.numeric(numerics.RPL_WHOREPLY, *place, f"0 {card.realname}")


def _flags(page: Page, card: ev.Card) -> str:
    """Return away or here, operator of the server, rank, bot: Modern IRC, section "RPL_WHOREPLY"; bot-mode (IRCv3)."""
    away, operator = "G" if card.away else "H", "*" if card.operator else ""
    return f"{away}{operator}{prefixes(page, card.ranks)}{BOT if card.who.bot else ''}"


_FIELDS: dict[str, Callable[[Page, ev.WhoShown, ev.Card], str]] = {
    "t": lambda page, event, card: event.token or "0",
    "c": lambda page, event, card: card.room,
    "u": lambda page, event, card: card.name,
    "i": lambda page, event, card: card.host,
    "h": lambda page, event, card: card.host,
    "s": lambda page, event, card: page.info.name,
    "n": lambda page, event, card: card.who.nick,
    "f": lambda page, event, card: _flags(page, card),
    "d": lambda page, event, card: "0",
    "l": lambda page, event, card: str(card.idle),
    "a": lambda page, event, card: card.who.account or "0",
    "o": lambda page, event, card: "n/a",
    "r": lambda page, event, card: card.realname,
}
"""What WHOX can tell, in the order in which it does: whox (IRCv3); hosts are addresses here."""


def whois_shown(page: Page, event: ev.WhoisShown) -> list[Out]:
    """Return RPL_WHOISUSER and what else there is to tell; RPL_ENDOFWHOIS comes after the last of all nicks."""
    nick = event.who.nick
    lines = [page.numeric(numerics.RPL_WHOISUSER, nick, event.name, event.host, "*", event.realname)]
    lines += packed(page, ("319", nick), [f"{prefixes(page, ranks)}{room}" for room, ranks in event.rooms])
    lines.append(page.numeric(numerics.RPL_WHOISSERVER, nick, page.info.name, page.info.description))
    if event.away:
        lines.append(page.numeric(numerics.RPL_AWAY, nick, event.away))
    if event.operator:
        lines.append(page.numeric(numerics.RPL_WHOISOPERATOR, nick, "is a server operator"))
    if event.who.account:
        lines.append(page.numeric(numerics.RPL_WHOISACCOUNT, nick, event.who.account, "is logged in as"))
    if event.secure:
        lines.append(page.numeric(numerics.RPL_WHOISSECURE, nick, "is using a secure connection"))
    lines += [
        page.numeric(numerics.RPL_WHOISCERTFP, nick, f"has client certificate fingerprint {fingerprint}")
        for fingerprint in event.certificates
    ]
    if event.who.bot:
        lines.append(page.numeric(numerics.RPL_WHOISBOT, nick, "is a bot"))
    lines += [
        page.numeric(numerics.RPL_WHOISACTUALLY, nick, address, "is connected from")
        for address in event.addresses or ()
    ]
    if event.modes is not None:
        lines.append(page.numeric(numerics.RPL_WHOISMODES, nick, f"is using modes +{event.modes}"))
    lines.append(
        page.numeric(
            numerics.RPL_WHOISIDLE, nick, str(event.idle), str(event.since // 1000), "seconds idle, signon time"
        )
    )
    return lines + of_somebody(page, event.metadata)


def whois_ended(page: Page, event: ev.WhoisEnded) -> list[Out]:
    """Return RPL_ENDOFWHOIS."""
    return [page.numeric(numerics.RPL_ENDOFWHOIS, _repeated(event.asked), "End of /WHOIS list")]


def whowas_shown(page: Page, event: ev.WhowasShown) -> list[Out]:
    """Return RPL_WHOWASUSER and what else there is to tell for each, and RPL_ENDOFWHOWAS."""
    return [
        *(line for entry in event.entries for line in _former(page, entry)),
        page.numeric(numerics.RPL_ENDOFWHOWAS, _repeated(event.nick), "End of WHOWAS"),
    ]


def _former(page: Page, entry: Entry) -> list[Out]:
    nick, ended = entry.nick, show_time(entry.disconnected or 0)
    lines = [
        page.numeric(numerics.RPL_WHOWASUSER, nick, entry.user or "*", host_of(entry.address), "*", entry.realname)
    ]
    if entry.account:
        lines.append(page.numeric(numerics.RPL_WHOISACCOUNT, nick, entry.account, "was logged in as"))
    return [*lines, page.numeric(numerics.RPL_WHOISSERVER, nick, page.info.name, ended)]


def hosts_shown(page: Page, event: ev.HostsShown) -> list[Out]:
    """Return RPL_USERHOST."""
    found = [
        f"{who.nick}{'*' if operator else ''}={'-' if away else '+'}{who.user}" for who, operator, away in event.people
    ]
    return packed(page, ("302",), found) or [page.numeric(numerics.RPL_USERHOST, "")]


def present_shown(page: Page, event: ev.PresentShown) -> list[Out]:
    """Return RPL_ISON."""
    return packed(page, ("303",), event.nicks) or [page.numeric(numerics.RPL_ISON, "")]


RENDERERS: Renderers = {
    ev.WhoShown: who_shown,
    ev.WhoisShown: whois_shown,
    ev.WhoisEnded: whois_ended,
    ev.WhowasShown: whowas_shown,
    ev.HostsShown: hosts_shown,
    ev.PresentShown: present_shown,
}
