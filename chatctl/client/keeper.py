"""One conversation kept up over as many connections as it takes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from chatctl.client import events as ev
from chatctl.client.backoff import Backoff
from chatctl.client.desk import Desk
from chatctl.client.errors import AuthenticationFailed, Expelled, TlsRefused
from chatctl.client.events import Event
from chatctl.client.link import Link, open_link
from chatctl.client.options import ConnectOptions
from chatctl.core.names import fold
from chatctl.errors import CannotRun

READ_SIZE = 4_096
"""Bytes drawn between two looks at the keyboard: some 10 ms of work."""

QUIET_SECONDS = 60.0
"""Silence after which the server is asked whether it is there."""

ANSWER_SECONDS = 30.0
"""How long it may take to answer that."""

FINAL = (AuthenticationFailed, Expelled, TlsRefused)
"""Why it is of no use to try again."""


class Keeper:
    """Reads what comes and hands it to ``hear``; when the connection goes, says so to ``tell`` and gets another.

    ``offline`` says what is being done about a lost connection, and is empty while there is one; ``refresh`` is
    called when it changes. ``desk`` has what outlasts a connection.
    """

    def __init__(
        self,
        link: Link,
        options: ConnectOptions,
        desk: Desk,
        hear: Callable[[Iterable[Event]], None],
        tell: Callable[[str], None],
        refresh: Callable[[], None],
    ) -> None:
        self.offline = ""
        self._link = link
        self._options = options
        self._desk = desk
        self._hear = hear
        self._tell = tell
        self._refresh = refresh
        self._backoff = Backoff()
        self._writer: asyncio.StreamWriter | None = None
        self._named = options.login.name is not None
        self._name = link.session.name
        self._expelled = False
        self._last_words = ""

    async def run(self) -> None:
        """Keep the conversation up until the user has left; raises ``CannotRun`` if that is of no use."""
        while True:
            why = await self._talk()
            if self._desk.session.leaving:
                return
            self._desk.disconnect()
            if self._expelled:
                raise Expelled(why, len(self._desk.on_their_way))
            self._tell(f"connection lost: {why}")
            await self._come_back()
            self._tell(f"connected again to {self._options.address}")

    def transmit(self) -> None:
        """Send what the session has to send."""
        if self._writer is not None:
            self._writer.write(self._link.take_output())

    async def _talk(self) -> str:
        """Read until the connection is over; return why."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._last_words = "the server closed the connection"
        reader, self._writer = await asyncio.open_connection(sock=self._link.sock)
        try:
            self._take(self._link.opening)
            while True:
                data = await self._receive(reader)
                self._take(self._link.receive(data))
                if self._link.is_over(data):
                    return self._last_words
                # What is read already comes without waiting; in a storm the keys need their turn too.
                await asyncio.sleep(0)
        except (OSError, TimeoutError) as error:
            return self._last_words if isinstance(error, BrokenPipeError) else _reason(error)
        finally:
            self._writer.close()
            self._writer = None
            self._backoff.lasted(loop.time() - began)

    async def _receive(self, reader: asyncio.StreamReader) -> bytes:
        """Return what comes; a server that is silent for long is asked whether it is there."""
        with suppress(TimeoutError):
            async with asyncio.timeout(QUIET_SECONDS):
                return await reader.read(READ_SIZE)
        self._desk.session.ping()
        self.transmit()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await reader.read(READ_SIZE)
        except TimeoutError:
            raise TimeoutError(f"no answer for {QUIET_SECONDS + ANSWER_SECONDS:g} seconds") from None

    def _take(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case ev.Stopping(text=text):
                    self._last_words = text
                case ev.Ended(reason=reason, expelled=expelled):
                    self._last_words, self._expelled = reason, expelled
                case ev.Renamed(new=new, own=True):
                    self._named, self._name = True, new
                case ev.Left(name=name, own=False) if self._named and fold(name) == fold(self._name):
                    # Whoever had the name has gone; perhaps it was one's own connection of before.
                    self._desk.session.request("NICK", self._name)
                case _:
                    pass
        self._hear(events)
        self.transmit()

    async def _come_back(self) -> None:
        """Try again and again, ever more slowly, until there is a connection; raises what makes that useless."""
        while True:
            await self._count_down(self._backoff.wait())
            try:
                self._link = await _in_thread(self._open_again)
            except FINAL:
                raise
            except CannotRun:
                continue
            self._desk.attach(self._link.session)
            self._show("")
            return

    def _open_again(self) -> Link:
        name = self._name if self._named else None
        rooms = tuple(room.name for room in self._desk.session.here.rooms.values())
        options = replace(self._options, login=replace(self._options.login, name=name, any_name=True), rooms=rooms)
        return open_link(options, lambda _: None, self._desk.session.labels, again=True)

    async def _count_down(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            self._show(f"offline; next try in {left:.0f} s" if left >= 1 else "offline; next try now")
            await asyncio.sleep(min(1.0, left))
        self._show("offline; trying to connect")

    def _show(self, offline: str) -> None:
        self.offline = offline
        self._refresh()


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


async def _in_thread(function: Callable[[], Link]) -> Link:
    """Return what ``function`` returns, which may block; nobody waits for it if it is not wanted any more."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Link] = loop.create_future()

    def work() -> None:
        try:
            outcome: Link | BaseException = function()
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            outcome = error
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(deliver, outcome)

    def deliver(outcome: Link | BaseException) -> None:
        if isinstance(outcome, BaseException):
            if not future.done():
                future.set_exception(outcome)
        elif future.done():
            outcome.sock.close()
        else:
            future.set_result(outcome)

    threading.Thread(target=work, name="chatctl-connect", daemon=True).start()
    return await future
