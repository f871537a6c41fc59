"""Sending as IRC does: to several targets, to those of a rank, with tags, under a label."""

from __future__ import annotations

import pytest

from chatctl.core.commands.talk import RELAYED_LIMIT, TARGET_LIMIT
from chatctl.core.events.lookups import HelpShown
from chatctl.core.events.presence import Labeled as Answer
from chatctl.core.events.presence import Rejected
from chatctl.core.events.talk import Acknowledged, Said
from chatctl.core.modes import ModeChange
from chatctl.core.policy import Policy
from chatctl.core.records import LINE_BREAK, LINE_JOINT
from chatctl.core.requests.accounts import Command
from chatctl.core.requests.modes import ChangeModes
from chatctl.core.requests.presence import Labeled, Reply
from chatctl.core.requests.rooms import Join
from chatctl.core.requests.status import ChangeUserModes
from chatctl.core.requests.talk import Send
from chatctl.core.turn import Delivery, Turn
from chatctl.errors import InputTooLong, NoSuchNick, NoSuchRoom, PasswordNeeded, TooManyTargets


@pytest.fixture
def tea(play):
    """A room that ada operates, with bob and eve in it."""
    play.registers("ada", "bob", "eve")
    for person in ("ada", "bob", "eve"):
        play.asks(person, Join(("#tea",)))
    play.forget()
    return play


def refusals(events):
    """Return the kinds of errors that were told."""
    return [type(event.error) for event in events if isinstance(event, Rejected)]


def heard(events):
    """Return what was said by others."""
    return [event.message for event in events if isinstance(event, Said)]


class TestTargets:
    def test_each_target_is_sent_the_message(self, tea):
        tea.asks("ada", Send(("#tea", "bob"), "say", "hi"))
        assert [message.target for message in heard(tea.seen("bob"))] == ["#tea", "bob"]
        assert [message.target for message in heard(tea.seen("eve"))] == ["#tea"]

    def test_more_than_the_limit_are_refused_and_nobody_is_sent_anything(self, tea):
        tea.asks("ada", Send(("#tea",) * TARGET_LIMIT + ("bob",), "say", "hi"))
        assert refusals(tea.seen("ada")) == [TooManyTargets]
        assert tea.kept == tea.seen("bob") == []

    def test_as_many_as_the_limit_are_sent_it(self, tea):
        tea.asks("ada", Send(("#tea",) * TARGET_LIMIT, "say", "hi"))
        assert len(tea.kept) == TARGET_LIMIT

    def test_what_one_refuses_does_not_concern_the_others(self, tea):
        tea.asks("ada", Send(("nobody", "#nowhere", "bob"), "say", "hi"))
        assert refusals(tea.seen("ada")) == [NoSuchNick, NoSuchRoom]
        assert [message.text for message in heard(tea.seen("bob"))] == ["hi"]

    @pytest.mark.parametrize("targets", [("nobody",), ("#nowhere",), ("nobody", "#nowhere")])
    def test_a_refused_notice_is_not_answered(self, tea, targets):
        tea.asks("ada", Send(targets, "notice", "hi"))
        assert tea.seen("ada") == []

    @pytest.mark.parametrize("target", ["@bob", "+bob", "@", "+", "#", "@#", "&tea", "%#tea"])
    def test_what_looks_like_a_target_and_is_none_is_refused(self, tea, target):
        tea.asks("ada", Send((target,), "say", "hi"))
        (kind,) = refusals(tea.seen("ada"))
        assert kind in (NoSuchNick, NoSuchRoom)


