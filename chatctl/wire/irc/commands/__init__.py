"""The one table of IRC commands: parsing, parameter counts, HELP and the documentation come from it."""

from __future__ import annotations

from chatctl.wire.irc.command import Command
from chatctl.wire.irc.commands import (
    accounts,
    batches,
    capabilities,
    history,
    listing,
    metadata,
    modes,
    monitor,
    operators,
    people,
    rooms,
    server,
    session,
    status,
    talk,
    vendor,
)

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        *capabilities.COMMANDS,
        *session.COMMANDS,
        *rooms.COMMANDS,
        *listing.COMMANDS,
        *modes.COMMANDS,
        *status.COMMANDS,
        *monitor.COMMANDS,
        *talk.COMMANDS,
        *batches.COMMANDS,
        *history.COMMANDS,
        *accounts.COMMANDS,
        *metadata.COMMANDS,
        *people.COMMANDS,
        *operators.COMMANDS,
        *server.COMMANDS,
        *vendor.COMMANDS,
    )
}
