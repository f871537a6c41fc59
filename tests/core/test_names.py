"""What people and rooms may be called, and how names compare."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.core.events.presence import Rejected, Renamed
from chatctl.core.limits import DEFAULTS
from chatctl.core.names import check_nick, check_room, default_nick, fold, is_reserved
from chatctl.core.requests.presence import Quit, Rename
from chatctl.core.requests.talk import Say
from chatctl.core.user import Source
from chatctl.errors import BadNick, BadRoom, NickInUse, NickReserved


def who(nick):
    """Return the person called ``nick`` as others see them."""
    return Source(nick, "text@127.0.0.1")


NICKS = [
    "a",
    "ada",
    "Ada",
    "_",
    "a-b",
    "a1",
    "[x]",
    "\\^{}|`",
    "`a",
    "{ada}",
    "a" * 30,
    "Z" + "9" * 29,
    "clientele",
    "client",
    "Client-1",
    "Clients12",
]
NO_NICKS = [
    "",
    " ",
    "1ada",
    "-ada",
    "a" * 31,
    "a b",
    " a",
    "a ",
    "a\n",
    "a\0",
    "a\t",
    "ada!",
    "#ada",
    "ada@home",
    "a.b",
    "a,b",
    "a:b",
    "*",
    "$a",
    "a'",
    'a"',
    "a~",
    "é",
    "adé",
    "аda",
    "ａda",
    "a\u200b",
    "a\u0661",
    "a\u202e",
    "\U0001f600",
    "\u212a",
]
ROOMS = ["#a", "#lobby", "#LOBBY", "##", "#1", "#a-b_c.d", "#café", "#日本", "#:", "#" + "a" * 63, "#😀", "#[x]"]
NO_ROOMS = [
    "",
    "#",
    "a",
    "lobby",
    "&lobby",
    " #a",
    "#a b",
    "#a ",
    "#a,b",
    "#a\n",
    "#a\0",
    "#a\x07",
    "#a\x1b",
    "#a\x7f",
    "#a\x9b",
    "#a\u00a0b",
    "#a\u2028",
    "#a\u202e",
    "#a\u200b",
    "#" + "a" * 64,
]


@pytest.mark.parametrize("nick", NICKS)
def test_these_are_nicks(nick):
    assert check_nick(nick) == nick


@pytest.mark.parametrize("nick", NO_NICKS)
def test_these_are_no_nicks(nick):
    with pytest.raises(BadNick) as caught:
        check_nick(nick)
    assert str(caught.value).startswith(f"{nick!r} cannot be a name; use up to 30 letters, digits and -_[]\\^{{}}|`,")


@pytest.mark.parametrize("room", ROOMS)
def test_these_are_rooms(room):
    assert check_room(room) == room


@pytest.mark.parametrize("room", NO_ROOMS)
def test_these_are_no_rooms(room):
    with pytest.raises(BadRoom) as caught:
        check_room(room)
    assert str(caught.value).startswith(f"{room!r} cannot be a room; use # and up to 63 characters")


@given(st.text())
def test_a_nick_is_ascii_and_short_whatever_one_tries(text):
    try:
        check_nick(text)
    except BadNick:
        return
    assert text.isascii()
    assert text.isprintable()
    assert 1 <= len(text) <= DEFAULTS.nick_length
    assert " " not in text


@given(st.text(st.characters(codec="utf-8")).map("#{}".format))
def test_a_room_is_one_printable_word_whatever_one_tries(text):
    try:
        check_room(text)
    except BadRoom:
        return
    assert text.isprintable()
    assert len(text.split()) == 1
    assert 2 <= len(text) <= DEFAULTS.room_length


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Ada", "ada"),
        ("ADA", "ada"),
        (string.ascii_uppercase, string.ascii_lowercase),
        ("{}|^", "{}|^"),
        ("[]\\~", "[]\\~"),
        ("#É", "#É"),
        ("#\u212a", "#\u212a"),
        ("#İ", "#İ"),
        ("#ẞ", "#ẞ"),
    ],
)
def test_folding_lowers_ascii_letters_and_nothing_else(name, folded):
    assert fold(name) == folded


@given(st.text())
def test_folding_twice_is_folding_once_and_keeps_the_length(text):
    assert fold(fold(text)) == fold(text)
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("nick", "session", "reserved"),
    [
        ("Client07", 7, False),
        ("client07", 7, False),
        ("CLIENT07", 8, True),
        ("Client7", 7, True),
        ("Client007", 7, True),
        ("Client100", 100, False),
        ("Client100", 1, True),
        ("Client00", 1, True),
        ("Client", 7, False),
        ("Clients07", 7, False),
        ("Client07x", 7, False),
        ("xClient07", 7, False),
        ("ada", 7, False),
    ],
)
def test_names_with_a_number_are_kept_for_the_session_of_that_number(nick, session, reserved):
    assert is_reserved(nick, session) is reserved


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_default_name_is_a_nick_and_reserved_for_all_but_its_session(mine, other):
    nick = default_nick(mine)
    assert check_nick(nick) == nick
    assert is_reserved(nick, other) is (mine != other)


def test_a_new_name_is_told_to_everybody_in_the_room(play):
    play.arrives("ada", "bob")
    play.asks("ada", Rename("river"))
    assert play.seen("ada") == play.seen("bob") == [Renamed(who("ada"), "river")]
    assert play.nick("ada") == "river"


def test_a_new_name_is_written_into_the_ledger(play):
    play.arrives("ada")
    play.asks("ada", Rename("river"))
    (row,) = play.rows
    assert (row.id, row.nick, row.disconnected) == (1, "river", None)


def test_a_message_bears_the_name_of_its_moment(play):
    play.arrives("ada")
    play.asks("ada", Say("one"), Rename("river"), Say("two"))
    assert [message.nick for message in play.kept] == ["ada", "river"]


@pytest.mark.parametrize("wanted", ["bob", "BOB", "Bob"])
def test_a_name_in_use_is_refused_in_any_case(play, wanted):
    play.arrives("ada", "bob")
    play.asks("ada", Rename(wanted))
    (told,) = play.seen("ada")
    assert isinstance(told, Rejected)
    assert isinstance(told.error, NickInUse)
    assert str(told.error) == f"{wanted} is in use; choose another name"
    assert play.seen("bob") == []
    assert (play.nick("ada"), play.nick("bob")) == ("ada", "bob")


def test_one_may_change_the_case_of_ones_own_name(play):
    play.arrives("ada")
    play.asks("ada", Rename("ADA"))
    assert play.seen("ada") == [Renamed(who("ada"), "ADA")]


def test_a_name_is_free_once_its_owner_has_another(play):
    play.arrives("ada", "bob")
    play.asks("ada", Rename("river"))
    play.asks("bob", Rename("Ada"))
    assert play.nick("bob") == "Ada"


def test_a_name_is_free_once_its_owner_has_left(play):
    play.arrives("ada", "bob")
    play.asks("ada", Quit())
    play.asks("bob", Rename("ada"))
    assert play.nick("bob") == "ada"


def test_a_name_that_nobody_may_have_is_refused(play):
    play.arrives("ada")
    turn = play.asks("ada", Rename("no way"))
    (told,) = play.seen("ada")
    assert isinstance(told.error, BadNick)
    assert turn.entries == {}


@pytest.mark.parametrize("wanted", ["Client02", "client99", "Client007"])
def test_the_name_of_another_number_is_refused_also_when_nobody_has_it(play, wanted):
    play.arrives("ada")
    play.asks("ada", Rename(wanted))
    (told,) = play.seen("ada")
    assert isinstance(told.error, NickReserved)
    assert str(told.error) == f"the server gives names like {wanted} itself; choose another name"


def test_one_may_go_back_to_ones_default_name(play):
    play.arrives("ada")
    play.asks("ada", Rename("Client01"))
    assert play.seen("ada") == [Renamed(who("ada"), "Client01")]
    play.asks("ada", Rename("ada"))
    assert play.nick("ada") == "ada"


def test_a_newcomers_default_name_is_free_whatever_others_tried(play):
    play.arrives("ada")
    for wanted in ("Client02", "client2", "CLIENT002"):
        play.asks("ada", Rename(wanted))
    play.connects("bob")
    assert play.nick("bob") == "Client02"
