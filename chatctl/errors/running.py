"""Why a command cannot do what was asked."""

from __future__ import annotations

from chatctl.errors.base import CannotRun


class BadAddress(CannotRun):
    """An address that is none or that nobody can listen on."""

    code = "bad-address"


class ListenFailed(CannotRun):
    """An address that the server could not bind."""

    code = "listen-failed"


class DataDirUnusable(CannotRun):
    """A data folder that cannot be made, read or written."""

    code = "data-dir-unusable"


class DataDirBusy(CannotRun):
    """A data folder that another server uses."""

    code = "data-dir-busy"


class DataFileCorrupt(CannotRun):
    """A data file that is damaged or newer than this program."""

    code = "data-file-corrupt"


class SecretUnreadable(CannotRun):
    """A file that should hold a password or its hash."""

    code = "secret-unreadable"

    def __init__(self, path: object, why: str) -> None:
        super().__init__(f"cannot take a password from {path}: {why}; write it, or its hash, in the first line")


class CertificateUnusable(CannotRun):
    """A certificate or its key that cannot be used for TLS."""

    code = "certificate-unusable"

    def __init__(self, chain: object, key: object, why: str) -> None:
        super().__init__(f"cannot use {chain} with {key} for TLS: {why}; give a PEM certificate and its key")


class ServerFailed(CannotRun):
    """The server stopped because of a mistake in this program; the log has the traceback."""

    code = "server-failed"

    def __init__(self) -> None:
        super().__init__(
            "the server stopped after a mistake of its own; the log above has the details, please report it"
        )


class StoreFailed(CannotRun):
    """A read or write that the data file did not allow; a later one may work."""

    code = "store-failed"
