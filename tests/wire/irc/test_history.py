"""CHATHISTORY, SEARCH, MARKREAD, REDACT: what is read, what is written."""

from __future__ import annotations

import pytest

from chatctl import errors
from chatctl.core.events import history as ev
from chatctl.core.events.lookups import HistoryShown
from chatctl.core.events.rooms import TopicSet
from chatctl.core.events.talk import Said
from chatctl.core.history import Around, At, Id, Page, Wanted
from chatctl.core.records import Message
from chatctl.core.requests import history as ask
from chatctl.core.requests.presence import Invalid, Labeled
from chatctl.core.requests.rooms import Join
from chatctl.core.user import Source
from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.isupport import tokens
from chatctl.wire.irc.message import BODY_LIMIT
from chatctl.wire.irc.page import Page as Sheet
from chatctl.wire.irc.refusals import FAILURES, refuse
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.text_render import TextDialect

INFO = ServerInfo(name="irc.example")
NOON = "2026-11-22T14:41:07.123Z"
NOON_MS = 1_795_358_467_123
ADA = Source("ada", "a@10.0.0.1")
ALL = tuple(offered(INFO))
MODERN = ("batch", "message-tags", "server-time", "draft/multiline")
TAGGED = f"time={NOON};msgid="


def asked(*lines, caps=ALL):
    """Return what lines ask of a server that has granted some capabilities."""
    wire = IrcWire(Dialects(INFO))
    wire.receive(f"CAP REQ :{' '.join(caps)}\r\n".encode(), 0.0)
    return wire.receive("".join(f"{line}\r\n" for line in lines).encode(), 0.0)


def read(line, caps=ALL):
    """Return what a line asks, or the error that it is refused with."""
    (request,) = asked(line, caps=caps)
    return request.error if isinstance(request, Invalid) else request


def written(event, *caps):
    """Return the lines in which ``event`` is told."""
    return Dialects(INFO).speaking(frozenset(caps)).render(event, "eve", NOON_MS).decode().split("\r\n")[:-1]


def told(number=7, text="hi", **changes):
    return Message(number, NOON_MS, "#tea", None, 1, "ada", "say", text, "a@10.0.0.1")._replace(**changes)


@pytest.mark.parametrize(
    ("line", "page", "otherwise"),
    [
        ("BEFORE #tea msgid=9 5", Page(5, before=Id(9)), None),
        (f"after #tea timestamp={NOON} 5", Page(5, after=At(NOON_MS), newest=False), None),
        ("AFTER #tea timestamp=1970-01-01T00:00:01Z 5", Page(5, after=At(1000), newest=False), None),
        ("AFTER #tea timestamp=1970-01-01T00:00:01.5Z 5", Page(5, after=At(1500), newest=False), None),
        ("LATEST #tea * 5", Page(5), None),
        ("LATEST #tea msgid=9 -5", Page(-5, after=Id(9)), None),
        ("AROUND #tea msgid=9 5", Around(Id(9), 5), None),
        ("BETWEEN #tea msgid=1 msgid=9 5", Page(5, Id(1), Id(9), newest=False), None),
        ("BETWEEN #tea msgid=9 msgid=1 5", Page(5, Id(1), Id(9)), None),
        (f"BETWEEN #tea timestamp={NOON} timestamp=1970-01-01T00:00:00.000Z 5", Page(5, At(0), At(NOON_MS)), None),
        (
            f"BETWEEN #tea msgid=9 timestamp={NOON} 5",
            Page(5, Id(9), At(NOON_MS), newest=False),
            Page(5, At(NOON_MS), Id(9)),
        ),
    ],
)
def test_a_page_of_a_log(line, page, otherwise):
    command = line.split()[0].upper()
    assert read(f"CHATHISTORY {line}") == ask.Recall(command, "#tea", page, otherwise)


def test_events_are_for_who_knows_them():
    caps = ("draft/chathistory",)
    assert read("CHATHISTORY LATEST bob * 5", caps) == ask.Recall("LATEST", "bob", Page(5, events=False))
    assert read("CHATHISTORY AROUND bob msgid=1 5", caps).page == Around(Id(1), 5, events=False)


