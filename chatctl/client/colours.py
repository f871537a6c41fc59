"""Which colour a name has: the same everywhere, every time."""

from __future__ import annotations

from zlib import crc32

from chatctl.core.names import fold

PALETTE = (
    "#d0433b",
    "#b8651b",
    "#94761a",
    "#5f8a1f",
    "#2f8f4e",
    "#1f8c86",
    "#2b84b8",
    "#4c74e0",
    "#7d65d6",
    "#a955c4",
    "#c4478f",
    "#8a7368",
)
"""Colours with a contrast of 3 to 1 and better against black and against white."""


def colour_of(name: str) -> str:
    """Return the colour (``#rrggbb``) of a person; names that compare equal share it."""
    return PALETTE[crc32(fold(name).encode()) % len(PALETTE)]
