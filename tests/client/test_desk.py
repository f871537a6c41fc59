from __future__ import annotations

from itertools import count

import pytest

from chatctl.client import desk as desks
from chatctl.client import events as ev
from chatctl.client.commands import run_line
from chatctl.client.desk import Desk, Mention, Rule, Shown
from chatctl.client.events import Kind, Outgoing
from chatctl.client.registration import Login
from chatctl.client.session import Session

HISTORY = "draft/chathistory batch labeled-response message-tags server-time echo-message"
MULTILINE = f"{HISTORY} draft/multiline=max-bytes=4096,max-lines=32"
ECHO = "echo-message"


class Person:
    """Somebody before a screen: a desk, the connection of now, and a server that says what a test wants.

    ``shown`` gathers what is shown. A room's history is in ``said``: msgid, nick, text.
    """

    def __init__(
        self, caps: str = HISTORY, rooms: tuple[str, ...] = ("#ops",), backlog: int = 0, page: int = 50
    ) -> None:
        self.caps, self.rooms, self.page = caps, rooms, page
        self.labels = count(1)
        self.session = Session(Login("ada"), rooms, self.labels)
        self.desk = Desk(self.session, backlog)
        self.shown: list[Shown] = []
        self.arrive()
        for room in rooms:
            self.enter(room)

    def hear(self, *lines: str) -> list[Shown]:
        """Let the server say these lines; return what is shown."""
        shown: list[Shown] = []
        for event in self.session.receive("".join(f"{line}\r\n" for line in lines).encode()):
            shown += self.desk.hear(event)
            shown += self.desk.switched()
        self.shown += shown
        return shown

    def type(self, line: str) -> list[Shown]:
        """Type a line; return what is shown at once."""
        typed = run_line(self.session, line)
        return [*typed.events, *self.desk.switched()]

    def sent(self) -> list[str]:
        """Return what is to be sent, but for the PING after a message."""
        lines = self.session.take_output().decode().split("\r\n")[:-1]
        return [line for line in lines if not line.startswith("PING m")]

    def arrive(self) -> None:
        names = " ".join(word.partition("=")[0] for word in self.caps.split())
        self.hear(f":s CAP * LS :{self.caps}", f":s CAP * ACK :{names}")
        self.hear("@time=2026-11-22T10:00:00Z :s 001 ada :hi")
        self.hear(f":s 005 ada CHANTYPES=# CHATHISTORY={self.page} :are supported", ":s 376 ada :End")
        self.session.take_output()

    def enter(self, room: str) -> list[Shown]:
        return self.hear(f":ada!u@h JOIN {room}")

    def history(self, *said: str, room: str = "#ops") -> list[Shown]:
        """Answer the only request for history with these messages: ``msgid nick text``."""
        (asked,) = self.sent()
        return self.answer(asked, *said, room=room)

    def answer(self, asked: str, *said: str, room: str = "#ops") -> list[Shown]:
        assert f" {room} " in asked
        lines = [f"@batch=h;{written(message, room)}" for message in said]
        return self.hear(f"{asked.split(maxsplit=1)[0]} :s BATCH +h chathistory {room}", *lines, ":s BATCH -h")

    def lose(self) -> None:
        """Lose the connection and get another, as far as the welcome."""
        self.desk.disconnect()
        rooms = tuple(room.name for room in self.session.here.rooms.values())
        self.session = Session(Login("ada", any_name=True), rooms, self.labels, again=True)
        self.desk.attach(self.session)
        self.arrive()


def written(message: str, room: str) -> str:
    """Return ``msgid nick text`` as a line without its ``@``; a msgid is a second after ten o'clock too."""
    msgid, nick, text = message.split(" ", 2)
    return f"msgid={msgid};time=2026-11-22T10:00:{int(msgid) % 60:02d}Z :{nick}!u@h PRIVMSG {room} :{text}"


def live(message: str, room: str = "#ops") -> str:
    return f"@{written(message, room)}"


def texts(shown: list[Shown]) -> list[str]:
    """Return what was said of what is shown, and the rules between."""
    return [
        one.text if isinstance(one, Rule) else f"{one.name}: {one.text}"
        for one in shown
        if isinstance(one, Rule | ev.Said)
    ]


def here(person: Person) -> tuple[str, dict[str, int]]:
    """Return where what is typed goes, and what is unread elsewhere."""
    return person.desk.current, {view.name: view.unread for view in person.desk.elsewhere()}


