"""How many connections may be open."""

from __future__ import annotations

from chatctl.transport.slots import Slots


def test_a_limit_grows_and_never_shrinks():
    slots = Slots(1)
    assert slots.take(0)
    assert not slots.take(0)
    slots.extend(2)
    assert slots.take(0)
    slots.extend(1)
    slots.give_back()
    assert slots.take(0)
    assert not slots.take(0)
