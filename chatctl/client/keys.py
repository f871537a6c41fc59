"""What the keys do that prompt_toolkit does not know of by itself."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from chatctl.wire.clean import clean
from chatctl.wire.text import COMMANDS

COMMAND_NAMES = tuple(command.name for command in COMMANDS)


@Condition
def line_is_empty() -> bool:
    """Tell whether nothing is typed."""
    return not get_app().current_buffer.text


def make_keys(
    leave: Callable[[], None], interrupt: Callable[[], None], suggest: Callable[[list[str]], None]
) -> KeyBindings:
    """Return the bindings: Ctrl-D calls ``leave``, Ctrl-C ``interrupt``, both on an empty line only.

    Tab completes a command; ``suggest`` is called with the names where there are several.
    """
    keys = KeyBindings()

    @keys.add("c-d", filter=line_is_empty)
    def _leave(_: KeyPressEvent) -> None:
        leave()

    @keys.add("c-c")
    @keys.add(Keys.SIGINT)
    def _interrupt(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            interrupt()

    @keys.add(Keys.BracketedPaste)
    def _paste(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(pasted(event.data))

    @keys.add("tab")
    def _complete(event: KeyPressEvent) -> None:
        names = complete(event.current_buffer)
        if len(names) > 1:
            suggest(names)

    return keys


def pasted(data: str) -> str:
    """Return pasted text as it goes into the line: its last line ending sends nothing, controls are gone."""
    lines = data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return "\n".join(clean(line) for line in lines)


def complete(buffer: Buffer) -> list[str]:
    """Lengthen the command being typed as far as it is certain; return the commands it can be."""
    typed = buffer.document.text_before_cursor
    names = [name for name in COMMAND_NAMES if name.startswith(typed.lower())] if typed[:1] == "/" else []
    if names:
        certain = names[0] if len(names) > 1 else f"{names[0]} "
        while not all(name.startswith(certain) for name in names[1:]):
            certain = certain[:-1]
        buffer.delete_before_cursor(len(typed))
        buffer.insert_text(certain)
    return names
