from __future__ import annotations

import pytest

from chatctl.client import events as ev
from chatctl.client import numerics
from chatctl.client.batches import Batch
from chatctl.client.events import Event, Kind
from chatctl.client.here import Here, Room, read_time
from chatctl.client.sanitize import read_foreign
from chatctl.client.told import messages, said, session_table, told
from chatctl.wire.irc.message import Line


@pytest.fixture
def here() -> Here:
    """Where the tests are: ada, in two rooms with bob."""
    found = Here("ada", support={"CHANTYPES": "#", "PREFIX": "(ov)@+", "CHATHISTORY": "50"})
    found.rooms["#ops"] = Room("#ops", {"ada": "ada", "bob": "bob"})
    found.rooms["#tea"] = Room("#Tea", {"ada": "ada", "bob": "bob", "eve": "eve"})
    return found


def line(text: str) -> Line:
    """Return a line as it comes from the server."""
    read = read_foreign(text.encode())
    assert read is not None
    return read


def row(*params: str) -> Line:
    return Line("SESSION", params)


@pytest.mark.parametrize(
    ("text", "events"),
    [
        # Messages
        (":bob!u@h PRIVMSG #ops :hi: there", [ev.Said("bob", "#ops", Kind.SAY, "hi: there")]),
        (":bob!u@h PRIVMSG @#ops x", [ev.Said("bob", "#ops", Kind.SAY, "x")]),
        (":bob!u@h PRIVMSG ada psst", [ev.Said("bob", "ada", Kind.SAY, "psst", private=True)]),
        (":ADA!u@h PRIVMSG bob psst", [ev.Said("ADA", "bob", Kind.SAY, "psst", own=True, private=True)]),
        ("@msgid=a:b :bob!u@h NOTICE #ops x", [ev.Said("bob", "#ops", Kind.NOTICE, "x", "a:b")]),
        ("@msgid=:b :bob!u@h NOTICE #ops x", [ev.Said("bob", "#ops", Kind.NOTICE, "x")]),
        (r"@msgid=a\sb;time=never :bob!u@h NOTICE #ops x", [ev.Said("bob", "#ops", Kind.NOTICE, "x")]),
        (
            "@time=2026-11-22T14:41:07.123Z :bob!u@h PRIVMSG #ops x",
            [ev.Said("bob", "#ops", Kind.SAY, "x", at=1_795_358_467_123)],
        ),
        (":bob!u@h PRIVMSG #ops :\x01ACTION waves\x01", [ev.Said("bob", "#ops", Kind.ACTION, "waves")]),
        (":bob!u@h PRIVMSG #ops :\x01action waves", [ev.Said("bob", "#ops", Kind.ACTION, "waves")]),
        (":bob!u@h PRIVMSG ada :\x01VERSION\x01", []),
        (":bob!u@h NOTICE ada :\x01VERSION 7\x01", []),
        (":irc.example.org NOTICE ada :be nice", [ev.Told("be nice")]),
        (":bob!u@h PRIVMSG #ops", []),
        (":bob!u@h NOTICE", []),
        # Rooms
        (":eve!u@h JOIN #ops", [ev.Joined("eve", "#ops")]),
        (":eve!u@h JOIN #elsewhere", [ev.Joined("eve", "#elsewhere")]),
        (":ada!u@h JOIN #new", [ev.Joined("ada", "#new", True)]),
        (":ada!u@h JOIN :#with blank", []),
        (":eve!u@h JOIN", []),
        (":bob!u@h PART #TEA :bye", [ev.Left("bob", "#Tea", "bye")]),
        (":bob!u@h PART #tea :", [ev.Left("bob", "#Tea", None)]),
        (":bob!u@h PART #elsewhere", [ev.Left("bob", "#elsewhere", None)]),
        (":ada!u@h PART #ops", [ev.Left("ada", "#ops", None, True)]),
        (":ada!u@h PART", []),
        (":bob!u@h KICK #tea eve :spam", [ev.Kicked("eve", "#Tea", "bob", "spam")]),
        (":bob!u@h KICK #ops Ada", [ev.Kicked("Ada", "#ops", "bob", "", True)]),
        (":bob!u@h KICK #ops", []),
        (":bob!u@h QUIT :bye", [ev.Left("bob", "#ops", "bye"), ev.Left("bob", "#Tea", "bye")]),
        (":eve!u@h QUIT", [ev.Left("eve", "#Tea", None)]),
        (":stranger!u@h QUIT :bye", []),
        (":bob!u@h NICK rob", [ev.Renamed("bob", "rob")]),
        (":bob!u@h NICK", []),
        (":bob!u@h TOPIC #ops :tea: now", [ev.TopicTold("bob", "#ops", "tea: now")]),
        (":bob!u@h TOPIC #ops", []),
        (":s 332 ada #ops :tea: now", [ev.TopicTold(None, "#ops", "tea: now")]),
        (":s 331 ada #ops :No topic is set", [ev.TopicTold(None, "#ops", "")]),
        (":s 332 ada #ops", []),
        (":s RENAME #ops #dev :new name", [ev.RoomRenamed("#ops", "#dev")]),
        (":s RENAME #elsewhere #dev", [ev.RoomRenamed("#elsewhere", "#dev")]),
        (":s RENAME #ops :#two words", []),
        (":s RENAME #ops", []),
        (":bob!u@h MODE #ops +o eve", [ev.Told("bob sets +o eve on #ops", "#ops")]),
        (":ada MODE ada +i", []),
        (":bob!u@h MODE", []),
        (":bob!u@h INVITE ada #den", [ev.Told("bob invites ada to #den; /join #den goes there")]),
        (":bob!u@h INVITE ada", []),
        (":s 353 ada = #ops :@ada bob", []),
        (":s 353 ada = #ops", []),
        (":s 353 ada = #elsewhere :bob", []),
        (":s 366 ada #ops :End of /NAMES list", []),
        (":s 366 ada", []),
        # Standard replies
        (":s FAIL JOIN ROOM_IS_FULL #x :no room", [ev.Refused("room-is-full", "no room")]),
        (":s FAIL JOIN ODD", [ev.Refused("odd", "ODD")]),
        (":s FAIL JOIN", []),
        (":s WARN REHASH OLD :take care", [ev.Told("take care")]),
        (":s NOTE * SOME :by the way", [ev.Told("by the way")]),
        (":s NOTE", []),
        (":op!u@h WALLOPS :back at 5", [ev.Told("op tells everybody: back at 5")]),
        (":op!u@h WALLOPS", []),
        # Numerics
        (":s 401 ada nobody :No such nick", [ev.Refused("no-such-nick", "nobody: No such nick")]),
        (":s 401 ada nobody :nobody is called nobody", [ev.Refused("no-such-nick", "nobody is called nobody")]),
        (":s 403 ada #x :no", [ev.Refused("no-such-room", "#x: no", room="#x")]),
        (":s 499 ada * :no", [ev.Refused("error-499", "no")]),
        (":s 404", []),
        (":s 908 ada PLAIN :are available", [ev.Refused("error-908", "PLAIN: are available")]),
        (":s 422 ada :There is no message of the day", []),
        (":s 372 ada :- hello", [ev.Told("hello")]),
        (":s 372 ada", []),
        (":s 372", []),
        (":s 317 ada bob 5 1795 :seconds idle", [ev.Told("bob has been idle for 5 s")]),
        (":s 799 ada one two :three four", [ev.Told("one two three four")]),
        (":s 317 ada bob", [ev.Told("bob")]),
        (":s 322 ada #ops 3 :", [ev.Told("#ops: 3 here")]),
        (":s 305 ada :You are no longer away", [ev.Told("you are no longer away")]),
        (":s 900 ada ada!u@h ada :You are now logged in", []),
        # What nobody here knows
        (":bob!u@h TAGMSG #ops", []),
        (":s CAP", []),
        (":s CAP ada NEW :sasl", []),
        (":s CAP ada DEL", []),
        (":s 005 ada", []),
        (":s 005", []),
        ("LATER THAN THIS :client", []),
    ],
)
def test_a_line_tells_what_it_means_and_nothing_if_something_is_missing(
    here: Here, text: str, events: list[Event]
) -> None:
    assert told(here, line(text)) == events


