"""Before the run: enough descriptors, an address that answers, one client that is admitted."""

from __future__ import annotations

import resource
import socket

from chatctl.stress.classify import End, Outcome, Reply, classify
from chatctl.stress.connection import Client, Departure
from chatctl.stress.engine import Engine
from chatctl.stress.errors import CanaryNotAdmitted, NotEnoughDescriptors, NotReachable
from chatctl.stress.options import StressOptions
from chatctl.stress.patterns import Dialect
from chatctl.stress.prober import BURST_FACTOR, FREED_MOST, Mute

SPARE_DESCRIPTORS = 40
_SECOND = 1_000_000_000


def raise_descriptor_limit(options: StressOptions) -> int:
    """Raise the soft limit of open files as far as allowed; how many one process may open."""
    needed = -(-options.clients // options.worker_count) + FREED_MOST * BURST_FACTOR + SPARE_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        wanted = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft != resource.RLIM_INFINITY and soft < needed:
        raise NotEnoughDescriptors(needed, soft)
    return soft


def first_client(options: StressOptions, dialect: Dialect, run: str) -> tuple[int, tuple[str, int]]:
    """The family and address of the target, after one client was admitted there and has left."""
    reason = ""
    for family, sockaddr in _addresses(options):
        engine = Engine(family, sockaddr, dialect, run, options.admit_timeout_s)
        client = Client(engine, 0, Mute())
        try:
            client.start()
            engine.until(lambda client=client: _decided(client), engine.now() + engine.admit_timeout_ns)  # type: ignore[misc]
            client.judge_rest()
            reason = _unreachable(client, options)
            if not reason:
                _demand_admission(client, options)
                _goodbye(engine, client)
                return family, sockaddr
        finally:
            client.close()
            engine.close()
    raise NotReachable(place(options), reason)


def place(options: StressOptions) -> str:
    """``host:port`` as people write it."""
    return f"[{options.host}]:{options.port}" if ":" in options.host else f"{options.host}:{options.port}"


def _addresses(options: StressOptions) -> list[tuple[int, tuple[str, int]]]:
    try:
        found = socket.getaddrinfo(options.host, options.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReachable(place(options), f"the name {options.host!r} is not known ({error})") from error
    return [(family, address) for family, _, _, _, address in found]  # type: ignore[misc]


def _decided(client: Client) -> bool:
    return client.settled or client.reply is Reply.REFUSED


def _unreachable(client: Client, options: StressOptions) -> str:
    if client.end is End.CONNECT_REFUSED:
        return "nothing listens there"
    if client.end in (End.LOCAL_ERROR, End.TIMED_OUT):
        return client.end_text
    if client.connected_ns is None:
        return f"no answer within {options.admit_timeout_s:g} s"
    return ""


def _demand_admission(client: Client, options: StressOptions) -> None:
    if client.reply is Reply.ADMITTED:
        return
    where = place(options)
    if client.reply is Reply.REFUSED:
        raise CanaryNotAdmitted(
            f"{where} refused the very first client with {client.text!r}; let others leave it, or raise its limit"
        )
    if client.reply is Reply.OTHER:
        raise CanaryNotAdmitted(
            f"{where} answered {client.text!r}, which is no greeting of `chatctl serve`; "
            "describe the server with --protocol line --admitted-on PATTERN"
        )
    outcome = classify(client.observation, queue_moves=False)
    what = f"did not greet the first client within {options.admit_timeout_s:g} s"
    if outcome is not Outcome.SILENT_UNKNOWN:
        what = "closed the first connection without a word"
    raise CanaryNotAdmitted(
        f"{where} {what}; is it a chat server with a free slot? try it with netcat, or use --spawn N"
    )


def _goodbye(engine: Engine, client: Client) -> None:
    client.leave(Departure.QUIT if engine.quit_line else Departure.FIN)
    engine.until(lambda: client.end is not End.OPEN, engine.now() + _SECOND)
