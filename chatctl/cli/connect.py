"""``chatctl connect``: its options and its help."""

from __future__ import annotations

import getpass
import os
import re
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import platformdirs

from chatctl.cli.config import take_config
from chatctl.cli.types import duration
from chatctl.client.options import DEFAULTS, Alarm, Colour, ConnectOptions, TlsOptions, Upgrade
from chatctl.client.registration import Login
from chatctl.core.names import USER_LIMIT, check_nick, check_room
from chatctl.errors import Refused

EPILOG = """\b
On a terminal:
  Type a message and press Enter; its tick says that the server has stored it.
  status            the table of all sessions
  exit              leave (also Ctrl-D)
  /help             everything else that can be typed
  Tab               completes commands, names and rooms
  Alt-1 ... Alt-9   go to another room
  Ctrl-C            clear the line; on an empty line end the client

\b
Exit codes:
  0    fine: you left, and every message was acknowledged
  1    any other failure; also: the connection was lost
  2    wrong usage
  10   cannot connect
  11   the server is full
  12   authentication failed
  13   kicked or banned
  14   TLS verification failed
  15   messages remain that the server has not acknowledged
  130  interrupted

\b
Files:
  config.toml   defaults for these options, in your configuration folder
                (CHATCTL_CONFIG names another file):
                  [connect]
                  name = "ada"
                  room = ["#lobby", "#ops"]
  history       what you typed; only you can read it
  known_hosts   certificates that were trusted on first use
  sts           hosts that want TLS, and until when (these three are in your
                state folder, CHATCTL_STATE_DIR names another)

\b
Environment:
  CHATCTL_PASSWORD           the password, in place of --password-file
  CHATCTL_CONNECT_<OPTION>   any option, like CHATCTL_CONNECT_NAME=ada
  NO_COLOR                   draw without colours

The command line beats the environment beats the file.

\b
Examples:
  chatctl connect --name ada
  chatctl connect --host irc.example.org -p 6697 --tls --room '#python'
  echo "deployed 1.2.3" | chatctl connect --room '#ops'
  chatctl connect --read-only --json | jq -r 'select(.event == "message").text'
"""


def _checked(check: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return a callback that checks an option's value, or each of them."""

    def callback(_: click.Context, __: click.Parameter, value: Any) -> Any:
        try:
            return tuple(map(check, value)) if isinstance(value, tuple) else value and check(value)
        except (Refused, ValueError) as error:
            raise click.BadParameter(str(error)) from None

    return callback


def _fingerprint(text: str) -> str:
    from chatctl.core.fingerprints import parse_fingerprint

    return parse_fingerprint(text)


def _positive(_: click.Context, __: click.Parameter, value: timedelta) -> timedelta:
    if not value:
        raise click.BadParameter("no server answers in no time; use 500ms or more")
    return value


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


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
@click.option(
    "--name", callback=_checked(check_nick), metavar="NICK", help="Be called NICK; without it the server chooses."
)
@click.option(
    "--room",
    callback=_checked(check_room),
    multiple=True,
    metavar="'#ROOM'",
    help="Go into #ROOM, not into #lobby; repeat it for more. What you type goes to the first.",
)
@click.option("--account", metavar="NAME", help="Log in to this account (SASL) with the password.")
@click.option(
    "--password-file",
    type=_FILE,
    metavar="FILE",
    help="The first line is the account's password; without --account, or with --client-cert, it is the server's.",
)
@click.option(
    "--server-password-file",
    type=_FILE,
    metavar="FILE",
    help="The first line is the server's password, where an account's is needed too.",
)
@click.option("--tls", is_flag=True, help="Encrypt; the server's certificate is checked.")
@click.option("--cafile", type=_FILE, metavar="FILE", help="Trust only certificates signed by one of these (PEM).")
@click.option(
    "--fingerprint",
    callback=_checked(_fingerprint),
    metavar="SHA256",
    help="Trust only the certificate with this SHA-256 fingerprint.",
)
@click.option(
    "--client-cert",
    type=_FILE,
    metavar="FILE",
    help="Log in by this certificate (PEM, SASL EXTERNAL), to --account or to whichever account has it.",
)
@click.option("--client-key", type=_FILE, metavar="FILE", help="Its key (PEM).  [default: in the certificate's file]")
@click.option("--read-only", is_flag=True, help="Send nothing; print what comes until Ctrl-C.")
@click.option("--json", is_flag=True, help="Print one JSON object for each event.")
@click.option(
    "--backlog",
    type=click.IntRange(0, 1_000),
    default=DEFAULTS.backlog,
    show_default=True,
    metavar="N",
    help="Show a room's last N messages on coming in, on a terminal.",
)
@click.option(
    "--notify",
    type=click.Choice([alarm.value for alarm in Alarm]),
    default=DEFAULTS.alarm.value,
    show_default=True,
    help="How to tell that somebody mentions you: the terminal's bell, or a notification of the desktop "
    "by your terminal (OSC 9 or OSC 777).",
)
@click.option(
    "--color",
    type=click.Choice([colour.value for colour in Colour]),
    default=DEFAULTS.colour.value,
    show_default=True,
    help="Whether to draw in colours.",
)
@click.option(
    "--timeout",
    type=duration,
    callback=_positive,
    default="10s",
    show_default=True,
    metavar="TIME",
    help="How long to wait for the server to let you in and to acknowledge, like 500ms or 10s.",
)
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=take_config,
    is_eager=True,
    expose_value=False,
    metavar="FILE",
    help="Take defaults from this file.",
)
@click.pass_context
def connect(context: click.Context, /, **given: Any) -> None:
    """Talk on a chat server from this terminal, or from a script.

    Speaks IRC (IRCv3): at its best with `chatctl serve`, good with any IRC server.

    On a terminal you get a line to type in, below the conversation. With a pipe or a file on either
    side each line of standard input is sent as if typed, and the command ends once the server has
    acknowledged all of them.
    """
    from chatctl.client.run import run

    try:
        context.exit(run(_options(given)))
    except (KeyboardInterrupt, click.Abort):
        context.exit(128 + signal.SIGINT)


