"""How a kind of server is spoken to: what to send, and what its lines mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatctl.stress.options import Protocol, Scenario, StressOptions

_REFUSED_ANYWHERE = r"(?i)\b(full|busy|refused|too many|try again|limit|no more)\b"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Templates with ``{client}``, ``{run}`` and ``{payload}``, and patterns that lines are searched for.

    ``send`` is ``None`` if there is no traffic; ``ack_on`` is ``None`` if the payload's return is the ack.
    """

    opening: str
    admitted_on: re.Pattern[bytes]
    refused_on: re.Pattern[bytes]
    join: str
    send: str | None
    ack_on: re.Pattern[bytes] | None
    error_on: re.Pattern[bytes] | None
    quit: str | None
    private_rooms: bool
    acks_in_order: bool


def filled(template: str, client: int, run: str, payload: str = "") -> bytes:
    """A template's bytes; other braces stay as they are."""
    known = {"{client}": str(client), "{run}": run, "{payload}": payload}
    for name, value in known.items():
        template = template.replace(name, value)
    return template.encode()


def text_dialect(scenario: Scenario) -> Dialect:
    """The text protocol of ``chatctl serve``: an empty first line chooses it at once."""
    room = "#stress-{run}-{client}" if scenario is Scenario.ACK else "#stress-{run}"
    return Dialect(
        opening="\n",
        admitted_on=re.compile(rb"^Welcome Client"),
        refused_on=re.compile(rb"^ERROR :"),
        join=f"/join {room}\n",
        send="{payload}\n",
        ack_on=re.compile(rb" ACK$"),
        error_on=re.compile(rb"^ERR "),
        quit="exit\n",
        private_rooms=True,
        acks_in_order=False,
    )


def line_dialect(options: StressOptions) -> Dialect:
    """Any line server, from the patterns that the user gave; raises ``re.error`` on a bad one."""
    return Dialect(
        opening=_lines(options.login),
        admitted_on=re.compile((options.admitted_on or "").encode()),
        refused_on=re.compile((options.refused_on or _REFUSED_ANYWHERE).encode()),
        join="",
        send=None if options.send is None else _lines(options.send),
        ack_on=None if options.ack_on is None else re.compile(options.ack_on.encode()),
        error_on=None,
        quit=None,
        private_rooms=False,
        acks_in_order=True,
    )


def dialect(options: StressOptions) -> Dialect:
    """The dialect that the options ask for."""
    if options.protocol is Protocol.LINE:
        return line_dialect(options)
    return text_dialect(options.scenario)


def _lines(template: str) -> str:
    r"""A template of the command line: ``\n`` and ``\r`` written out, ended by a newline."""
    unescaped = template.replace("\\r", "\r").replace("\\n", "\n")
    return unescaped if not unescaped or unescaped.endswith("\n") else unescaped + "\n"