# Rooms


def test_one_looks_at_the_first_room_and_others_count_what_is_unread() -> None:
    person = Person(rooms=("#ops", "#tea"))
    assert here(person) == ("#ops", {})
    assert person.hear(live("1 bob hi")) == [ev.Said("bob", "#ops", Kind.SAY, "hi", "1", 1_795_341_601_000)]
    assert person.hear(live("2 bob tea?", "#tea"), live("3 eve yes", "#Tea"), live("4 ada me too", "#tea")) == []
    assert here(person) == ("#ops", {"#tea": 2})
    assert not person.desk.views["#tea"].mentioned
    assert texts(person.type("/room 2")) == ["#tea · 2 unread", "bob: tea?", "eve: yes", "ada: me too"]
    assert here(person) == ("#tea", {})
    assert person.type("/room 2") == []
    assert texts(person.type("/room 1")) == ["#ops"]


def test_the_rooms_of_the_beginning_are_announced_before_what_is_said_in_them() -> None:
    person = Person(rooms=("#ops", "#tea"))
    joined = [event for event in person.shown if isinstance(event, ev.Joined | ev.Ready | ev.Welcomed)]
    assert [type(event).__name__ for event in joined] == ["Welcomed", "Joined", "Ready"]
    assert [type(event).__name__ for event in person.type("/room #tea")] == ["Rule", "Joined"]


def test_a_mention_is_told_from_any_room_and_marks_it() -> None:
    person = Person(rooms=("#ops", "#tea"))
    said, mention = person.hear(live("1 bob Ada: look"))
    assert mention == Mention(said)  # type: ignore[arg-type]
    (elsewhere,) = person.hear(live("2 bob and here, ada", "#tea"), live("3 bob adam", "#tea"))
    assert isinstance(elsewhere, Mention)
    assert elsewhere.said.text == "and here, ada"
    assert [(view.unread, view.mentioned) for view in person.desk.elsewhere()] == [(2, True)]
    assert person.hear(live("4 ada I am ada")) == [
        ev.Said("ada", "#ops", Kind.SAY, "I am ada", "4", 1_795_341_604_000, True)
    ]
    person.type("/room #tea")
    assert person.desk.views["#tea"].mentioned is False


def test_a_private_message_is_shown_wherever_one_looks_and_told_aloud() -> None:
    person = Person()
    said, mention = person.hear("@msgid=1 :bob!u@h PRIVMSG ada psst")
    assert mention == Mention(said)  # type: ignore[arg-type]
    assert person.hear("@msgid=1 :bob!u@h PRIVMSG ada psst") == []
    assert len(person.hear("@msgid=2 :bob!u@h NOTICE ada fyi", "@msgid=3 :ada!u@h PRIVMSG bob hm")) == 2
    assert texts(person.type("/query bob")) == ["bob"]
    assert here(person) == ("bob", {})


def test_what_happens_in_another_room_is_kept_until_one_looks_at_it() -> None:
    person = Person(rooms=("#ops", "#tea"))
    lines = [":bob!u@h JOIN #tea", ":bob!u@h TOPIC #tea :Earl Grey", ":bob!u@h MODE #tea +m", ":s 404 ada #tea :no"]
    lines += [":bob!u@h KICK #tea eve", ":bob!u@h PART #tea"]
    assert person.hear(*lines) == []
    assert here(person) == ("#ops", {})
    kinds = [type(event).__name__ for event in person.type("/room #tea")]
    assert kinds == ["Rule", "Joined", "Joined", "TopicTold", "Told", "Refused", "Kicked", "Left"]
    assert len(person.hear(*lines)) == 6


def test_what_is_about_no_room_of_ones_own_is_shown_at_once() -> None:
    person = Person()
    assert person.hear(":s 403 ada #elsewhere :no", ":s NOTICE ada :be nice", ":bob!u@h NICK rob") == [
        ev.Refused("no-such-room", "#elsewhere: no", room="#elsewhere"),
        ev.Told("be nice"),
        ev.Renamed("bob", "rob"),
    ]


def test_of_a_room_that_is_not_looked_at_the_newest_is_kept() -> None:
    person = Person(rooms=("#ops", "#tea"))
    held = desks.HELD_LIMIT
    person.hear(*(f":bob!u@h PRIVMSG #tea :{number}" for number in range(held + 5)))
    rule, first, *rest = person.type("/room #tea")
    assert rule == Rule(f"#tea · {held + 5} unread")
    assert (texts([first]), len(rest)) == (["bob: 5"], held - 1)


