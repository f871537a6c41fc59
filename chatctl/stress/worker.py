"""A worker process: carries out the parent's commands one after the other and reports as it goes."""

from __future__ import annotations

import selectors
import time
from collections import deque
from multiprocessing.connection import Connection

from chatctl.stress.classify import Reply
from chatctl.stress.connection import Departure
from chatctl.stress.engine import Engine
from chatctl.stress.messages import (
    Command,
    Done,
    Finish,
    Hold,
    Job,
    Probe,
    Probed,
    Progress,
    Ramp,
    Result,
    Speak,
    Watch,
)
from chatctl.stress.prober import Prober
from chatctl.stress.ramp import Ramp as RampPhase
from chatctl.stress.traffic import Traffic

_SECOND = 1_000_000_000
PROGRESS_NS = 100_000_000
QUIET_NS = 50_000_000
GOODBYE_NS = 500_000_000
TRIAL_GAP_MOST_S = 0.5


class Stopped(Exception):
    """The parent said finish in the middle of a phase, or is gone."""


def work(pipe: Connection, job: Job) -> None:
    """Entry of the process: serve the parent until it says finish."""
    worker = Worker(pipe, job)
    try:
        worker.serve()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the parent is gone, nobody is left to report to
    finally:
        worker.close()
        pipe.close()


class Worker:
    """The phases of one worker and what it tells its parent."""

    def __init__(self, pipe: Connection, job: Job) -> None:
        options = job.options
        self._pipe = pipe
        self._job = job
        self._engine = Engine(job.family, job.sockaddr, job.dialect, job.run, options.admit_timeout_s)
        self._traffic = Traffic(self._engine, options, job.run, job.origin_ns)
        self._ramp = RampPhase(self._engine, self._traffic, job.indices, options.ack_timeout_s)
        self._commands: deque[Command] = deque()
        self._phase = "ready"
        self._next_report_ns = 0
        self._cpu_share: float | None = None
        self._engine.timers += [self._traffic, self]
        self._engine.watch(pipe.fileno(), selectors.EVENT_READ, self._on_command)

    def serve(self) -> None:
        """Carry out commands until told to finish; then leave and hand over the result."""
        try:
            while True:
                self._carry_out(self._next())
        except Stopped:
            pass
        self._engine.forget(self._pipe.fileno())
        self._traffic.stop()
        self._engine.timers.clear()
        self._engine.until(self._quiet, self._engine.now() + GOODBYE_NS)
        result = self._result()
        self._leave()
        self._pipe.send(result)

    def close(self) -> None:
        """Close every socket."""
        self._engine.close()

    def due_ns(self) -> int | None:
        return self._next_report_ns

    def fire(self, now_ns: int) -> None:
        if any(isinstance(command, Finish) for command in self._commands):
            raise Stopped
        if now_ns >= self._next_report_ns:
            self._next_report_ns = now_ns + PROGRESS_NS
            self._engine.clock.calibrate()
            self._pipe.send(self._progress())

    def _on_command(self, _events: int) -> None:
        try:
            self._commands.append(self._pipe.recv())
        except EOFError:
            raise Stopped from None

    def _next(self) -> Command:
        while not self._commands:
            self._engine.turn(self._engine.now() + _SECOND)
        return self._commands.popleft()

    def _carry_out(self, command: Command) -> None:
        match command:
            case Ramp(start_ns):
                self._phase = "ramp"
                self._ramp.climb(start_ns, self._job.options.connect_rate)
                self._done()
            case Hold():
                self._phase = "hold"
                self._hold(command)
                self._done()
            case Watch(free):
                self._phase = "watch"
                self._ramp.watch(free=free)
                self._done()
            case Speak(interval_ns):
                held = [client for client in self._ramp.held if client.ready]
                self._traffic.begin(held, self._engine.now(), None, interval_ns)
            case Probe(held_elsewhere, peak):
                self._phase = "probe"
                gap_s = min(TRIAL_GAP_MOST_S, self._job.options.duration_s / 20)
                prober = Prober(self._engine, self._ramp.held, held_elsewhere, peak, gap_s)
                self._pipe.send(Probed(self._job.worker, prober.run()))
            case Finish():
                raise Stopped

    def _hold(self, command: Hold) -> None:
        members = [client for client in self._ramp.held if client.ready]
        if self._traffic.speaks:
            self._traffic.begin(members, command.start_ns, command.end_ns, command.interval_ns)
        cpu, begun_ns = time.process_time_ns(), self._engine.now()
        self._engine.until(lambda: False, command.end_ns)
        self._cpu_share = (time.process_time_ns() - cpu) / max(1, self._engine.now() - begun_ns)
        self._phase = "drain"
        self._engine.until(self._quiet, self._engine.now() + int(self._job.options.drain_s * _SECOND))
        self._traffic.stop()

    def _quiet(self) -> bool:
        return not self._traffic.pending and self._engine.now() - self._engine.received_ns > QUIET_NS

    def _leave(self) -> None:
        held = self._ramp.held
        for client in held:
            client.leave(Departure.QUIT if self._engine.quit_line else Departure.FIN)
        self._engine.until(lambda: not any(client.admitted for client in held), self._engine.now() + GOODBYE_NS)
        for client in self._ramp.clients:
            client.close()

    def _progress(self) -> Progress:
        clients = self._ramp.clients
        return Progress(
            self._job.worker,
            self._phase,
            attempted=len(clients),
            admitted=sum(client.admitted for client in clients),
            refused=sum(client.reply is not Reply.ADMITTED and client.settled for client in clients),
            sent=len(self._traffic.sends_due_ns),
            acked=len(self._traffic.records.due_ns),
        )

    def _done(self) -> None:
        held = self._ramp.held
        ready = sum(client.ready for client in held)
        self._pipe.send(Done(self._job.worker, len(held), ready, len(self._ramp.silent)))

    def _result(self) -> Result:
        traffic, clock = self._traffic, self._engine.clock
        return Result(
            self._job.worker,
            self._ramp.attempts(),
            traffic.members(),
            traffic.records,
            traffic.sends_due_ns,
            traffic.send_lags_ns,
            traffic.sends_skipped,
            traffic.sends_blocked,
            traffic.corrupted,
            traffic.misrouted,
            dict(traffic.errors),
            self._cpu_share,
            clock.step_ns,
            clock.stamps,
        )