def test_targets():
    line = f"CHATHISTORY TARGETS timestamp={NOON} timestamp=1970-01-01T00:00:00.000Z 5"
    assert read(line) == ask.ListTargets(At(NOON_MS), At(0), 5)


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("", ("*",)),
        (" LAST #tea * 5", ("LAST",)),
        (" LATEST #tea 5", ("LATEST",)),
        (" LATEST #tea * 5 6", ("LATEST",)),
        (" LATEST #tea * many", ("LATEST", "many")),
        (" BEFORE #tea * 5", ("BEFORE", "*")),
        (" BEFORE #tea msgid=abc 5", ("BEFORE", "msgid=abc")),
        (" BEFORE #tea msgid=9999999999999999999 5", ("BEFORE", "msgid=9999999999999999999")),
        (" BEFORE #tea timestamp=noon 5", ("BEFORE", "timestamp=noon")),
        (" BEFORE #tea timestamp=2026-13-01T00:00:00.000Z 5", ("BEFORE", "timestamp=2026-13-01T00:00:00.000Z")),
        (f" TARGETS msgid=1 timestamp={NOON} 5", ("TARGETS", "msgid=1")),
    ],
)
def test_what_means_nothing_is_refused(line, about):
    error = read(f"CHATHISTORY{line}")
    assert isinstance(error, errors.BadHistoryRequest)
    assert error.about == about


@pytest.mark.parametrize(
    "line", ["CHATHISTORY LATEST #tea * 5", "SEARCH text=tea", "MARKREAD #tea", "REDACT #tea 7", "@batch=1 TAGMSG #tea"]
)
def test_who_did_not_ask_for_it_does_not_have_it(line):
    assert isinstance(read(line, ("server-time",)), errors.UnknownCommand)


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("SEARCH text=tea", ask.Seek("", Wanted("tea"))),
        (r"SEARCH text=green\stea;in=#tea;from=bob", ask.Seek("#tea", Wanted("green tea", "bob"))),
        (
            f"SEARCH before={NOON};after=1970-01-01T00:00:00.000Z;limit=7",
            ask.Seek("", Wanted(after=At(-1), before=At(NOON_MS + 1), count=7)),
        ),
    ],
)
def test_a_search(line, request_):
    assert read(line) == request_


@pytest.mark.parametrize(("line", "about"), [("who=bob", "who"), ("limit=x", "limit"), ("before=noon", "before")])
def test_a_search_for_what_cannot_be_searched(line, about):
    error = read(f"SEARCH {line}")
    assert isinstance(error, errors.BadSearch)
    assert error.about == (about,)


def test_markers_and_taking_back():
    assert read("MARKREAD #tea") == ask.MarkRead("#tea")
    assert read(f"MARKREAD #tea timestamp={NOON}") == ask.MarkRead("#tea", NOON_MS)
    assert isinstance(read("MARKREAD"), errors.MarkerMissing)
    for word in ("*", "timestamp=noon", NOON):
        assert isinstance(read(f"MARKREAD #tea {word}"), errors.BadMarker)
    assert read("REDACT #tea 17") == ask.Redact("#tea", "17", 17)
    assert read("REDACT #tea x7 :no, no") == ask.Redact("#tea", "x7", None, "no, no")


@pytest.mark.parametrize(
    ("caps", "recall"), [((), False), (("server-time",), True), (("server-time", "draft/chathistory"), False)]
)
def test_who_cannot_ask_is_shown_what_was_said_last(caps, recall):
    assert read("JOIN #tea", ("batch", *caps)) == Join(("#tea",), ("",), recall)


def test_a_page_is_a_batch():
    event = HistoryShown(
        "#tea", (told(7), told(8, "", kind="tags", tags="+draft/react=y"), told(9, "leaves", kind="topic"))
    )
    assert written(event, *MODERN) == [
        f"@time={NOON} :irc.example BATCH +chathistory chathistory #tea",
        f"@batch=chathistory;{TAGGED}7 :ada!a@10.0.0.1 PRIVMSG #tea :hi",
        f"@batch=chathistory;{TAGGED}8;+draft/react=y :ada!a@10.0.0.1 TAGMSG #tea",
        f"@batch=chathistory;{TAGGED}9 :ada!a@10.0.0.1 TOPIC #tea :leaves",
        f"@time={NOON} :irc.example BATCH -chathistory",
    ]
    assert written(event) == [":ada!a@10.0.0.1 PRIVMSG #tea :hi", ":ada!a@10.0.0.1 TOPIC #tea :leaves"]