def test_a_notice_of_the_server_over_several_lines_is_told_line_by_line(here: Here) -> None:
    assert told(here, Line("NOTICE", ("ada", "one\ntwo"), {}, "s")) == [ev.Told("one"), ev.Told("two")]


def test_before_one_has_a_name_every_notice_is_of_the_server() -> None:
    assert told(Here(), line(":x!u@h NOTICE * :looking up your hostname")) == [ev.Told("looking up your hostname")]


def test_who_comes_and_goes_is_known(here: Here) -> None:
    for text in (":eve!u@h JOIN #ops", ":bob!u@h NICK Rob", ":rob!u@h PART #tea", ":x!u@h KICK #tea eve"):
        told(here, line(text))
    assert here.rooms["#ops"].members == {"ada": "ada", "eve": "eve", "rob": "Rob"}
    assert here.rooms["#tea"].members == {"ada": "ada"}
    told(here, line(":rob!u@h QUIT"))
    assert list(here.rooms["#ops"].members) == ["ada", "eve"]


def test_the_own_rooms_and_name_are_known(here: Here) -> None:
    assert told(here, line(":ada!u@h NICK lin")) == [ev.Renamed("ada", "lin", True)]
    assert here.name == "lin"
    for text in (":Lin!u@h JOIN #new", ":lin!u@h PART #ops", ":s RENAME #TEA #chai"):
        told(here, line(text))
    assert {folded: room.name for folded, room in here.rooms.items()} == {"#new": "#new", "#chai": "#chai"}
    assert here.rooms["#chai"].members == {"lin": "lin", "bob": "bob", "eve": "eve"}
    told(here, line(":bob!u@h KICK #new lin"))
    assert list(here.rooms) == ["#chai"]


