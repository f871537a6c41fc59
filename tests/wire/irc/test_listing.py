"""LIST and NAMES: what is read, what is written."""

from __future__ import annotations

import pytest

from chatctl.core.events.rooms import MembersListed, NamesListed, RoomsFound
from chatctl.core.requests.rooms import Bound, Names, SearchRooms
from chatctl.core.user import Source
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.wire import IrcWire

INFO = ServerInfo(name="irc.example")
MEMBERS = (("ov", Source("ada", "a@10.0.0.1")), ("v", Source("bob", "b@10.0.0.2")), ("", Source("kim", "k@::1")))


def read(line):
    """Return what a line asks."""
    (request,) = IrcWire(Dialects(INFO)).receive(f"{line}\r\n".encode(), 0.0)
    return request


def written(event, *caps):
    """Return the lines in which ``event`` is told."""
    return Dialects(INFO).speaking(frozenset(caps)).render(event, "eve").decode().split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("LIST", SearchRooms()),
        ("LIST #tea,*e*", SearchRooms(("#tea", "*e*"))),
        ("LIST !#t*", SearchRooms((), ("#t*",))),
        ("LIST >3", SearchRooms(bounds=(Bound("members", True, 3),))),
        ("LIST C<60,t>5", SearchRooms(bounds=(Bound("created", False, 60), Bound("topic", True, 5)))),
        ("LIST #t*,!#ta* <10", SearchRooms(("#t*",), ("#ta*",), (Bound("members", False, 10),))),
        ("LIST >many", SearchRooms((">many",))),
        ("NAMES", Names(())),
        ("NAMES #tea,#coffee", Names(("#tea", "#coffee"))),
    ],
)
def test_a_line_is_read(line, request_):
    assert read(line) == request_


def test_rooms_are_listed_between_a_head_and_an_end():
    assert written(RoomsFound((("#tea", 3, "green leaves"), ("#coffee", 1, "")))) == [
        ":irc.example 321 eve Channel :Users  Name",
        ":irc.example 322 eve #tea 3 :green leaves",
        ":irc.example 322 eve #coffee 1 :",
        ":irc.example 323 eve :End of /LIST",
    ]


@pytest.mark.parametrize(
    ("caps", "names"),
    [
        ((), "@ada +bob kim"),
        (("multi-prefix",), "@+ada +bob kim"),
        (("userhost-in-names",), "@ada!a@10.0.0.1 +bob!b@10.0.0.2 kim!k@::1"),
        (("multi-prefix", "userhost-in-names"), "@+ada!a@10.0.0.1 +bob!b@10.0.0.2 kim!k@::1"),
    ],
)
def test_members_are_listed_with_their_ranks(caps, names):
    assert written(MembersListed("#tea", MEMBERS), *caps) == [
        f":irc.example 353 eve = #tea :{names}",
        ":irc.example 366 eve #tea :End of /NAMES list",
    ]


def test_a_secret_room_has_another_sign():
    assert written(MembersListed("#tea", MEMBERS[2:], secret=True))[0] == ":irc.example 353 eve @ #tea kim"


def test_a_list_that_nobody_asked_for_can_be_switched_off():
    asked, unasked = MembersListed("#tea", MEMBERS), MembersListed("#tea", MEMBERS, implicit=True)
    assert written(unasked) == written(asked) == written(asked, "no-implicit-names")
    assert written(unasked, "no-implicit-names") == []


def test_several_rooms_have_one_end():
    rooms = (MembersListed("#tea", MEMBERS[:1]), MembersListed("#coffee", MEMBERS[2:]))
    assert written(NamesListed(("#TEA", "#none", "#coffee"), rooms)) == [
        ":irc.example 353 eve = #tea @ada",
        ":irc.example 353 eve = #coffee kim",
        ":irc.example 366 eve #TEA,#none,#coffee :End of /NAMES list",
    ]
    assert written(NamesListed((), ())) == [":irc.example 366 eve * :End of /NAMES list"]


@pytest.mark.parametrize("caps", [(), ("userhost-in-names",)])
@pytest.mark.parametrize("room", ["#tea", "#" + "茶" * 60])
def test_many_members_are_several_lines_that_are_full_and_lose_nobody(room, caps):
    people = tuple(("", Source(f"somebody{number}", "é@127.0.0.1")) for number in range(500))
    *rows, _ = written(MembersListed(room, people), *caps)
    assert all(len(row.encode()) <= BODY_LIMIT for row in rows)
    names = [row.partition(f" {room} ")[2].removeprefix(":").split() for row in rows]
    longest = max(len(name.encode()) for row in names for name in row)
    assert all(len(row.encode()) >= BODY_LIMIT - longest for row in rows[:-1])
    assert [name.partition("!")[0] for row in names for name in row] == [who.nick for _, who in people]


def test_a_room_without_anybody_to_show_has_only_an_end():
    assert written(MembersListed("#tea", ())) == [":irc.example 366 eve #tea :End of /NAMES list"]
