"""``chatctl serve``."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import click

from chatctl import __version__
from chatctl.cli.config import take_named
from chatctl.cli.limits import LimitedCommand, limit_options, read_limits
from chatctl.cli.logs import LOG_FORMATS, configure_logging
from chatctl.cli.policy import message_of_the_day, network_name, read_policy, server_name
from chatctl.cli.types import duration
from chatctl.core.policy import Registering
from chatctl.errors import BadSetting, ChatctlError, ServerFailed
from chatctl.server import ChatServer, ReaderThreads, ServeOptions
from chatctl.store.base import Retention
from chatctl.store.sqlite import Durability

ARGUMENTS = "chatctl.cli.serve.arguments"

log = logging.getLogger(__name__)

_DEFAULT = ServeOptions()
MOST_READERS = 64
STACK_SIZE = 256 * 1024
"""Bytes of stack for each thread: a thread for each client makes many."""

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_WORDS: dict[str, ReaderThreads] = {"auto": "auto", "per-client": "per-client"}


def reader_threads(value: str) -> ReaderThreads:
    """Read ``auto``, ``per-client`` or a number."""
    if value in _WORDS:
        return _WORDS[value]
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_READERS):
        raise click.BadParameter(f"{value!r} is neither auto, per-client nor a number from 1 to {MOST_READERS}.")
    return int(value)


def processors(value: str) -> frozenset[int]:
    """Read a list of processor numbers."""
    if not hasattr(os, "sched_setaffinity"):
        raise click.BadParameter("this system cannot keep a process on chosen processors; leave the option out.")
    usable = os.sched_getaffinity(0)
    parts = value.split(",")
    chosen = frozenset(int(part) for part in parts if part.isascii() and part.isdigit())
    if len(chosen) != len(parts) or not chosen <= usable:
        raise click.BadParameter(f"{value!r} is no list of processors; this process may use {_listed(usable)}.")
    return chosen


class ServeCommand(LimitedCommand):
    """A command that remembers what it was called with, so that it can be read again."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and remember what."""
        ctx.meta[ARGUMENTS] = tuple(args)
        return super().parse_args(ctx, args)