def test_nothing_is_an_empty_batch():
    start, end = written(HistoryShown("#tea", ()), "batch")
    assert (start, end) == (":irc.example BATCH +chathistory chathistory #tea", ":irc.example BATCH -chathistory")


def test_a_message_of_several_lines_is_a_batch_in_the_batch():
    assert written(HistoryShown("#tea", (told(7, "one\ntwo\rmore"),)), "batch", "message-tags", "draft/multiline") == [
        ":irc.example BATCH +chathistory chathistory #tea",
        "@batch=chathistory;msgid=7 :ada!a@10.0.0.1 BATCH +m7 draft/multiline #tea",
        "@batch=m7 :ada!a@10.0.0.1 PRIVMSG #tea :one",
        "@batch=m7 :ada!a@10.0.0.1 PRIVMSG #tea :two",
        "@batch=m7;draft/multiline-concat :ada!a@10.0.0.1 PRIVMSG #tea :more",
        "@batch=chathistory :ada!a@10.0.0.1 BATCH -m7",
        ":irc.example BATCH -chathistory",
    ]


def test_a_long_topic_is_cut_and_stays_one():
    for message in (told(7, "x" * 600, kind="topic"), told(7, "\U0001f600" * 200, kind="topic")):
        (_, line, _) = written(HistoryShown("#tea", (message,)), "batch", "draft/multiline")
        assert len(line.removeprefix("@batch=chathistory ").encode()) <= BODY_LIMIT


@pytest.mark.parametrize("kind", ["say", "action", "notice"])
@pytest.mark.parametrize("room", ["#tea", "#" + "\U0001f600" * 63], ids=["short", "wide"])
def test_no_line_of_a_message_is_too_long_however_many_bytes_its_characters_have(kind, room):
    for size in range(1, 160):
        lines = written(Said(told(7, "\U0001f600" * size, kind=kind, target=room)))
        assert max(len(line.encode()) for line in lines) <= BODY_LIMIT
        assert "".join(lines).count("\U0001f600") == size + len(lines) * room.count("\U0001f600")


def test_what_was_said_last_is_told_room_by_room():
    event = ev.RecentShown((HistoryShown("#tea", (told(),)), HistoryShown("#empty", ())))
    assert [line.split(" ", 1)[1] for line in written(event, "batch")] == [
        "BATCH +chathistory chathistory #tea",
        ":ada!a@10.0.0.1 PRIVMSG #tea :hi",
        "BATCH -chathistory",
    ]
    assert len(written(event)) == 1


def test_what_is_found_and_where_there_was_something():
    assert written(ev.Sought((told(),)), "batch")[0] == ":irc.example BATCH +search soju.im/search"
    assert written(ev.TargetsShown((("#tea", NOON_MS), ("bob", 0))), "batch") == [
        ":irc.example BATCH +chathistory-targets draft/chathistory-targets",
        f"@batch=chathistory-targets :irc.example CHATHISTORY TARGETS #tea {NOON}",
        "@batch=chathistory-targets :irc.example CHATHISTORY TARGETS bob 1970-01-01T00:00:00.000Z",
        ":irc.example BATCH -chathistory-targets",
    ]


def test_markers_and_what_was_taken_back_are_told_to_who_knows_them():
    events = [ev.MarkerTold("#tea", None), ev.MarkerTold("#tea", NOON_MS)]
    events += [ev.Redacted(ADA, "#tea", 7), ev.Redacted(ADA, "#tea", 7, "no, no")]
    assert [written(event, "draft/read-marker", "draft/message-redaction") for event in events] == [
        [":irc.example MARKREAD #tea *"],
        [f":irc.example MARKREAD #tea timestamp={NOON}"],
        [":ada!a@10.0.0.1 REDACT #tea 7"],
        [":ada!a@10.0.0.1 REDACT #tea 7 :no, no"],
    ]
    assert [written(event) for event in events] == [[]] * 4
    assert [TextDialect(()).render(event) for event in events] == [b""] * 4


