"""Which channels there are and who is in them: Modern IRC, sections "LIST message" and "NAMES message"."""

from __future__ import annotations

from collections.abc import Iterable

from chatctl.core.events import rooms as ev
from chatctl.wire.irc import numerics
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.page import Out, Page, Renderers
from chatctl.wire.irc.replies.talk import PREFIX_OF


def rooms_found(page: Page, event: ev.RoomsFound) -> list[Out]:
    """Return RPL_LISTSTART, RPL_LIST for each, RPL_LISTEND."""
    return [
        page.numeric(numerics.RPL_LISTSTART, "Channel", "Users  Name"),
        *(page.numeric(numerics.RPL_LIST, name, str(count), topic) for name, count, topic in event.rooms),
        page.numeric(numerics.RPL_LISTEND, "End of /LIST"),
    ]


def members_listed(page: Page, event: ev.MembersListed) -> list[Out]:
    """Return RPL_NAMREPLY and RPL_ENDOFNAMES; nothing if nobody asked and no-implicit-names (IRCv3) is on."""
    if event.implicit and "no-implicit-names" in page.caps:
        return []
    return [*_rows(page, event), _end(page, event.room)]


def names_listed(page: Page, event: ev.NamesListed) -> list[Out]:
    """Return RPL_NAMREPLY for each room, and one RPL_ENDOFNAMES with the names asked for."""
    return [*(row for room in event.rooms for row in _rows(page, room)), _end(page, ",".join(event.asked) or "*")]


def _rows(page: Page, event: ev.MembersListed) -> list[Out]:
    """Return as many RPL_NAMREPLY as the names need; multi-prefix and userhost-in-names (IRCv3)."""
    full = "userhost-in-names" in page.caps
    names = [f"{prefixes(page, ranks)}{who.mask if full else who.nick}" for ranks, who in event.members]
    return packed(page, ("353", "@" if event.secret else "=", event.room), names)


def prefixes(page: Page, ranks: str) -> str:
    """Return what is written before a member's name: the highest rank's sign, or with multi-prefix (IRCv3) all."""
    return "".join([PREFIX_OF[rank] for rank in (ranks if "multi-prefix" in page.caps else ranks[:1])])


def packed(page: Page, head: tuple[str, ...], words: Iterable[str]) -> list[Out]:
    """Return as many numerics as the words need: each begins with ``head``, the words are in its last parameter."""
    width = BODY_LIMIT - len(page.numeric(*head, "a b")[1].encode()) + len("a b")
    rows: list[list[str]] = [[]]
    left = width
    for word in words:
        size = len(word.encode()) + 1
        if size > left and rows[-1]:
            rows.append([])
            left = width
        rows[-1].append(word)
        left -= size
    return [page.numeric(*head, " ".join(row)) for row in rows if row]


def _end(page: Page, asked: str) -> Out:
    return page.numeric(numerics.RPL_ENDOFNAMES, asked, "End of /NAMES list")


RENDERERS: Renderers = {
    ev.RoomsFound: rooms_found,
    ev.MembersListed: members_listed,
    ev.NamesListed: names_listed,
}