def test_nothing_is_shown_twice_as_long_as_it_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "SEEN_LIMIT", 2)
    person = Person()
    assert texts(person.hear(*(live(f"{number} bob x") for number in (1, 1, 2, 1, 3, 2)))) == ["bob: x"] * 3
    assert texts(person.hear(live("1 bob x"))) == ["bob: x"]


def test_one_goes_where_one_joins_and_back_when_kicked() -> None:
    person = Person()
    person.hear(live("1 bob hi"))
    person.type("/join #tea")
    assert here(person) == ("#ops", {})
    joined = person.enter("#tea")
    assert joined == [Rule("#tea"), ev.Joined("ada", "#tea", True)]
    person.hear(live("2 bob meanwhile"))
    kicked = person.hear(":bob!u@h KICK #tea ada :out")
    assert kicked[0] == ev.Kicked("ada", "#tea", "bob", "out", True)
    assert texts(kicked[1:]) == ["#ops · 1 unread", "bob: meanwhile"]
    assert here(person) == ("#ops", {})
    assert "#tea" not in person.desk.views


def test_who_is_kicked_from_the_only_room_is_nowhere() -> None:
    person = Person()
    assert person.hear(":bob!u@h KICK #ops ada") == [ev.Kicked("ada", "#ops", "bob", "", True)]
    assert here(person) == ("", {})


def test_leaving_a_room_that_is_not_looked_at_changes_nothing_else() -> None:
    person = Person(rooms=("#ops", "#tea"))
    assert person.hear(":ada!u@h PART #tea") == [ev.Left("ada", "#tea", None, True)]
    assert here(person) == ("#ops", {})


def test_a_renamed_room_keeps_what_is_unread() -> None:
    person = Person(rooms=("#ops", "#tea"))
    person.hear(live("1 bob hi", "#tea"))
    assert person.hear(":s RENAME #tea #chai") == []
    assert here(person) == ("#ops", {"#chai": 1})
    assert person.hear(":s RENAME #ops #dev", ":s RENAME #far #away") == [ev.RoomRenamed("#ops", "#dev")]
    assert here(person)[0] == "#dev"
    assert texts(person.type("/room #chai")) == ["#chai · 1 unread", "bob: hi"]


def test_an_answer_to_a_message_of_another_room_waits_there() -> None:
    person = Person(rooms=("#ops", "#tea"))
    person.type("/msg #tea hi")
    (line,) = person.sent()
    assert person.hear(f"{line.split(maxsplit=1)[0]};msgid=9 :ada!u@h PRIVMSG #tea hi") == []
    assert [type(event).__name__ for event in person.type("/room #tea")] == ["Rule", "Joined", "Acknowledged"]
    assert person.hear(live("9 ada hi", "#tea")) == []


# What was said before one came


def test_the_last_messages_of_a_room_are_shown_on_coming_in() -> None:
    person = Person(backlog=20)
    assert person.history("1 bob old", "2 eve older") == [
        Rule("#ops: the last 2 messages"),
        ev.Said("bob", "#ops", Kind.SAY, "old", "1", 1_795_341_601_000),
        ev.Said("eve", "#ops", Kind.SAY, "older", "2", 1_795_341_602_000),
        Rule("now"),
    ]
    person.type("/join #tea")
    assert person.sent()[0].endswith(" JOIN #tea")
    person.enter("#tea")
    assert texts(person.history("3 bob x", room="#tea")) == ["#tea: the last 1 message", "bob: x", "now"]


def test_the_last_messages_of_another_room_are_there_but_not_unread() -> None:
    person = Person(rooms=("#ops", "#tea"), backlog=5)
    first, second = person.sent()
    assert first.endswith("CHATHISTORY LATEST #ops * 5")
    assert person.answer(first) == []
    assert person.answer(second, "1 bob ada: old", room="#tea") == []
    assert here(person) == ("#ops", {})
    assert texts(person.type("/room 2")) == ["#tea", "bob: ada: old"]


def test_without_a_wish_for_old_messages_or_a_history_none_are_asked_for() -> None:
    assert Person(backlog=0).sent() == []
    assert Person(caps=ECHO, backlog=20).sent() == []


