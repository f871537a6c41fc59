"""The modes of a room: who may change them, what is told of it."""

from __future__ import annotations

import pytest

from chatctl.core.commands.modes import CHANGES_LIMIT, MASKS_LIMIT
from chatctl.core.events.modes import MasksListed, RoomModeChanged, RoomModesShown
from chatctl.core.events.presence import Labeled as LabeledEvent
from chatctl.core.events.presence import Rejected
from chatctl.core.modes import LETTERS, ModeChange, takes_parameter, write_changes
from chatctl.core.requests.modes import ChangeModes, ShowModes
from chatctl.core.requests.presence import Labeled
from chatctl.core.requests.rooms import Join, Move
from chatctl.errors import (
    BadModeParameter,
    MaskListFull,
    NoSuchNick,
    NoSuchRoom,
    NotInRoom,
    NotRoomOperator,
    TooManyChanges,
    UnknownMode,
    UserNotInRoom,
)

TEA = "#tea"


def changes(*written):
    """Return the changes that ``+k beer`` and the like say."""
    parted = [word.partition(" ") for word in written]
    return tuple(ModeChange(mode[0] == "+", mode[1], parameter) for mode, _, parameter in parted)


def change(*written):
    return ChangeModes(TEA, changes(*written))


def announced(events):
    return [" ".join(write_changes(event.changes)) for event in events if isinstance(event, RoomModeChanged)]


def refusals(events):
    return [type(event.error) for event in events if isinstance(event, Rejected)]


def shown(play, person, room=TEA):
    play.asks(person, ShowModes(room))
    (event,) = play.seen(person)
    return " ".join(write_changes(event.modes))


@pytest.fixture
def tea(play):
    """A room: ada made it, bob is in it too, eve is not; sam may do everything."""
    play.registers("ada", "bob", "eve", "sam")
    play.user("sam").operator = "sam"
    play.asks("ada", Join((TEA,)))
    play.asks("bob", Join((TEA,)))
    play.forget()
    return play


def test_a_room_that_somebody_makes_keeps_strangers_out_of_talk_and_topic(tea):
    tea.asks("eve", ShowModes("#TEA"))
    assert tea.seen("eve") == [RoomModesShown(TEA, changes("+n", "+t"), tea.now)]


def test_the_lobby_has_no_modes(tea):
    assert shown(tea, "eve", "#lobby") == "+"


def test_only_members_and_server_operators_are_shown_the_key(tea):
    tea.asks("ada", change("+k beer", "+l 7", "-n", "-t"))
    tea.forget()
    assert shown(tea, "bob") == "+kl beer 7"
    assert shown(tea, "sam") == "+kl beer 7"
    assert shown(tea, "eve") == "+kl * 7"


@pytest.mark.parametrize("request_", [ShowModes("#none"), ChangeModes("#none", changes("+m"))])
def test_the_modes_of_no_room_are_refused(tea, request_):
    tea.asks("ada", request_)
    assert refusals(tea.seen("ada")) == [NoSuchRoom]


@pytest.mark.parametrize(
    ("person", "refusal"), [("bob", NotRoomOperator), ("eve", NotInRoom)], ids=["a member", "a stranger"]
)
def test_only_operators_change_modes(tea, person, refusal):
    tea.asks(person, change("+m", "+v bob", "+x"))
    assert refusals(tea.seen(person)) == [refusal]
    assert tea.seen("ada") == []


def test_a_voice_is_not_enough_to_change_modes(tea):
    tea.asks("ada", change("+v bob"))
    tea.forget()
    tea.asks("bob", change("+m"))
    assert refusals(tea.seen("bob")) == [NotRoomOperator]


def test_a_server_operator_changes_modes_from_outside_and_is_told(tea):
    tea.asks("sam", change("+m"))
    assert announced(tea.seen("sam")) == announced(tea.seen("bob")) == ["+m"]


def test_a_server_operator_inside_is_told_once(tea):
    tea.asks("sam", Join((TEA,)))
    tea.forget()
    tea.asks("sam", change("+m"))
    assert announced(tea.seen("sam")) == ["+m"]


