"""What a person has before them, across connections: rooms, what is unread, what is not known to be stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from chatctl.client import events as ev
from chatctl.client.events import Event, Kind, Outgoing
from chatctl.client.mentions import find_mentions
from chatctl.client.session import Session
from chatctl.client.waiting import Waiting
from chatctl.core.names import fold

HELD_LIMIT = 500
"""Events that are kept of a room that is not looked at, the newest."""

SEEN_LIMIT = 5_000
"""Msgids of a room that are remembered, so that nothing is shown twice."""

MISSED_LIMIT = 5_000
"""Missed messages that are fetched; who was away for longer reads the history."""

CATCHING_UP = ""
"""What history is asked for on coming into a room: nothing that a person could search for."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the screen, with words in it."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A message that speaks of the person before the screen, or is for them alone; to be told aloud."""

    said: ev.Said


Shown = Event | Rule | Mention


@dataclass(slots=True)
class View:
    """One room, or one person to talk with.

    ``last`` is the newest msgid that nothing is missing before; while there is none, ``since`` is from when on (by
    the server's clock) something can be missing. While ``catching`` up, what comes waits in ``coming`` and what was
    missed gathers in ``missed``. ``held`` was not shown because another room was looked at.
    """

    name: str
    unread: int = 0
    mentioned: bool = False
    last: str = ""
    since: int | None = None
    catching: bool = False
    resumed: bool = False
    missed: list[ev.Said] = field(default_factory=list)
    coming: list[Event] = field(default_factory=list)
    held: deque[Event] = field(default_factory=lambda: deque(maxlen=HELD_LIMIT))
    seen: dict[str, None] = field(default_factory=dict)

    def note(self, msgid: str) -> bool:
        """Remember a msgid; return whether it is new."""
        if not msgid:
            return True
        if msgid in self.seen:
            return False
        self.seen[msgid] = None
        if len(self.seen) > SEEN_LIMIT:
            del self.seen[next(iter(self.seen))]
        if not self.catching:
            self.last = msgid
        return True


class Desk:
    """The rooms of one person; ``session`` is the connection of now.

    ``lost`` are messages whose connection went before they were answered, ``unsent`` those that were typed while
    there was none.
    """

    def __init__(self, session: Session, backlog: int) -> None:
        self.session = session
        self.views: dict[str, View] = {}
        self.lost: list[Outgoing] = []
        self.unsent: list[Outgoing] = []
        self._backlog = backlog
        self._current = ""
        self._welcomed: int | None = None
        self._resuming = False
        self._arrived = False

    @property
    def current(self) -> str:
        """Where what is typed goes."""
        return self._current if self._resuming else self.session.room or self._current

    @property
    def on_their_way(self) -> list[Outgoing]:
        """Messages that are neither acknowledged nor refused."""
        return [*self.lost, *self.session.waiting, *self.unsent]

    def elsewhere(self) -> list[View]:
        """Return the rooms with something unread."""
        return [view for view in self.views.values() if view.unread]

    def disconnect(self) -> None:
        """The connection is gone; what was on its way is kept."""
        self._current = self.current
        self.lost += self.session.waiting
        self.session.waiting = Waiting()
        for view in self.views.values():
            view.resumed, view.catching = True, False

    def attach(self, session: Session) -> None:
        """Go on with another connection, whose rooms are those of before."""
        self.session = session
        self._resuming = True

    def hear(self, event: Event) -> list[Shown]:
        """Return what of ``event`` is to be shown now."""
        match event:
            case ev.Welcomed(at=at):
                self._welcomed = at
                return [] if self._resuming else [event]
            case ev.Ready():
                self._resuming, self._arrived = False, True
                return [event, *self._go_on()]
            case ev.Joined(room=room, own=True):
                self._arrived = True
                # Who comes back has not been away for those who look at this screen.
                return [*self._enter(room), *([] if self._resuming else self._place(room, event))]
            case ev.Told(room="") if self._resuming:
                return []
            case ev.Said(private=True):
                return self._hear_private(event)
            case ev.Said(to=room):
                return self._hear_in_room(room, event)
            case ev.Acknowledged(message=message, id=msgid):
                self._view(message.to).note(msgid)
                return self._place(message.to, event) if self.session.here.is_room(message.to) else [event]
            case ev.History(room=room, asked=asked) if asked == CATCHING_UP:
                view = self.views.get(fold(room))
                # Who has left meanwhile has nothing to catch up with.
                return [] if view is None else list(self._catch_up(view, event))
            case ev.RoomRenamed(old, new):
                return self._rename(old, new, event)
            case _:
                return self._hear_of_room(event)

    def _hear_of_room(self, event: Event) -> list[Shown]:
        match event:
            case ev.Left(room=room, own=True) | ev.Kicked(room=room, own=True):
                self.views.pop(fold(room), None)
                if fold(room) == fold(self._current):
                    self._current = ""
                return [event, *self.switched()]
            case ev.Joined(room=room) | ev.Left(room=room) | ev.Kicked(room=room) | ev.TopicTold(room=room):
                return self._place(room, event)
            case ev.Told(room=room) | ev.Refused(room=room) if room and self.session.here.find(room):
                return self._place(room, event)
            case _:
                return [event]

    def switched(self) -> list[Shown]:
        """Return what is to be shown if another room is looked at than before, nothing if not."""
        if not self._arrived or fold(self.current) == fold(self._current) or not self.current:
            return []
        self._current = self.current
        view = self._view(self.current)
        held = tuple(view.held)
        news = f" · {view.unread} unread" if view.unread else ""
        view.unread, view.mentioned = 0, False
        view.held.clear()
        return [Rule(f"{view.name}{news}"), *held]

    def _view(self, name: str) -> View:
        return self.views.setdefault(fold(name), View(name))

    def _place(self, room: str, event: Event) -> list[Shown]:
        """Show what happened in ``room`` if it is looked at; keep it until then if not."""
        if fold(room) == fold(self.current):
            return [event]
        self._view(room).held.append(event)
        return []

    def _enter(self, room: str) -> list[Shown]:
        """Begin with a room; what was said there before is asked for."""
        view = self._view(room)
        view.name = room
        view.since = self._welcomed if view.since is None else view.since
        shown = self.switched()
        if not self.session.here.remembers:
            return [*shown, *self._give_up(view)]
        if view.resumed or self._backlog:
            view.catching = True
            self._fetch(view)
        return shown

    def _fetch(self, view: View) -> None:
        count = self.session.here.history_limit if view.resumed else self._backlog
        self.session.fetch(view.name, count, CATCHING_UP, after=view.last if view.resumed else "")

    def _hear_private(self, event: ev.Said) -> list[Shown]:
        view = self._view(event.peer)
        if not view.note(event.id):
            return []
        if event.own or event.kind is Kind.NOTICE:
            return [event]
        return [event, Mention(event)]

    def _hear_in_room(self, room: str, event: ev.Said) -> list[Shown]:
        view = self._view(room)
        if view.catching:
            view.coming.append(event)
            return []
        if not view.note(event.id):
            return []
        mentioned = not event.own and bool(find_mentions(event.text, self.session.name))
        loud: list[Shown] = [Mention(event)] if mentioned else []
        if fold(room) == fold(self.current):
            return [event, *loud]
        if not event.own:
            view.unread += 1
            view.mentioned = view.mentioned or mentioned
        view.held.append(event)
        return loud

    def _catch_up(self, view: View, history: ev.History) -> Iterator[Shown]:
        """Take what was missed; once it is complete, show it and what came meanwhile, each once."""
        page = [message for message in history.messages if view.note(message.id)]
        if view.resumed and not view.last:
            # What was said before one came was not missed.
            page = [message for message in page if (message.at or 0) >= (view.since or 0)]
        view.missed += page
        view.last = history.messages[-1].id if history.messages else view.last
        full = len(history.messages) >= self.session.here.history_limit
        if view.resumed and page and full and len(view.missed) < MISSED_LIMIT:
            self._fetch(view)
            return
        missed, view.missed = view.missed, []
        coming, view.coming = view.coming, []
        resumed, view.catching, view.resumed = view.resumed, False, False
        stored = [message for message in missed if self._found(message)] if resumed else []
        yield from self._show_missed(view, missed, resumed, len(missed) - len(stored))
        for event in coming:
            yield from self.hear(event)
        if history.known:
            self._send_again(view)
        else:
            yield from self._give_up(view)

    def _show_missed(self, view: View, missed: list[ev.Said], resumed: bool, count: int) -> Iterator[Shown]:
        if not missed:
            return
        messages = "message" if count == 1 else "messages"
        words = f"{count} missed {messages}" if resumed else f"{view.name}: the last {count} {messages}"
        # What one said oneself before the connection broke was not missed.
        events: list[Shown] = [Rule(words), *missed, Rule("now")] if count else [*missed]
        if fold(view.name) == fold(self.current):
            yield from events
            return
        if resumed:
            view.unread += count
            view.mentioned = view.mentioned or any(
                not message.own and find_mentions(message.text, self.session.name) for message in missed
            )
        view.held.extend(missed)

    def _found(self, message: ev.Said) -> bool:
        """Tell whether ``message`` is one of those that were lost; then it was stored."""
        for lost in self.lost:
            same_person = fold(lost.nick) == fold(message.name)
            if same_person and fold(lost.to) == fold(message.to) and lost.text == message.text:
                self.lost.remove(lost)
                return True
        return False

    def _send_again(self, view: View) -> None:
        """Send once more what was not found in the history of ``view``, and what was typed without a connection."""
        for message in [one for one in self.lost if fold(one.to) == fold(view.name)]:
            self.lost.remove(message)
            self.session.send(replace(message, nick=self.session.name))
        for message in [one for one in self.unsent if fold(one.to) == fold(view.name)]:
            self.unsent.remove(message)
            self.session.say(message.kind, message.to, message.text)

    def _give_up(self, view: View) -> list[Shown]:
        """Say which messages may or may not have been stored, where the server cannot be asked; send the others."""
        unknown = [one for one in self.lost if fold(one.to) == fold(view.name)]
        self.lost = [one for one in self.lost if one not in unknown]
        self._send_again(view)
        why = "the connection was lost before the server answered; send it again if nobody saw it"
        return [ev.Refused("unknown", why, message) for message in unknown]

    def _go_on(self) -> list[Shown]:
        """Look after what is not for a room: there is no history to look it up in."""
        shown: list[Shown] = []
        rooms = self.session.here.rooms
        for name in dict.fromkeys(one.to for one in (*self.lost, *self.unsent)):
            if fold(name) not in rooms:
                shown += self._give_up(self._view(name))
        if self._current and (fold(self._current) in rooms or not self.session.here.is_room(self._current)):
            self.session.room = rooms[fold(self._current)].name if fold(self._current) in rooms else self._current
        return [*shown, *self.switched()]

    def _rename(self, old: str, new: str, event: Event) -> list[Shown]:
        view = self.views.pop(fold(old), None)
        if view is not None:
            view.name = new
            self.views[fold(new)] = view
            if view.catching:
                # The answer on its way is about the old name.
                self._fetch(view)
        if fold(self._current) == fold(old):
            self._current = new
        return self._place(new, event)
