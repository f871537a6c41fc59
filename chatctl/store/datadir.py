"""The data folder: made when needed, used by one server at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from chatctl.errors import DataDirBusy, DataDirUnusable

DATA_FILE = "chatctl.db"
LOCK_FILE = "chatctl.lock"


class DataDir:
    """A locked data folder; raises ``DataDirUnusable`` and ``DataDirBusy``.

    The lock is the kernel's, so that it goes with the process however that ends; the file only names its holder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(path / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            self._take()
        except BaseException:
            os.close(self._lock)
            raise

    def _take(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)
        except BlockingIOError:
            holder = os.pread(self._lock, 32, 0).decode(errors="replace").strip()
            raise DataDirBusy(
                f"the data folder {self.path} is used by another server (process {holder or 'unknown'});"
                " stop it, or choose another with --data-dir"
            ) from None
        except OSError as error:
            raise _unusable(self.path, error) from error

    @property
    def data_file(self) -> Path:
        """Where the messages and the session ledger are."""
        return self.path / DATA_FILE

    def close(self) -> None:
        """Let another server use the folder."""
        os.close(self._lock)

    def __enter__(self) -> DataDir:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _unusable(path: Path, error: OSError) -> DataDirUnusable:
    return DataDirUnusable(
        f"cannot use the data folder {path}: {error.strerror}; choose another with --data-dir, or --in-memory"
    )