def _options(given: dict[str, Any]) -> ConnectOptions:
    tls = None
    certificate, key = given["client_cert"], given["client_key"]
    if key and not certificate:
        raise click.UsageError("a key is shown with its certificate; give that with --client-cert")
    if given["tls"] or given["cafile"] or given["fingerprint"] or certificate:
        tls = TlsOptions(given["cafile"], given["fingerprint"], _state_folder() / "known_hosts", certificate, key)
    return ConnectOptions(
        given["host"],
        given["port"],
        _login(given),
        given["room"] or None,
        tls,
        given["read_only"],
        given["json"],
        given["timeout"].total_seconds(),
        _state_folder() / "history",
        given["backlog"],
        Alarm(given["notify"]),
        Colour(given["color"]),
        Upgrade(_state_folder() / "sts", TlsOptions(known_hosts=_state_folder() / "known_hosts")),
    )


def _login(given: dict[str, Any]) -> Login:
    account = given["account"] or ""
    path, server_path = given["password_file"], given["server_password_file"]
    password = _first_line(path) if path else os.environ.get("CHATCTL_PASSWORD", "")
    server_password = _first_line(server_path) if server_path else ""
    external = given["client_cert"] is not None
    if external or not account:
        password, server_password = "", server_password or password
    elif not password:
        password = _ask_password(account)
    name = given["name"] or account or None
    return Login(name, _user(), account, password, server_password, external=external)


def _ask_password(account: str) -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        # What comes from a script is to be said, not taken for a password.
        raise click.UsageError(f"{account} has a password; give it with --password-file or CHATCTL_PASSWORD")
    password: str = click.prompt(f"password of {account}", hide_input=True, err=True)
    return password


def _first_line(path: Path) -> str:
    try:
        line = path.read_text(encoding="utf-8").partition("\n")[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"cannot read a password from {path}: {error}; write it in the first line") from None
    if not line:
        raise click.UsageError(f"the first line of {path} is empty; write the password there")
    return line


def _user() -> str:
    """Return the name of the user on this machine as IRC takes it, for servers that choose no nick."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = ""
    return re.sub(r"[^A-Za-z0-9_]|^[0-9]+", "", name)[:USER_LIMIT] or "guest"


def _state_folder() -> Path:
    """Return where state is kept: in CHATCTL_STATE_DIR, or where the platform keeps such things."""
    return Path(os.environ.get("CHATCTL_STATE_DIR") or platformdirs.user_state_dir("chatctl"))
