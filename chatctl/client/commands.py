"""What can be typed: the one table from which reading, ``/help``, completion and the docs follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches

from chatctl.client import events as ev
from chatctl.client.events import Event, Kind, Outgoing
from chatctl.client.here import Here
from chatctl.client.session import Session
from chatctl.core.names import fold
from chatctl.errors import Refused
from chatctl.wire.irc.vendor import VENDOR_CAP

HISTORY_COUNT = 50

BARE = ("status", "exit")
"""Commands that need no slash."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What came of a typed line: messages on their way, and what is to be told at once."""

    sent: tuple[Outgoing, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One command; ``available`` says whether the server has what it needs."""

    name: str
    parameters: str
    summary: str
    run: Callable[[Session, str], Typed | None] = field(repr=False)
    available: Callable[[Here], bool] = field(repr=False, default=lambda _: True)
    lacking: str = ""

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"{self.name} {self.parameters}".rstrip()


def run_line(session: Session, line: str) -> Typed:
    """Do what a typed line asks for; what cannot be done is told as ``ev.Refused``."""
    try:
        return _run(session, line)
    except Refused as error:
        return _refused(error.code, str(error))
    except ValueError:
        return _refused("bad-parameter", f"the server cannot be told {line!r}; leave out colons and odd characters")


def _run(session: Session, line: str) -> Typed:
    if line in BARE:
        line = f"/{line}"
    if line[:1] != "/" or line[:2] == "//":
        return _say(session, line.removeprefix("/") if line[:2] == "//" else line)
    name, _, argument = line.partition(" ")
    command = _BY_NAME.get(name.lower())
    if command is None:
        return _unknown(name)
    if not command.available(session.here):
        return _refused("not-supported", command.lacking)
    return command.run(session, argument.strip()) or Typed()


def _unknown(name: str) -> Typed:
    close = get_close_matches(name.lower(), _BY_NAME, n=1)
    remedy = f"did you mean {close[0]}?" if close else "/help lists them"
    return _refused("unknown-command", f"there is no command {name}; {remedy}; // begins a message with a slash")


def _refused(code: str, sentence: str) -> Typed:
    return Typed(events=(ev.Refused(code, sentence),))


def _told(*lines: str) -> Typed:
    return Typed(events=tuple(ev.Told(line) for line in lines))


def _missing(command: str) -> Typed:
    return _refused("missing-parameter", f"something is missing; type {_BY_NAME[command].usage}")


def _say(session: Session, text: str) -> Typed:
    if not text:
        return Typed()
    if not session.room:
        return _refused("no-room", "you are in no room; /join #room goes into one")
    kind = Kind.SAY if session.here.is_room(session.room) else Kind.PRIVATE
    return Typed(tuple(session.say(kind, session.room, text)))


def _act(session: Session, text: str) -> Typed:
    if not text:
        return _missing("/me")
    if not session.room:
        return _refused("no-room", "you are in no room; /join #room goes into one")
    return Typed(tuple(session.say(Kind.ACTION, session.room, text)))


def _whisper(session: Session, argument: str) -> Typed:
    to, _, text = argument.partition(" ")
    if not text.strip():
        return _missing("/msg")
    kind = Kind.SAY if session.here.is_room(to) else Kind.PRIVATE
    return Typed(tuple(session.say(kind, to, text.strip())))


def _notice(session: Session, argument: str) -> Typed:
    to, _, text = argument.partition(" ")
    if not text.strip():
        return _missing("/notice")
    return Typed(tuple(session.say(Kind.NOTICE, to, text.strip())))


def _join(session: Session, argument: str) -> Typed | None:
    words = argument.split()
    if not words:
        return _missing("/join")
    known = session.here.find(words[0])
    if known is not None:
        session.room = known.name
    else:
        session.join(*words[:2])
    return None


def _go(session: Session, argument: str) -> Typed | None:
    rooms = [room.name for room in session.here.rooms.values()]
    if not argument:
        return _told(*(f"{number}  {room}" for number, room in enumerate(rooms, 1)))
    if argument.isdecimal():
        if not 0 < int(argument[:9]) <= len(rooms):
            return _refused("no-such-room", f"you are in {len(rooms)} rooms; /room lists them")
        session.room = rooms[int(argument) - 1]
        return None
    return _join(session, argument)


def _query(session: Session, argument: str) -> Typed | None:
    if not argument or " " in argument:
        return _missing("/query")
    session.room = argument
    return None


def _room_or_here(session: Session, argument: str) -> tuple[str, str]:
    """Return the room that a command is about, and what else it says."""
    first, _, rest = argument.partition(" ")
    return (first, rest.strip()) if session.here.is_room(first) else (session.room, argument)


def _part(session: Session, argument: str) -> Typed | None:
    room, reason = _room_or_here(session, argument)
    if not session.here.is_room(room):
        if session.room:
            # A conversation with one person ends by talking elsewhere.
            session.room = next((known.name for known in session.here.rooms.values()), "")
            return None
        return _missing("/part")
    session.request("PART", room, *([reason] if reason else []))
    return None


def _topic(session: Session, argument: str) -> Typed | None:
    room, text = _room_or_here(session, argument)
    if not room:
        return _missing("/topic")
    session.request("TOPIC", room, *([text] if text else []))
    return None


def _who(session: Session, argument: str) -> Typed | None:
    room, _ = _room_or_here(session, argument)
    if not room:
        return _missing("/who")
    session.here.named.add(fold(room))
    session.request("NAMES", room)
    return None


def _history(session: Session, argument: str) -> Typed | None:
    room, words = _room_or_here(session, argument)
    if not room or not re.fullmatch(r"|[1-9][0-9]{0,5}", words):
        return _missing("/history")
    session.fetch(room, int(words) if words else HISTORY_COUNT, "history", quiet=False)
    return None


def _search(session: Session, argument: str) -> Typed | None:
    room, words = _room_or_here(session, argument)
    if not room or not words:
        return _missing("/search")
    session.search(room, words, HISTORY_COUNT)
    return None


def _status(session: Session, argument: str) -> Typed | None:
    session.request("STATUS", *(["all"] if argument == "all" else []))
    return None


def _kick(session: Session, argument: str) -> Typed | None:
    room, words = _room_or_here(session, argument)
    nick, _, reason = words.partition(" ")
    if not room or not nick:
        return _missing("/kick")
    session.request("KICK", room, nick, *([reason] if reason else []))
    return None


def _ban(sign: str, command: str) -> Callable[[Session, str], Typed | None]:
    def run(session: Session, argument: str) -> Typed | None:
        room, mask = _room_or_here(session, argument)
        if not room or not mask:
            return _missing(command)
        session.request("MODE", room, sign, mask if any(letter in mask for letter in "!@*:") else f"{mask}!*@*")
        return None

    return run


def _invite(session: Session, argument: str) -> Typed | None:
    words = argument.split()
    if not words or not (words[1:] or session.room):
        return _missing("/invite")
    session.request("INVITE", words[0], *(words[1:2] or [session.room]))
    return None


def _mode(session: Session, argument: str) -> Typed | None:
    words = argument.split()
    target = words.pop(0) if words and words[0][:1] not in "+-" else session.room
    if not target:
        return _missing("/mode")
    session.request("MODE", target, *words)
    return None


def _simple(command: str, name: str, least: int, most: int = 1) -> Callable[[Session, str], Typed | None]:
    """Return what sends ``command`` with up to ``most`` parameters, the last of which is the rest of the line."""

    def run(session: Session, argument: str) -> Typed | None:
        words = argument.split(" ", most - 1) if argument else []
        if len(words) < least:
            return _missing(name)
        session.request(command, *words)
        return None

    return run


def _raw(session: Session, argument: str) -> Typed | None:
    if not argument:
        return _missing("/quote")
    session.put_raw(argument)
    return None


def _leave(session: Session, argument: str) -> Typed | None:
    session.leave(argument)
    return None


def _help(session: Session, _: str) -> Typed:
    rows = [(command.usage, command.summary) for command in COMMANDS if command.available(session.here)]
    return Typed(events=(ev.Help((*rows, ("//TEXT", "say something that begins with a slash"))),))


def _remembers(here: Here) -> bool:
    return here.remembers


def _searches(here: Here) -> bool:
    return "soju.im/search" in here.caps


def _tables(here: Here) -> bool:
    return VENDOR_CAP in here.caps


_NO_TABLE = "this server has no table of sessions; /who lists who is in the room"

COMMANDS: tuple[Command, ...] = (
    Command("/join", "#ROOM [KEY]", "go into a room, or to one you are in", _join),
    Command("/room", "[N|#ROOM]", "go to your Nth room (also Alt-N); alone lists them", _go),
    Command("/part", "[#ROOM] [REASON]", "leave a room", _part),
    Command("/rooms", "", "list the server's rooms", _simple("LIST", "/rooms", 0)),
    Command("/who", "[#ROOM]", "list who is in a room", _who),
    Command("/whois", "NAME", "tell about one person", _simple("WHOIS", "/whois", 1)),
    Command("/msg", "NAME TEXT", "say something to one person", _whisper),
    Command("/query", "NAME", "talk with one person from now on; /room goes back", _query),
    Command("/me", "TEXT", "tell what you do", _act),
    Command("/notice", "NAME|#ROOM TEXT", "say what no program answers", _notice),
    Command("/topic", "[#ROOM] [TEXT]", "show or set a room's topic", _topic),
    Command(
        "/history",
        "[#ROOM] [N]",
        f"show a room's last N messages ({HISTORY_COUNT})",
        _history,
        _remembers,
        "this server keeps no history",
    ),
    Command(
        "/search",
        "[#ROOM] WORDS",
        "find a room's messages with all these words",
        _search,
        _searches,
        "this server cannot search",
    ),
    Command("/status", "[all]", "list all sessions; the word status alone does it too", _status, _tables, _NO_TABLE),
    Command("/nick", "NAME", "take another name", _simple("NICK", "/nick", 1)),
    Command("/away", "[NOTE]", "be away with a note, or back without one", _simple("AWAY", "/away", 0)),
    Command("/invite", "NAME [#ROOM]", "invite somebody", _invite),
    Command("/kick", "[#ROOM] NAME [REASON]", "put somebody out of a room", _kick),
    Command("/ban", "[#ROOM] NAME|MASK", "keep somebody out of a room", _ban("+b", "/ban")),
    Command("/unban", "[#ROOM] NAME|MASK", "let somebody in again", _ban("-b", "/unban")),
    Command("/mode", "[TARGET] [MODES]", "show or change modes", _mode),
    Command("/oper", "NAME PASSWORD", "become an operator of the server", _simple("OPER", "/oper", 2, 2)),
    Command("/quote", "LINE", "send a line of IRC as it is", _raw),
    Command("/help", "", "list what you can type", _help),
    Command("/quit", "[REASON]", "leave the server; the word exit alone does it too", _leave),
    Command("/exit", "", "leave the server", _leave),
)

_BY_NAME = {command.name: command for command in COMMANDS}
_BY_NAME |= {"/leave": _BY_NAME["/part"], "/names": _BY_NAME["/who"], "/list": _BY_NAME["/rooms"]}

SECRET = (
    *("/oper", "/msg nickserv", "/notice nickserv", "/quote pass", "/quote oper", "/quote authenticate"),
    *("/quote register", "/quote nickserv", "/quote ns ", "/quote privmsg nickserv"),
)
"""Beginnings of lines that hold a password: they are not kept in the history."""


def is_message(line: str) -> bool:
    """Tell whether a typed line says something to somebody, and not only to the server."""
    if line[:1] != "/":
        return line not in BARE
    return line[:2] == "//" or line.partition(" ")[0].lower() in ("/me", "/msg", "/notice")


def is_secret(line: str) -> bool:
    """Tell whether a typed line may hold a password."""
    return " ".join(line.split()).lower().startswith(SECRET)
