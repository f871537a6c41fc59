"""`chatctl connect` on a terminal: a line to type in at the bottom, the conversation above it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable
from contextlib import suppress

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.formatted_text import StyleAndTextTuples
from rich.console import Console

from chatctl.client import events as ev
from chatctl.client.errors import ConnectionLost, Expelled, Unacknowledged
from chatctl.client.events import Event
from chatctl.client.history import open_history
from chatctl.client.keys import make_keys
from chatctl.client.link import Link
from chatctl.client.options import ConnectOptions
from chatctl.client.promptline import STYLE, prompt_line
from chatctl.client.render import Painter
from chatctl.client.screen import Screen, terminal_output
from chatctl.errors import Refused

LEAVE_SECONDS = 2.0
"""How long the server may take for its goodbye."""

READ_SIZE = 4_096
"""Bytes drawn between two looks at the keyboard: some 10 ms of work."""

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM


class Terminal:
    """One conversation with a person; ``link`` is ready."""

    def __init__(self, link: Link, options: ConnectOptions) -> None:
        self._link = link
        self._session = link.session
        self._output = terminal_output()
        self._prompt: PromptSession[str] = PromptSession(
            self._line,
            style=STYLE,
            history=open_history(options.history),
            key_bindings=make_keys(self._leave, self._interrupt, self._suggest),
            erase_when_done=True,
            reserve_space_for_menu=0,
            output=self._output,
        )
        # One prompt for the whole conversation: between two, what is typed would be echoed by the kernel.
        self._prompt.default_buffer.accept_handler = self._accept
        self._screen = Screen(self._prompt.app, self._output)
        self._console = Console(file=self._screen, force_terminal=True, highlight=False)
        self._painter = Painter()
        self._last_words = "the server closed the connection"
        self._lost = ""
        self._expelled = ""
        self._status = 0

    async def run(self) -> int:
        """Talk until somebody ends it; return the exit status.

        Raises ``Expelled``, ``ConnectionLost``, or ``Unacknowledged`` if messages are left whose fate is unknown.
        """
        reader, self._writer = await asyncio.open_connection(sock=self._link.sock)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._end, TERMINATED)
        reading: list[asyncio.Task[None]] = []
        try:
            # Reading is begun by the prompt, so that whatever is read finds a prompt that it can end.
            await self._prompt.prompt_async(pre_run=lambda: reading.append(asyncio.create_task(self._read(reader))))
        finally:
            self._screen.put()
            self._writer.close()
            for task in reading:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        # A line begun when the connection went is there again, an arrow key away, next time.
        self._prompt.default_buffer.append_to_history()
        return self._outcome()

    def _outcome(self) -> int:
        waiting = len(self._session.waiting)
        if self._expelled and not self._status:
            raise Expelled(self._expelled, waiting)
        if waiting and not self._status:
            raise Unacknowledged(waiting, waiting, self._lost)
        if self._lost:
            raise ConnectionLost(self._lost)
        return self._status

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            self._hear(self._link.opening)
            while data := await self._receive(reader):
                self._hear(self._session.receive(data))
                # What is read already comes without waiting; in a storm the keys need their turn too.
                await asyncio.sleep(0)
            self._lose(self._last_words)
        finally:
            self._end()

    async def _receive(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.read(READ_SIZE)
        except OSError as error:
            self._last_words = error.strerror or str(error)
            return b""

    def _hear(self, events: Iterable[Event]) -> None:
        self._console.width = self._output.get_size().columns
        for event in events:
            self._painter.draw(event, self._console)
            match event:
                case ev.Stopping():
                    self._last_words = "the server shut down"
                case ev.Ended(reason=reason):
                    self._last_words = self._expelled = reason
                case ev.Goodbye():
                    self._end()
                case _:
                    pass

    def _lose(self, why: str) -> None:
        if not self._session.leaving:
            self._lost = why

    def _accept(self, buffer: Buffer) -> bool:
        """Send what is typed or pasted, line by line; True leaves in place what could not be sent."""
        lines = buffer.text.split("\n")
        while lines and not self._session.leaving:
            try:
                self._session.send(lines[0])
            except Refused as error:
                self._say(f"{error}")
                buffer.text = "\n".join(lines)
                break
            lines.pop(0)
        self._transmit()
        return bool(lines)

    def _leave(self) -> None:
        self._session.leave()
        self._transmit()

    def _transmit(self) -> None:
        self._writer.write(self._session.take_output())
        if self._session.leaving:
            asyncio.get_running_loop().call_later(LEAVE_SECONDS, self._end)

    def _interrupt(self) -> None:
        self._end(INTERRUPTED)

    def _suggest(self, names: list[str]) -> None:
        self._say("  ".join(names))

    def _say(self, text: str) -> None:
        self._console.print(text, style="dim", markup=False, soft_wrap=True)

    def _end(self, status: int = 0) -> None:
        app = self._prompt.app
        if app.is_running and not app.is_done:
            self._status = status
            app.exit()

    def _line(self) -> StyleAndTextTuples:
        return prompt_line(self._session, self._output.get_size().columns)