@click.command(cls=ServeCommand, context_settings={"show_default": True})
@click.option("--host", default=_DEFAULT.host, help="Address to listen on.")
@click.option("-p", "--port", default=_DEFAULT.port, type=click.IntRange(0, 65535), help="Port; 0 picks a free one.")
@click.option("--listen", multiple=True, metavar="HOST:PORT", help="A further address; may be repeated.")
@click.option("--limit-loopback", is_flag=True, help="Hold this machine's own clients to all limits.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for messages and the session ledger.  [default: your data folder]",
)
@click.option("--in-memory", is_flag=True, help="Keep nothing on disk; the server forgets when it stops.")
@click.option(
    "--durability",
    type=click.Choice([one.value for one in Durability]),
    default=_DEFAULT.durability.value,
    help="normal: an ACK survives kill -9; full: every group is synced, an ACK survives a power cut.",
)
@click.option("--keep-messages", type=duration, default="7d", help="How long messages are kept, for example 12h or 7d.")
@click.option("--keep-sessions", type=duration, default="90d", help="How long sessions that ended are kept.")
@click.option("--server-name", type=server_name, default=_DEFAULT.server_name, help="What the server calls itself.")
@click.option(
    "--network", type=network_name, default=_DEFAULT.network, help="What it calls the network, without blanks."
)
@click.option("--description", default=_DEFAULT.description, help="A line about the server.")
@click.option("--motd", type=message_of_the_day, metavar="FILE", help="The message of the day, a text file.")
@click.option(
    "--allow-origin",
    multiple=True,
    metavar="ORIGIN",
    help="Let pages of this origin, like https://example.org, connect by WebSocket; * lets all; may be repeated.",
)
@click.option("--tls-cert", type=_FILE, help="Certificate (PEM, with its chain): TLS on the same port.")
@click.option("--tls-key", type=_FILE, help="Its key (PEM).  [default: in the certificate's file]")
@click.option(
    "--tls",
    type=click.Choice(["auto"]),
    help="auto: make a self-signed certificate at the first start, keep it, and print its fingerprint.",
)
@click.option("--tls-only", is_flag=True, help="Turn away who comes without TLS.")
@click.option(
    "--client-certificates",
    is_flag=True,
    help="Ask for clients' certificates, by which they log in (SASL EXTERNAL); needs pyOpenSSL.",
)
@click.option(
    "--sts",
    type=duration,
    metavar="TIME",
    help="Tell IRC clients to use nothing but TLS, and to keep to it for this long, like 30d; 0s takes it back.",
)
@click.option("--password-file", type=_FILE, help="File with the password, or its hash, that IRC clients have to send.")
@click.option(
    "--oper",
    "operators",
    multiple=True,
    metavar="NAME:FILE",
    help="An operator, and the file with the password or its hash; may be repeated.",
)
@click.option(
    "--registration",
    type=click.Choice([one.value for one in Registering]),
    default=_DEFAULT.policy.registering.value,
    help="Who may make an account: whoever is connected, also before the registration is complete, nobody.",
)
@click.option("--require-email", is_flag=True, help="Make no account without an e-mail address.")
@click.option(
    "--reader-threads",
    type=reader_threads,
    metavar="auto|per-client|N",
    default=_DEFAULT.reader_threads,
    help="A thread for each client, or N that share them; auto shares above 512 clients.",
)
@click.option(
    "--cpus",
    type=processors,
    metavar="LIST",
    help="Run on these processors only, like 0 or 2,3. One is the fastest where many clients talk at once"
    " with a thread for each.  [default: all]",
)
@click.option("--log-format", type=click.Choice(LOG_FORMATS), default="text", help="How log lines look.")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"], case_sensitive=False),
    default="info",
    help="The least that is logged, on stderr.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print and log nothing but errors.")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=take_named,
    is_eager=True,
    expose_value=False,
    metavar="FILE",
    help="Take defaults from the table [serve] of this TOML file; SIGHUP reads it again.",
)
@limit_options
@click.option("--check-config", is_flag=True, help="Say whether the options and the file are good, and do nothing.")
@click.pass_context
def serve(ctx: click.Context, /, **given: Any) -> None:
    """Run the chat server until Ctrl-C or SIGTERM.

    People connect with `chatctl connect`, with nc, or with a script that opens a TCP connection.
    A second Ctrl-C stops at once.

    SIGHUP reads the certificate and the file of --config again. Limits change at once, and nobody is cut;
    what needs a new start is logged.
    """
    options = _options(given)
    if given["check_config"]:
        click.echo("the configuration is good")
        return
    configure_logging(given["log_format"], "error" if given["quiet"] else given["log_level"])
    server = ChatServer(options)
    # A program that runs the command in a thread of its own passes a function as click's obj: it gets the
    # running server, to tell its address and to stop it.
    if ctx.obj is None:
        _tune_process(given["cpus"])
    with _listening_to_signals(server, partial(_read_again, ctx, server)), server:
        if not given["quiet"]:
            _print(_announcement(server, given["log_format"]))
        if ctx.obj is not None:
            ctx.obj(server)
        server.wait()
    if server.failed:
        raise ServerFailed


def _options(given: dict[str, Any]) -> ServeOptions:
    """Return what the server is told, from the options of the command; raises ``UsageError`` and ``CannotRun``."""
    _check_tls(given)
    policy = read_policy(
        given["password_file"],
        given["operators"],
        given["registration"],
        given["require_email"],
    )
    own = {field.name for field in fields(ServeOptions)} & given.keys()
    try:
        return ServeOptions(
            **{name: given[name] for name in own - {"durability", "motd"}} | read_limits(given),
            retention=Retention(_milliseconds(given["keep_messages"]), _milliseconds(given["keep_sessions"])),
            durability=Durability(given["durability"]),
            motd=given["motd"] or (),
            tls_auto=given["tls"] == "auto",
            policy=policy,
        )
    except BadSetting as error:
        raise click.UsageError(f"--{error}") from None