def test_members_are_shown_only_when_somebody_asked(here: Here) -> None:
    here.named.add("#ops")
    names = line(":s 353 ada @ #OPS :@+zed!u@h +bob")
    assert told(here, names) == [ev.Told("in #OPS: @+zed!u@h +bob", "#OPS")]
    assert list(here.rooms["#ops"].members.values()) == ["ada", "bob", "zed"]
    told(here, line(":s 366 ada #ops :End"))
    assert told(here, names) == []


def test_what_the_server_supports_is_known(here: Here) -> None:
    told(here, line(":s 005 ada CHANTYPES=!# CHATHISTORY=7 PREFIX=(q)~ SAFELIST :are supported"))
    assert (here.is_room("!x"), here.is_room("&x"), here.without_rank("~@x")) == (True, False, "@x")
    assert here.history_limit == 7
    assert here.support["SAFELIST"] == ""
    here.caps = {"sasl": "", "batch": ""}
    assert told(here, line(":s CAP ada DEL :batch other")) == []
    assert here.caps == {"sasl": ""}


@pytest.mark.parametrize("limit", ["", "0", "many", "-1", "9" * 10, "٣x"])
def test_without_a_usable_limit_of_history_there_is_a_usual_one(limit: str) -> None:
    assert Here(support={"CHATHISTORY": limit}).history_limit == 1_000


@pytest.mark.parametrize(("prefix", "left"), [(None, "x"), ("", "x"), ("(ov)@+", "x"), ("(q)~", "@+x")])
def test_a_nick_is_told_from_the_signs_of_its_rank(prefix: str | None, left: str) -> None:
    assert Here(support={} if prefix is None else {"PREFIX": prefix}).without_rank("@+x") == left


def test_it_knows_what_the_server_is_good_for() -> None:
    caps = ("draft/chathistory", "batch", "labeled-response", "message-tags", "server-time")
    whole = Here(caps=dict.fromkeys(caps, ""))
    assert (whole.remembers, whole.labels, whole.echoes) == (True, True, False)
    for missing in caps:
        assert not Here(caps=dict.fromkeys(set(caps) - {missing}, "")).remembers
    assert Here(caps={"echo-message": ""}).echoes


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("2026-11-22T14:41:07.123Z", 1_795_358_467_123),
        ("2026-11-22T14:41:07", 1_795_358_467_000),
        ("1970-01-01T01:00:00+01:00", 0),
        ("", None),
        ("*", None),
        ("2026-13-01T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
    ],
)
def test_a_time_is_read_if_it_is_one(text: str, milliseconds: int | None) -> None:
    assert read_time(text) == milliseconds


def test_what_is_no_message_is_none(here: Here) -> None:
    for text in ("PING x", "PRIVMSG #ops", "PRIVMSG a b c", "PRIVMSG #ops :\x01PING 1\x01"):
        assert said(here, line(text)) is None


