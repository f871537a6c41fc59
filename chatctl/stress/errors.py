"""Why a stress run could not be made; each says the remedy."""

from __future__ import annotations

from chatctl.errors import CannotRun


class NotReachable(CannotRun):
    """Nothing accepts connections at the target."""

    code = "not-reachable"

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            f"cannot connect to {where}: {reason}; start a server with `chatctl serve`, "
            "name another with --host and -p, or let --spawn N start a private one"
        )


class CanaryNotAdmitted(CannotRun):
    """The very first client was not admitted, so that nothing can be said about more."""

    code = "canary-not-admitted"


class NotEnoughDescriptors(CannotRun):
    """The process may not open as many files as the run needs."""

    code = "not-enough-descriptors"

    def __init__(self, needed: int, allowed: int) -> None:
        super().__init__(
            f"the run needs {needed} open files and the limit is {allowed}; "
            f"use fewer --clients or raise it with `ulimit -n {needed}`"
        )


class SpawnFailed(CannotRun):
    """The private server of ``--spawn`` did not come up."""

    code = "spawn-failed"


class WorkerFailed(CannotRun):
    """A worker process ended or went silent in the middle of the run."""

    code = "worker-failed"

    def __init__(self, what: str) -> None:
        super().__init__(f"a worker process {what}; run again with fewer --clients or a lower rate")


class OutputFailed(CannotRun):
    """The file of ``--output`` could not be written."""

    code = "output-failed"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"cannot write {path}: {reason}; choose another file with --output")
