"""Text that cannot harm a terminal."""

from __future__ import annotations

_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_SEPARATORS = [0x2028, 0x2029]
_TABLE: dict[int, str | None] = {
    **dict.fromkeys([*_CONTROLS, *_BIDI, *_SEPARATORS]),
    0x09: " ",
}


def clean(text: str) -> str:
    """Return ``text`` without control characters (C0, C1, DEL), bidi controls and line separators.

    A tab becomes a blank.
    """
    return text if text.isprintable() else text.translate(_TABLE)