def test_a_topic_has_its_number():
    assert written(TopicSet(ADA, "#tea", "x", 9), "message-tags") == ["@msgid=9 :ada!a@10.0.0.1 TOPIC #tea x"]


def test_what_the_server_says_it_can():
    assert "CHATHISTORY=1000" in tokens(INFO)
    assert offered(INFO)["draft/multiline"] == "max-bytes=4096,max-lines=32"
    assert "soju.im/search" in offered(INFO)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (errors.NoSuchHistory("LATEST", "#tea"), "CHATHISTORY INVALID_TARGET LATEST #tea"),
        (errors.HistoryFailed("LATEST", "#tea"), "CHATHISTORY MESSAGE_ERROR LATEST #tea"),
        (errors.SearchFailed(), "SEARCH INTERNAL_ERROR"),
        (errors.CannotRedact("#tea"), "REDACT INVALID_TARGET #tea"),
        (errors.RedactForbidden("#tea", "7"), "REDACT REDACT_FORBIDDEN #tea 7"),
        (errors.NoSuchMessage("#tea", "x"), "REDACT UNKNOWN_MSGID #tea x"),
        (errors.TooManyMarkers("#tea", 9), "MARKREAD INTERNAL_ERROR #tea"),
    ],
)
def test_what_is_refused_says_what_it_is_about(error, line):
    ((_, body),) = refuse(Sheet(INFO, frozenset(), "eve", 0), error)
    assert body.startswith(f":irc.example FAIL {line} :")
    assert type(error) in FAILURES


MULTI = ("draft/multiline", "batch", "message-tags", "labeled-response")
BEGIN = "BATCH +1 draft/multiline #tea"


def sent(*lines, caps=MULTI):
    """Return what lines ask, errors as themselves."""
    return [one.error if isinstance(one, Invalid) else one for one in asked(*lines, caps=caps)]


