"""``chatctl connect``: its options and its help."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import platformdirs

from chatctl.cli.types import duration
from chatctl.client.options import DEFAULTS, ConnectOptions
from chatctl.core.names import check_nick, check_room
from chatctl.errors import Refused

EPILOG = """\b
Exit codes:
  0    fine: you left, and every message was acknowledged
  1    any other failure; also: the connection was lost
  2    wrong usage
  10   cannot connect
  11   the server is full
  13   the server ended the session: kicked or banned
  15   messages remain that the server has not acknowledged
  130  interrupted

\b
Examples:
  chatctl connect --name ada
  echo "deployed 1.2.3" | chatctl connect --room '#ops'
  chatctl connect --read-only --json | jq -r 'select(.event == "message").text'
"""


def _checked(check: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    def callback(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
        try:
            return None if value is None else check(value)
        except Refused as error:
            raise click.BadParameter(str(error)) from None

    return callback


def _positive(_: click.Context, __: click.Parameter, value: timedelta) -> timedelta:
    if not value:
        raise click.BadParameter("no server answers in no time; use 500ms or more")
    return value


@click.command(epilog=EPILOG)
@click.option("--host", default=DEFAULTS.host, show_default=True, help="The server's name or address.")
@click.option(
    "-p",
    "--port",
    type=click.IntRange(1, 65535),
    default=DEFAULTS.port,
    show_default=True,
    help="The server's port.",
)
@click.option("--name", callback=_checked(check_nick), metavar="NICK", help="Be called NICK, not ClientNN.")
@click.option("--room", callback=_checked(check_room), metavar="'#ROOM'", help="Begin in #ROOM, not in #lobby.")
@click.option("--read-only", is_flag=True, help="Send nothing; print what comes until Ctrl-C.")
@click.option("--json", is_flag=True, help="Print one JSON object for each event.")
@click.option(
    "--timeout",
    type=duration,
    callback=_positive,
    default="10s",
    show_default=True,
    metavar="TIME",
    help="How long to wait for the server to let you in and to acknowledge, like 500ms or 10s.",
)
@click.pass_context
def connect(
    context: click.Context,
    host: str,
    port: int,
    name: str | None,
    room: str | None,
    read_only: bool,
    json: bool,
    timeout: timedelta,
) -> None:
    """Talk on a server from this terminal, or from a script.

    On a terminal you get a line to type in, below the conversation. With a pipe or a file on either
    side each line of standard input is sent as if typed, and the command ends once the server has
    acknowledged all of them.
    """
    from chatctl.client.run import run

    options = ConnectOptions(host, port, name, room, read_only, json, timeout.total_seconds(), _history_file())
    try:
        context.exit(run(options))
    except KeyboardInterrupt:
        context.exit(128 + signal.SIGINT)


def _history_file() -> Path:
    """Return where typed lines are kept: in CHATCTL_STATE_DIR, or where the platform keeps such things."""
    folder = os.environ.get("CHATCTL_STATE_DIR") or platformdirs.user_state_dir("chatctl")
    return Path(folder) / "history"