def test_history_has_its_messages_in_order_and_nothing_else(here: Here) -> None:
    inner = Batch("draft/multiline", line(":bob!u@h BATCH +m draft/multiline #ops"), "", None)
    empty = Batch("draft/multiline", line(":bob!u@h BATCH +n draft/multiline #ops"), "", None)
    inner.items += [line(":bob!u@h PRIVMSG #ops one"), line(":bob!u@h PRIVMSG #ops two")]
    batch = Batch("chathistory", line(":s BATCH +c chathistory #ops"), "", None)
    batch.items += [line(":eve!u@h JOIN #ops"), line(":ada!u@h PRIVMSG #ops hi"), inner, empty]
    assert messages(here, batch) == (
        ev.Said("ada", "#ops", Kind.SAY, "hi", own=True),
        ev.Said("bob", "#ops", Kind.SAY, "one\ntwo"),
    )


def table(*params: str, rows: tuple[Line, ...] = ()) -> ev.SessionTable | None:
    opening = Line("BATCH", ("+1", "chatctl.dev/session", *params), {"time": "2026-11-22T14:42:30Z"}, "s")
    return session_table(Batch("chatctl.dev/session", opening, "", None, list(rows)))


def test_a_table_has_the_active_sessions_and_those_of_the_past() -> None:
    active = row("3", "river", "127.0.0.1:5", "irc", "2026-11-22T14:41:07.000Z", "*", "")
    past = row("1", "bob", "127.0.0.1:4", "text", "2026-11-22T14:40:07Z", "2026-11-22T14:41:00Z", "went off", "more")
    strange = row("2", "eve", "?", "?", "?", "?", "")
    assert table("2", "1", "256", rows=(active, past, strange)) == ev.SessionTable(
        (
            ev.SessionRow(3, "river", "127.0.0.1:5", "irc", "2026-11-22 14:41:07 UTC", None, "00:01:23", None),
            ev.SessionRow(
                1,
                "bob",
                "127.0.0.1:4",
                "text",
                "2026-11-22 14:40:07 UTC",
                "2026-11-22 14:41:00 UTC",
                "00:00:53",
                "went off",
            ),
            ev.SessionRow(2, "eve", "?", "?", "-", None, "-", None),
        ),
        2,
        1,
        256,
    )


@pytest.mark.parametrize(
    "broken", [row(), row("x", "a", "b", "c", "d", "e", "f"), row("1", "a", "b", "c", "d", "e"), row("٣")]
)
def test_a_table_with_a_broken_row_is_none(broken: Line) -> None:
    assert table("1", "0", "9", rows=(broken,)) is None


@pytest.mark.parametrize("params", [(), ("1", "2"), ("1", "2", "x"), ("9" * 5000, "1", "1")])
def test_a_table_without_its_numbers_is_none(params: tuple[str, ...]) -> None:
    assert table(*params) is None


@pytest.mark.parametrize("code", sorted(numerics.SENTENCES))
def test_every_sentence_has_its_words_and_does_without_them_if_something_is_missing(code: str) -> None:
    words = ("ada", "w1", "w2", "w3", "w4", "w5")
    whole = numerics.sentence(code, words)
    assert not set("{}") & set(whole)
    assert whole != " ".join(words[1:])
    needed = max((int(digit) for digit in "12345" if f"{{{digit}}}" in numerics.SENTENCES[code]), default=0)
    assert numerics.sentence(code, words[: needed + 1]) == whole
    assert numerics.sentence(code, words[:needed]) == (" ".join(words[1:needed]) if needed else whole)


def test_a_name_with_braces_is_only_a_name() -> None:
    assert numerics.sentence("301", ("ada", "{0.__class__}", "{2}")) == "{0.__class__} is away: {2}"


@pytest.mark.parametrize("code", ["401", "512", "902", "904", "905", "906", "907", "908"])
def test_numerics_that_turn_something_down_are_known(code: str) -> None:
    assert numerics.is_refusal(code)


@pytest.mark.parametrize("code", ["001", "301", "376", "900", "903"])
def test_numerics_that_tell_something_are_no_refusals(code: str) -> None:
    assert not numerics.is_refusal(code)
