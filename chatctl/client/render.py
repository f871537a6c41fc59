"""Events as Rich draws them; what others wrote is always ``Text``, never markup."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from chatctl.client import events as ev
from chatctl.client.colours import colour_of
from chatctl.client.events import Event, Kind, Outgoing, SessionRow
from chatctl.wire.clean import clean


class Painter:
    """Draws events for one client, whose own name it learns from them."""

    def __init__(self) -> None:
        self._own = ""

    def draw(self, event: Event, console: Console) -> None:
        """Draw ``event``, if there is anything to see, with the time of now."""
        if isinstance(event, ev.Ready | ev.Welcomed):
            self._own = event.name
        elif isinstance(event, ev.Renamed) and event.old == self._own:
            self._own = event.new
        drawn = self._picture(event)
        if isinstance(drawn, Text):
            drawn = Text.assemble((f"{datetime.now().astimezone():%H:%M} ", "dim"), drawn)
        if drawn is not None:
            # The terminal breaks long lines itself: they stay whole when copied or when it is resized.
            console.print(drawn, soft_wrap=isinstance(drawn, Text))

    def _picture(self, event: Event) -> RenderableType | None:
        match event:
            case ev.Spoke(name=name, text=text):
                return Text.assemble(_nick(name), ": ", text)
            case ev.Whispered(name=name, text=text):
                return Text.assemble(_nick(name), (" to you: ", "italic"), text)
            case ev.Acted(name=name, text=text):
                return Text.assemble("* ", _nick(name), " ", (text, "italic"))
            case ev.Acknowledged(message=message):
                return _own(message, self._own)
            case ev.SessionTable():
                return session_table(event)
            case ev.Refused(sentence=sentence, message=message):
                return _refusal(sentence, message)
            case ev.Ended(reason=reason):
                return Text(reason, "bold red")
            case ev.Welcomed(line=line) | ev.Goodbye(line=line) | ev.Stopping(line=line):
                return Text(line, "bold")
            case ev.Ready():
                return None
            case ev.Joined() | ev.Left() | ev.Renamed() | ev.TopicTold() | ev.Told():
                return Text(event.line, "dim")
            case _:
                assert_never(event)


def _nick(name: str) -> tuple[str, str]:
    return name, f"bold {colour_of(name)}"


def _own(message: Outgoing, name: str) -> Text:
    tick = (" \N{CHECK MARK}", "green")
    match message.kind:
        case Kind.SAY:
            return Text.assemble(_nick(name), ": ", _shown(message), tick)
        case Kind.ACTION:
            return Text.assemble("* ", _nick(name), " ", (_shown(message), "italic"), tick)
        case Kind.PRIVATE:
            return Text.assemble(_nick(name), (f" to {clean(message.to)}: ", "italic"), _shown(message), tick)
        case _:
            assert_never(message.kind)


def _shown(message: Outgoing) -> str:
    return clean(message.text)


def _refusal(sentence: str, message: Outgoing | None) -> Text:
    refused = Text(sentence, "red")
    if message is None:
        return refused
    return Text.assemble((f"not sent: {clean(message.text)} ", "dim"), refused)


def session_table(event: ev.SessionTable) -> Table:
    """Return the table of sessions: active ones bright, past ones dim, the total underneath."""
    day = _common_day(event.sessions)
    total = f"{event.active} active, {event.disconnected} disconnected, limit {event.limit}"
    zone = f"times in UTC on {day}" if day else "times in UTC"
    table = Table(
        box=None, padding=(0, 2, 0, 0), pad_edge=False, caption=Text(f"{total}; {zone}"), caption_justify="left"
    )
    table.add_column("id", justify="right", no_wrap=True)
    for header in ("name", "address", "protocol", "connected", "disconnected", "duration", "reason"):
        table.add_column(header, overflow="fold")
    for row in event.sessions:
        table.add_row(*_cells(row, day), style="" if row.disconnected is None else "dim")
    return table


def _cells(row: SessionRow, day: str) -> list[Text]:
    return [
        Text(str(row.id)),
        Text(row.name, f"bold {colour_of(row.name)}"),
        Text(row.address),
        Text(row.protocol),
        Text(_clock(row.connected, day)),
        Text(_clock(row.disconnected or "", day)),
        Text(row.duration),
        Text(row.reason or ""),
    ]


def _common_day(rows: tuple[SessionRow, ...]) -> str:
    """Return the day of every time in the table, or nothing if there is more than one."""
    days = {time[:10] for row in rows for time in (row.connected, row.disconnected) if time}
    return days.pop() if len(days) == 1 else ""


def _clock(time: str, day: str) -> str:
    return time.removesuffix(" UTC").removeprefix(f"{day} ")
