"""Keeping addresses out."""

from __future__ import annotations

import pytest

from chatctl.core.commands import bans
from chatctl.core.events.operators import BanGone, BanPlaced, BansListed
from chatctl.core.events.presence import Expelled, Rejected
from chatctl.core.masks import means_addresses
from chatctl.core.records import Ban, BanLifted, BanSet
from chatctl.core.requests.operators import LiftBan, ListBans, SetBan
from chatctl.core.requests.presence import Introduce, Rename
from chatctl.errors import BadBan, Banned, BansYourself, NoSuchBan, TooManyBans

MINUTE = 60_000
ELSEWHERE = "10.0.0.7:50000"


def refusals(play, person):
    return [type(event.error) for event in play.seen(person) if isinstance(event, Rejected)]


@pytest.fixture
def play(play):
    """Ada is an operator."""
    play.registers("ada")
    play.user("ada").operator = "root"
    return play


@pytest.mark.parametrize("mask", ["10.0.0.7", "10.0.0.0/8", "*@10.0.*", "10.0.0.?"])
@pytest.mark.parametrize("wire", ["irc", "text"])
def test_nobody_comes_in_from_there(play, mask, wire):
    play.asks("ada", SetBan(mask, "spam"))
    with pytest.raises(Banned, match="You are banned: spam"):
        play.connects("bob", wire, ELSEWHERE)
    play.connects("kim", wire, "11.0.0.7:50000")


def test_a_ban_is_kept_told_and_noted(play):
    turn = play.asks("ada", SetBan("*@10.0.0.7", "spam", 5 * MINUTE))
    ban = Ban("*@10.0.0.7", "spam", "ada!ada@127.0.0.1", play.now, play.now + 5 * MINUTE)
    assert turn.changes == [BanSet(ban)]
    assert play.seen("ada") == [BanPlaced(ban, 0)]
    assert turn.notes == ["ada!ada@127.0.0.1, operator root, bans *@10.0.0.7, 0 sessions end: spam"]
    play.asks("ada", ListBans())
    assert play.seen("ada") == [BansListed((ban,))]
    with pytest.raises(Banned, match=r"You are banned until 2023-11-14 22:18:20 UTC: spam"):
        play.connects("bob", address=ELSEWHERE)


def test_a_ban_ends_by_itself(play):
    play.asks("ada", SetBan("10.0.0.7", "spam", MINUTE))
    play.later(MINUTE - 1)
    with pytest.raises(Banned):
        play.connects("bob", address=ELSEWHERE)
    play.later(1)
    play.forget()
    play.connects("bob", address=ELSEWHERE)
    assert play.changes == [BanLifted("10.0.0.7")]
    assert play.chat.bans == {}


def test_a_ban_of_a_user_name_counts_once_it_is_told(play):
    play.asks("ada", SetBan("eve@*", "spam"))
    play.connects("eve", "irc", ELSEWHERE)
    play.asks("eve", Rename("eve"), Introduce("eve", "Eve"))
    (expelled,) = play.seen("eve")
    assert isinstance(expelled, Expelled)
    assert isinstance(expelled.error, Banned)
    assert play.dismissed == [play.numbers["eve"]]
    play.connects("bob", "irc", ELSEWHERE)
    play.asks("bob", Rename("eve"), Introduce("bob", "Bob"))
    assert play.nick("bob") == "eve"


def test_the_sessions_that_it_means_end(play):
    play.connects("bob", "text", ELSEWHERE)
    play.connects("kim", "irc", ELSEWHERE)
    play.connects("eve", "text", "10.0.0.8:50000")
    play.forget()
    play.asks("ada", SetBan("10.0.0.7", "spam"))
    assert play.seen("ada")[0].ended == 2
    assert play.dismissed == [play.numbers["bob"], play.numbers["kim"]]
    assert play.rows[-1].reason == "address-banned"
    play.asks("ada", SetBan("text@10.0.0.8", "spam"))
    assert play.numbers["eve"] not in play.chat.sessions


@pytest.mark.parametrize("mask", ["127.0.0.1", "ada@*", "*", "127.0.0.0/8", "::ffff:127.0.0.1"])
def test_an_operator_does_not_lock_themselves_out(play, mask):
    turn = play.asks("ada", SetBan(mask))
    assert refusals(play, "ada") == [BansYourself]
    assert turn.changes == []


@pytest.mark.parametrize(
    "mask", ["bob", "bob!b@10.0.0.1", "10.0.0.1,10.0.0.2", "a@b@*", "bob@", ":b@*", "10.0.0.0/99", "", "b\x02@*"]
)
def test_some_masks_mean_no_addresses(play, mask):
    play.asks("ada", SetBan(mask))
    assert refusals(play, "ada") == [BadBan]
    assert not means_addresses(mask)


def test_a_ban_is_lifted(play):
    play.asks("ada", SetBan("EVE@10.0.0.*"))
    play.forget()
    turn = play.asks("ada", LiftBan("eve@10.0.0.*"))
    assert turn.changes == [BanLifted("eve@10.0.0.*")]
    assert turn.notes == ["ada!ada@127.0.0.1, operator root, lifts the ban of eve@10.0.0.*"]
    assert play.seen("ada") == [BanGone("eve@10.0.0.*")]
    play.asks("ada", LiftBan("eve@10.0.0.*"))
    assert refusals(play, "ada") == [NoSuchBan]


def test_bans_that_are_over_are_not_listed(play):
    play.asks("ada", SetBan("10.0.0.7", "", MINUTE), SetBan("10.0.0.8"))
    play.later(MINUTE)
    play.forget()
    play.asks("ada", ListBans())
    (listed,) = play.seen("ada")
    assert [ban.mask for ban in listed.bans] == ["10.0.0.8"]


def test_there_are_not_too_many(play, monkeypatch):
    monkeypatch.setattr(bans, "BANS_LIMIT", 1)
    play.asks("ada", SetBan("10.0.0.7"), SetBan("10.0.0.7", "again"), SetBan("10.0.0.8"))
    assert refusals(play, "ada") == [TooManyBans]
    assert play.chat.bans["10.0.0.7"].reason == "again"