def test_what_is_said_while_the_history_is_on_its_way_comes_after_it_and_once() -> None:
    person = Person(backlog=20)
    assert person.hear(live("2 bob two"), live("3 bob three, ada")) == []
    shown = person.history("1 bob one", "2 bob two")
    assert texts(shown) == ["#ops: the last 2 messages", "bob: one", "bob: two", "now", "bob: three, ada"]
    assert isinstance(shown[-1], Mention)
    assert texts(person.hear(live("3 bob three, ada"), live("4 bob four"))) == ["bob: four"]


def test_a_room_left_before_its_history_came_stays_left() -> None:
    person = Person(rooms=("#ops", "#tea"), backlog=5)
    first, second = person.sent()
    person.answer(first)
    person.hear(":ada!u@h PART #tea")
    assert person.answer(second, "1 bob x", room="#tea") == []
    assert list(person.desk.views) == ["#ops"]


def test_a_room_renamed_before_its_history_came_is_asked_for_under_its_new_name() -> None:
    person = Person(backlog=5)
    (first,) = person.sent()
    person.hear(":s RENAME #ops #dev", live("2 bob two", "#dev"))
    (second,) = person.sent()
    assert person.answer(first, "1 bob one") == []
    assert texts(person.answer(second, "1 bob one", room="#dev")) == [
        *("#dev: the last 1 message", "bob: one", "now", "bob: two")
    ]


def test_a_search_is_never_taken_for_catching_up() -> None:
    person = Person(caps=f"{HISTORY} soju.im/search")
    for word in ("missed", "history", "now"):
        person.type(f"/search {word}")
        (asked,) = person.sent()
        label = asked.split(maxsplit=1)[0]
        (history,) = person.hear(
            f"{label} :s BATCH +h soju.im/search", f"@batch=h;{written(f'1 bob {word}', '#ops')}", "BATCH -h"
        )
        assert isinstance(history, ev.History)
        assert texts(list(history.messages)) == [f"bob: {word}"]


# Coming back


def test_what_was_missed_is_shown_once_and_in_order() -> None:
    person = Person()
    person.hear(live("1 bob one"))
    person.lose()
    assert here(person) == ("#ops", {})
    assert [type(event).__name__ for event in person.enter("#ops")] == ["Ready"]
    assert person.hear(live("4 bob four"), live("3 eve three")) == []
    (asked,) = person.sent()
    assert asked.endswith("CHATHISTORY AFTER #ops msgid=1 50")
    shown = person.answer(asked, "2 bob two", "3 eve three")
    assert texts(shown) == ["2 missed messages", "bob: two", "eve: three", "now", "bob: four"]
    assert texts(person.hear(live("5 bob five"), live("2 bob two"))) == ["bob: five"]


def test_more_than_one_page_is_fetched_before_anything_is_shown() -> None:
    person = Person(page=2)
    person.hear(live("1 bob 1"))
    person.lose()
    person.enter("#ops")
    person.hear(live("6 bob 6"))
    assert person.history("2 bob 2", "3 bob 3") == []
    (asked,) = person.sent()
    assert "msgid=3 " in asked
    assert person.answer(asked, "4 bob 4", "5 bob 5") == []
    assert texts(person.history("6 bob 6")) == ["5 missed messages", *(f"bob: {n}" for n in range(2, 7)), "now"]
    assert person.sent() == []


def test_who_missed_very_much_is_not_shown_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "MISSED_LIMIT", 3)
    person = Person(page=2)
    person.hear(live("1 bob 1"))
    person.lose()
    person.enter("#ops")
    assert person.history("2 bob 2", "3 bob 3") == []
    assert texts(person.history("4 bob 4", "5 bob 5"))[0] == "4 missed messages"
    assert person.sent() == []


def test_a_server_that_repeats_itself_is_not_asked_for_ever() -> None:
    person = Person(page=2)
    person.hear(live("1 bob 1"))
    person.lose()
    person.enter("#ops")
    assert person.history("2 bob 2", "3 bob 3") == []
    assert texts(person.history("2 bob 2", "3 bob 3"))[0] == "2 missed messages"
    assert person.sent() == []


def test_a_connection_lost_while_catching_up_goes_on_where_it_was() -> None:
    person = Person(page=2)
    person.hear(live("1 bob 1"))
    person.lose()
    person.enter("#ops")
    person.history("2 bob 2", "3 bob 3")
    person.hear(live("5 bob 5"))
    person.lose()
    person.enter("#ops")
    (asked,) = person.sent()
    assert "msgid=3 " in asked
    assert person.answer(asked, "4 bob 4", "5 bob 5") == []
    assert texts(person.history()) == ["4 missed messages", *(f"bob: {n}" for n in range(2, 6)), "now"]