class TestLength:
    @staticmethod
    def room(play, target):
        """Return how many bytes of text fit into a line."""
        return RELAYED_LIMIT - len(f":{play.user('ada').source.mask} PRIVMSG {target} :\r\n".encode())

    @pytest.mark.parametrize("target", ["#tea", "bob"])
    def test_what_fits_into_a_line_for_everybody_is_sent_and_a_byte_more_is_not(self, tea, target):
        fits = "x" * self.room(tea, target)
        tea.asks("ada", Send((target,), "say", fits), Send((target,), "say", f"{fits}x"))
        assert [message.text for message in heard(tea.seen("bob"))] == [fits]
        assert refusals(tea.seen("ada")) == [InputTooLong]

    def test_bytes_are_counted_and_not_characters(self, tea):
        tea.asks("ada", Send(("bob",), "say", "\U0001f600" * (self.room(tea, "bob") // 4 + 1)))
        assert refusals(tea.seen("ada")) == [InputTooLong]

    @pytest.mark.parametrize("joint", [LINE_BREAK, LINE_JOINT])
    def test_each_of_several_lines_may_be_as_long(self, tea, joint):
        fits = "x" * self.room(tea, "#tea")
        tea.asks("ada", Send(("#tea",), "say", joint.join([fits, fits])))
        assert len(tea.kept) == 1
        tea.asks("ada", Send(("#tea",), "say", joint.join([fits, f"{fits}x"])))
        assert len(tea.kept) == 1

    def test_a_notice_that_is_too_long_is_not_answered(self, tea):
        tea.asks("ada", Send(("bob",), "notice", "x" * 600))
        assert tea.seen("ada") == tea.seen("bob") == []


class TestRanks:
    @pytest.mark.parametrize(("target", "hearers"), [("@#tea", ["ada"]), ("+#tea", ["ada", "bob"])])
    def test_those_of_a_rank_and_above_hear_it(self, tea, target, hearers):
        tea.asks("ada", ChangeModes("#tea", (ModeChange(True, "v", "bob"),)))
        tea.forget()
        tea.asks("eve", Send((target,), "say", "help"))
        people = ("ada", "bob", "eve")
        assert [person for person in people if heard(tea.seen(person))] == hearers
        (delivery,) = [one for one in tea.deliveries if isinstance(one.event, Acknowledged)]
        assert delivery.event.message.target == target

    def test_it_is_not_kept_as_those_who_read_the_room_later_are_others(self, tea):
        tea.asks("eve", Send(("@#tea",), "say", "help"))
        assert tea.kept == []

    def test_who_is_the_only_one_of_the_rank_is_only_acknowledged(self, tea):
        tea.asks("ada", Send(("@#tea",), "say", "anybody?"))
        assert [type(event) for event in tea.seen("ada")] == [Acknowledged]
        assert len(tea.deliveries) == 1

    def test_a_room_of_that_name_is_needed(self, tea):
        tea.asks("ada", Send(("@#nowhere",), "say", "hi"))
        assert [event.error.about for event in tea.seen("ada")] == [("#nowhere",)]


class TestTags:
    @pytest.mark.parametrize("target", ["#tea", "bob"])
    @pytest.mark.parametrize(
        ("tags", "kept"),
        [
            ("+typing=active", 0),
            ("", 0),
            ("+typing=active;+reply=7", 1),
            ("+draft/react=:)", 1),
            ("+draft/reactx=+react", 0),
        ],
    )
    def test_a_message_without_text_is_kept_for_the_sake_of_some_tags_only(self, tea, target, tags, kept):
        tea.asks("ada", Send((target,), "tags", "", tags))
        assert [message.tags for message in heard(tea.seen("bob"))] == [tags]
        assert len(tea.kept) == kept

    @pytest.mark.parametrize("target", ["#tea", "bob"])
    @pytest.mark.parametrize(("tags", "marked"), [("", "bot"), ("+a=b", "bot;+a=b")])
    def test_what_a_bot_says_is_marked(self, tea, target, tags, marked):
        tea.asks("ada", ChangeUserModes("ada", (ModeChange(True, "B"),)))
        tea.forget()
        tea.asks("ada", Send((target,), "say", "beep", tags))
        assert [message.tags for message in heard(tea.seen("bob"))] == [marked]
        assert [message.tags for message in tea.kept] == [marked]

    def test_the_mark_alone_keeps_nothing(self, tea):
        tea.asks("ada", ChangeUserModes("ada", (ModeChange(True, "B"),)))
        tea.asks("ada", Send(("#tea",), "tags", "", "+typing=active"))
        assert tea.kept == []


class TestLabels:
    def test_what_is_sent_to_several_is_one_answer(self, tea):
        tea.asks("ada", Labeled("7", Send(("#tea", "nobody"), "say", "hi")))
        (answer,) = tea.seen("ada")
        assert isinstance(answer, Answer)
        assert [type(event) for event in answer.events] == [Acknowledged, Rejected]

    def test_a_refused_notice_is_an_empty_answer(self, tea):
        tea.asks("ada", Labeled("7", Send(("nobody",), "notice", "hi")))
        assert tea.seen("ada") == [Answer("7", ())]

    def test_what_the_store_has_to_answer_is_labelled_when_it_has(self, tea):
        tea.asks("ada", Labeled("7", Command("IDENTIFY hunter2hunter2")))
        (question,) = tea.questions
        assert (question.session, question.label, question.before) == (tea.numbers["ada"], "7", ())
        assert tea.seen("ada") == []

    def test_what_the_wire_answers_is_labelled(self, tea):
        tea.asks("ada", Labeled("7", Reply(HelpShown("JOIN"))))
        assert tea.seen("ada") == [Answer("7", (HelpShown("JOIN"),))]

    def test_what_is_spread_to_nobody_else_is_in_the_answer_only(self, tea):
        ada = tea.chat.sessions[tea.numbers["ada"]]
        turn = Turn(tea.now)
        turn.begin_reply(ada, "7")
        turn.spread(HelpShown(), (ada.id,))
        turn.end_reply(ada)
        assert [delivery.event for delivery in turn.deliveries] == [Answer("7", (HelpShown(),))]

    def test_who_is_left_out_of_what_is_spread_stays_so_beside_the_labelled_answer(self, tea):
        ada, bob, eve = (tea.chat.sessions[tea.numbers[person]] for person in ("ada", "bob", "eve"))
        event = tea.asks("ada", Send(("#tea",), "say", "hi")).deliveries[0].event
        turn = Turn(tea.now)
        turn.begin_reply(ada, "7")
        turn.spread(event, (ada.id, bob.id, eve.id), bob.id)
        turn.end_reply(ada)
        others, own = turn.deliveries
        assert [number for number in others.audience if number != others.but] == [eve.id]
        assert own == Delivery(Answer("7", (event,)), (ada.id,), 0, "ada")


def test_who_has_no_means_to_tell_the_password_does_not_come_in(plays):
    play = plays(policy=Policy(password="open sesame"))
    with pytest.raises(PasswordNeeded):
        play.connects("ada")
    assert play.chat.sessions == {}
    play.connects("bob", wire="irc")
    assert len(play.chat.sessions) == 1
