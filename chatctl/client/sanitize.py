"""What came from the network, made harmless: the one door for bytes of others into this client."""

from __future__ import annotations

import re

from chatctl.wire.clean import clean
from chatctl.wire.irc.message import Line, take_apart

CTCP = "CTCP"
"""The command of a line that carries a request of a program to a program, or an action."""

# Colours, bold and the like, as IRC clients write them: modern.ircdocs.horse/formatting.
_FORMATTING = re.compile(
    r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x02\x0f\x11\x16\x1d-\x1f]"
)


def harmless(text: str) -> str:
    """Return text that cannot move a cursor, colour, reorder or end a line."""
    return text if text.isprintable() else clean(_FORMATTING.sub("", text))


def read_foreign(data: bytes) -> Line | None:
    """Return a received line (without its ending) taken apart, every part of it harmless; None if it says nothing.

    Bytes that are not UTF-8 become U+FFFD. A message in CTCP (modern.ircdocs.horse/ctcp) becomes a line with the
    command ``CTCP`` or ``CTCPREPLY`` and the parameters target, verb and text.
    """
    line = take_apart(data.decode(errors="replace"))
    if line is None:
        return None
    command, params = line.command, line.params
    if command in ("PRIVMSG", "NOTICE") and len(params) == 2 and params[1][:1] == "\x01":
        verb, _, text = params[1].strip("\x01").partition(" ")
        command, params = CTCP if command == "PRIVMSG" else "CTCPREPLY", (params[0], verb.upper(), text)
    tags = {harmless(key): harmless(value) for key, value in line.tags.items()}
    return Line(harmless(command), tuple(map(harmless, params)), tags, harmless(line.source))
