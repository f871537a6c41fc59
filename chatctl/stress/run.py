"""A whole run: preflight, ramp, hold, probe, and the findings; the parent's side."""

from __future__ import annotations

import os
import platform
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from chatctl import __version__
from chatctl.stress.crew import Crew
from chatctl.stress.findings import Raw, find
from chatctl.stress.interrupts import Interrupts
from chatctl.stress.messages import Done, Hold, Job, Probe, ProbeFacts, Progress, Ramp, Result, Speak, Watch
from chatctl.stress.options import StressOptions
from chatctl.stress.patterns import Dialect, dialect
from chatctl.stress.preflight import first_client, place, raise_descriptor_limit
from chatctl.stress.summary import Environment, Summary, Target
from chatctl.stress.summary import Run as RunFacts
from chatctl.stress.verdict import judge

_SECOND = 1_000_000_000
_LEAD_NS = 50_000_000
_GRACE_S = 30.0
_PROBE_S = 120.0


class View(Protocol):
    """Somebody who watches a run."""

    def phase(self, name: str, detail: str, seconds: float | None) -> None:
        """A phase begins; it takes so long, or ``None`` if nobody knows."""

    def progress(self, progress: Progress) -> None:
        """A worker tells where it is."""


@dataclass(slots=True)
class _Times:
    """When the hold was measured, as soon as that is known."""

    from_ns: int | None = None
    until_ns: int | None = None

    def cut_short(self, now_ns: int) -> None:
        """Nothing later is measured."""
        if self.from_ns is not None and self.until_ns is not None:
            self.until_ns = max(self.from_ns, min(self.until_ns, now_ns))


class Run:
    """One run against one server."""

    def __init__(self, options: StressOptions, view: View, stop: Interrupts, *, spawned: bool = False) -> None:
        self._options = options
        self._view = view
        self._stop = stop
        self._spawned = spawned
        self._id = f"s{secrets.token_hex(3)}"
        self._dialect: Dialect = dialect(options)
        self._crew = Crew(view.progress, stop)
        self._times = _Times()
        self._probe: ProbeFacts | None = None
        self._origin_ns = time.perf_counter_ns()

    def execute(self) -> Summary:
        """Run everything; after Ctrl-C the summary of what there is. Raises ``CannotRun``."""
        started = datetime.now(UTC)
        self._view.phase("preflight", place(self._options), None)
        raise_descriptor_limit(self._options)
        family, sockaddr = first_client(self._options, self._dialect, self._id)
        try:
            results, interrupted = self._phases(family, sockaddr)
        finally:
            self._crew.close()
        seconds = (time.perf_counter_ns() - self._origin_ns) / _SECOND
        facts = RunFacts(self._id, started.isoformat(timespec="milliseconds"), round(seconds, 3), interrupted)
        target = Target(self._options.host, self._options.port, sockaddr[0], self._spawned)
        return judge(find(self._raw(results), self._options, facts, target, _environment()), self._options)

    def _phases(self, family: int, sockaddr: tuple[str, int]) -> tuple[tuple[Result, ...], bool]:
        interrupted = False
        self._stop.held = True
        try:
            self._crew.start(self._jobs(family, sockaddr))
            self._measure()
        except KeyboardInterrupt:
            interrupted = True
            self._times.cut_short(time.perf_counter_ns())
        self._stop.held = False
        self._view.phase("finish", "clients leave", None)
        return self._crew.finish(), interrupted

    def _measure(self) -> None:
        done = self._ramp()
        peak = sum(each.admitted for each in done)
        if peak:
            done = self._hold(sum(each.ready for each in done))
        if peak < self._options.clients:
            self._try_limit(self._watch(done), peak)

    def _ramp(self) -> list[Done]:
        options = self._options
        seconds = options.clients / options.connect_rate
        detail = f"{options.clients} clients connect, {options.connect_rate:g} each second"
        self._view.phase("ramp", detail, seconds)
        self._origin_ns = time.perf_counter_ns() + _LEAD_NS
        wait_s = seconds + options.admit_timeout_s + options.ack_timeout_s + _GRACE_S
        return self._crew.ask_all(Ramp(self._origin_ns), wait_s)

    def _hold(self, ready: int) -> list[Done]:
        options = self._options
        seconds = options.warmup_s + options.duration_s
        start_ns = time.perf_counter_ns() + _LEAD_NS
        from_ns = start_ns + int(options.warmup_s * _SECOND)
        until_ns = from_ns + int(options.duration_s * _SECOND)
        self._times = _Times(from_ns, until_ns)
        rate = options.client_rate(ready)
        self._view.phase("hold", f"{ready} clients, each sends {rate:.3g}/s", seconds)
        hold = Hold(start_ns, until_ns, int(_SECOND / rate))
        return self._crew.ask_all(hold, seconds + options.drain_s + _GRACE_S)

    def _watch(self, done: list[Done]) -> list[Done]:
        """Free a slot if anybody is still waiting without a word, and see who gets it."""
        if not any(each.silent for each in done):
            return done
        self._view.phase("watch", "one client leaves: is a silent one let in?", None)
        richest = max(done, key=lambda each: each.admitted).worker
        for each in done:
            self._crew.tell(each.worker, Watch(free=each.worker == richest))
        return self._crew.gather(_GRACE_S)

    def _try_limit(self, done: list[Done], peak: int) -> None:
        prober = max(done, key=lambda each: each.admitted)
        held = sum(each.admitted for each in done)
        if not prober.admitted:
            return
        self._view.phase("probe", "extra connections, freed slots, ways to leave", None)
        if self._dialect.send is not None:
            speak = Speak(int(_SECOND / self._options.client_rate(held)))
            for each in done:
                self._crew.tell(each.worker, speak)
        self._crew.tell(prober.worker, Probe(held - prober.admitted, peak))
        self._probe = self._crew.probed(_PROBE_S).facts

    def _jobs(self, family: int, sockaddr: tuple[str, int]) -> list[Job]:
        options = self._options
        count = options.worker_count
        shares = [range(worker, options.clients, count) for worker in range(count)]
        return [
            Job(worker, family, sockaddr, self._dialect, options, self._id, share, self._origin_ns)
            for worker, share in enumerate(shares)
        ]

    def _raw(self, results: tuple[Result, ...]) -> Raw:
        return Raw(
            results,
            self._probe,
            self._origin_ns,
            self._times.from_ns,
            self._times.until_ns,
            self._dialect.private_rooms,
        )


def _environment() -> Environment:
    system = f"{platform.system()} {platform.release()}"
    return Environment(__version__, platform.python_version(), system, os.cpu_count())
