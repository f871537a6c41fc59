"""The servers that are measured, and how one is run: each fresh, on 127.0.0.1, with a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import resource
import selectors
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

HERE = Path(__file__).parent
START_LIMIT = 20.0
"""Seconds that a server has to say that it listens, or to answer."""

STOP_LIMIT = 5.0
"""Seconds that a server has to stop; its data is thrown away, so that nothing is lost after that."""

ALL_AT_ONCE = 20000
NOBODIES = ("irc", "nobody")
"""Who runs a server that refuses to be run by root: the first of them that the machine knows."""


@dataclass(frozen=True)
class Launch:
    """How a server is started: its command, its port if it does not say which, and whose process it is (None: ours)."""

    command: list[str]
    port: int | None = None
    user: str | None = None


@dataclass(frozen=True)
class Server:
    """A server to measure: ``launch`` returns how it is started for so many clients with a data folder.

    ``at_the_door`` is how many clients may be on their way in at a time, ``program`` what has to be installed.
    """

    key: str
    title: str
    launch: Callable[[int, Path], Launch]
    thread_each: bool
    has_status: bool = False
    at_the_door: int = 100
    program: str | None = None

    def missing(self) -> bool:
        return self.program is not None and installed(self.program) is None


def installed(program: str) -> str | None:
    """Return where a program is, also if it is a system's and not on an ordinary user's path."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


def _chatctl(readers: str) -> Callable[[int, Path], Launch]:
    options = f"serve -p 0 --log-format json --log-level warning --reader-threads {readers}".split()
    return lambda clients, folder: Launch(
        [
            *(sys.executable, "-m", "chatctl", *options),
            *("--max-clients", str(clients + 10), "--data-dir", str(folder)),
        ]
    )


def _textbook(clients: int, folder: Path) -> Launch:
    return Launch([sys.executable, str(HERE / "textbook.py"), "--data-dir", str(folder)])


def _peer(program: str, *options: str) -> Callable[[int, Path], Launch]:
    """Return how an IRC server is started with our configuration of it, whose path comes after ``options``."""

    def launch(clients: int, folder: Path) -> Launch:
        port, user = _free_port(), _nobody()
        configuration = folder / f"{program}.conf"
        text = (HERE / "peers" / configuration.name).read_text()
        configuration.write_text(text.replace("@PORT@", str(port)).replace("@FOLDER@", str(folder)))
        if user is not None:
            shutil.chown(folder, user)
            shutil.chown(configuration, user)
        return Launch([installed(program) or program, *options, str(configuration)], port, user)

    return launch


def _nobody() -> str | None:
    """Return who is to run a server in the place of root, or None if we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in NOBODIES if name in known), None)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


THREADS = Server("per-client", "chatctl, a thread per client", _chatctl("per-client"), True, has_status=True)
SHARED = Server("shared", "chatctl, a shared reader", _chatctl("1"), False, has_status=True)
TEXTBOOK = Server("textbook", "textbook", _textbook, thread_each=True)
# Its queue of connections is 10 long.
NGIRCD = Server("ngircd", "ngIRCd", _peer("ngircd", "-n", "-f"), False, at_the_door=8, program="ngircd")
# It completes registrations once a second, however many there are.
INSPIRCD = Server(
    "inspircd",
    "InspIRCd",
    _peer("inspircd", "--nofork", "--config"),
    thread_each=False,
    at_the_door=ALL_AT_ONCE,
    program="inspircd",
)


def raise_file_limit() -> None:
    """Let this process and those it starts open as many files as they may."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def why_not(server: Server, clients: int) -> str | None:
    """Return why ``server`` cannot be measured with so many clients on this machine, or None."""
    if server.missing():
        return f"{server.program} is not installed"
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    needed = clients * 5 // 4 + 100
    if files != resource.RLIM_INFINITY and files < needed:
        return f"{needed} descriptors are needed, {files} allowed"
    threads = _thread_limit()
    if server.thread_each and threads < clients + 200:
        return f"{clients} threads are needed, {threads} allowed"
    return None


def _thread_limit() -> int:
    limits = [int(Path(f"/proc/sys/kernel/{name}").read_text()) for name in ("threads-max", "pid_max")]
    # A thread's stack and its guard page are two maps.
    limits.append(int(Path("/proc/sys/vm/max_map_count").read_text()) // 2)
    own = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    return min(limits) if own == resource.RLIM_INFINITY else min(*limits, own)


@contextlib.contextmanager
def started(launch: Launch, prefix: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Run a server, with ``prefix`` before its command, as long as the block lasts; yields its port and process id."""
    command = [*prefix, *launch.command]
    # A server that does not say its port would fill a pipe that nobody reads.
    output = subprocess.PIPE if launch.port is None else subprocess.DEVNULL
    groups: list[int] | None = None if launch.user is None else []
    group = None if launch.user is None else pwd.getpwnam(launch.user).pw_gid
    process = subprocess.Popen(command, stdout=output, text=True, user=launch.user, group=group, extra_groups=groups)
    try:
        port = _said_port(process) if launch.port is None else _answering_port(process, launch.port)
        if port is None:
            raise click.ClickException(f"{' '.join(command)} does not listen")
        yield port, process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_LIMIT)
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _said_port(process: subprocess.Popen[str]) -> int | None:
    """Return the port in the first line that a server prints, None if it prints none in time."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        said = process.stdout.readline() if selector.select(START_LIMIT) else ""
    found = re.search(r"127\.0\.0\.1:(\d+)", said)
    return int(found[1]) if found else None


def _answering_port(process: subprocess.Popen[str], port: int) -> int | None:
    """Return the port as soon as connections are taken there, None if the server ended or is not in time."""
    give_up = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < give_up:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return port
        time.sleep(0.05)
    return None
