"""What is shown, as Rich draws it; what others wrote is always ``Text``, never markup."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO, assert_never

from rich.console import Console, RenderableType
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from chatctl.client import events as ev
from chatctl.client.colours import colour_of
from chatctl.client.desk import Mention, Rule, Shown
from chatctl.client.events import Event, Kind, Outgoing, SessionRow
from chatctl.client.mentions import find_mentions
from chatctl.client.options import Colour
from chatctl.client.plain import notice
from chatctl.client.sanitize import harmless

TABLE_COLUMNS = 80
"""Width of a screen below which the table of sessions becomes a list."""

_TICK = (" \N{CHECK MARK}", "green")


def make_console(colour: Colour, file: IO[str] | None = None) -> Console:
    """Return a console on ``file``, or on stdout."""
    no_color = True if colour is Colour.NEVER else None
    return Console(file=file, force_terminal=True if file else None, highlight=False, no_color=no_color)


class Painter:
    """Draws what is shown to one client, whose own name it learns from it."""

    def __init__(self) -> None:
        self._own = ""
        self._day: date | None = None

    def draw(self, shown: Shown, console: Console) -> None:
        """Draw ``shown``, if there is anything to see, with its time or that of now."""
        if isinstance(shown, Mention):
            return
        if isinstance(shown, Rule):
            console.print(_rule(shown.text))
            return
        if isinstance(shown, ev.History):
            self._history(shown, console)
            return
        self._learn(shown)
        at = shown.at if isinstance(shown, ev.Said | ev.Acknowledged) else None
        moment = datetime.now().astimezone() if at is None else datetime.fromtimestamp(at / 1000).astimezone()
        for drawn in self._picture(shown):
            self._begin_day(moment.date(), console)
            if isinstance(drawn, Text):
                drawn = Text.assemble((f"{moment:%H:%M} ", "dim"), drawn)
            # The terminal breaks long lines itself: they stay whole when copied or when it is resized.
            console.print(drawn, soft_wrap=isinstance(drawn, Text))

    def _begin_day(self, day: date, console: Console) -> None:
        if self._day not in (None, day):
            console.print(_rule(f"{day:%A, %-d %B %Y}"))
        self._day = day

    def _learn(self, event: Event) -> None:
        if isinstance(event, ev.Ready | ev.Welcomed):
            self._own = event.name
        elif isinstance(event, ev.Renamed) and event.own:
            self._own = event.new

    def _history(self, history: ev.History, console: Console) -> None:
        count = len(history.messages)
        messages = "message" if count == 1 else "messages"
        words = "" if history.asked == "history" else f" with {harmless(history.asked)}"
        console.print(_rule(f"{history.room}: {count} {messages}{words}"))
        for message in history.messages:
            self.draw(message, console)
        if history.messages:
            console.print(_rule("now"))

    def _picture(self, event: Event) -> list[RenderableType]:
        match event:
            case ev.Said():
                return list(self._said(event))
            case ev.Acknowledged(message=message):
                return [_own(message, self._own)]
            case ev.SessionTable():
                return [SessionList(event)]
            case ev.Help(rows=rows):
                return [_help(rows)]
            case ev.Refused():
                return [_refusal(event)]
            case ev.Ended(reason=reason):
                return [Text(reason, "bold red")]
            case ev.Welcomed(text=text) | ev.Goodbye(text=text) | ev.Stopping(text=text):
                return [Text(text, "bold")]
            case ev.Ready() | ev.History():
                return []
            case ev.Joined() | ev.Left() | ev.Kicked() | ev.Renamed() | ev.RoomRenamed() | ev.TopicTold():
                return [Text(f"* {notice(event)}", "dim")]
            case ev.Told(text=text):
                return [Text(text, "dim")]
            case _:
                assert_never(event)

    def _said(self, said: ev.Said) -> list[Text]:
        lines = []
        for line in said.text.split("\n"):
            text = Text(line, "italic" if said.kind is Kind.ACTION else "")
            if not said.own:
                for start, end in find_mentions(line, self._own):
                    text.stylize("bold reverse", start, end)
            lines.append(Text.assemble(*_speaker(said), text, _TICK if said.own and not said.private else ""))
        return lines


def _speaker(said: ev.Said) -> list[str | tuple[str, str]]:
    nick = _nick(said.name)
    if said.kind is Kind.ACTION:
        return ["* ", nick, " "]
    if said.private:
        return [nick, (f" to {said.to if said.own else 'you'}: ", "italic")]
    return [nick, ": "]


def _nick(name: str) -> tuple[str, str]:
    return name, f"bold {colour_of(name)}"


def _own(message: Outgoing, name: str) -> Text:
    nick = _nick(message.nick or name)
    match message.kind:
        case Kind.SAY:
            return Text.assemble(nick, ": ", message.shown, _TICK)
        case Kind.ACTION:
            return Text.assemble("* ", nick, " ", (message.shown, "italic"), _TICK)
        case Kind.PRIVATE | Kind.NOTICE:
            return Text.assemble(nick, (f" to {harmless(message.to)}: ", "italic"), message.shown, _TICK)
        case _:
            assert_never(message.kind)


def _rule(text: str) -> Line:
    return Line(Text(text, "dim"), align="left", style="dim")


def _refusal(event: ev.Refused) -> Text:
    refused = Text(event.sentence, "red")
    if event.message is None:
        return refused
    fate = "perhaps not sent" if event.code == "unknown" else "not sent"
    return Text.assemble((f"{fate}: {event.message.shown} – ", "dim"), refused)


def _help(rows: tuple[tuple[str, str], ...]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold", min_width=12)
    table.add_column(overflow="fold", ratio=1)
    for usage, summary in rows:
        table.add_row(Text(usage, "bold"), Text(summary, "dim"))
    return table


class SessionList:
    """The table of sessions: active ones bright, past ones dim, the total underneath; a list on a narrow screen."""

    def __init__(self, event: ev.SessionTable) -> None:
        self._event = event
        self._day = _common_day(event.sessions)
        total = f"{event.active} active, {event.disconnected} disconnected, limit {event.limit}"
        self._total = Text(f"{total}; times in UTC{f' on {self._day}' if self._day else ''}", "dim")

    def __rich_console__(self, console: Console, _: object) -> list[RenderableType]:
        """Return what fits: Rich's protocol for what can be drawn."""
        rows = self._event.sessions
        drawn = [self._table()] if console.width >= TABLE_COLUMNS else [self._entry(row) for row in rows]
        return [*drawn, self._total]

    def _table(self) -> RenderableType:
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column("id", justify="right", no_wrap=True)
        for header in ("name", "address", "protocol", "connected", "disconnected", "duration", "reason"):
            table.add_column(header, overflow="fold")
        for row in self._event.sessions:
            table.add_row(*self._cells(row), style=_row_style(row))
        return table

    def _cells(self, row: SessionRow) -> list[Text]:
        return [
            Text(str(row.id)),
            Text(*_nick(row.name)),
            Text(row.address),
            Text(row.protocol),
            Text(self._clock(row.connected)),
            Text(self._clock(row.disconnected or "")),
            Text(row.duration),
            Text(row.reason or ""),
        ]

    def _entry(self, row: SessionRow) -> Text:
        _, name, address, protocol, since, until, lasted, reason = self._cells(row)
        ended = Text.assemble("–", until, f" ({reason})" if reason else "") if until else ""
        about = Text.assemble(f"{row.id} ", name, " ", protocol, " ", address)
        times = Text.assemble("\n   ", since, ended, " ", lasted)
        return Text.assemble(about, times, style=_row_style(row))

    def _clock(self, time: str) -> str:
        return time.removesuffix(" UTC").removeprefix(f"{self._day} ")


def _row_style(row: SessionRow) -> str:
    return "" if row.disconnected is None else "dim"


def _common_day(rows: tuple[SessionRow, ...]) -> str:
    """Return the day of every time in the table, or nothing if there is more than one."""
    days = {time[:10] for row in rows for time in (row.connected, row.disconnected) if time}
    return days.pop() if len(days) == 1 else ""
