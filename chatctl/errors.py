"""Every error that chatctl raises on purpose.

* ``ChatctlError``

  * ``Refused``: the request is turned down, the session goes on

    * ``LineTooLong``, ``BadCharacter``, ``NotUtf8``: what was sent is no line
    * ``UnknownCommand``, ``MissingParameter``, ``BadParameter``: it is no command
    * ``BadNick``, ``NickInUse``, ``NickReserved``, ``NoSuchNick``: names of people
    * ``BadRoom``, ``AlreadyInRoom``, ``InLobby``, ``TopicTooLong``: rooms
    * ``NotSaved``, ``LookupFailed``: the store could not keep it, or not look it up

  * ``Misbehaved``: the connection ends

    * ``ServerFull``, ``OutOfResources``, ``TooManyBadLines``, ``UnsupportedWire``, ``InternalError``

  * ``CannotRun``: a command cannot do what was asked; each says the remedy

    * ``ListenFailed``, ``BadAddress``, ``DataDirUnusable``, ``DataDirBusy``, ``DataFileCorrupt``
    * ``StoreFailed``: reading or writing the data file failed; ``ServerFailed``: a mistake in the server

Each class has a stable ``code`` that programs may compare; the sentence is for people and may change.
"""

from __future__ import annotations

from typing import ClassVar


class ChatctlError(Exception):
    """Something that chatctl refuses or cannot do; ``str()`` is one sentence with the remedy."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1


class Refused(ChatctlError):
    """A request that is turned down; the session goes on."""


class LineTooLong(Refused):
    """A line longer than the wire allows; sizes in bytes without the line ending."""

    code = "line-too-long"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"line is {size} bytes; the limit is {limit}")


class BadCharacter(Refused):
    """A line with a character that no message may hold."""

    code = "bad-character"

    def __init__(self, name: str) -> None:
        super().__init__(f"line holds {name}; send it without")


class NotUtf8(Refused):
    """A line that is not valid UTF-8; ``position`` counts bytes from 0."""

    code = "not-utf8"

    def __init__(self, position: int) -> None:
        super().__init__(f"byte {position} is not UTF-8; set your client to UTF-8")


class UnknownCommand(Refused):
    """A slash command that does not exist."""

    code = "unknown-command"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no command {name}; /help lists them, // at the start sends a slash")


class MissingParameter(Refused):
    """A command without something that it needs."""

    code = "missing-parameter"

    def __init__(self, usage: str) -> None:
        super().__init__(f"usage: {usage}")


class BadParameter(Refused):
    """A command with a value that it cannot take."""

    code = "bad-parameter"


class BadNick(Refused):
    """A name that nobody may have."""

    code = "bad-nick"

    def __init__(self, nick: str, limit: int) -> None:
        super().__init__(
            f"{nick!r} cannot be a name; use up to {limit} letters, digits and -_[]\\^{{}}|`,"
            " and begin with no digit and no -"
        )


class NickInUse(Refused):
    """A name that somebody else has."""

    code = "nick-in-use"

    def __init__(self, nick: str) -> None:
        super().__init__(f"{nick} is in use; choose another name")


class NickReserved(Refused):
    """A name of the form that sessions get by their number."""

    code = "nick-reserved"

    def __init__(self, nick: str) -> None:
        super().__init__(f"the server gives names like {nick} itself; choose another name")


class NoSuchNick(Refused):
    """A name that nobody has now."""

    code = "no-such-nick"

    def __init__(self, nick: str) -> None:
        super().__init__(f"nobody is called {nick}; /who lists who is here")


class BadRoom(Refused):
    """A name that no room may have."""

    code = "bad-room"

    def __init__(self, room: str, limit: int) -> None:
        super().__init__(
            f"{room!r} cannot be a room; use # and up to {limit - 1} characters"
            " without blanks, commas and control characters"
        )


class AlreadyInRoom(Refused):
    """A room that the session is in already."""

    code = "already-in-room"

    def __init__(self, room: str) -> None:
        super().__init__(f"you are in {room} already")


class InLobby(Refused):
    """Leaving the room that everyone starts in."""

    code = "in-lobby"

    def __init__(self, room: str) -> None:
        super().__init__(
            f"you are in {room}, where everyone starts; /join #ROOM goes elsewhere, exit leaves the server"
        )


class TopicTooLong(Refused):
    """A topic longer than the limit; sizes in characters."""

    code = "topic-too-long"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"topic is {size} characters; the limit is {limit}")


class NotSaved(Refused):
    """A message that the store could not keep, so nobody was sent it."""

    code = "not-saved"

    def __init__(self) -> None:
        super().__init__("the server could not store your message, so nobody received it; try again later")


class LookupFailed(Refused):
    """A question that the store could not answer."""

    code = "lookup-failed"

    def __init__(self) -> None:
        super().__init__("the server could not read its store; try again later")


class Misbehaved(ChatctlError):
    """What ends a connection."""


class ServerFull(Misbehaved):
    """No slot is free for another session."""

    code = "server-full"

    def __init__(self, active: int, limit: int) -> None:
        super().__init__(f"Server full ({active}/{limit} clients), try again later")


class OutOfResources(Misbehaved):
    """The machine has nothing left for another connection."""

    code = "out-of-resources"

    def __init__(self, what: str) -> None:
        super().__init__(f"Server has no {what} left for another client, try again later")


class TooManyBadLines(Misbehaved):
    """Several lines in a row that were none."""

    code = "too-many-bad-lines"

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} unusable lines in a row, goodbye")


class UnsupportedWire(Misbehaved):
    """A protocol that this server recognises but does not speak."""

    code = "unsupported-protocol"

    def __init__(self, wire: str) -> None:
        super().__init__(f"this server does not speak {wire}; connect with chatctl connect or netcat")


class InternalError(Misbehaved):
    """A mistake in this program; the log has the traceback."""

    code = "internal-error"

    def __init__(self) -> None:
        super().__init__("The server made a mistake with what you sent, and noted it; please connect again")


class CannotRun(ChatctlError):
    """A command cannot do what was asked."""

    code = "cannot-run"


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
