"""Asking for what was said, noting up to where one has read, taking messages back, what is kept of it."""

from __future__ import annotations

import pytest

from chatctl.core.events.history import MarkerTold
from chatctl.core.events.history import Redacted as RedactedTold
from chatctl.core.events.presence import Rejected
from chatctl.core.history import Around, At, Id, Page, PrivateLog, RoomLog, Wanted
from chatctl.core.markers import MARKERS_LIMIT, Markers
from chatctl.core.queries import (
    HistoryQuery,
    MessageQuery,
    RecentQuery,
    SearchQuery,
    SeekQuery,
    SessionsQuery,
    TargetsQuery,
)
from chatctl.core.records import Account, Marker, MarkerMoved, Redacted
from chatctl.core.requests.history import ListTargets, MarkRead, Recall, Redact, Redaction, Seek
from chatctl.core.requests.presence import Introduce, Quit, Rename
from chatctl.core.requests.rooms import Join, Leave, TopicOf
from chatctl.core.requests.talk import Send
from chatctl.errors import (
    BadHistoryRequest,
    BadMarker,
    BadSearch,
    CannotRedact,
    HistoryFailed,
    LookupFailed,
    NoSuchHistory,
    NoSuchMessage,
    RedactForbidden,
    SearchFailed,
    TooManyMarkers,
)


@pytest.fixture
def tea(play):
    """ada, who made #tea, bob, who is in it too, and eve, who is not."""
    play.registers("ada", "bob", "eve")
    play.asks("ada", Join(("#Tea",)))
    play.asks("bob", Join(("#tea",)))
    play.forget()
    return play


def queries(play):
    return [one.query for one in play.questions]


def refusal(play, person):
    """Return the one refusal that a person has been told."""
    (told,) = play.seen(person)
    assert isinstance(told, Rejected)
    return told.error


def log_in(play, person, account):
    """Let a person be logged in, without the way there."""
    play.user(person).account = account
    play.user(person).changed()


class TestReading:
    @pytest.mark.parametrize("page", [Page(7, before=Id(3)), Around(At(5), 7, events=False)])
    def test_a_page_of_a_room_one_is_in(self, tea, page):
        tea.asks("bob", Recall("BEFORE", "#TEA", page))
        assert queries(tea) == [HistoryQuery(RoomLog("#Tea"), page, "#Tea", None, "BEFORE")]

    def test_a_page_of_one_s_own_conversation(self, tea):
        tea.asks("ada", Recall("LATEST", "Eve", Page(7)))
        log_in(tea, "ada", "Ada")
        tea.asks("ada", Recall("LATEST", "eve", Page(7)))
        assert [one.log for one in queries(tea)] == [
            PrivateLog(f"*{tea.numbers['ada']}", "Eve"),
            PrivateLog("ada", "eve"),
        ]

    @pytest.mark.parametrize("target", ["#tea", "#nowhere", "no nick", ""])
    def test_other_people_s_messages_are_not_told(self, tea, target):
        tea.asks("eve", Recall("LATEST", target, Page(7)))
        error = refusal(tea, "eve")
        assert isinstance(error, NoSuchHistory)
        assert error.about == ("LATEST", target)
        assert queries(tea) == []

    def test_more_than_there_can_be_are_as_many_as_there_can_be(self, tea):
        tea.asks("ada", Recall("BETWEEN", "#tea", Page(5000), Page(5000, newest=False)))
        (query,) = queries(tea)
        assert (query.page.count, query.otherwise) == (1000, Page(1000, newest=False))

    @pytest.mark.parametrize("count", [0, -1])
    def test_fewer_than_one_is_no_number(self, tea, count):
        tea.asks(
            "ada",
            Recall("LATEST", "#tea", Page(count)),
            ListTargets(At(1), At(2), count),
            Seek("", Wanted(count=count)),
        )
        errors = [told.error for told in tea.seen("ada")]
        assert [type(error) for error in errors] == [BadHistoryRequest, BadHistoryRequest, BadSearch]
        assert queries(tea) == []

    def test_rooms_and_conversations(self, tea):
        tea.asks("ada", ListTargets(At(9), At(2), 5))
        assert queries(tea) == [TargetsQuery(("#Tea",), f"*{tea.numbers['ada']}", At(9), At(2), 5)]

    def test_a_search_in_all_or_in_one_log(self, tea):
        tea.asks("ada", Seek("", Wanted("tea", count=2000)))
        tea.asks("ada", Seek("#tea", Wanted("tea")))
        owner = f"*{tea.numbers['ada']}"
        assert queries(tea) == [
            SeekQuery((RoomLog("#Tea"),), owner, Wanted("tea", count=1000)),
            SeekQuery((RoomLog("#Tea"),), "", Wanted("tea")),
        ]
        tea.asks("eve", Seek("#tea", Wanted("tea")))
        assert isinstance(refusal(tea, "eve"), BadSearch)

    def test_what_is_told_when_the_store_fails(self):
        page, log = Page(1), RoomLog("#tea")
        assert isinstance(HistoryQuery(log, page, "#tea").failure(), LookupFailed)
        assert isinstance(SearchQuery((log,), Wanted(), "#tea").failure(), LookupFailed)
        assert isinstance(SessionsQuery(0, (), 0, 1, 1).failure(), LookupFailed)
        assert HistoryQuery(log, page, "#tea", None, "AFTER").failure().about == ("AFTER", "#tea")
        assert isinstance(TargetsQuery((), "", At(1), At(2), 1).failure(), HistoryFailed)
        assert isinstance(SeekQuery((log,), "", Wanted()).failure(), SearchFailed)


