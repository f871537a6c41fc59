"""The prompt: messages on their way in grey, then who one is, where, and whether still connected."""

from __future__ import annotations

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.styles import Style
from rich.text import Text

from chatctl.client.colours import colour_of
from chatctl.client.session import Session
from chatctl.wire.clean import clean

WAITING_SHOWN = 3
"""Messages on their way that are shown; of more, the number."""

STYLE = Style.from_dict({"waiting": "#808080", "connected": "#2f8f4e", "leaving": "#808080", "room": "bold"})


def prompt_line(session: Session, columns: int) -> StyleAndTextTuples:
    """Return the prompt as prompt_toolkit draws it, on a screen ``columns`` wide."""
    state = ("class:leaving", "○ ") if session.leaving else ("class:connected", "● ")
    return [
        *(("class:waiting", f"{line}\n") for line in _waiting_lines(session, columns)),
        state,
        (f"bold {colour_of(session.name)}", session.name),
        ("", " "),
        ("class:room", session.room),
        ("", "> "),
    ]


def _waiting_lines(session: Session, columns: int) -> list[str]:
    waiting = list(session.waiting)
    lines = [_fitted(clean(message.text), columns) for message in waiting[-WAITING_SHOWN:]]
    hidden = len(waiting) - len(lines)
    return [_fitted(f"{hidden} more on their way", columns), *lines] if hidden else lines


def _fitted(text: str, columns: int) -> str:
    """Return ``text`` on one line of the screen: a longer prompt would push the typed line around."""
    line = Text(f"  {text} …")
    line.truncate(max(1, columns - 1), overflow="ellipsis")
    return line.plain