def test_a_server_that_keeps_no_history_any_more_is_not_waited_for() -> None:
    person = Person(backlog=5)
    person.caps = ECHO
    person.lose()
    person.enter("#ops")
    assert texts(person.hear(live("1 bob hi"))) == ["bob: hi"]


def test_in_a_room_where_nothing_was_said_yet_only_what_came_after_oneself_was_missed() -> None:
    person = Person()
    person.lose()
    person.enter("#ops")
    (asked,) = person.sent()
    assert asked.endswith("CHATHISTORY LATEST #ops * 50")
    old = "@batch=h;msgid=1;time=2026-11-22T09:59:59Z :bob!u@h PRIVMSG #ops :before"
    timeless = "@batch=h;msgid=2 :bob!u@h PRIVMSG #ops :when?"
    new = f"@batch=h;{written('3 bob after', '#ops')}"
    label = asked.split(maxsplit=1)[0]
    shown = person.hear(f"{label} :s BATCH +h chathistory #ops", old, timeless, new, ":s BATCH -h")
    assert texts(shown) == ["1 missed message", "bob: after", "now"]


def test_what_was_missed_in_another_room_is_unread_there() -> None:
    person = Person(rooms=("#ops", "#tea"))
    person.hear(live("1 bob x", "#tea"))
    person.type("/room #tea")
    person.type("/room #ops")
    person.lose()
    person.enter("#ops")
    person.enter("#tea")
    first, second = person.sent()
    assert person.answer(first) == []
    assert person.answer(second, "2 bob ada?", "3 bob hello", room="#tea") == []
    assert here(person) == ("#ops", {"#tea": 2})
    assert person.desk.views["#tea"].mentioned
    assert texts(person.type("/room #tea")) == ["#tea · 2 unread", "bob: ada?", "bob: hello"]


def test_one_looks_at_the_same_room_as_before_and_is_not_told_of_coming_in() -> None:
    person = Person(rooms=("#ops", "#tea"))
    person.type("/room #tea")
    person.lose()
    assert person.hear(":s NOTICE ada :be nice") == []
    person.enter("#ops")
    assert here(person)[0] == "#tea"
    assert [type(event).__name__ for event in person.enter("#tea")] == ["Ready"]
    assert (here(person)[0], person.session.room) == ("#tea", "#tea")


def test_a_room_that_lets_nobody_in_again_is_not_talked_in() -> None:
    person = Person(rooms=("#ops", "#tea"))
    person.lose()
    person.enter("#tea")
    shown = person.hear(":s 474 ada #ops :Cannot join channel (+b)")
    assert [type(one).__name__ for one in shown] == ["Refused", "Ready", "Rule", "Joined"]
    assert here(person)[0] == "#tea"


def test_a_room_is_called_as_the_server_calls_it_now() -> None:
    person = Person(rooms=("#ops", "#tea"))
    person.lose()
    person.enter("#OPS")
    person.enter("#TEA")
    person.hear(live("1 bob hi", "#tea"))
    first, second = person.sent()
    person.answer(first, room="#OPS")
    person.answer(second, room="#TEA")
    assert here(person) == ("#OPS", {"#TEA": 1})


def test_a_conversation_with_one_person_goes_on() -> None:
    person = Person()
    person.type("/query bob")
    person.lose()
    person.enter("#ops")
    assert (here(person)[0], person.session.room) == ("bob", "bob")


# What was on its way


@pytest.mark.parametrize("typed", ["hello", "/me waves"])
def test_a_lost_message_that_is_in_the_history_is_not_sent_again(typed: str) -> None:
    person = Person()
    person.hear(live("1 bob one"))
    person.type(typed)
    person.lose()
    assert len(person.desk.on_their_way) == 1
    person.enter("#ops")
    text = "hello" if typed == "hello" else "\x01ACTION waves\x01"
    shown = person.history("2 eve two", f"3 ada {text}")
    assert texts(shown) == ["1 missed message", "eve: two", f"ada: {text.strip(chr(1)).removeprefix('ACTION ')}", "now"]
    assert person.desk.on_their_way == []
    assert person.sent() == []


