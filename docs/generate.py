"""Writes what the documentation repeats of the program: ``python docs/generate.py``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from chatctl import errors
from chatctl.cli import main
from chatctl.client.commands import COMMANDS as TYPED_COMMANDS
from chatctl.core.limits import DEFAULTS, RULES, Rule
from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.commands import COMMANDS as IRC_COMMANDS
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.text import COMMANDS

DOCS = Path(__file__).parent


def command_line() -> str:
    """Return the page of all commands' help."""
    pages = "\n".join(f"## `{name}`\n\n```text\n{text}\n```\n" for name, text in _helps(main, "chatctl"))
    return f"# Command line\n\nWritten from `--help` by `docs/generate.py`.\n\n{pages}"


def commands_table() -> str:
    """Return the table of the text protocol's commands."""
    rows = [f"| `{command.usage}` | {command.summary} |" for command in COMMANDS]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def typed_commands_table() -> str:
    """Return the table of what can be typed into ``chatctl connect``."""
    usages = [(command.usage.replace("|", "\\|"), command.summary) for command in TYPED_COMMANDS]
    rows = [f"| `{usage}` | {summary} |" for usage, summary in usages]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def errors_table() -> str:
    """Return the table of what the text protocol refuses."""
    kinds = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, errors.Refused)]
    refused = sorted((kind for kind in kinds if kind is not errors.Refused), key=lambda kind: kind.code)
    rows = [f"| `{error.code}` | {(inspect.getdoc(error) or '').split(chr(10))[0]} |" for error in refused]
    return "\n".join(["| code | what was refused |", "|---|---|", *rows])


def irc_commands_table() -> str:
    """Return the table of IRC commands."""
    usages = [(command.usage.replace("|", "\\|"), command.summary) for command in IRC_COMMANDS.values()]
    rows = [f"| `{usage}` | {summary} |" for usage, summary in usages]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def capabilities_table() -> str:
    """Return the table of IRCv3 capabilities."""
    rows = [f"| `{name}` | {f'`{value}`' if value else ''} |" for name, value in sorted(offered(ServerInfo()).items())]
    return "\n".join(["| capability | value |", "|---|---|", *rows])


def limits_table() -> str:
    """Return the table of the limits that can be set."""
    head = ["| option | default | what it limits | at it | set while it runs |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(_limit_row(name, rule) for name, rule in RULES.items())])


def _limit_row(name: str, rule: Rule) -> str:
    star = " *" if rule.strangers else ""
    none = " 0: any number." if rule.none else ""
    cells = (f"`--{name}`{star}", DEFAULTS.told(name), f"{rule.summary}{none}", rule.at, "" if rule.fixed else "yes")
    return f"| {' | '.join(cells)} |"


def renewed(page: str, tables: dict[str, str]) -> str:
    """Return a page with its tables renewed."""
    for name, table in tables.items():
        between = rf"(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->)"
        page = re.sub(between, lambda match, table=table: f"{match[1]}{table}\n{match[2]}", page, flags=re.DOTALL)
    return page


def generated() -> dict[Path, str]:
    """Return each page that holds something generated, as it should be."""
    text, irc, connect = DOCS / "protocol.md", DOCS / "irc.md", DOCS / "connect.md"
    operators = DOCS / "operators.md"
    return {
        DOCS / "cli.md": command_line(),
        text: renewed(text.read_text(), {"commands": commands_table(), "errors": errors_table()}),
        connect: renewed(connect.read_text(), {"typed-commands": typed_commands_table()}),
        operators: renewed(operators.read_text(), {"limits": limits_table()}),
        irc: renewed(irc.read_text(), {"capabilities": capabilities_table(), "irc-commands": irc_commands_table()}),
    }


def _helps(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    with command.make_context(name, [], parent, resilient_parsing=True, terminal_width=80) as context:
        yield context.command_path, command.get_help(context)
        if isinstance(command, click.Group):
            for child_name in command.list_commands(context):
                child = command.get_command(context, child_name)
                if child is not None:
                    yield from _helps(child, child_name, context)


if __name__ == "__main__":
    for page, text in generated().items():
        page.write_text(text)
        print(f"wrote {page}")