def test_everybody_in_the_room_is_told_of_a_change(tea):
    tea.connects("nell")
    tea.asks("nell", Move(TEA))
    tea.forget()
    tea.asks("ada", change("+m", "-t"))
    told = RoomModeChanged(tea.user("ada").source, TEA, changes("+m", "-t"))
    assert tea.seen("ada") == tea.seen("bob") == tea.seen("nell") == [told]
    assert tea.seen("eve") == []


def test_in_a_big_room_only_those_who_keep_lists_are_told(plays):
    play = plays()
    play.registers("ada")
    play.asks("ada", Join((TEA,)))
    play.crowd(50)
    for number in range(1, 51):
        play.asks(f"extra {number}", Move(TEA))
    play.forget()
    play.asks("ada", change("+m"))
    assert announced(play.seen("ada")) == ["+m"]
    assert play.seen("extra 7") == []


def test_the_answer_to_a_labelled_change_has_the_change_and_the_refusals(tea):
    tea.asks("ada", Labeled("x", change("+m", "+v nobody")))
    (event,) = tea.seen("ada")
    assert isinstance(event, LabeledEvent)
    assert refusals(event.events) == [NoSuchNick]
    assert announced(event.events) == ["+m"]


def test_what_changes_nothing_is_not_announced(tea):
    tea.asks("ada", change("+n", "-m", "-k any", "-l", "+o ada", "-v bob", "-b *!*@*"))
    assert tea.seen("ada") == []


def test_changes_are_made_in_their_order(tea):
    tea.asks("ada", change("+m", "-m", "+s"))
    assert announced(tea.seen("bob")) == ["+m-m+s"]
    assert shown(tea, "eve") == "+nst"


def test_every_flag_can_be_set_and_taken_away(tea):
    tea.asks("ada", change("+C", "+i", "+m", "+s"))
    tea.forget()
    assert shown(tea, "bob") == "+Cimnst"
    tea.asks("ada", change("-C", "-i", "-m", "-n", "-s", "-t"))
    assert announced(tea.seen("ada")) == ["-Cimnst"]
    tea.forget()
    assert shown(tea, "bob") == "+"


def test_roles_are_given_and_taken(tea):
    tea.asks("ada", change("+o BOB", "+v bob"))
    assert announced(tea.seen("bob")) == ["+ov bob bob"]
    tea.asks("bob", change("-o ada"))
    assert announced(tea.seen("ada")) == ["+ov bob bob", "-o ada"]
    tea.forget()
    tea.asks("ada", change("+m"))
    assert refusals(tea.seen("ada")) == [NotRoomOperator]


@pytest.mark.parametrize(("nick", "refusal"), [("nobody", NoSuchNick), ("eve", UserNotInRoom)])
def test_a_role_for_who_is_not_there_is_refused_and_the_rest_is_done(tea, nick, refusal):
    tea.asks("ada", change(f"+o {nick}", "+m"))
    events = tea.seen("ada")
    assert refusals(events) == [refusal]
    assert announced(events) == ["+m"]


def test_an_unknown_letter_is_refused_once_and_the_rest_is_done(tea):
    tea.asks("ada", change("+x", "-x", "+m"))
    events = tea.seen("ada")
    assert refusals(events) == [UnknownMode]
    assert events[0].error.about == ("x",)
    assert LETTERS in str(events[0].error)
    assert announced(events) == ["+m"]


def test_a_key_is_set_changed_and_taken_away_with_any_word(tea):
    for written, told in [("+k beer", "+k beer"), ("+k wine", "+k wine"), ("-k beer", "-k *")]:
        tea.asks("ada", change(written))
        assert announced(tea.seen("bob")) == [told]
    assert shown(tea, "bob") == "+nt"


def test_the_same_key_again_changes_nothing(tea):
    tea.asks("ada", change("+k beer", "+k beer", "+l 5", "+l 05"))
    assert announced(tea.seen("bob")) == ["+kl beer 5"]


