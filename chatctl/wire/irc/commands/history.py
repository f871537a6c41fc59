"""What was said, up to where it was read, what is taken back: chathistory, read-marker, message-redaction (IRCv3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chatctl.core.commands.lookups import SEARCH_COUNT
from chatctl.core.history import Around, At, Id, Mark, Page, Wanted
from chatctl.core.requests import history as ask
from chatctl.core.requests.base import Request
from chatctl.errors import BadHistoryRequest, BadMarker, BadSearch, MarkerMissing, UnknownCommand
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.command import Command
from chatctl.wire.irc.marks import read_at, read_count, read_mark, read_ms, read_number
from chatctl.wire.irc.message import Line, read_tags

_ATTRIBUTES = ("after", "before", "from", "in", "limit", "text")
_MARK = "timestamp=<time>|msgid=<id>"


def _need(caller: Caller, cap: str, command: str) -> None:
    if cap not in caller.caps:
        raise UnknownCommand(command)


def _chathistory(caller: Caller, line: Line) -> Request:
    _need(caller, "draft/chathistory", line.command)
    name = line.params[0].upper() if line.params else "*"
    found = _SUBCOMMANDS.get(name)
    if found is None:
        raise BadHistoryRequest(name, f"there is no such subcommand; use one of {', '.join(_SUBCOMMANDS)}")
    usage, read = found
    if len(line.params) != len(usage.split()) + 1:
        raise BadHistoryRequest(name, f"usage: CHATHISTORY {name} {usage}")
    return read(name, line.params[1:], "draft/event-playback" in caller.caps)


def _before(name: str, params: tuple[str, ...], events: bool) -> Request:
    target, mark, count = params
    return ask.Recall(name, target, Page(_count(name, count), before=_mark(name, mark), events=events))


def _after(name: str, params: tuple[str, ...], events: bool) -> Request:
    target, mark, count = params
    page = Page(_count(name, count), after=_mark(name, mark), newest=False, events=events)
    return ask.Recall(name, target, page)


def _latest(name: str, params: tuple[str, ...], events: bool) -> Request:
    target, mark, count = params
    after = None if mark == "*" else _mark(name, mark)
    return ask.Recall(name, target, Page(_count(name, count), after=after, events=events))


def _around(name: str, params: tuple[str, ...], events: bool) -> Request:
    target, mark, count = params
    return ask.Recall(name, target, Around(_mark(name, mark), _count(name, count), events))


def _between(name: str, params: tuple[str, ...], events: bool) -> Request:
    """Read BETWEEN, whose marks may come in either order; of a time and a message nobody knows it yet."""
    target, first, second, limit = params
    start, end, count = _mark(name, first), _mark(name, second), _count(name, limit)
    forwards = Page(count, after=start, before=end, newest=False, events=events)
    backwards = Page(count, after=end, before=start, events=events)
    if type(start) is not type(end):
        return ask.Recall(name, target, forwards, backwards)
    return ask.Recall(name, target, forwards if _value(start) <= _value(end) else backwards)


def _targets(name: str, params: tuple[str, ...], events: bool) -> Request:
    first, second, limit = params
    return ask.ListTargets(_at(name, first), _at(name, second), _count(name, limit))


_SUBCOMMANDS: Mapping[str, tuple[str, Callable[[str, tuple[str, ...], bool], Request]]] = {
    "BEFORE": (f"<target> {_MARK} <limit>", _before),
    "AFTER": (f"<target> {_MARK} <limit>", _after),
    "LATEST": (f"<target> *|{_MARK} <limit>", _latest),
    "AROUND": (f"<target> {_MARK} <limit>", _around),
    "BETWEEN": (f"<target> {_MARK} {_MARK} <limit>", _between),
    "TARGETS": ("timestamp=<time> timestamp=<time> <limit>", _targets),
}


def _value(mark: Mark) -> int:
    return mark.message if isinstance(mark, Id) else mark.ms


def _mark(name: str, word: str) -> Mark:
    mark = read_mark(word)
    if mark is None:
        raise BadHistoryRequest(name, f"write {_MARK}, with a time like 2026-11-22T14:41:07.123Z", word)
    return mark


def _at(name: str, word: str) -> At:
    at = read_at(word)
    if at is None:
        raise BadHistoryRequest(name, "write timestamp= and a time like 2026-11-22T14:41:07.123Z", word)
    return at


def _count(name: str, word: str) -> int:
    count = read_count(word)
    if count is None:
        raise BadHistoryRequest(name, "the limit is no number", word)
    return count


def _search(caller: Caller, line: Line) -> Request:
    _need(caller, "soju.im/search", line.command)
    wanted = read_tags(line.params[0])
    for attribute in wanted:
        if attribute not in _ATTRIBUTES:
            raise BadSearch(attribute, f"cannot search by that; use {', '.join(_ATTRIBUTES)}")
    count = read_count(wanted.get("limit", str(SEARCH_COUNT)))
    if count is None:
        raise BadSearch("limit", "the limit is no number")
    # Both ends are among what is searched.
    after, before = _edge(wanted, "after", -1), _edge(wanted, "before", 1)
    sought = Wanted(wanted.get("text", ""), wanted.get("from", ""), after, before, count)
    return ask.Seek(wanted.get("in", ""), sought)


def _edge(wanted: Mapping[str, str], attribute: str, beyond: int) -> At | None:
    if attribute not in wanted:
        return None
    ms = read_ms(wanted[attribute])
    if ms is None:
        raise BadSearch(attribute, "write a time like 2026-11-22T14:41:07.123Z")
    return At(ms + beyond)


def _markread(caller: Caller, line: Line) -> Request:
    _need(caller, "draft/read-marker", line.command)
    if not line.params:
        raise MarkerMissing
    if len(line.params) == 1:
        return ask.MarkRead(line.params[0])
    at = read_at(line.params[1])
    if at is None:
        raise BadMarker(line.params[1])
    return ask.MarkRead(line.params[0], at.ms)


def _redact(caller: Caller, line: Line) -> Request:
    _need(caller, "draft/message-redaction", line.command)
    target, message = line.params[:2]
    why = line.params[2] if len(line.params) > 2 else ""
    return ask.Redact(target, message, read_number(message), why)


COMMANDS = (
    Command(
        "CHATHISTORY", "<subcommand> <parameters>", "read what was said in a channel or with somebody", 0, _chathistory
    ),
    Command("SEARCH", "<attribute>=<value>{;<attribute>=<value>}", "search what was said", 1, _search),
    Command("MARKREAD", "<target> [timestamp=<time>]", "note or ask up to where you have read", 0, _markread),
    Command("REDACT", "<target> <msgid> [<reason>]", "take a message back", 2, _redact),
)