class TestRecent:
    def test_who_comes_in_is_shown_what_was_said_last_in_new_rooms(self, tea):
        tea.asks("ada", Send(("#tea",), "say", "hi"))
        tea.asks("bob", Join(("#tea", "#Coffee", "bad", "#cake"), recall=True))
        assert queries(tea) == [RecentQuery(("#Coffee", "#cake"), 50, tea.chat.last_message)]

    def test_not_in_rooms_one_is_in_already(self, tea):
        tea.asks("bob", Join(("#tea",), recall=True), Join(("#new",)))
        assert queries(tea) == []

    def test_not_if_the_server_shows_none(self, plays):
        play = plays(history_on_join=0)
        play.registers("ada")
        play.asks("ada", Join(("#tea",), recall=True))
        assert queries(play) == []


class TestMarkers:
    def test_a_marker_is_noted_and_told(self, tea):
        tea.asks("ada", MarkRead("#tea"), MarkRead("#tea", 5), MarkRead("#TEA"))
        assert tea.seen("ada") == [MarkerTold("#tea", None), MarkerTold("#tea", 5), MarkerTold("#TEA", 5)]
        assert tea.changes == []

    def test_it_never_goes_back_nor_ahead_of_the_time(self, tea):
        tea.asks("ada", MarkRead("bob", 9), MarkRead("bob", 4), MarkRead("bob", tea.now + 99))
        assert tea.seen("ada") == [MarkerTold("bob", 9), MarkerTold("bob", 9), MarkerTold("bob", tea.now)]

    def test_an_account_s_is_kept_and_told_to_all_its_clients(self, tea):
        log_in(tea, "ada", "Ada")
        log_in(tea, "bob", "Ada")
        tea.asks("ada", MarkRead("#tea", 5), MarkRead("#tea", 5))
        assert tea.changes == [MarkerMoved(Marker("Ada", "#tea", 5))]
        assert tea.seen("bob") == [MarkerTold("#tea", 5)]
        assert tea.seen("ada") == [MarkerTold("#tea", 5)] * 2
        assert tea.seen("eve") == []

    @pytest.mark.parametrize("target", ["no nick", "#", ""])
    def test_the_target_must_be_one(self, tea, target):
        tea.asks("ada", MarkRead(target, 5))
        assert isinstance(refusal(tea, "ada"), BadMarker)

    def test_there_are_not_too_many(self, tea):
        tea.asks("ada", *(MarkRead(f"#r{number}", 5) for number in range(MARKERS_LIMIT)))
        tea.seen("ada")
        tea.asks("ada", MarkRead("#more", 5))
        assert isinstance(refusal(tea, "ada"), TooManyMarkers)
        tea.asks("ada", MarkRead("#r1", 6))
        assert tea.seen("ada") == [MarkerTold("#r1", 6)]

    def test_they_are_told_on_coming_in_and_end_with_the_session(self, tea):
        tea.asks("ada", MarkRead("#tea", 5), Leave(("#tea",)))
        tea.forget()
        tea.asks("ada", Join(("#tea",)))
        assert MarkerTold("#Tea", 5) in tea.seen("ada")
        tea.asks("ada", Quit())
        assert tea.chat.markers.get(f"*{tea.numbers['ada']}", "#tea") is None

    def test_a_client_of_an_account_is_told_what_was_read_elsewhere(self, play):
        play.chat.markers = Markers((Marker("ada", "#tea", 5), Marker("ada", "bob", 6)))
        play.connects("ada", wire="irc")
        log_in(play, "ada", "Ada")
        play.asks("ada", Rename("ada"), Introduce("ada", "Ada"))
        assert [one for one in play.seen("ada") if isinstance(one, MarkerTold)] == [
            MarkerTold("#tea", 5),
            MarkerTold("bob", 6),
        ]

    def test_rooms_that_one_is_in_are_told_once(self, tea):
        log_in(tea, "ada", "Ada")
        tea.chat.accounts["ada"] = Account("Ada", 0)
        tea.asks("ada", MarkRead("#tea", 5))
        tea.connects("again", wire="irc")
        log_in(tea, "again", "Ada")
        tea.asks("again", Rename("ada"), Introduce("ada", "Ada"))
        assert [one for one in tea.seen("again") if isinstance(one, MarkerTold)] == [MarkerTold("#Tea", 5)]

    def test_those_of_accounts_that_are_gone_are_forgotten(self):
        markers = Markers((Marker("ada", "#tea", 5), Marker("bob", "#tea", 6)))
        markers.move("*1", "#tea", 7)
        markers.forget_accounts({"bob"})
        assert [markers.get(owner, "#TEA") for owner in ("ada", "bob", "*1")] == [None, 6, 7]


