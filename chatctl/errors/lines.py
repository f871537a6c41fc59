"""What was sent is no line, no command, or no batch."""

from __future__ import annotations

from chatctl.errors.base import Refused


class LineTooLong(Refused):
    """A line longer than the wire allows; sizes in bytes without the line ending."""

    code = "line-too-long"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"line is {size} bytes; the limit is {limit}")
        self.size, self.limit = size, limit


class BadCharacter(Refused):
    """A line with a character that no message may hold."""

    code = "bad-character"

    def __init__(self, name: str) -> None:
        super().__init__(f"line holds {name}; send it without")


class NotUtf8(Refused):
    """A line that is not valid UTF-8; ``position`` counts bytes from 0, ``command`` is what it would have been."""

    code = "not-utf8"

    def __init__(self, position: int, command: str = "*") -> None:
        super().__init__(f"byte {position} is not UTF-8; set your client to UTF-8")
        self.command = command


class UnknownCommand(Refused):
    """A slash command that does not exist."""

    code = "unknown-command"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no command {name}; /help lists them, // at the start sends a slash")
        self.about = (name,)


class MissingParameter(Refused):
    """A command without something that it needs."""

    code = "missing-parameter"

    def __init__(self, usage: str) -> None:
        super().__init__(f"usage: {usage}")


class BadParameter(Refused):
    """A command with a value that it cannot take."""

    code = "bad-parameter"


class MissingParameters(Refused):
    """An IRC command with fewer parameters than it needs."""

    code = "missing-parameters"

    def __init__(self, command: str) -> None:
        super().__init__(f"{command} needs more parameters; HELP {command} tells which")
        self.about = (command,)


class BadCapCommand(Refused):
    """A ``CAP`` with a word after it that means nothing."""

    code = "bad-cap-command"

    def __init__(self, word: str) -> None:
        super().__init__("CAP knows LS, LIST, REQ and END")
        self.about = (word,)


class InputTooLong(Refused):
    """An IRC line longer than the protocol allows; sizes in bytes."""

    code = "input-too-long"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"line is {size} bytes; the limit is {limit}")


class NoSuchServer(Refused):
    """Another server than this one, which knows no others."""

    code = "no-such-server"

    def __init__(self, name: str) -> None:
        super().__init__(f"no server here is called {name}; leave the name out to ask this one")
        self.about = (name,)


class NoHelp(Refused):
    """Something that the help does not know."""

    code = "no-help"

    def __init__(self, subject: str) -> None:
        super().__init__(f"there is no help on {subject}; HELP lists the commands")
        self.about = (subject,)


class BadBatch(Refused):
    """A message of several lines that is none."""

    code = "bad-batch"


class BatchTooLong(Refused):
    """A message of several lines with too many bytes."""

    code = "batch-too-long"

    def __init__(self, limit: int) -> None:
        super().__init__(f"a message of several lines has {limit} bytes at most; send the rest in another one")
        self.about = (str(limit),)


class BatchTooManyLines(Refused):
    """A message of several lines with too many of them."""

    code = "batch-too-many-lines"

    def __init__(self, limit: int) -> None:
        super().__init__(f"a message of several lines has {limit} lines at most; send the rest in another one")
        self.about = (str(limit),)


class WrongBatchTarget(Refused):
    """A line in a batch that is for somebody else."""

    code = "wrong-batch-target"

    def __init__(self, target: str, other: str) -> None:
        super().__init__(f"the batch is for {target}; send its lines there")
        self.about = (target, other)


class BadBatchReference(Refused):
    """A batch whose reference is none."""

    code = "bad-batch-reference"

    def __init__(self, reference: str) -> None:
        super().__init__("the reference of a batch is + and letters, digits or - to begin it, - and the same to end it")
        self.about = (reference,)


class UnknownBatch(Refused):
    """A batch of a type that clients cannot send."""

    code = "unknown-batch"

    def __init__(self, reference: str, kind: str) -> None:
        super().__init__("clients can send batches of the type draft/multiline once they have asked for it")
        self.about = (reference, kind)
