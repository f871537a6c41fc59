"""Defaults of a command's options from the user's file: the command line beats the environment beats the file."""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
import platformdirs

FILE_NAME = "config.toml"


def default_file() -> Path:
    """Return where the user's file is: ``CHATCTL_CONFIG``, or in the folder that the platform has for such things."""
    named = os.environ.get("CHATCTL_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("chatctl")) / FILE_NAME


def take_config(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """Take the defaults of this command from a file, the user's own if there is one and no other is named."""
    path = value or default_file()
    if value is None and not path.exists():
        return None
    context.default_map = _read(path, context.command)
    return path


def take_named(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """Take the defaults of this command from the file that is named, if one is."""
    if value is not None:
        context.default_map = _read(value, context.command)
    return value


def _read(path: Path, command: click.Command) -> dict[str, Any]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.UsageError(f"cannot read {path}: {error.strerror}; check --config and CHATCTL_CONFIG") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} is not TOML: {error}; mend it, or name another with --config") from None
    for key, value in tables.items():
        if not isinstance(value, dict):
            raise click.UsageError(f"{path}: {key!r} is in no table; write a line [{command.name}] above it")
        if key != command.name and get_close_matches(key, [command.name or ""]):
            raise click.UsageError(f"{path}: nobody reads [{key}]; did you mean [{command.name}]?")
    table = tables.get(command.name or "", {})
    options = {key: _option(key, command, path) for key in table}
    return {option.name or "": _value(key, table[key], option, path) for key, option in options.items()}


def _option(key: str, command: click.Command, path: Path) -> click.Parameter:
    """Return the parameter that ``key`` sets."""
    options = {max(parameter.opts, key=len).lstrip("-"): parameter for parameter in command.params}
    for not_here in ("config", "check-config", "help"):
        options.pop(not_here, None)
    name = key.replace("_", "-")
    if name not in options:
        close = get_close_matches(name, options, n=1)
        remedy = f"did you mean {close[0]}?" if close else f"there are {', '.join(sorted(options))}"
        raise click.UsageError(f"{path}: [{command.name}] knows no {key!r}; {remedy}")
    return options[name]


def _value(key: str, value: Any, option: click.Parameter, path: Path) -> Any:
    """Return the value as the option takes it; one of another kind is a slip, and would be read as nobody meant it."""
    fits, kind = isinstance(value, str), "a text in quotes"
    if option.multiple:
        value = [value] if fits else value
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        kind = "a list of texts in quotes"
    elif isinstance(option.type, click.types.BoolParamType):
        fits, kind = isinstance(value, bool), "true or false"
    elif isinstance(option.type, click.types.IntParamType):
        fits, kind = isinstance(value, int) and not isinstance(value, bool), "a whole number"
    elif isinstance(option.type, click.types.FloatParamType):
        fits, kind = isinstance(value, int | float) and not isinstance(value, bool), "a number"
    if not fits:
        raise click.UsageError(f"{path}: {key} must be {kind}")
    return value
