"""The three kinds of errors: a request is turned down, a connection ends, a command cannot run."""

from __future__ import annotations

from typing import ClassVar


class ChatctlError(Exception):
    """Something that chatctl refuses or cannot do; ``str()`` is one sentence with the remedy."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1


class Refused(ChatctlError):
    """A request that is turned down; the session goes on.

    ``about`` is what it concerns (a nick, a room), as a wire may have to name it apart from the sentence.
    """

    about: tuple[str, ...] = ()


class Misbehaved(ChatctlError):
    """What ends a connection."""


class CannotRun(ChatctlError):
    """A command cannot do what was asked."""

    code = "cannot-run"
