"""What a room allows whom: speaking and coming in."""

from __future__ import annotations

import pytest

from chatctl.core.events.presence import Rejected
from chatctl.core.events.talk import Said
from chatctl.core.modes import ModeChange
from chatctl.core.requests.modes import ChangeModes
from chatctl.core.requests.presence import Rename
from chatctl.core.requests.rooms import Join, Leave, Move
from chatctl.core.requests.talk import Act, Say, Send
from chatctl.errors import BannedFromRoom, CannotSend, InviteOnly, RoomFull, WrongKey

TEA = "#tea"


def change(*written):
    parted = [word.partition(" ") for word in written]
    return ChangeModes(TEA, tuple(ModeChange(mode[0] == "+", mode[1], rest) for mode, _, rest in parted))


@pytest.fixture
def tea(play):
    """A room: ada made it, bob is in it, and nell with her netcat; eve is not."""
    play.registers("ada", "bob", "eve")
    play.arrives("nell")
    play.asks("ada", Join((TEA,)))
    play.asks("bob", Join((TEA,)))
    play.asks("nell", Move(TEA))
    play.forget()
    return play


def heard(play, person, text="hi", kind="say"):
    """Tell whether ada hears what a person says, and that one who is not heard is told so."""
    play.forget()
    play.asks(person, Send((TEA,), kind, text))
    said = [event.message.text for event in play.seen("ada") if isinstance(event, Said)]
    refused = [event.error for event in play.seen(person) if isinstance(event, Rejected)]
    assert [type(error) for error in refused] == ([] if said or kind == "notice" else [CannotSend])
    assert said in ([], [text])
    return bool(said)


def entry(play, person, key=""):
    """Return why a person may not come in, None if they are in."""
    play.forget()
    play.asks(person, Join((TEA,), (key,) if key else ()))
    refused = [type(event.error) for event in play.seen(person) if isinstance(event, Rejected)]
    inside = play.user(person) in play.chat.rooms[TEA].members
    assert inside == (not refused)
    return refused[0] if refused else None


def test_who_is_outside_may_not_speak_unless_the_room_lets_them(tea):
    assert not heard(tea, "eve")
    tea.asks("ada", change("-n"))
    assert heard(tea, "eve")


def test_in_the_lobby_everybody_speaks(play):
    play.registers("eve")
    play.arrives("nell")
    play.asks("eve", Send(("#lobby",), "say", "hi"))
    assert [event.message.text for event in play.seen("nell")] == ["hi"]


@pytest.mark.parametrize("kind", ["say", "action", "notice", "tags"])
def test_in_a_moderated_room_one_needs_a_voice(tea, kind):
    tea.asks("ada", change("+m"))
    assert not heard(tea, "bob", kind=kind)
    tea.asks("ada", change("+v bob"))
    assert heard(tea, "bob", kind=kind)
    tea.asks("ada", change("-v bob", "+o bob"))
    assert heard(tea, "bob", kind=kind)


@pytest.mark.parametrize("request_", [Say("hi"), Act("waves")])
def test_the_rules_hold_for_people_with_netcat(tea, request_):
    tea.asks("ada", change("+m"))
    tea.forget()
    tea.asks("nell", request_)
    assert [type(event.error) for event in tea.seen("nell")] == [CannotSend]
    assert tea.seen("bob") == []


@pytest.mark.parametrize("text", ["\x01PING 1\x01", "hi\n\x01PING 1\x01", "hi\n\r\x01PING 1\x01"])
def test_a_room_without_ctcp_takes_none_but_actions(tea, text):
    assert heard(tea, "bob", text)
    tea.asks("ada", change("+C", "+v bob"))
    assert not heard(tea, "bob", text)
    assert not heard(tea, "bob", text, "notice")
    assert heard(tea, "bob", "waves", "action")
    assert heard(tea, "bob", "no \x01 at the start")
    assert heard(tea, "bob", "none at all")


@pytest.mark.parametrize("mask", ["bob", "BOB!*@*", "*!bob@*", "*!*@127.0.0.1", "*!*@127.0.0.0/8", "m:b?b"])
def test_who_is_banned_may_not_speak_until_it_is_lifted(tea, mask):
    tea.asks("ada", change(f"+b {mask}"))
    assert not heard(tea, "bob")
    tea.asks("ada", change(f"-b {mask}"))
    assert heard(tea, "bob")


