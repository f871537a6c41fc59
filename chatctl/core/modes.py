"""The modes of a room: their letters, which of them take a parameter, how changes of them are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chatctl.core.room import HIDDEN, INVITE_ONLY, MEMBERS_ONLY, MODERATED, NO_CTCP, RANKS, TOPIC_KEPT

LISTS = "beI"
"""Modes with a list of masks: bans, exceptions to them, invitations. Type A in Modern IRC, section "MODE message"."""

KEY = "k"
"""The key that one needs to come in: type B."""

LIMIT = "l"
"""The number of members up to which somebody may come in: type C."""

FLAGS = "".join((NO_CTCP, INVITE_ONLY, MODERATED, MEMBERS_ONLY, HIDDEN, TOPIC_KEPT))
"""Modes that are there or not: type D."""

ROLES = "".join(RANKS)
"""Modes that give a member a role."""

WITH_PARAMETER = LISTS + KEY + LIMIT + ROLES
LETTERS = FLAGS + WITH_PARAMETER

DEFAULT_FLAGS = (MEMBERS_ONLY, TOPIC_KEPT)
"""What holds in a room that somebody makes; the lobby begins without, as everyone is to use it freely."""


class ModeChange(NamedTuple):
    """One mode that is set or taken away; ``parameter`` is a nick, a mask, a key or a number, else empty."""

    adding: bool
    letter: str
    parameter: str = ""


def takes_parameter(adding: bool, letter: str) -> bool:
    """Tell whether a parameter belongs to this change: Modern IRC, section "MODE message"."""
    return letter in WITH_PARAMETER and (adding or letter != LIMIT)


def write_changes(changes: Iterable[ModeChange]) -> list[str]:
    """Return changes as IRC writes them: the letters, each after the sign that holds for it, then the parameters."""
    letters, parameters, sign = "", [], ""
    for change in changes:
        wanted = "+" if change.adding else "-"
        if wanted != sign:
            letters += wanted
            sign = wanted
        letters += change.letter
        if change.parameter:
            parameters.append(change.parameter)
    return [letters or "+", *parameters]