def test_a_lost_message_alone_was_not_missed() -> None:
    person = Person()
    person.hear(live("1 bob one"))
    person.type("hello")
    person.lose()
    person.enter("#ops")
    assert texts(person.history("2 ada hello")) == ["ada: hello"]


def test_a_lost_message_that_is_not_in_the_history_is_sent_once_with_the_same_label() -> None:
    person = Person()
    person.hear(live("1 ada hello"))
    person.type("hello")
    (first,) = person.sent()
    person.lose()
    person.enter("#ops")
    assert texts(person.history("2 eve hello", "3 bob hi")) == ["2 missed messages", "eve: hello", "bob: hi", "now"]
    assert person.sent() == [first]
    assert len(person.desk.on_their_way) == 1
    label = first.split(maxsplit=1)[0]
    (acknowledged,) = person.hear(f"{label};msgid=4 :ada!u@h PRIVMSG #ops hello")
    assert isinstance(acknowledged, ev.Acknowledged)
    assert person.desk.on_their_way == []


def test_the_same_said_twice_is_looked_for_twice() -> None:
    person = Person()
    person.type("hello")
    person.type("hello")
    _, second = person.sent()
    person.lose()
    person.enter("#ops")
    person.history("2 ada hello")
    assert person.sent() == [second]


def test_without_a_history_nobody_knows_whether_a_lost_message_was_stored() -> None:
    person = Person(caps=ECHO)
    person.type("hello")
    (lost,) = person.desk.on_their_way
    person.lose()
    shown = person.enter("#ops")
    why = "the connection was lost before the server answered; send it again if nobody saw it"
    assert shown[0] == ev.Refused("unknown", why, lost)
    assert person.sent() == []
    assert person.desk.on_their_way == []


def test_a_history_that_is_refused_leaves_the_fate_of_a_lost_message_to_the_user() -> None:
    person = Person()
    person.type("hello")
    (lost,) = person.desk.on_their_way
    person.sent()
    person.lose()
    person.enter("#ops")
    (asked,) = person.sent()
    label = asked.split(maxsplit=1)[0]
    (shown,) = person.hear(f"{label} :s FAIL CHATHISTORY MESSAGE_ERROR #ops :cannot look it up")
    assert isinstance(shown, ev.Refused)
    assert (shown.code, shown.message) == ("unknown", lost)
    assert person.sent() == []


def test_a_lost_private_message_is_reported_too() -> None:
    person = Person()
    person.type("/msg bob psst")
    (lost,) = person.desk.on_their_way
    person.lose()
    shown = person.enter("#ops")
    assert [one.message for one in shown if isinstance(one, ev.Refused)] == [lost]
    person.history()
    assert person.sent() == []


@pytest.mark.parametrize("caps", [HISTORY, ECHO])
def test_what_was_typed_without_a_connection_is_sent_when_there_is_one(caps: str) -> None:
    person = Person(caps=caps)
    person.desk.disconnect()
    person.desk.unsent += [Outgoing(Kind.SAY, "#ops", "late", "m90"), Outgoing(Kind.PRIVATE, "bob", "psst", "m91")]
    assert [message.text for message in person.desk.on_their_way] == ["late", "psst"]
    person.lose()
    person.enter("#ops")
    if caps == HISTORY:
        *first, asked = sorted(person.sent(), key=lambda line: "CHATHISTORY" in line)
        person.answer(asked)
    else:
        first = []
    lines = [line[line.index("PRIVMSG") :] for line in (*first, *person.sent())]
    assert sorted(lines) == ["PRIVMSG #ops late", "PRIVMSG bob psst"]
    assert person.desk.unsent == []
    assert len(person.session.waiting) == 2


@pytest.mark.parametrize(("caps", "batched"), [(HISTORY, False), (MULTILINE, True)])
def test_a_long_text_typed_without_a_connection_is_sent_as_the_server_can_take_it(caps: str, batched: bool) -> None:
    person = Person(caps=caps)
    person.desk.disconnect()
    person.desk.unsent.append(Outgoing(Kind.SAY, "#ops", "word " * 200, "m90"))
    person.lose()
    person.enter("#ops")
    person.history()
    lines = person.sent()
    assert any(" BATCH +" in line for line in lines) is batched
    pieces = [line.partition(" :")[2] for line in lines if "PRIVMSG" in line]
    assert "".join(pieces) == "word " * 200
