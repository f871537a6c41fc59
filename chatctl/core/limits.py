"""Every limit that the one who runs the server can set, in one table.

The options of ``chatctl serve``, STATS, SET and the documentation are made from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from chatctl.errors import BadSetting


class Unit(StrEnum):
    """What a limit's number counts, if not things."""

    THINGS = ""
    BYTES = "bytes"
    SECONDS = "seconds"
    PER_SECOND = "a second"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one limit is about: what it counts (``summary``), what happens ``at`` it, and what it may be set to.

    ``none`` says that 0 means there is no such limit, ``fixed`` that it can only be set when the server starts: clients
    are told of it when they come. ``strangers`` says that it does not hold for this machine's own clients.
    """

    summary: str
    at: str
    unit: Unit = Unit.THINGS
    least: float = 1
    most: float = 1_000_000
    none: bool = False
    fixed: bool = False
    strangers: bool = False


def _limit(default: float, summary: str, at: str, **rest: Any) -> Any:
    return field(default=default, metadata={"rule": Rule(summary, at, **rest)})


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds on this server; raises ``BadSetting`` for what no limit can be."""

    max_clients: int = _limit(256, "Sessions at the same time.", "refused in the peer's protocol")
    max_per_address: int = _limit(
        16,
        "Connections at the same time from one address (IPv6: /64).",
        "refused with both numbers",
        none=True,
        strangers=True,
    )
    connects_per_address: int = _limit(
        32,
        "New connections from one address within ten minutes.",
        "refused, with the seconds until there is room",
        none=True,
        strangers=True,
    )
    undecided_per_address: int = _limit(
        4,
        "Connections from one address that have not shown yet what they speak.",
        "refused with both numbers",
        none=True,
        strangers=True,
    )
    max_undecided: int = _limit(
        0,
        "The same from all addresses together; 0: a quarter of the clients, at least 64.",
        "the next wait in the system's queue",
        least=0,
        fixed=True,
    )
    handshake_time: float = _limit(
        10.0, "Time for the TLS handshake.", "closed", unit=Unit.SECONDS, least=0.1, most=3600
    )
    registration_time: float = _limit(
        30.0,
        "Time that an IRC client has to tell its name.",
        "closed with a sentence",
        unit=Unit.SECONDS,
        least=0.1,
        most=3600,
    )
    registration_bytes: int = _limit(
        4096, "Bytes that it may send before that.", "closed with a sentence", unit=Unit.BYTES, least=512
    )
    registration_lines: int = _limit(64, "Lines that it may send before that.", "closed with a sentence", least=4)
    text_line: int = _limit(
        2048,
        "Bytes of a line from a person with netcat.",
        "refused with both numbers; three in a row end the session",
        unit=Unit.BYTES,
        least=64,
        most=65_536,
        fixed=True,
    )
    websocket_message: int = _limit(
        8192,
        "Bytes of a WebSocket message.",
        "closed with status 1009",
        unit=Unit.BYTES,
        least=1024,
        most=65_536,
        fixed=True,
    )
    sendq_bytes: int = _limit(
        1 << 20,
        "Bytes that may wait to be sent to one client.",
        "that client is cut, in the ledger: sendq",
        unit=Unit.BYTES,
        least=65_536,
        most=1 << 30,
    )
    sendq_age: float = _limit(30.0, "How long they may wait.", "the same", unit=Unit.SECONDS, least=0.01, most=3600)
    sendq_total: int = _limit(
        256 << 20,
        "Bytes that may wait to be sent to all.",
        "the client for whom most waits is cut, in the ledger: sendq",
        unit=Unit.BYTES,
        least=65_536,
        most=1 << 40,
    )
    message_burst: int = _limit(
        10, "Lines that a client may send at once.", "read more slowly; nothing is lost", none=True, strangers=True
    )
    message_rate: float = _limit(
        2.0, "Lines a second after that.", "the same", unit=Unit.PER_SECOND, least=0.01, most=100_000, strangers=True
    )
    ping_after: float = _limit(
        90.0, "Silence after which an IRC client is asked whether it is there.", "PING", unit=Unit.SECONDS, least=0.1
    )
    ping_timeout: float = _limit(
        150.0,
        "Silence after which it is given up.",
        "closed with a sentence, in the ledger: timeout",
        unit=Unit.SECONDS,
        least=0.2,
    )
    nick_length: int = _limit(30, "Characters of a nick.", "refused with the number", least=12, most=64, fixed=True)
    room_length: int = _limit(
        64, "Characters of a room's name.", "refused with the number", least=8, most=200, fixed=True
    )
    topic_length: int = _limit(390, "Characters of a topic.", "refused with both numbers", most=390, fixed=True)
    rooms_per_client: int = _limit(20, "Rooms that one may be in.", "refused with the number", most=1000, fixed=True)
    login_tries: int = _limit(
        3,
        "Wrong passwords of an account and of an address in a minute.",
        "refused, with a wait that doubles",
        most=10,
    )
    history_page: int = _limit(
        1000, "Messages that are shown at once.", "refused, or as many as that", most=1000, fixed=True
    )
    history_on_join: int = _limit(
        50,
        "Messages shown to IRC clients that come into a channel and cannot ask for them; 0: none.",
        "no more than that",
        least=0,
        most=1000,
    )

    def __post_init__(self) -> None:
        for name, rule in RULES.items():
            _check(name, rule, self.value(name))
        if self.ping_timeout <= self.ping_after:
            raise BadSetting(
                f"ping-timeout {show(self.ping_timeout)}", f"more than the {show(self.ping_after)} of ping-after"
            )

    def value(self, name: str) -> float:
        """Return the number of the limit called ``name``, as in ``RULES``."""
        number: float = getattr(self, name.replace("-", "_"))
        return number

    def told(self, name: str) -> str:
        """Return the number as people read it, with its unit."""
        rule, number = RULES[name], self.value(name)
        if rule.none and not number:
            return "none"
        return f"{show(number)} {rule.unit}".rstrip()

    def rows(self, sessions: int) -> list[tuple[str, str, str]]:
        """Return name, value and meaning of each limit, of which ``sessions`` are used of the first."""
        rows = [(name, self.told(name), f"{rule.summary} At it: {rule.at}.") for name, rule in RULES.items()]
        name, told, meaning = rows[0]
        return [(name, f"{show(sessions)} of {told}", meaning), *rows[1:]]

    def changed(self, name: str, text: str) -> Limits:
        """Return the limits with another number for the one called ``name``; raises ``BadSetting``."""
        rule = RULES[name]
        whole = isinstance(self.value(name), int)
        if _NUMBER.fullmatch(text) is None or (whole and "." in text):
            raise BadSetting(f"{name} {text}", _remedy(rule))
        return self.having({name.replace("-", "_"): int(text) if whole else float(text)})

    def having(self, changes: Mapping[str, Any]) -> Limits:
        """Return the limits with other values for these fields; raises ``BadSetting``."""
        return replace(self, **changes)


RULES: dict[str, Rule] = {one.name.replace("_", "-"): one.metadata["rule"] for one in fields(Limits)}
"""What each limit is about, by the name of its option."""

# int() would also read other scripts' digits and numbers of any length.
_NUMBER = re.compile(r"[0-9]{1,13}(\.[0-9]{1,3})?", re.ASCII)


def show(number: float) -> str:
    """Return a number as people read it."""
    return f"{number:,.10g}"


def _check(name: str, rule: Rule, number: float) -> None:
    if not (rule.least <= number <= rule.most) and not (rule.none and not number):
        raise BadSetting(f"{name} {show(number)}", _remedy(rule))


def _remedy(rule: Rule) -> str:
    numbers = f"{show(rule.least)} to {show(rule.most)} {rule.unit}".rstrip()
    return f"{numbers}, or 0 for any number" if rule.none and rule.least else numbers


DEFAULTS = Limits()
