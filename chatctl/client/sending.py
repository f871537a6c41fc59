"""What one says: sent, and waited for until the server has acknowledged or refused it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chatctl.client import events as ev
from chatctl.client.events import Kind, Outgoing
from chatctl.client.here import Here
from chatctl.client.numerics import MESSAGE_REFUSALS
from chatctl.client.waiting import Waiting
from chatctl.errors import BadCharacter, LineTooLong, NotUtf8
from chatctl.wire.irc.message import BODY_LIMIT, Line, read_tags
from chatctl.wire.irc.split import split_text

TEXT_LIMIT = 4_096
"""Bytes in a message: what fits into one of draft/multiline on our server."""

LEAST_ROOM = 64
"""Bytes of text that fit beside names of any length: where they are longer than IRC allows, lines are too."""

_SENDER = "!" + "u" * 18 + "@" + "h" * 63
"""Room for what servers put behind the nick of a message's sender."""


def check_text(text: str) -> None:
    """Raise ``LineTooLong``, ``NotUtf8`` or ``BadCharacter`` for what no server would take."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise NotUtf8(len(text[: error.start].encode())) from None
    if size > TEXT_LIMIT:
        raise LineTooLong(size, TEXT_LIMIT)
    if any(letter in text for letter in "\0\r\n"):
        raise BadCharacter("a NUL character" if "\0" in text else "a line break")


class Sender:
    """One connection's messages on their way.

    An acknowledgement is the echo with the message's label (labeled-response, echo-message), without labels the
    first echo of its text, without echoes the PONG to a PING that was sent after it.
    """

    def __init__(self, here: Here, labels: Iterator[int], put: Callable[..., None]) -> None:
        self.waiting = Waiting()
        self._here = here
        self._labels = labels
        self._put = put
        self._unasked = ""
        self._asked_after: dict[str, list[str]] = {}

    def say(self, kind: Kind, to: str, text: str) -> list[Outgoing]:
        """Send a message; return it, or, where it is too long for one, its pieces.

        Raises ``LineTooLong``, ``NotUtf8`` or ``BadCharacter`` for what the server would not take.
        """
        check_text(text)
        room = self._text_room(to)
        pieces = split_text(text, room)
        if len(pieces) > 1 and kind is not Kind.ACTION and self._fits_batch(text, pieces):
            pieces = [text]
        sent = [Outgoing(kind, to, piece, f"m{next(self._labels)}", self._here.name) for piece in pieces]
        for message in sent:
            self.send(message)
        return sent

    def send(self, message: Outgoing) -> None:
        """Send a message, perhaps once more, and wait for its answer."""
        label = message.label if self._here.labels else ""
        command = "NOTICE" if message.kind is Kind.NOTICE else "PRIVMSG"
        if message.kind is Kind.ACTION:
            self._put(command, message.to, f"\x01ACTION {message.text}\x01", label=label)
        elif len(pieces := split_text(message.text, self._text_room(message.to))) > 1:
            self._put("BATCH", f"+{message.label}", "draft/multiline", message.to, label=label)
            for number, piece in enumerate(pieces):
                joint = ";draft/multiline-concat" if number else ""
                self._put(command, message.to, piece, tags=f"batch={message.label}{joint}")
            self._put("BATCH", f"-{message.label}")
        else:
            self._put(command, message.to, message.text, label=label)
        if not self._here.labels and not self._here.echoes:
            self._unasked = message.label
        self.waiting.add(message)

    def ask_after(self) -> None:
        """Ask, where nothing is echoed, for an answer that comes after all before it has been dealt with.

        Once for many messages: servers that slow talkers down count it too.
        """
        if self._unasked:
            self._put("PING", self._unasked)
            self._asked_after[self._unasked] = [message.label for message in self.waiting]
            self._unasked = ""

    def answered(self, token: str) -> list[Outgoing]:
        """Return the messages that the PONG with this token answers."""
        answered = map(self.waiting.take, self._asked_after.pop(token, ()))
        return [message for message in answered if message is not None]

    def take_echoed(self, message: ev.Said, label: str) -> Outgoing | None:
        """Return the message of which this is the echo, which is answered now."""
        if self._here.labels:
            return self.waiting.take(label)
        return self.waiting.take_echoed(message.to, message.text)

    def take_refused(self, line: Line, label: str) -> Outgoing | None:
        """Return the message that ``line`` turns down, which is answered now; None if it is about something else."""
        if self._here.labels:
            return self.waiting.take(label)
        # FAIL (standard-replies, IRCv3) says to whom after its code.
        to = line.params[2:-1] if line.command == "FAIL" else line.params[1:-1]
        if not to or (line.command not in MESSAGE_REFUSALS and line.command != "FAIL"):
            return None
        return self.waiting.take_refused(to[0])

    def _text_room(self, to: str) -> int:
        """Return the bytes of text that a message to ``to`` can have when the server relays it."""
        room = BODY_LIMIT - len(f":{self._here.name}{_SENDER} PRIVMSG {to} :\x01ACTION \x01".encode())
        return max(LEAST_ROOM, room)

    def _fits_batch(self, text: str, pieces: list[str]) -> bool:
        if "draft/multiline" not in self._here.caps or not self._here.labels:
            return False
        limits = read_tags(self._here.caps["draft/multiline"].replace(",", ";"))
        sizes = len(text.encode()), len(pieces)
        found = limits.get("max-bytes", ""), limits.get("max-lines", str(len(pieces)))
        return all(limit.isdecimal() and size <= int(limit) for size, limit in zip(sizes, found, strict=True))
