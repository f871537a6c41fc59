"""MODE of rooms as it is read and written."""

from __future__ import annotations

import pytest

from chatctl.core.commands.modes import CHANGES_LIMIT, MASKS_LIMIT
from chatctl.core.events.modes import MasksListed, RoomModeChanged, RoomModesShown
from chatctl.core.events.presence import Rejected
from chatctl.core.modes import FLAGS, LETTERS, LISTS, ModeChange
from chatctl.core.requests.modes import ChangeModes, ShowModes
from chatctl.core.room import ListedMask
from chatctl.core.user import Source
from chatctl.errors import (
    BadModeParameter,
    BannedFromRoom,
    InviteOnly,
    MaskListFull,
    RoomFull,
    TooManyChanges,
    UnknownMode,
    WrongKey,
)
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.commands.modes import COMMANDS, read_changes
from chatctl.wire.irc.dialect import Dialects, IrcDialect
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.isupport import tokens
from chatctl.wire.irc.message import parse
from chatctl.wire.text_render import TextDialect

ADA = Source("ada", "a@host")


def read(line):
    (command,) = COMMANDS
    return command.read(Caller(Dialects(ServerInfo())), parse(line.encode()))


def write(event):
    return IrcDialect(ServerInfo(name="s"), frozenset()).render(event, "ada", 0).decode().split("\r\n")[:-1]


def changes(*written):
    parted = [word.partition(" ") for word in written]
    return tuple(ModeChange(mode[0] == "+", mode[1], rest) for mode, _, rest in parted)


@pytest.mark.parametrize("line", ["MODE #tea", "MODE #tea :"])
def test_a_mode_without_changes_asks(line):
    assert read(line) == ShowModes("#tea")


def test_changes_take_their_parameters_in_order():
    assert read("MODE #tea m+ov-bk+l ada bob bad key 7") == ChangeModes(
        "#tea", changes("+m", "+o ada", "+v bob", "-b bad", "-k key", "+l 7")
    )


def test_taking_a_limit_away_needs_no_parameter():
    assert read_changes("-lo", ["ada"]) == changes("-l", "-o ada")


def test_a_list_without_a_mask_is_asked_for():
    assert read_changes("b", ()) == read_changes("+b", [""]) == changes("+b")
    assert read_changes("-eI", ()) == changes("-e", "-I")


def test_a_key_is_taken_away_without_naming_it():
    assert read_changes("-k", ()) == changes("-k")


@pytest.mark.parametrize("letters", ["+k", "+l", "+o", "-o", "+v", "-v"])
def test_a_change_that_lacks_its_parameter_is_none(letters):
    assert read_changes(f"{letters}+m", ()) == changes("+m")


def test_letters_that_nobody_knows_are_read_without_a_parameter():
    assert read_changes("+xo", ["ada"]) == changes("+x", "+o ada")


def test_a_change_is_written_in_one_line():
    event = RoomModeChanged(ADA, "#tea", changes("+m", "+o bob", "-l", "-k *", "+s"))
    assert write(event) == [":ada!a@host MODE #tea +mo-lk+s bob *"]


def test_a_change_too_long_for_a_line_becomes_several():
    event = RoomModeChanged(ADA, "#tea", changes(*(f"+b {'é' * 70}{number}!*@*" for number in range(4)), "+m"))
    lines = write(event)
    assert [line.split()[3] for line in lines] == ["+bbb", "+bm"]
    assert all(len(line.encode()) <= 510 for line in lines)


def test_the_modes_of_a_room_are_shown_with_its_age():
    event = RoomModesShown("#tea", changes("+n", "+k beer", "+l 7"), 1_700_000_000_999)
    assert write(event) == [":s 324 ada #tea +nkl beer 7", ":s 329 ada #tea 1700000000"]
    assert write(RoomModesShown("#tea", (), 0))[0] == ":s 324 ada #tea +"


@pytest.mark.parametrize(("letter", "entry", "end"), [("b", 367, 368), ("e", 348, 349), ("I", 346, 347)])
def test_a_list_is_written_with_its_end(letter, entry, end):
    lines = write(MasksListed("#tea", letter, (ListedMask("x!*@*", "ada!a@host", 5000),)))
    assert lines[0] == f":s {entry} ada #tea x!*@* ada!a@host 5"
    assert lines[1].startswith(f":s {end} ada #tea :End of the list of ")
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (BannedFromRoom("#tea"), "474 ada #tea :"),
        (InviteOnly("#tea"), "473 ada #tea :"),
        (WrongKey("#tea"), "475 ada #tea :"),
        (RoomFull("#tea", 5), "471 ada #tea :"),
        (UnknownMode("x", LETTERS), "472 ada x :"),
        (MaskListFull("#tea", "b", 100), "478 ada #tea b :"),
        (BadModeParameter("#tea", "l", "", "a number"), "696 ada #tea l * :"),
        (TooManyChanges("#tea", 21, 20), "FAIL MODE TOO_MANY_CHANGES #tea :"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_refusal_has_its_numeric(error, start):
    (line,) = write(Rejected(error))
    assert line.startswith(f":s {start}")


def test_the_server_tells_which_modes_there_are():
    assert {
        "ACCOUNTEXTBAN=a",
        f"CHANMODES={LISTS},k,l,{FLAGS}",
        "EXCEPTS=e",
        "EXTBAN=,am",
        "INVEX=I",
        "KEYLEN=23",
        f"MAXLIST={LISTS}:{MASKS_LIMIT}",
        f"MODES={CHANGES_LIMIT}",
        "PREFIX=(ov)@+",
        "STATUSMSG=@+",
    } <= set(tokens(ServerInfo()))


def test_people_with_netcat_read_a_sentence():
    event = RoomModeChanged(ADA, "#tea", changes("+m", "+b bad\x1b[2J!*@*"))
    assert TextDialect([]).render(event) == b"* ada sets +mb bad[2J!*@* on #tea\n"
