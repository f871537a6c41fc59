"""Whole conversations: several clients at once, IRC and netcat, against the hub and its store."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from unittest.mock import patch

from . import house_rules, script
from .house import House

inputs = script.inputs

LONGEST = 200
"""Lines of an input that are played; the rest is left out."""


@cache
def _hasher() -> object:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _decoy() -> str:
    return _hasher().hash("-")  # type: ignore[attr-defined, no-any-return]


def run(data: bytes) -> None:
    """Play what ``script`` describes, and check after each turn that all is as it has to be."""
    with ExitStack() as stack:
        # What is expensive on purpose would be all that is done here.
        stack.enter_context(patch("chatctl.auth.passwords._hasher", _hasher))
        stack.enter_context(patch("chatctl.auth.passwords._decoy", _decoy))
        house = stack.enter_context(House())
        for act in script.read(data)[:LONGEST]:
            house.play(act)
            if not act.goes_on:
                house.settle()
                house_rules.check(house.chat, house.store)
        house.settle()
        house_rules.check(house.chat, house.store)
        house.empty()
        house_rules.check(house.chat, house.store)
        house_rules.check_empty(house.chat)
