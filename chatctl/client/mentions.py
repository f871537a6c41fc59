"""Who is spoken of, and how somebody who looks elsewhere is told."""

from __future__ import annotations

import re

from chatctl.client.options import Alarm

_LETTER = r"[A-Za-z0-9_\-\[\]\\^{}|`]"
"""What a nick can be made of: a longer name is somebody else's."""


def find_mentions(text: str, nick: str) -> list[tuple[int, int]]:
    """Return where ``nick`` stands in ``text`` as a word: beginnings and ends."""
    if not nick:
        return []
    pattern = rf"(?<!{_LETTER}){re.escape(nick)}(?!{_LETTER})"
    return [found.span() for found in re.finditer(pattern, text, re.IGNORECASE)]


def alarm(kind: Alarm, title: str, text: str, in_tmux: bool) -> str:
    """Return what makes the terminal draw attention; ``title`` and ``text`` are harmless already.

    OSC 9 and OSC 777 are the notifications of iTerm2 and rxvt; tmux hands on only what is wrapped for it.
    """
    if kind is Alarm.NONE:
        return ""
    if kind is Alarm.BELL:
        return "\a"
    # A number and a semicolon at the beginning of OSC 9 is a command to some terminals.
    title, text = title.replace(";", ","), text.replace("\n", " ")
    if kind is Alarm.OSC9:
        sequence = f"\x1b]9;{title}: {text}\x1b\\"
    else:
        sequence = f"\x1b]777;notify;{title};{text.replace(';', ',')}\x1b\\"
    if in_tmux:
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        sequence = f"\x1bPtmux;{doubled}\x1b\\"
    return f"\a{sequence}"
