"""The worker processes as the parent sees them: start, command, gather answers, end."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from chatctl.stress.errors import WorkerFailed
from chatctl.stress.interrupts import Interrupts
from chatctl.stress.messages import Answer, Command, Done, Finish, Job, Probed, Progress, Result
from chatctl.stress.worker import work

_JOIN_S = 5.0


class Crew:
    """All workers of a run; every wait has a deadline."""

    def __init__(self, on_progress: Callable[[Progress], None], stop: Interrupts) -> None:
        self._on_progress = on_progress
        self._stop = stop
        self._pipes: list[Connection] = []
        self._processes: list[SpawnProcess] = []

    def start(self, jobs: Sequence[Job], within_s: float = 30.0) -> None:
        """Start a process for each job and wait until each is there."""
        context = multiprocessing.get_context("spawn")
        with _interrupts_held():
            for job in jobs:
                ours, theirs = context.Pipe()
                process = context.Process(target=work, args=(theirs, job), name=f"stress-{job.worker}")
                process.start()
                theirs.close()
                self._pipes.append(ours)
                self._processes.append(process)
        ready: set[int] = set()
        for answer in self._answers(within_s):
            ready.add(answer.worker)
            if len(ready) == len(jobs):
                return

    def tell(self, worker: int, command: Command) -> None:
        """Send a command to one worker."""
        try:
            self._pipes[worker].send(command)
        except OSError as error:
            raise WorkerFailed("ended early") from error

    def ask_all(self, command: Command, within_s: float) -> list[Done]:
        """Send a command to every worker and wait until each has done it; by worker."""
        for worker in range(len(self._pipes)):
            self.tell(worker, command)
        return self.gather(within_s)

    def gather(self, within_s: float) -> list[Done]:
        """Wait until every worker has done what it was told."""
        done: dict[int, Done] = {}
        for answer in self._answers(within_s):
            if isinstance(answer, Done):
                done[answer.worker] = answer
            if len(done) == len(self._pipes):
                break
        return [done[worker] for worker in sorted(done)]

    def probed(self, within_s: float) -> Probed:
        """Wait for the end of a probe."""
        return next(answer for answer in self._answers(within_s) if isinstance(answer, Probed))

    def finish(self, within_s: float = 10.0) -> tuple[Result, ...]:
        """Let every worker leave and hand over what it has, wherever it is."""
        for worker in range(len(self._pipes)):
            self.tell(worker, Finish())
        results: dict[int, Result] = {}
        for answer in self._answers(within_s):
            if isinstance(answer, Result):
                results[answer.worker] = answer
            if len(results) == len(self._pipes):
                break
        return tuple(results[worker] for worker in sorted(results))

    def close(self) -> None:
        """End every process; one whose parent has gone ends by itself."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(_JOIN_S)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()

    def _answers(self, within_s: float) -> Iterator[Answer]:
        deadline = time.monotonic() + within_s
        pipes = list(self._pipes)
        while True:
            left_s = deadline - time.monotonic()
            ready = wait([*pipes, self._stop.waiter], max(0.0, left_s))
            if not ready and left_s <= 0:
                raise WorkerFailed(f"did not answer within {within_s:.0f} s")
            if self._stop.waiter in ready:
                self._stop.waiter.recv(1)
                raise KeyboardInterrupt
            for pipe in ready:
                assert isinstance(pipe, Connection)
                answer = self._received(pipe)
                if isinstance(answer, Result):
                    pipes.remove(pipe)  # its process ends now
                yield answer

    def _received(self, pipe: Connection) -> Answer:
        try:
            answer: Answer = pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerFailed("ended early") from error
        if isinstance(answer, Progress):
            self._on_progress(answer)
        return answer


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let processes start with the terminal's signals blocked: they are the parent's, which lets them report."""
    resource_tracker.ensure_running()  # would otherwise start with the first process and unblock SIGINT
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
