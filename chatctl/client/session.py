"""One conversation over IRC, without a socket: bytes in, events out, bytes to send.

The way into the conversation, on one connection:

    connect -> [capabilities, login] -> Welcomed -> Joined, for each room -> Ready -> ... -> Goodbye
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from chatctl.client import events as ev
from chatctl.client.batches import Batch, Batches, joined
from chatctl.client.events import Event, Kind, Outgoing
from chatctl.client.here import Here, time_of
from chatctl.client.numerics import is_refusal
from chatctl.client.opening import Opening
from chatctl.client.registration import ANSWERED, Login
from chatctl.client.sanitize import read_foreign
from chatctl.client.sending import Sender, check_text
from chatctl.client.told import messages, said, session_table, told
from chatctl.core.names import fold
from chatctl.errors import LineTooLong
from chatctl.wire.irc.message import Line, escape_tag, write
from chatctl.wire.irc.vendor import VENDOR_CAP
from chatctl.wire.lines import Lines

RECEIVED_LIMIT = 16_384
"""Bytes in a received line; one with all the tags that IRC allows is shorter by far."""

_UNWELCOME = re.compile(r"\bkilled|\bbanned|\b[dgkqrz]-?lined?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request for history; ``quiet`` ones are no command of the user."""

    room: str
    asked: str
    quiet: bool


