"""The prompt: messages on their way in grey, then who one is, where, what is unread elsewhere, and the connection."""

from __future__ import annotations

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.styles import Style
from rich.cells import cell_len
from rich.text import Text

from chatctl.client.colours import colour_of
from chatctl.client.desk import Desk
from chatctl.client.events import Outgoing
from chatctl.client.sanitize import harmless
from chatctl.core.names import fold

WAITING_SHOWN = 3
"""Messages on their way that are shown; of more, the number."""

NAME_LIMIT = 65
"""Columns for a name, more than our server allows; of what is longer the beginning is shown."""

TYPING_COLUMNS = 16
"""What the prompt leaves for the typed line at least, as far as the name and the room allow."""

STYLE = Style.from_dict(
    {
        "waiting": "#808080",
        "connected": "#2f8f4e",
        "leaving": "#808080",
        "offline": "#d0433b",
        "question": "bold",
        "room": "bold",
        "unread": "#808080",
        "mentioned": "bold",
    }
)


def prompt_line(desk: Desk, columns: int, offline: str = "", question: str = "") -> StyleAndTextTuples:
    """Return the prompt as prompt_toolkit draws it, on a screen ``columns`` wide.

    ``offline`` says what is being done about a lost connection, ``question`` what Enter would do.
    """
    session = desk.session
    above = [("class:waiting", line) for line in _waiting_lines(desk, columns)]
    if offline:
        above.append(("class:offline", _fitted(f"○ {offline}", columns)))
    if question:
        above.append(("class:question", _fitted(question, columns)))
    mark = ("class:offline", "○ ") if offline else ("class:leaving", "○ ") if session.leaving else _CONNECTED
    # A prompt that fills the screen could not be taken away again.
    name, where = _fitted(session.name, NAME_LIMIT), _fitted(desk.current, NAME_LIMIT)
    nick, room = (f"bold {colour_of(session.name)}", name), ("class:room", where)
    taken = cell_len(f"● {name} {where}> ") + TYPING_COLUMNS
    line = [mark, nick, ("", " " if where else ""), room, *_unread(desk, columns - taken), ("", "> ")]
    return [*((style, f"{text}\n") for style, text in above), *line]


_CONNECTED = ("class:connected", "● ")


def _unread(desk: Desk, columns: int) -> StyleAndTextTuples:
    """Return the rooms with something unread, or their number where there is no place for their names."""
    rooms = {fold(room.name): number for number, room in enumerate(desk.session.here.rooms.values(), 1)}
    views = [view for view in desk.elsewhere() if fold(view.name) in rooms]
    if not views:
        return []
    words = [f"{rooms[fold(view.name)]}:{view.name} {view.unread}{'!' if view.mentioned else ''}" for view in views]
    loud = any(view.mentioned for view in views)
    if cell_len(f" ({', '.join(words)})") > columns:
        total = sum(view.unread for view in views)
        return [("class:mentioned" if loud else "class:unread", f" (+{total}{'!' if loud else ''})")]
    parts: StyleAndTextTuples = [("class:unread", " (")]
    for number, (view, word) in enumerate(zip(views, words, strict=True)):
        parts += [("class:unread", ", ")] if number else []
        parts.append(("class:mentioned" if view.mentioned else "class:unread", word))
    return [*parts, ("class:unread", ")")]


def _waiting_lines(desk: Desk, columns: int) -> list[str]:
    waiting = desk.on_their_way
    lines = [_waiting_line(message, desk, columns) for message in waiting[-WAITING_SHOWN:]]
    hidden = len(waiting) - len(lines)
    return [_fitted(f"  {hidden} more on their way …", columns), *lines] if hidden else lines


def _waiting_line(message: Outgoing, desk: Desk, columns: int) -> str:
    where = "" if fold(message.to) == fold(desk.current) else f"{harmless(message.to)}: "
    return _fitted(f"  {where}{message.shown} …", columns)


def _fitted(text: str, columns: int) -> str:
    """Return ``text`` on one line of the screen: a longer prompt would push the typed line around."""
    line = Text(text)
    line.truncate(max(1, columns - 1), overflow="ellipsis")
    return line.plain
