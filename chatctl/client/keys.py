"""What the keys do that prompt_toolkit does not know of by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from chatctl.wire.clean import clean


class Actions(Protocol):
    """What keys can ask for."""

    def leave(self) -> None:
        """Say goodbye to the server."""

    def interrupt(self) -> None:
        """End at once."""

    def complete(self, buffer: Buffer) -> None:
        """Lengthen the word being typed."""

    def go(self, number: int) -> None:
        """Look at another room."""


@Condition
def line_is_empty() -> bool:
    """Tell whether nothing is typed."""
    return not get_app().current_buffer.text


def make_keys(actions: Actions) -> KeyBindings:
    """Return the bindings: Ctrl-D leaves and Ctrl-C interrupts, both on an empty line only; Tab; Alt-1 to Alt-9."""
    keys = KeyBindings()

    @keys.add("c-d", filter=line_is_empty)
    def _leave(_: KeyPressEvent) -> None:
        actions.leave()

    @keys.add("c-c")
    @keys.add(Keys.SIGINT)
    def _interrupt(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            actions.interrupt()

    @keys.add(Keys.BracketedPaste)
    def _paste(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(pasted(event.data))

    @keys.add("tab")
    def _complete(event: KeyPressEvent) -> None:
        actions.complete(event.current_buffer)

    for number in range(1, 10):
        keys.add("escape", str(number))(_goer(actions, number))
    return keys


def _goer(actions: Actions, number: int) -> Callable[[KeyPressEvent], None]:
    def go(_: KeyPressEvent) -> None:
        actions.go(number)

    return go


def pasted(data: str) -> str:
    """Return pasted text as it goes into the line: its last line ending sends nothing, controls are gone."""
    lines = data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return "\n".join(clean(line) for line in lines)
