"""The terminal above and around the prompt, changed in whole steps so that nothing flickers or breaks."""

from __future__ import annotations

import asyncio
import os
import sys
from io import StringIO
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

BATCH_SECONDS = 0.03
"""Lines that come within this time are put on the screen together."""


class HeldOutput(Vt100_Output):
    """A terminal that can be written to in several steps and then sees them as one."""

    held = False

    def flush(self) -> None:
        """Send what is written, unless more is to come."""
        if not self.held:
            super().flush()


def terminal_output(colourless: bool = False) -> HeldOutput:
    """Return stdout as a terminal that is never asked where its cursor is: the answer would be typed text."""
    depth = ColorDepth.DEPTH_1_BIT if colourless else ColorDepth.from_env()  # honours NO_COLOR
    output = HeldOutput.from_pty(sys.stdout, term=os.environ.get("TERM"), default_color_depth=depth)
    assert isinstance(output, HeldOutput)
    output.enable_cpr = False
    return output


class Screen(StringIO):
    """A file whose text appears above the prompt of ``app``, which stays as it is.

    prompt_toolkit's own ``patch_stdout`` leaves raw mode for each write: what is typed at that moment
    is echoed by the kernel into the middle of the screen. Here the terminal never leaves it.
    """

    def __init__(self, app: Application[Any], output: HeldOutput) -> None:
        super().__init__()
        self._app = app
        self._output = output
        self._last = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def flush(self) -> None:
        """See to it that what is written will appear soon."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(self._last + BATCH_SECONDS, self.put)

    def put(self) -> None:
        """Put what is written above the prompt, now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        self._last = asyncio.get_running_loop().time()
        self._output.held = True
        try:
            self._app.renderer.erase()
            self._output.write_raw(text)
            if self._app.is_running:
                self._app.render_counter += 1  # else the lines above the prompt are those of the last time
                self._app.renderer.render(self._app, self._app.layout)
        finally:
            self._output.held = False
            self._output.flush()