def _read_again(ctx: click.Context, server: ChatServer) -> None:
    """Read the configuration file and the certificate again; what is wrong with them is logged, and changes nothing."""
    try:
        again = ctx.command.make_context(ctx.info_name, list(ctx.meta[ARGUMENTS]), ctx.parent)
        server.reload(_options(again.params))
    except click.ClickException as error:
        log.error("%s; everything stays as it was", error.format_message())
    except ChatctlError as error:
        log.error("%s; everything stays as it was", error)


def _check_tls(options: dict[str, Any]) -> None:
    """Refuse options that make no sense together."""
    tls, cert = options["tls"], options["tls_cert"]
    if tls and cert:
        raise click.UsageError("--tls auto makes a certificate, --tls-cert brings one; give one of them")
    needing = ("tls_key", "tls_only", "client_certificates")
    if not (tls or cert) and (any(options[name] for name in needing) or options["sts"] is not None):
        raise click.UsageError("there is no certificate; add --tls-cert FILE, or --tls auto for one of its own making")


def _tune_process(cpus: frozenset[int] | None) -> None:
    """Set what holds for the whole process, which is this command's own."""
    if cpus is not None:
        os.sched_setaffinity(0, cpus)
    if hasattr(os, "SCHED_BATCH"):
        # A thread that wakes up does not interrupt the one that runs: it would only wait for the
        # interpreter lock that the other holds.
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    threading.stack_size(STACK_SIZE)
    # Serving makes no reference cycles: look for them seldom instead of every few messages.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _print(text: str) -> None:
    """Print to stdout, if it takes anything; a server whose output is lost goes on serving."""
    try:
        click.echo(text)
    except OSError as error:
        log.warning("cannot print where the server listens: %s", error.strerror)
        # What is left in the buffer would be written, and fail, once more at the end of the process.
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), sys.stdout.fileno())


def _announcement(server: ChatServer, log_format: str) -> str:
    addresses = [str(address) for address in server.addresses]
    if log_format == "json":
        listening = {
            "event": "listening",
            "addresses": addresses,
            "server_name": server.options.server_name,
            "max_clients": server.max_clients,
            "data_dir": None if server.data_dir is None else str(server.data_dir),
            "tls_fingerprint": server.fingerprint or None,
            "pid": os.getpid(),
        }
        return json.dumps(listening)
    host, port = server.address
    kept = "in memory" if server.data_dir is None else f"in {server.data_dir}"
    text = (
        f"{server.options.server_name} {__version__} listens on {', '.join(addresses)}"
        f" for up to {server.max_clients} clients; messages are kept {kept}.\n"
        f"Connect with: {_connect_command(server, host, port)}   (Ctrl-C stops the server)"
    )
    if server.fingerprint:
        text += f"\nTLS on the same port; the certificate is SHA256 {server.fingerprint}"
    return text


def _connect_command(server: ChatServer, host: str, port: int) -> str:
    parts = ["chatctl connect"]
    if host != _DEFAULT.host:
        parts.append(f"--host {host}")
    if port != _DEFAULT.port:
        parts.append(f"-p {port}")
    if server.options.tls_only:
        return " ".join([*parts, "--tls"])
    return f"{' '.join(parts)}   or: nc {host} {port}"


@contextmanager
def _listening_to_signals(server: ChatServer, read_again: Callable[[], None]) -> Iterator[None]:
    """Let SIGINT and SIGTERM stop the server, a second SIGINT the process, at once, and SIGHUP read files again.

    In a thread that is not the main one there are no signals; who started that thread stops the server.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT and server.stop_requested:
            os._exit(128 + number)
        server.request_stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda *_: read_again())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listed(numbers: set[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def _milliseconds(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)
