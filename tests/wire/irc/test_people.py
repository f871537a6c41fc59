"""WHO, WHOX, WHOIS, WHOWAS, USERHOST and ISON as they are read and written."""

from __future__ import annotations

import pytest

from chatctl.core.events import people as ev
from chatctl.core.events.metadata import Datum
from chatctl.core.events.presence import Labeled, Rejected
from chatctl.core.records import Entry
from chatctl.core.requests import people as ask
from chatctl.core.requests.presence import Invalid
from chatctl.core.user import Source
from chatctl.errors import MissingParameters, NoNick, NoSuchRecord, NoSuchServer
from chatctl.wire.irc.caps import METADATA_CAP
from chatctl.wire.irc.dialect import Dialects, IrcDialect
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.isupport import tokens
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.text_render import TextDialect

INFO = ServerInfo(name="s.example", description="tea for all")
ADA = Source("ada", "al@192.0.2.7", "countess")
BOB = Source("bob", "b@0::1", bot=True)
CARD = ev.Card(ADA, "al", "192.0.2.7", "Ada L.", "#tea", "ov", False, False, 12)
BOT = ev.Card(BOB, "b", "0::1", "", "*", "", True, True, 0)


def read(line):
    """Return what a line asks, or the error that it is refused with."""
    (request,) = IrcWire(Dialects(INFO)).receive(f"{line}\r\n".encode(), 0.0)
    return request.error if isinstance(request, Invalid) else request


def write(event, *caps):
    return IrcDialect(INFO, frozenset(caps)).render(event, "eve", 0).decode().split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("WHO #tea", ask.Who("#tea")),
        ("WHO a* o", ask.Who("a*", operators=True)),
        ("WHO a* x", ask.Who("a*")),
        ("WHO a* %", ask.Who("a*", fields="")),
        ("WHO a* %nuh", ask.Who("a*", fields="nuh")),
        ("WHO a* %tn,321", ask.Who("a*", fields="tn", token="321")),
        ("WHO a* o%tn,1", ask.Who("a*", operators=True, fields="tn", token="1")),
        ("WHO a* %tn,1234", ask.Who("a*", fields="tn")),
        ("WHO a* %tn,x", ask.Who("a*", fields="tn")),
        ("WHO a* %tn,²", ask.Who("a*", fields="tn")),
        ("WHO :*a b*", ask.Who("*a b*")),
        ("WHOIS ada", ask.Whois(("ada",), "ada")),
        ("WHOIS ada,,bob,ada", ask.Whois(("ada", "bob"), "ada,,bob,ada")),
        ("WHOIS S.EXAMPLE ada", ask.Whois(("ada",), "ada")),
        ("WHOIS * ada more", ask.Whois(("ada",), "ada")),
        ("WHOIS bob ada", ask.Whois(("ada",), "ada", "bob")),
        ("WHOWAS ada", ask.Whowas("ada")),
        ("WHOWAS ada 2", ask.Whowas("ada", 2)),
        ("WHOWAS ada 0", ask.Whowas("ada")),
        ("WHOWAS ada -1", ask.Whowas("ada")),
        ("WHOWAS ada x", ask.Whowas("ada")),
        ("WHOWAS ada ²", ask.Whowas("ada")),
        ("WHOWAS ada 99999999999999999999", ask.Whowas("ada")),
        ("USERHOST ada bob", ask.Hosts(("ada", "bob"))),
        ("USERHOST :ada bob", ask.Hosts(("ada", "bob"))),
        ("ISON ada :bob  kim", ask.Present(("ada", "bob", "kim"))),
    ],
)
def test_each_command_is_read(line, request_):
    assert read(line) == request_


@pytest.mark.parametrize("line", ["WHO", "USERHOST", "ISON"])
def test_what_is_missing_is_refused(line):
    assert isinstance(read(line), MissingParameters)


@pytest.mark.parametrize("line", ["WHOIS", "WHOIS :", "WHOIS ,", "WHOIS s.example :", "WHOWAS", "WHOWAS :"])
def test_a_missing_nick_is_refused_with_what_to_type(line):
    error = read(line)
    assert isinstance(error, NoNick)
    assert write(Rejected(error)) == [f":s.example 431 eve :tell which nick you want: {line.split()[0]} NICK"]


def test_who():
    assert write(ev.WhoShown("#TEA", (CARD, BOT))) == [
        ":s.example 352 eve #tea al 192.0.2.7 s.example ada H@ :0 Ada L.",
        ":s.example 352 eve * b 0::1 s.example bob G*B :0 ",
        ":s.example 315 eve #TEA :End of WHO list",
    ]


def test_with_multi_prefix_all_ranks_are_shown():
    (line, _) = write(ev.WhoShown("ada", (CARD,)), "multi-prefix")
    assert line == ":s.example 352 eve #tea al 192.0.2.7 s.example ada H@+ :0 Ada L."
    (line, _) = write(ev.WhoShown("ada", (CARD,), "f"), "multi-prefix")
    assert line == ":s.example 354 eve H@+"


def test_whox_has_the_fields_asked_for_in_its_own_order():
    every = "roaldfnshiuct"
    assert write(ev.WhoShown("x", (CARD, BOT), every, "42")) == [
        ":s.example 354 eve 42 #tea al 192.0.2.7 192.0.2.7 s.example ada H@ 0 12 countess n/a :Ada L.",
        ":s.example 354 eve 42 * b 0::1 0::1 s.example bob G*B 0 0 0 n/a :",
        ":s.example 315 eve x :End of WHO list",
    ]


def test_whox_leaves_out_what_it_does_not_know():
    assert write(ev.WhoShown("x", (CARD,), "znt"))[0] == ":s.example 354 eve 0 ada"
    assert write(ev.WhoShown("x", (CARD,), "z"))[0] == ":s.example 354 eve"


