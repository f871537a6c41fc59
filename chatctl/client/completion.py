"""What Tab makes of the word being typed: commands, rooms, and the names of who is in the room."""

from __future__ import annotations

from prompt_toolkit.buffer import Buffer

from chatctl.client.commands import COMMANDS
from chatctl.client.session import Session


def complete(buffer: Buffer, session: Session) -> list[str]:
    """Lengthen the word before the cursor as far as it is certain; return what it can be."""
    typed = buffer.document.text_before_cursor
    word = typed.rpartition(" ")[2].rpartition("\n")[2]
    alone = word == typed
    found = sorted(_candidates(word, alone, session), key=str.lower) if word else []
    if not found:
        return []
    certain = found[0] if len(found) > 1 else found[0] + _ending(word, alone, session)
    while not all(name.lower().startswith(certain.lower()) for name in found[1:]):
        certain = certain[:-1]
    buffer.delete_before_cursor(len(word))
    buffer.insert_text(certain)
    return found


def _candidates(word: str, alone: bool, session: Session) -> list[str]:
    here = session.here
    if word[0] == "/" and alone:
        names = [command.name for command in COMMANDS if command.available(here)]
    elif here.is_room(word):
        names = [room.name for room in here.rooms.values()]
    else:
        room = here.find(session.room)
        names = [] if room is None else [nick for nick in room.members.values() if not here.is_own(nick)]
    return [name for name in names if name.lower().startswith(word.lower())]


def _ending(word: str, alone: bool, session: Session) -> str:
    """Return what follows a whole word: a name at the beginning of a line is spoken to."""
    spoken_to = alone and word[0] != "/" and not session.here.is_room(word)
    return ": " if spoken_to else " "