class Session:
    """A client's half of IRC, on one connection.

    Every message sent is in ``waiting`` until the server acknowledges or refuses it. ``room`` is where what is
    typed goes: a room, or a person. ``leaving`` says that the server was asked for its goodbye. ``labels``
    numbers the requests; one that goes on with another connection's messages goes on with its numbers.
    """

    def __init__(
        self, login: Login, rooms: Iterable[str] | None = (), labels: Iterator[int] | None = None, again: bool = False
    ) -> None:
        self.here = Here()
        self.room = ""
        self.ready = False
        self.leaving = False
        self.labels = count(1) if labels is None else labels
        self._sender = Sender(self.here, self.labels, self._put)
        self.waiting = self._sender.waiting
        self._going = ""
        self._expelled = False
        self._asked: dict[str, _Asked] = {}
        self._batches = Batches()
        self._lines = Lines(RECEIVED_LIMIT)
        self._output = bytearray()
        self._opening = Opening(login, rooms, again, self.here, self._put)

    @property
    def name(self) -> str:
        """The own nick; empty until the server has told it."""
        return self.here.name

    @property
    def strange(self) -> str:
        """What the peer said if it is no chat server."""
        return self._opening.strange

    @property
    def sts(self) -> str:
        """What the server says of TLS: the value of sts (IRCv3)."""
        return self._opening.sts

    @property
    def is_going(self) -> bool:
        """Whether one is on the way into a room, where what is typed goes then."""
        return bool(self._going)

    @property
    def is_owed(self) -> bool:
        """Whether the server owes an answer to what was said or asked for."""
        return bool(self.waiting) or bool(self._asked) or self.is_going or self.leaving

    def take_output(self) -> bytes:
        """Return the bytes to send now, and forget them."""
        self._sender.ask_after()
        data = bytes(self._output)
        self._output.clear()
        return data

    def receive(self, data: bytes) -> list[Event]:
        """Return what the server tells with ``data``; until it is ready a refusal is raised as ``CannotRun``."""
        events: list[Event] = []
        for data_line in self._lines.receive(data):
            if isinstance(data_line, LineTooLong):
                events.append(ev.Told(f"(left out: {data_line})"))
                continue
            line = read_foreign(data_line)
            if line is None:
                continue
            for item, label in self._batches.receive(line):
                events += self._read(item, label)
        return events

    def request(self, command: str, *params: str) -> str:
        """Send a request; return its label, empty where the server knows none."""
        if not self.here.labels:
            self._put(command, *params)
            return ""
        label = str(next(self.labels))
        self._put(command, *params, label=label)
        return label

    def say(self, kind: Kind, to: str, text: str) -> list[Outgoing]:
        """Send a message; return it, or, where it is too long for one, its pieces.

        Raises ``LineTooLong``, ``NotUtf8`` or ``BadCharacter`` for what the server would not take.
        """
        return self._sender.say(kind, to, text)

    def send(self, message: Outgoing) -> None:
        """Send a message, perhaps once more, and wait for its answer."""
        self._sender.send(message)

    def fetch(self, room: str, count: int, asked: str, after: str = "", quiet: bool = True) -> None:
        """Ask for what was said in ``room``: the last ``count``, or the first after the msgid ``after``."""
        count = min(count, self.here.history_limit)
        if after:
            label = self.request("CHATHISTORY", "AFTER", room, f"msgid={after}", str(count))
        else:
            label = self.request("CHATHISTORY", "LATEST", room, "*", str(count))
        self._asked[label] = _Asked(room, asked, quiet)

    def search(self, room: str, words: str, count: int) -> None:
        """Search what was said in ``room``: soju.im/search."""
        label = self.request("SEARCH", f"in={room};limit={count};text={escape_tag(words)}")
        self._asked[label] = _Asked(room, words, False)

    def join(self, room: str, *key: str) -> None:
        """Go into a room, and talk there once the server agrees."""
        going = room.rpartition(",")[2]
        self.request("JOIN", room, *key)
        self._going = fold(going) if self.here.is_room(going) else ""

    def ping(self) -> None:
        """Ask whether the server is still there."""
        self._put("PING", "alive")

    def leave(self, reason: str = "") -> None:
        """Ask the server for its goodbye."""
        self.leaving = True
        self._put("QUIT", *([reason] if reason else []))

    def put_raw(self, text: str) -> None:
        """Send a line as it is."""
        check_text(text)
        self._output += text.encode() + b"\r\n"

    def _put(self, command: str, *params: str, label: str = "", tags: str = "") -> None:
        tags = f"label={label}" if label else tags
        line = write("", command, *params)
        self._output += f"{f'@{tags} ' if tags else ''}{line}\r\n".encode()

    def _read(self, item: Line | Batch, label: str) -> list[Event]:
        if isinstance(item, Batch):
            return self._read_batch(item, label)
        step = _STEPS.get(item.command)
        if step is not None:
            return step(self, item, label)
        if item.command == "NICK" and label:
            # InspIRCd 3 answers under the new name already.
            item = item._replace(source=self.name)
        if self.leaving and item.command == "NOTICE" and "!" not in item.source:
            # Some servers have statistics for those who leave.
            return []
        if not self.ready:
            self._opening.follow(item)
            if not self.name and item.command in ANSWERED:
                # What was not raised is dealt with: the user did not ask for capabilities, nor for a certain name.
                return []
        elif self._going in map(fold, item.params[1:-1]) and (is_refusal(item.command) or item.command == "FAIL"):
            self._going = ""
        message = said(self.here, item)
        if message is not None and message.own and (sent := self._sender.take_echoed(message, label)):
            return [ev.Acknowledged(sent, message.id, message.at)]
        events = told(self.here, item)
        events = [self._refuse(event, item, label) if isinstance(event, ev.Refused) else event for event in events]
        if label and item.tags.get("label") == label and (sent := self.waiting.take(label)):
            # This line is the whole answer: services say nothing but what they have to say.
            events.append(ev.Acknowledged(sent))
        for event in events:
            self._follow(event)
        if not self.ready and self._opening.is_done(events):
            self.ready = True
            self.room = next(iter(room.name for room in self.here.rooms.values()), "")
            events.append(ev.Ready(self.name, self.room))
        return events

    def _read_batch(self, batch: Batch, label: str) -> list[Event]:
        if batch.kind == "draft/multiline":
            line = joined(batch)
            return [] if line is None else self._read(line, label)
        if batch.kind == VENDOR_CAP:
            table = session_table(batch)
            return [] if table is None else [table]
        asked = self._asked.pop(label, None)
        if asked is None:
            return []
        return [ev.History(asked.room, messages(self.here, batch), asked.asked)]

    def _refuse(self, event: ev.Refused, line: Line, label: str) -> Event:
        asked = self._asked.pop(label, None) if label else None
        if asked is not None and asked.quiet:
            return ev.History(asked.room, (), asked.asked, known=False)
        message = self._sender.take_refused(line, label)
        return event if message is None else replace(event, message=message)

    def _follow(self, event: Event) -> None:
        """Talk where one has gone, and no longer where one has left."""
        match event:
            case ev.Joined(room=room, own=True) if fold(room) == self._going:
                self.room, self._going = room, ""
            case ev.Left(room=room, own=True) | ev.Kicked(room=room, own=True) if fold(room) == fold(self.room):
                self.room = next(reversed([known.name for known in self.here.rooms.values()]), "")
            case ev.RoomRenamed(old, new) if fold(old) == fold(self.room):
                self.room = new
            case _:
                pass

    def _welcome(self, line: Line, _: str) -> list[Event]:
        if self.name or not line.params:
            return []
        self._opening.welcome(line)
        return [ev.Welcomed(self.name, line.params[-1], time_of(line))]

    def _ping(self, line: Line, _: str) -> list[Event]:
        self._put("PONG", *line.params[-1:])
        return []

    def _pong(self, line: Line, _: str) -> list[Event]:
        token = line.params[-1] if line.params else ""
        return [ev.Acknowledged(message) for message in self._sender.answered(token)]

    def _ack(self, _: Line, label: str) -> list[Event]:
        asked = self._asked.pop(label, None)
        if asked is not None:
            return [ev.History(asked.room, (), asked.asked)]
        message = self.waiting.take(label)
        return [] if message is None else [ev.Acknowledged(message)]

    def _killed(self, line: Line, _: str) -> list[Event]:
        self._expelled = self._expelled or bool(line.params and self.here.is_own(line.params[0]))
        return []

    def _banned(self, line: Line, _: str) -> list[Event]:
        self._expelled = True
        return [ev.Refused("banned", line.params[-1])] if line.params else []

    def _end(self, line: Line, _: str) -> list[Event]:
        reason = line.params[-1] if line.params else "the server closed the connection"
        if self.leaving:
            return [ev.Goodbye(reason)]
        expelled = self._expelled or _UNWELCOME.search(reason) is not None
        if not self.ready:
            self._opening.end(reason, expelled)
        if "shutting down" in reason:
            return [ev.Stopping(reason)]
        return [ev.Ended(reason, expelled)]


_STEPS = {
    "001": Session._welcome,
    "PING": Session._ping,
    "PONG": Session._pong,
    "ACK": Session._ack,
    "ANSWERED": Session._ack,
    "KILL": Session._killed,
    "465": Session._banned,
    "ERROR": Session._end,
}