class TestLongMessages:
    def test_they_are_one_message(self):
        (request,) = sent(
            f"@+draft/reply=3;label=x {BEGIN}",
            "@batch=1 PRIVMSG #TEA hello",
            "@batch=1 PRIVMSG #tea :",
            "@batch=1 PRIVMSG #tea :how is ",
            "@batch=1;draft/multiline-concat PRIVMSG #tea :everyone?",
            "BATCH -1",
        )
        assert isinstance(request, Labeled)
        message = request.request
        assert (request.label, message.targets, message.kind, message.tags) == ("x", ("#tea",), "say", "+draft/reply=3")
        assert message.text == "hello\n\nhow is \reveryone?"

    @pytest.mark.parametrize(
        ("command", "text", "kind", "meant"),
        [("NOTICE", "hi", "notice", "hi"), ("PRIVMSG", ":\x01ACTION waves\x01", "action", "waves")],
    )
    def test_one_line_is_what_it_would_be_alone(self, command, text, kind, meant):
        (request,) = sent(BEGIN, f"@batch=1 {command} #tea {text}", "BATCH -1")
        assert (request.kind, request.text) == (kind, meant)

    def test_several_lines_are_no_action(self):
        (request,) = sent(BEGIN, "@batch=1 PRIVMSG #tea :\x01ACTION a", "@batch=1 PRIVMSG #tea b\x01", "BATCH -1")
        assert request.kind == "say"

    @pytest.mark.parametrize(
        ("line", "error"),
        [
            ("@batch=2 PRIVMSG #tea hi", errors.BadBatch),
            ("@batch=1 TAGMSG #tea", errors.BadBatch),
            ("@batch=1 PRIVMSG #tea", errors.BadBatch),
            ("@batch=1 NOTICE #tea hi", errors.BadBatch),
            ("@batch=1;draft/multiline-concat PRIVMSG #tea :", errors.BadBatch),
            ("@batch=1 PRIVMSG #coffee hi", errors.WrongBatchTarget),
            ("BATCH +2 draft/multiline #tea", errors.BadBatch),
        ],
    )
    def test_one_mistake_is_told_once_and_ends_it(self, line, error):
        (told,) = sent(BEGIN, "@batch=1 PRIVMSG #tea hi", line, line, "@batch=1 PRIVMSG #tea hi", "BATCH -1")[:1]
        assert isinstance(told, error)

    def test_after_a_mistake_the_rest_is_passed_over_and_the_next_one_is_fine(self):
        found = sent(BEGIN, *["@batch=1 PRIVMSG #tea hi"] * 40, "BATCH -1", BEGIN, "@batch=1 NOTICE #tea b", "BATCH -1")
        assert [type(one).__name__ for one in found] == ["BatchTooManyLines", "Send"]
        assert found[0].about == ("32",)

    def test_too_many_bytes(self):
        found = sent(BEGIN, *[f"@batch=1 PRIVMSG #tea {'x' * 400}"] * 11)
        assert [type(one) for one in found] == [errors.BatchTooLong]
        assert found[0].about == ("4096",)

    def test_a_mistake_is_told_with_the_label_of_the_beginning(self):
        (told,) = asked(f"@label=a {BEGIN}", "@batch=1;label=b TAGMSG #tea", caps=MULTI)
        assert (told.label, type(told.request)) == ("a", Invalid)

    @pytest.mark.parametrize("lines", [[], ["@batch=1 PRIVMSG #tea :", "@batch=1 PRIVMSG #tea :"]])
    def test_nothing_is_no_message(self, lines):
        (told,) = sent(BEGIN, *lines, "BATCH -1")
        assert isinstance(told, errors.BadBatch)

    @pytest.mark.parametrize(
        ("line", "error"),
        [
            ("BATCH 1 draft/multiline #tea", errors.BadBatchReference),
            ("BATCH +a_b draft/multiline #tea", errors.BadBatchReference),
            ("BATCH +1 netsplit", errors.UnknownBatch),
            ("BATCH +1", errors.UnknownBatch),
            ("BATCH +1 draft/multiline", errors.BadBatch),
            ("BATCH +1 draft/multiline #tea,#coffee", errors.BadBatch),
            ("BATCH -1", errors.BadBatch),
            ("@batch=1 PRIVMSG #tea hi", errors.BadBatch),
        ],
    )
    def test_what_begins_none(self, line, error):
        (told,) = sent(line)
        assert isinstance(told, error)

    def test_who_did_not_ask_for_it_begins_none(self):
        found = sent(BEGIN, "@batch=1 PRIVMSG #tea hi", "BATCH -1", caps=("batch",))
        assert [type(one) for one in found] == [errors.UnknownBatch]

    def test_another_end_is_none(self):
        assert [type(one) for one in sent(BEGIN, "BATCH -2")] == [errors.BadBatch]

    def test_without_the_capability_blank_lines_are_left_out_and_the_first_has_the_number(self):
        event = Said(told(7, "\none\ntwo\rmore", tags="+x"))
        assert written(event, "message-tags") == [
            "@msgid=7;+x :ada!a@10.0.0.1 PRIVMSG #tea :one",
            "@+x :ada!a@10.0.0.1 PRIVMSG #tea :two",
            "@+x :ada!a@10.0.0.1 PRIVMSG #tea :more",
        ]
        assert written(event, "server-time", "message-tags")[1] == f"@time={NOON};+x :ada!a@10.0.0.1 PRIVMSG #tea :two"

    def test_a_long_line_of_somebody_with_netcat_is_a_batch_too(self):
        lines = written(Said(told(7, "word " * 300)), "batch", "draft/multiline")
        assert lines[0].endswith("BATCH +m7 draft/multiline #tea")
        assert [line.startswith("@batch=m7 ") for line in lines[1:-1]] == [True, False, False, False]
        assert "".join(line.partition("PRIVMSG #tea :")[2] for line in lines[1:-1]) == "word " * 300

    def test_a_long_action_is_several(self):
        lines = written(Said(told(7, "word " * 200, kind="action")), "batch", "draft/multiline")
        assert len(lines) == 3
        assert all(line.endswith("\x01") for line in lines)

    def test_one_long_line_that_fits_is_one(self):
        assert len(written(Said(told(7, "x" * 300)), "batch", "draft/multiline")) == 1