@pytest.mark.parametrize("key", ["", " ", "two words", "a,b", ":colon", "x" * 24, "bell\a"])
def test_a_key_that_nobody_could_type_is_refused_and_not_repeated(tea, key):
    tea.asks("ada", ChangeModes(TEA, (ModeChange(True, "k", key),)))
    (event,) = tea.seen("ada")
    assert isinstance(event.error, BadModeParameter)
    assert event.error.about == (TEA, "k", "*")
    assert shown(tea, "bob") == "+nt"


@pytest.mark.parametrize("limit", ["", "0", "-1", "abc", "٣", "1" * 10])
def test_a_limit_that_is_no_number_of_members_is_refused(tea, limit):
    tea.asks("ada", ChangeModes(TEA, (ModeChange(True, "l", limit),)))
    (event,) = tea.seen("ada")
    assert isinstance(event.error, BadModeParameter)
    assert event.error.about == (TEA, "l", limit)


def test_a_limit_is_taken_away(tea):
    tea.asks("ada", change("+l 2"))
    tea.asks("ada", change("-l"))
    assert announced(tea.seen("bob")) == ["+l 2", "-l"]


@pytest.mark.parametrize("letter", ["b", "e", "I"])
def test_a_list_has_complete_masks_and_who_set_them(tea, letter):
    tea.asks("ada", change(f"+{letter} mallory"))
    tea.asks("ada", change(f"+{letter} a:bob"))
    assert announced(tea.seen("bob")) == [f"+{letter} mallory!*@*", f"+{letter} a:bob"]
    tea.asks("bob", change(f"+{letter}", f"+{letter}"))
    by = tea.user("ada").source.mask
    rows = (("mallory!*@*", by, tea.now), ("a:bob", by, tea.now))
    assert tea.seen("bob") == [MasksListed(TEA, letter, rows)]


def test_a_stranger_is_shown_no_list(tea):
    tea.asks("eve", change("+b"))
    assert refusals(tea.seen("eve")) == [NotInRoom]


def test_a_mask_is_listed_once_and_removed_in_any_case(tea):
    tea.asks("ada", change("+b BAD!*@*", "+b bad"))
    tea.asks("ada", change("-b Bad!*@*"))
    assert announced(tea.seen("bob")) == ["+b BAD!*@*", "-b BAD!*@*"]


@pytest.mark.parametrize("mask", ["two words", ":colon", "x" * 161, "a:", "m:", "m:m:bob", "m:a:", "bell\a"])
def test_a_mask_that_is_none_is_refused(tea, mask):
    tea.asks("ada", change(f"+b {mask}"))
    assert refusals(tea.seen("ada")) == [BadModeParameter]


def test_a_mute_is_no_invitation(tea):
    tea.asks("ada", change("+I m:bob"))
    assert refusals(tea.seen("ada")) == [BadModeParameter]


def test_all_lists_together_are_limited(tea):
    for number in range(MASKS_LIMIT // 2):
        tea.asks("ada", change(f"+b b{number}", f"+e e{number}"))
    tea.forget()
    tea.asks("ada", change("+I one"))
    (event,) = tea.seen("ada")
    assert isinstance(event.error, MaskListFull)
    assert event.error.about == (TEA, "I")
    tea.asks("ada", change("-b b0", "+I one"))
    assert announced(tea.seen("ada")) == ["-b+I b0!*@* one!*@*"]


def test_one_request_has_a_limited_number_of_changes_with_parameters(tea):
    many = [f"+b b{number}" for number in range(CHANGES_LIMIT)]
    tea.asks("ada", change(*many, "+e x", "+m"))
    (event,) = tea.seen("ada")
    assert isinstance(event.error, TooManyChanges)
    tea.asks("ada", change(*many, "+m", "+s", "-l"))
    assert len(announced(tea.seen("ada"))) == 1


def test_which_changes_have_a_parameter():
    assert [letter for letter in LETTERS if takes_parameter(True, letter)] == list("beIklov")
    assert [letter for letter in LETTERS if takes_parameter(False, letter)] == list("beIkov")