@pytest.mark.parametrize(
    ("mask", "shown"), [("CoolNi*", "CoolNi*"), ("*a b*", "*a?b*"), (":x", "?x"), ("", "*")], ids=repr
)
def test_the_end_repeats_the_mask_as_far_as_a_word_can(mask, shown):
    assert write(ev.WhoShown(mask, ())) == [f":s.example 315 eve {shown} :End of WHO list"]


def test_a_search_that_found_more_says_so():
    assert write(ev.WhoShown("*", (), more=True)) == [
        ":s.example 315 eve * :End of WHO list; there are more, use a mask that means less"
    ]


def test_the_least_that_whois_tells():
    assert write(ev.WhoisShown(ADA._replace(account=""), "al", "h", "Ada L.", (), "", False, None, None, 3, 1999)) == [
        ":s.example 311 eve ada al h * :Ada L.",
        ":s.example 312 eve ada s.example :tea for all",
        ":s.example 317 eve ada 3 1 :seconds idle, signon time",
    ]
    assert write(ev.WhoisEnded("ada,kim")) == [":s.example 318 eve ada,kim :End of /WHOIS list"]


def test_all_that_whois_tells():
    profile = ev.WhoisShown(
        ADA._replace(bot=True),
        "al",
        "192.0.2.7",
        "Ada L.",
        (("#tea", "ov"), ("#club", "")),
        "out for lunch",
        True,
        "Bo",
        ("192.0.2.7", "0::1"),
        3,
        1_700_000_000_999,
        (Datum("ada", "url", "https://example.org"),),
        True,
        ("1f" * 32,),
    )
    assert write(profile, METADATA_CAP) == [
        ":s.example 311 eve ada al 192.0.2.7 * :Ada L.",
        ":s.example 319 eve ada :@#tea #club",
        ":s.example 312 eve ada s.example :tea for all",
        ":s.example 301 eve ada :out for lunch",
        ":s.example 313 eve ada :is a server operator",
        ":s.example 330 eve ada countess :is logged in as",
        ":s.example 671 eve ada :is using a secure connection",
        f":s.example 276 eve ada :has client certificate fingerprint {'1f' * 32}",
        ":s.example 335 eve ada :is a bot",
        ":s.example 338 eve ada 192.0.2.7 :is connected from",
        ":s.example 338 eve ada 0::1 :is connected from",
        ":s.example 379 eve ada :is using modes +Bo",
        ":s.example 317 eve ada 3 1700000000 :seconds idle, signon time",
        ":s.example 760 eve ada url * https://example.org",
    ]
    lines = write(profile, "multi-prefix")
    assert ":s.example 319 eve ada :@+#tea #club" in lines
    assert not any(" 760 " in line for line in lines)


def test_many_rooms_need_several_lines():
    names = [f"#{'é' * 30}{number}" for number in range(40)]
    profile = ev.WhoisShown(ADA, "al", "h", "", tuple((name, "") for name in names), "", False, None, None, 0, 0)
    lines = [line for line in write(profile) if " 319 " in line]
    assert len(lines) > 1
    assert all(len(line.encode()) <= BODY_LIMIT for line in lines)
    assert [name for line in lines for name in line.partition(" :")[2].split()] == names


def test_whowas():
    row = Entry(7, "ada", "192.0.2.7:40000", "irc", 0, 1_700_000_000_000, "quit", "al", "Ada L.", "countess")
    old = Entry(6, "Ada", "[::1]:1", "text", 0, 1_600_000_000_000)
    assert write(ev.WhowasShown("ADA", (row, old))) == [
        ":s.example 314 eve ada al 192.0.2.7 * :Ada L.",
        ":s.example 330 eve ada countess :was logged in as",
        ":s.example 312 eve ada s.example :2023-11-14 22:13:20 UTC",
        ":s.example 314 eve Ada * 0::1 * :",
        ":s.example 312 eve Ada s.example :2020-09-13 12:26:40 UTC",
        ":s.example 369 eve ADA :End of WHOWAS",
    ]


def test_nobody_was_called_so():
    event = Labeled("x", (Rejected(NoSuchRecord("kim")), ev.WhowasShown("kim", ())))
    refused, ended = write(event)
    assert refused.startswith("@label=x :s.example 406 eve kim :")
    assert ended == ":s.example 369 eve kim :End of WHOWAS"


def test_another_server_is_refused():
    (line,) = write(Rejected(NoSuchServer("far.example")))
    assert line.startswith(":s.example 402 eve far.example :")


def test_where_people_are():
    assert write(ev.HostsShown(((ADA, False, True), (BOB, True, False)))) == [
        ":s.example 302 eve :ada=-al@192.0.2.7 bob*=+b@0::1"
    ]
    assert write(ev.HostsShown(())) == [":s.example 302 eve :"]


def test_which_nicks_are_here():
    assert write(ev.PresentShown(("ada", "bob"))) == [":s.example 303 eve :ada bob"]
    assert write(ev.PresentShown(())) == [":s.example 303 eve :"]
    lines = write(ev.PresentShown(tuple(f"name{number:026d}" for number in range(20))))
    assert len(lines) == 2
    assert all(len(line.encode()) <= BODY_LIMIT for line in lines)


def test_the_server_tells_what_it_can_be_asked():
    known = set(tokens(INFO))
    assert {"WHOX", "USERLEN=18", "HOSTLEN=63"} <= known
    (targets,) = (token for token in known if token.startswith("TARGMAX="))
    assert {"USERHOST:5", "WHOIS:4", "WHOWAS:1"} <= set(targets.partition("=")[2].split(","))


def test_people_with_netcat_are_not_bothered():
    assert TextDialect([]).render(ev.WhoShown("*", ())) == b""