@pytest.mark.parametrize("mask", ["bob!*@10.0.0.0/8", "bo", "a:*", "m:a:bob"])
def test_who_is_not_meant_by_a_ban_may_speak(tea, mask):
    tea.asks("ada", change(f"+b {mask}"))
    assert heard(tea, "bob")


@pytest.mark.parametrize("exception", ["bob", "m:bob"])
def test_an_exception_and_a_voice_stand_above_a_ban(tea, exception):
    tea.asks("ada", change("+b *"))
    assert not heard(tea, "bob")
    tea.asks("ada", change(f"+e {exception}"))
    assert heard(tea, "bob")
    tea.asks("ada", change(f"-e {exception}", "+v bob"))
    assert heard(tea, "bob")


def test_a_ban_holds_for_the_name_that_one_has_now(tea):
    tea.asks("ada", change("+b bob"))
    assert not heard(tea, "bob")
    assert not heard(tea, "bob")
    tea.asks("bob", Rename("rob"))
    assert heard(tea, "bob")


def test_a_ban_on_an_account_means_who_is_logged_in_to_it(tea):
    tea.asks("ada", change("+b m:a:bob*"))
    user = tea.user("bob")
    user.account = "Bobby"
    user.changed()
    assert not heard(tea, "bob")
    user.account = ""
    user.changed()
    assert heard(tea, "bob")


def test_a_ban_reaches_who_speaks_from_outside(tea):
    tea.asks("ada", change("-n", "+b eve"))
    assert not heard(tea, "eve")


def test_who_is_banned_may_not_come_in(tea):
    tea.asks("ada", change("+b eve"))
    assert entry(tea, "eve") is BannedFromRoom
    tea.asks("ada", change("+e e*"))
    assert entry(tea, "eve") is None


def test_an_account_may_be_kept_out(tea):
    tea.user("eve").account = "eve"
    tea.asks("ada", change("+b a:eve"))
    assert entry(tea, "eve") is BannedFromRoom


def test_who_is_muted_may_come_in_and_not_speak(tea):
    tea.asks("ada", change("+b m:eve"))
    assert entry(tea, "eve") is None
    assert not heard(tea, "eve")


def test_an_exception_to_mutes_is_none_to_bans(tea):
    tea.asks("ada", change("+b eve", "+e m:eve"))
    assert entry(tea, "eve") is BannedFromRoom


def test_one_comes_in_by_invitation_only(tea):
    tea.asks("ada", change("+i"))
    assert entry(tea, "eve") is InviteOnly
    tea.chat.rooms[TEA].invited.add(tea.user("eve"))
    assert entry(tea, "eve") is None
    tea.asks("eve", Leave((TEA,)))
    assert entry(tea, "eve") is InviteOnly
    tea.asks("ada", change("+I eve"))
    assert entry(tea, "eve") is None


def test_an_invitation_lifts_no_ban(tea):
    tea.asks("ada", change("+b eve"))
    tea.chat.rooms[TEA].invited.add(tea.user("eve"))
    assert entry(tea, "eve") is BannedFromRoom


def test_one_needs_the_key(tea):
    tea.asks("ada", change("+k beer"))
    assert entry(tea, "eve") is WrongKey
    assert entry(tea, "eve", "Beer") is WrongKey
    assert entry(tea, "eve", "beer") is None


def test_a_full_room_lets_in_only_who_is_invited(tea):
    tea.asks("ada", change("+l 3"))
    assert entry(tea, "eve") is RoomFull
    tea.chat.rooms[TEA].invited.add(tea.user("eve"))
    assert entry(tea, "eve") is None


def test_a_limit_that_is_not_reached_lets_people_in(tea):
    tea.asks("ada", change("+l 4"))
    assert entry(tea, "eve") is None


def test_the_rules_for_entry_hold_for_people_with_netcat(tea):
    tea.arrives("tim")
    tea.asks("ada", change("+i"))
    tea.forget()
    tea.asks("tim", Move(TEA))
    assert [type(event.error) for event in tea.seen("tim")] == [InviteOnly]
    assert tea.room("tim") is tea.chat.lobby
