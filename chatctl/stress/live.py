"""What a run shows while it goes on, on stderr, in the parent process: the workers draw nothing."""

from __future__ import annotations

import time
from itertools import pairwise
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from chatctl.stress.classify import Outcome
from chatctl.stress.drawing import share_bar, sparkline
from chatctl.stress.messages import Progress

BAR_WIDTH = 40
_SPARKS = 30
_REFRESH_S = 0.1


class PlainView:
    """One line for each phase."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to put back."""

    def phase(self, name: str, detail: str, seconds: float | None) -> None:
        lasting = "" if seconds is None else f", {seconds:g} s"
        self._console.print(Text(f"{name}: {detail}{lasting}"), soft_wrap=True)

    def progress(self, progress: Progress) -> None:
        """A line for each would be too many."""


class LiveView:
    """Phase, connections and messages, redrawn in place."""

    def __init__(self, console: Console, clients: int) -> None:
        self._clients = clients
        self._latest: dict[int, Progress] = {}
        self._phase: tuple[str, str, float | None] = ("starting", "", None)
        self._since = time.monotonic()
        self._acked: list[int] = []
        self._next_second = self._since
        self._next_refresh = self._since
        # No thread of its own: whoever tells it something has it drawn.
        self._live = Live(console=console, transient=True, auto_refresh=False, get_renderable=self.draw)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def phase(self, name: str, detail: str, seconds: float | None) -> None:
        self._phase = (name, detail, seconds)
        self._since = time.monotonic()
        self._live.refresh()

    def progress(self, progress: Progress) -> None:
        self._latest[progress.worker] = progress
        now = time.monotonic()
        if now >= self._next_second:
            self._next_second = now + 1
            self._acked.append(self._sum("acked"))
        if now >= self._next_refresh:
            self._next_refresh = now + _REFRESH_S
            self._live.refresh()

    def draw(self) -> Group:
        """The picture of this moment."""
        admitted, refused = self._sum("admitted"), self._sum("refused")
        waiting = self._sum("attempted") - admitted - refused
        shares = [(Outcome.ADMITTED, admitted), (Outcome.REFUSED_MESSAGE, refused), (Outcome.QUEUED_UNKNOWN, waiting)]
        width = BAR_WIDTH * min(self._clients, self._sum("attempted")) // self._clients
        rates = [later - earlier for earlier, later in pairwise(self._acked)]
        return Group(
            self._headline(),
            share_bar(shares, width) + Text(f" {admitted} admitted, {refused} not, of {self._clients}"),
            Text(sparkline(rates[-_SPARKS:], _SPARKS), "cyan")
            + Text(f" {self._sum('sent')} sent, {self._sum('acked')} acked"),
        )

    def _headline(self) -> Text:
        name, detail, seconds = self._phase
        gone = time.monotonic() - self._since
        clock = f"{gone:.1f} s" if seconds is None else f"{min(gone, seconds):.1f} of {seconds:g} s"
        return Text(f"{name} ", "bold") + Text(f"{detail}  ") + Text(clock, "dim")

    def _sum(self, name: str) -> int:
        return sum(getattr(progress, name) for progress in self._latest.values())
