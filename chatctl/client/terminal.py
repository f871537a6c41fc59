"""`chatctl connect` on a terminal: a line to type in at the bottom, the conversation above it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterable
from contextlib import suppress

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.formatted_text import StyleAndTextTuples

from chatctl.client import events as ev
from chatctl.client.commands import BARE, Typed, is_message, run_line
from chatctl.client.completion import complete
from chatctl.client.desk import Desk, Mention, Shown
from chatctl.client.errors import Unacknowledged
from chatctl.client.events import Event, Kind, Outgoing
from chatctl.client.history import open_history
from chatctl.client.keeper import Keeper
from chatctl.client.keys import make_keys
from chatctl.client.link import Link
from chatctl.client.mentions import alarm
from chatctl.client.options import Colour, ConnectOptions
from chatctl.client.promptline import STYLE, prompt_line
from chatctl.client.render import Painter, make_console
from chatctl.client.screen import Screen, terminal_output
from chatctl.client.sending import check_text
from chatctl.core.names import fold
from chatctl.errors import CannotRun, Refused

LEAVE_SECONDS = 2.0
"""How long the server may take for its goodbye."""

PASTED_LINES = 3
"""Lines that are sent without a question."""

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM


class Terminal:
    """One conversation with a person; ``link`` is ready."""

    def __init__(self, link: Link, options: ConnectOptions) -> None:
        self._options = options
        self._desk = Desk(link.session, options.backlog)
        self._keeper = Keeper(link, options, self._desk, self._hear, self._say, self._refresh)
        self._output = terminal_output(options.colour is Colour.NEVER)
        self._prompt: PromptSession[str] = PromptSession(
            self._line,
            style=STYLE,
            history=open_history(options.history),
            key_bindings=make_keys(self),
            erase_when_done=True,
            reserve_space_for_menu=0,
            output=self._output,
        )
        # One prompt for the whole conversation: between two, what is typed would be echoed by the kernel.
        self._prompt.default_buffer.accept_handler = self._accept
        self._prompt.default_buffer.on_text_changed += self._forget_question
        self._screen = Screen(self._prompt.app, self._output)
        self._console = make_console(options.colour, self._screen)
        self._painter = Painter()
        self._asked = ""
        self._status = 0
        self._failure: CannotRun | None = None

    async def run(self) -> int:
        """Talk until somebody ends it; return the exit status.

        Raises ``CannotRun``, among them ``Unacknowledged`` if messages are left whose fate is unknown.
        """
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._end, TERMINATED)
        keeping: list[asyncio.Task[None]] = []
        try:
            # Reading is begun by the prompt, so that whatever is read finds a prompt that it can end.
            await self._prompt.prompt_async(pre_run=lambda: keeping.append(asyncio.create_task(self._keep())))
        finally:
            self._screen.put()
            for task in keeping:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        # A line begun when the conversation ended is there again, an arrow key away, next time.
        self._prompt.default_buffer.append_to_history()
        return self._outcome()

    def leave(self) -> None:
        """Say goodbye to the server; without one there is nobody to say it to."""
        if self._keeper.offline:
            self._end()
            return
        self._desk.session.leave()
        self._transmit()

    def interrupt(self) -> None:
        """End at once."""
        self._end(INTERRUPTED)

    def complete(self, buffer: Buffer) -> None:
        """Lengthen the word being typed; what it can be is listed if there is more than one."""
        names = complete(buffer, self._desk.session)
        if len(names) > 1:
            self._say("  ".join(names))

    def go(self, number: int) -> None:
        """Look at the room with this number, if there is one."""
        if not self._keeper.offline:
            self._do(f"/room {number}")

    async def _keep(self) -> None:
        try:
            await self._keeper.run()
        except CannotRun as error:
            self._failure = error
        finally:
            self._end()

    def _outcome(self) -> int:
        waiting = len(self._desk.on_their_way)
        if self._failure is not None and not self._status:
            raise self._failure
        if waiting and not self._status:
            raise Unacknowledged(waiting, waiting, "the connection was lost" if self._keeper.offline else "")
        return self._status

    def _hear(self, events: Iterable[Event]) -> None:
        self._console.width = self._output.get_size().columns
        for event in events:
            self._show(self._desk.hear(event))
            self._show(self._desk.switched())
            if isinstance(event, ev.Goodbye):
                self._end()
        # What is unread elsewhere changes the prompt, and nothing else.
        self._refresh()

    def _show(self, shown: Iterable[Shown]) -> None:
        for one in shown:
            if isinstance(one, Mention):
                self._call(one.said)
            self._painter.draw(one, self._console)

    def _call(self, said: ev.Said) -> None:
        """Draw attention to a message."""
        if not said.private and fold(said.to) != fold(self._desk.current):
            self._say(f"{said.name} speaks of you in {said.to}")
        self._screen.write(alarm(self._options.alarm, said.name, said.text, "TMUX" in os.environ))
        self._screen.flush()

    def _accept(self, buffer: Buffer) -> bool:
        """Send what is typed or pasted, line by line; True leaves in place what could not be sent."""
        lines = buffer.text.split("\n")
        if len(lines) > PASTED_LINES and self._asked != buffer.text:
            self._asked = buffer.text
            return True
        self._asked = ""
        while lines and not self._desk.session.leaving:
            if not self._do(lines[0]):
                buffer.text = "\n".join(lines)
                break
            lines.pop(0)
        return bool(lines)

    def _forget_question(self, _: Buffer) -> None:
        """What was asked for is not what is typed now."""
        self._asked = ""

    def _do(self, line: str) -> bool:
        """Do what a line asks for; return whether it need not be typed again."""
        self._console.width = self._output.get_size().columns
        typed = self._run_offline(line) if self._keeper.offline else run_line(self._desk.session, line)
        self._show(typed.events)
        self._show(self._desk.switched())
        self._transmit()
        return not (is_message(line) and any(isinstance(event, ev.Refused) for event in typed.events))

    def _run_offline(self, line: str) -> Typed:
        """Keep a message until there is a connection; most commands need one."""
        if line in ("exit", "/exit") or line.split(" ", maxsplit=1)[0] == "/quit":
            self.leave()
            return Typed()
        if line in BARE or (line[:1] == "/" and line[:2] != "//"):
            return Typed(events=(ev.Refused("offline", "not connected; messages are kept, commands are not"),))
        if line and self._desk.current:
            kind = Kind.SAY if self._desk.session.here.is_room(self._desk.current) else Kind.PRIVATE
            text = line.removeprefix("/")
            try:
                check_text(text)
            except Refused as error:
                return Typed(events=(ev.Refused(error.code, str(error)),))
            label = f"m{next(self._desk.session.labels)}"
            self._desk.unsent.append(Outgoing(kind, self._desk.current, text, label))
        return Typed()

    def _transmit(self) -> None:
        self._keeper.transmit()
        if self._desk.session.leaving:
            asyncio.get_running_loop().call_later(LEAVE_SECONDS, self._end)

    def _say(self, text: str) -> None:
        self._console.print(text, style="dim", markup=False, soft_wrap=True)

    def _refresh(self) -> None:
        self._prompt.app.invalidate()

    def _end(self, status: int = 0) -> None:
        app = self._prompt.app
        if app.is_running and not app.is_done:
            self._status = status
            app.exit()

    def _line(self) -> StyleAndTextTuples:
        question = ""
        if self._asked and self._asked == self._prompt.default_buffer.text:
            count = self._asked.count("\n") + 1
            question = f"send {count} lines to {self._desk.current}? Enter sends them, Ctrl-C clears them"
        return prompt_line(self._desk, self._output.get_size().columns, self._keeper.offline, question)
