"""Servers that want TLS: sts (IRCv3). A policy is kept in a file, one host a line."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from chatctl.client.options import ConnectOptions

MOST_SECONDS = 10 * 365 * 24 * 60 * 60
"""The longest that a policy is kept, whatever the server says."""

_PORTS = range(1, 65_536)


def wanted_port(value: str) -> int | None:
    """Return the port that a server without TLS names in the capability's value; None if it names none."""
    port = _number(value, "port")
    return port if port in _PORTS else None


def upgraded(options: ConnectOptions, port: int) -> ConnectOptions:
    """Return how to connect with TLS instead."""
    return replace(options, port=port, tls=options.upgrade.tls if options.upgrade is not None else None)


def kept_to(options: ConnectOptions) -> ConnectOptions:
    """Return how to connect to the host according to the policy that it told before, if there is one."""
    if options.tls is not None or options.upgrade is None:
        return options
    known = _read(options.upgrade.kept).get(options.host.lower())
    return upgraded(options, known[0]) if known is not None and known[1] > time.time() else options


def keep(options: ConnectOptions, value: str) -> None:
    """Keep the policy that a server with TLS tells in the capability's value; a duration of 0 ends one."""
    duration = _number(value, "duration")
    if options.tls is None or options.upgrade is None or duration is None:
        return
    path, host = options.upgrade.kept, options.host.lower()
    policies = _read(path)
    before = policies.pop(host, None)
    if duration:
        policies[host] = (options.port, int(time.time()) + min(duration, MOST_SECONDS))
    if before is not None or duration:
        # Who cannot write there goes on without; the server will tell again.
        with suppress(OSError):
            _write(path, policies)


def _number(value: str, key: str) -> int | None:
    """Return the number that ``key`` has in ``key=value,key=value``."""
    values = dict(part.partition("=")[::2] for part in value.split(","))
    text = values.get(key, "")
    return int(text) if text.isascii() and text.isdigit() else None


def _read(path: Path) -> dict[str, tuple[int, int]]:
    """Return the port and the end, in seconds since 1970, of each host's policy; broken lines say nothing."""
    policies: dict[str, tuple[int, int]] = {}
    with suppress(OSError):
        for line in path.read_text("utf-8", "replace").splitlines():
            match line.split():
                case [host, port, end] if port.isdecimal() and end.isdecimal() and int(port) in _PORTS:
                    policies[host] = (int(port), int(end))
    return policies


def _write(path: Path, policies: dict[str, tuple[int, int]]) -> None:
    """Write the file, which only its owner can read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w") as file:
        file.writelines(f"{host} {port} {end}\n" for host, (port, end) in sorted(policies.items()))
    part.replace(path)
