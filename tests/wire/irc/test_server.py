"""What the server tells about itself in IRC."""

from __future__ import annotations

import pytest

from chatctl.core.events.presence import Rejected
from chatctl.core.events.server import LimitsShown
from chatctl.core.limits import Limits
from chatctl.core.requests.operators import ListBans, ListOperators
from chatctl.core.requests.presence import Invalid, Reply
from chatctl.core.requests.server import Answer, ShowLimits
from chatctl.errors import MissingParameters, NoHelp, NoSuchServer
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.commands import COMMANDS
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.message import BODY_LIMIT, parse
from chatctl.wire.irc.replies import server as replies
from chatctl.wire.irc.wire import IrcWire

INFO = ServerInfo(name="irc.example", description="a test", version="chatctl-9")
DAY = 24 * 60 * 60 * 1000


def read(line):
    """Return what a line asks, or the error that it is refused with."""
    (request,) = IrcWire(Dialects(INFO)).receive(f"{line}\r\n".encode(), 0.0)
    return request.error if isinstance(request, Invalid) else request


def written(event, *caps, now=0):
    """Return the lines in which ``event`` is told to eve."""
    return Dialects(INFO).speaking(frozenset(caps)).render(event, "eve", now).decode().split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("VERSION", Answer(replies.VersionAsked())),
        ("VERSION irc.example", Answer(replies.VersionAsked())),
        ("TIME irc.*", Answer(replies.TimeAsked())),
        ("INFO", Answer(replies.InfoAsked())),
        ("ADMIN", Answer(replies.AdminAsked())),
        ("LINKS", Answer(replies.LinksAsked("*"))),
        ("LINKS other.*", Answer(replies.LinksAsked("other.*"))),
        ("LINKS irc.example other.*", Answer(replies.LinksAsked("other.*"))),
        ("LINKS :", Answer(replies.LinksAsked("*"))),
        ("LINKS ::x", Answer(replies.LinksAsked("*"))),
        ("LINKS :a b", Answer(replies.LinksAsked("*"))),
        ("ISUPPORT", Answer(replies.SupportAsked())),
        ("STATS u", Answer(replies.UptimeAsked())),
        ("STATS U irc.example", Answer(replies.UptimeAsked())),
        ("STATS l", ShowLimits()),
        ("STATS o", ListOperators()),
        ("STATS k", ListBans()),
        ("STATS x", Answer(replies.NoStatistics("x"))),
        ("STATS :", Answer(replies.NoStatistics("*"))),
        ("STATS ::", Answer(replies.NoStatistics("*"))),
    ],
)
def test_a_line_is_read(line, request_):
    assert read(line) == request_


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("VERSION other.example", NoSuchServer),
        ("LINKS other.example *", NoSuchServer),
        ("STATS u other.example", NoSuchServer),
        ("STATS", MissingParameters),
        ("HELP nothing", NoHelp),
        ("HELPOP ı", NoHelp),
    ],
)
def test_a_line_is_refused(line, kind):
    assert type(read(line)) is kind


def test_with_the_capability_the_support_is_shown_also_before_registration():
    caller = Caller(Dialects(INFO))
    caller.caps = frozenset(("draft/extended-isupport",))
    assert COMMANDS["ISUPPORT"].read(caller, parse(b"ISUPPORT")) == Reply(replies.SupportAsked())


def test_the_support_is_a_batch_with_the_capability():
    plain = written(replies.SupportAsked())
    assert all(line.startswith(":irc.example 005 eve ") for line in plain)
    assert all(len(line.split(" :")[0].split()) <= 2 + 14 for line in plain)
    start, *inside, end = written(replies.SupportAsked(), "batch", "draft/extended-isupport")
    assert start == ":irc.example BATCH +isupport draft/isupport"
    assert inside == [f"@batch=isupport {line}" for line in plain]
    assert end == ":irc.example BATCH -isupport"
    assert written(replies.SupportAsked(), "batch") == plain


def test_the_version_comes_with_what_is_supported():
    first, *rest = written(replies.VersionAsked())
    assert first == ":irc.example 351 eve chatctl-9 irc.example :a test"
    assert rest == written(replies.SupportAsked())


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (replies.TimeAsked(), [":irc.example 391 eve irc.example 100000 :1970-01-02 03:46:40 UTC"]),
        (
            replies.UptimeAsked(),
            [":irc.example 242 eve :Server Up 1 days 03:46:40", ":irc.example 219 eve u :End of /STATS report"],
        ),
        (replies.LinksAsked("x*"), [":irc.example 365 eve x* :End of /LINKS list"]),
        (
            replies.AdminAsked(),
            [
                ":irc.example 256 eve irc.example :Administrative information",
                ":irc.example 257 eve :a test",
                ":irc.example 258 eve :Network chatctl; its operators show themselves in WHOIS",
            ],
        ),
        (
            replies.InfoAsked(),
            [
                ":irc.example 371 eve :irc.example: a test",
                ":irc.example 371 eve :Running chatctl-9, started 1970-01-01 00:00:00 UTC",
                ":irc.example 371 eve :People with a line client, IRC clients and programs are in the same rooms",
                ":irc.example 374 eve :End of /INFO list",
            ],
        ),
        (replies.NoStatistics("x"), [":irc.example 219 eve x :End of /STATS report"]),
        (
            Rejected(NoSuchServer("x")),
            [":irc.example 402 eve x :no server here is called x; leave the name out to ask this one"],
        ),
        (Rejected(NoHelp("x")), [":irc.example 524 eve x :there is no help on x; HELP lists the commands"]),
    ],
)
def test_an_event_is_written(event, lines):
    assert written(event, now=10**8) == lines


def test_limits_are_told_one_in_a_line():
    first, *rest, last = written(LimitsShown(3, Limits()))
    told = "max-clients: 3 of 256 - Sessions at the same time. At it: refused in the peer's protocol."
    assert first == f":irc.example 249 eve l :{told}"
    assert all(line.startswith(":irc.example 249 eve l :") for line in rest)
    assert last == ":irc.example 219 eve l :End of /STATS report"


@pytest.mark.parametrize("line", ["HELP", "HELPOP", "HELP *", "HELP :"])
def test_help_lists_every_command_of_the_table(line):
    start, *rows, end = written(read(line).event)
    assert start.startswith(":irc.example 704 eve * :")
    assert [row.removeprefix(":irc.example 705 eve * :").split()[0].rstrip(":") for row in rows] == sorted(COMMANDS)
    assert end == ":irc.example 706 eve * :End of /HELP"
    assert all(len(row.encode()) < BODY_LIMIT for row in rows)


def test_help_tells_of_one_command():
    assert written(read("HELP join").event) == [
        ":irc.example 704 eve JOIN :JOIN <channel>{,<channel>} [<key>{,<key>}]",
        ":irc.example 705 eve JOIN :Go into channels; JOIN 0 leaves all.",
        ":irc.example 706 eve JOIN :End of /HELP",
    ]