class TestRedaction:
    def take_back(self, play, person, target, message, **changes):
        """Ask for a message to be taken back, and answer with what the store has."""
        number = play.kept[-1].id if message is None else message
        asked = Redact(target, str(number), number, "oops", **changes)
        play.asks(person, asked)
        assert queries(play)[-1] == MessageQuery(asked)
        kept = next((one for one in play.kept if one.id == number), None)
        play.asks(person, Redaction(asked, kept))

    @pytest.mark.parametrize("person", ["bob", "ada"])
    def test_in_a_room_by_who_said_it_or_an_operator(self, tea, person):
        tea.asks("bob", Send(("#tea",), "say", "hi"))
        message = tea.kept[0]
        for one in ("ada", "bob"):
            tea.seen(one)
        self.take_back(tea, person, "#TEA", None)
        event = RedactedTold(tea.user(person).source, "#Tea", message.id, "oops")
        assert tea.changes == [Redacted(message.id)]
        assert tea.seen("ada") == tea.seen("bob") == [event]
        assert tea.seen("eve") == []

    def test_by_an_operator_of_the_server(self, tea):
        tea.user("bob").operator = "root"
        tea.asks("ada", Send(("#tea",), "say", "hi"))
        self.take_back(tea, "bob", "#tea", None)
        assert tea.changes == [Redacted(tea.kept[0].id)]

    def test_by_another_client_of_the_account(self, tea):
        log_in(tea, "ada", "Both")
        tea.asks("ada", Send(("#tea",), "say", "hi"))
        log_in(tea, "bob", "Both")
        self.take_back(tea, "bob", "#tea", None)
        assert tea.changes == [Redacted(tea.kept[0].id)]

    def test_by_nobody_else(self, tea):
        tea.asks("ada", Send(("#tea",), "say", "hi"))
        tea.seen("bob")
        self.take_back(tea, "bob", "#tea", None)
        assert isinstance(refusal(tea, "bob"), RedactForbidden)
        assert tea.changes == []

    def test_a_private_one_is_told_to_both(self, tea):
        tea.asks("ada", Send(("eve",), "say", "hi"))
        tea.seen("ada"), tea.seen("eve")
        self.take_back(tea, "ada", "EVE", None)
        assert (
            tea.seen("ada") == tea.seen("eve") == [RedactedTold(tea.user("ada").source, "eve", tea.kept[0].id, "oops")]
        )

    def test_a_private_one_is_its_sender_s_only(self, tea):
        tea.user("eve").operator = "root"
        tea.asks("ada", Send(("eve",), "say", "hi"))
        tea.seen("eve")
        self.take_back(tea, "eve", "ada", None)
        assert isinstance(refusal(tea, "eve"), RedactForbidden)

    @pytest.mark.parametrize(("account", "told"), [("", False), ("Eve", True)])
    def test_who_it_was_for_may_have_come_again(self, tea, account, told):
        log_in(tea, "eve", account)
        tea.asks("ada", Send(("eve",), "say", "hi"))
        message = tea.kept[0]
        tea.asks("eve", Quit())
        tea.registers("eve")
        log_in(tea, "eve", account)
        tea.kept.append(message)
        self.take_back(tea, "ada", "eve", message.id)
        assert (len(tea.seen("eve")) == 1) is told
        assert tea.changes == [Redacted(message.id)]

    def test_what_is_not_there_and_what_is_not_one_s_to_know_of_look_alike(self, tea):
        tea.asks("bob", Send(("eve",), "say", "secret"))
        tea.asks("ada", TopicOf("#tea", "leaves"))
        tea.seen("ada")
        for number in (*(one.id for one in tea.kept), 99):
            self.take_back(tea, "ada", "#tea", number)
            assert isinstance(refusal(tea, "ada"), NoSuchMessage)
        tea.asks("ada", Redact("#tea", "abc", None))
        assert isinstance(refusal(tea, "ada"), NoSuchMessage)

    def test_the_target_must_be_one_s_own(self, tea):
        tea.asks("eve", Redact("#tea", "1", 1))
        assert isinstance(refusal(tea, "eve"), CannotRedact)


class TestEvents:
    def test_topics_are_kept(self, tea):
        tea.asks("ada", TopicOf("#tea", "leaves"))
        assert [(one.kind, one.text, one.target) for one in tea.kept] == [("topic", "leaves", "#Tea")]

    @pytest.mark.parametrize("target", ["#tea", "bob"])
    @pytest.mark.parametrize(
        ("tags", "kept"),
        [("+typing=active", False), ("", False), ("+x=1;+draft/react=y", True), ("+draft/persist", True)],
    )
    def test_of_messages_without_text_those_are_kept_whose_tags_last(self, tea, target, tags, kept):
        tea.asks("ada", Send((target,), "tags", "", tags))
        assert [one.tags for one in tea.kept] == [tags] * kept
        assert len(tea.seen("bob")) == 1
