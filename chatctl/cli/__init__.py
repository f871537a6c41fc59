"""The ``chatctl`` command: one module for each subcommand, imported when it is asked for."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from chatctl import __version__
from chatctl.errors import ChatctlError

COMMANDS = {
    "serve": "Run the chat server.",
    "connect": "Talk on a server from this terminal, or from a script.",
    "stress": "Find out how many clients a server admits, and what they feel.",
    "account": "Make, list, change and remove accounts.",
    "recover": "Save what can be read of a damaged data file.",
}


class LazyGroup(click.Group):
    """A group whose subcommands are imported on first use, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"chatctl.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        close = get_close_matches(args[0], COMMANDS, n=1)
        if close and args[0] not in COMMANDS:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {close[0]}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ChatctlError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_status)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "CHATCTL"},
    no_args_is_help=True,
)
@click.version_option(__version__, "-V", "--version", prog_name="chatctl")
def main() -> None:
    """A chat server and toolbox that tells you what it holds.

    Start with `chatctl serve` in one terminal and `chatctl connect` (or nc) in another.
    """
