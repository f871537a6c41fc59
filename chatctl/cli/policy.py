"""The options of ``chatctl serve`` that say who may do what, and what the server says of itself."""

from __future__ import annotations

import re
from pathlib import Path

import click

from chatctl.core.policy import Policy, Registering

MOTD_LINES = 200
MOTD_WIDTH = 400

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,62}")


def server_name(value: str) -> str:
    """Read a server's name: it stands at the beginning of every line that the server sends to an IRC client."""
    return _word(value, "server name")


def network_name(value: str) -> str:
    """Read a network's name."""
    return _word(value, "network name")


def _word(value: str, what: str) -> str:
    if _WORD.fullmatch(value) is None:
        raise click.BadParameter(f"{value!r} is no {what}; use up to 63 letters, digits, dots, - and _.")
    return value


def message_of_the_day(value: str) -> tuple[str, ...]:
    """Read the lines of a text file."""
    try:
        lines = Path(value).read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise click.BadParameter(f"cannot read {value}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{value} is not UTF-8.") from error
    shown = tuple(line.rstrip()[:MOTD_WIDTH] for line in lines[:MOTD_LINES])
    return shown[:-1] if shown and not shown[-1] else shown


def read_policy(
    password_file: Path | None,
    operators: tuple[str, ...],
    registration: str,
    email: bool,
) -> Policy:
    """Return the rules that the options ask for; raises ``SecretUnreadable``."""
    return Policy(
        password=_secret(password_file) if password_file is not None else "",
        operators={name: _secret(path) for name, path in map(_operator, operators)},
        registering=Registering(registration),
        email_required=email,
    )


def _operator(value: str) -> tuple[str, Path]:
    name, colon, path = value.partition(":")
    if not (name and colon and path) or " " in name:
        raise click.BadParameter(f"{value!r} is not NAME:FILE.", param_hint="--oper")
    return name, Path(path)


def _secret(path: Path) -> str:
    from chatctl.auth.passwords import read_secret

    return read_secret(path)
