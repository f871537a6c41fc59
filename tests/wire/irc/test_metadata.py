"""METADATA: what is read, what is written."""

from __future__ import annotations

import pytest

from chatctl.core.events import metadata as ev
from chatctl.core.events.metadata import Datum
from chatctl.core.events.presence import Rejected, Welcomed
from chatctl.core.records import Entry
from chatctl.core.requests import metadata as ask
from chatctl.core.requests.presence import Invalid
from chatctl.core.user import Source
from chatctl.errors import (
    BadMetadataKey,
    BadMetadataTarget,
    BadMetadataValue,
    BadSubcommand,
    MetadataForbidden,
    MetadataFull,
    MetadataNotSet,
    MissingParameters,
    TooManySubscriptions,
)
from chatctl.wire.irc.caps import METADATA_CAP, OLD_METADATA_CAP, offered
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.page import Page
from chatctl.wire.irc.replies.metadata import of_somebody
from chatctl.wire.irc.wire import IrcWire

INFO = ServerInfo(name="irc.example")
ADA = Source("ada", "a@10.0.0.1", "adas")
URL = Datum("ada", "url", "x y")
GONE = Datum("#tea", "url", None)


def read(line):
    """Return what a line asks, or the error that it is refused with."""
    (request,) = IrcWire(Dialects(INFO)).receive(f"{line}\r\n".encode(), 0.0)
    return request.error if isinstance(request, Invalid) else request


def written(event, *caps):
    """Return the lines in which ``event`` is told to eve."""
    return Dialects(INFO).speaking(frozenset(caps)).render(event, "eve").decode().split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("METADATA * GET url color", ask.GetMetadata("*", ("url", "color"))),
        ("METADATA #tea list", ask.ListMetadata("#tea")),
        ("METADATA * SET url :x y", ask.SetMetadata("*", "url", "x y")),
        ("METADATA * SET url :", ask.SetMetadata("*", "url", "")),
        ("METADATA * SET url", ask.SetMetadata("*", "url")),
        ("METADATA ada CLEAR", ask.ClearMetadata("ada")),
        ("METADATA * SUB url color", ask.Subscribe("*", ("url", "color"))),
        ("METADATA * UNSUB url", ask.Unsubscribe("*", ("url",))),
        ("METADATA * SUBS", ask.ListSubscriptions("*")),
        ("METADATA #tea SYNC", ask.SyncMetadata("#tea")),
    ],
)
def test_a_line_is_read(line, request_):
    assert read(line) == request_


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("METADATA *", MissingParameters),
        ("METADATA * GET", MissingParameters),
        ("METADATA * SET", MissingParameters),
        ("METADATA * destr0y", BadSubcommand),
    ],
)
def test_a_line_is_refused(line, kind):
    assert type(read(line)) is kind


def test_a_value_that_is_not_utf8_is_refused_in_the_commands_name():
    wire = IrcWire(Dialects(INFO))
    (request,) = wire.receive(b"@+a=b :me  metadata * SET url :\xc3\r\n", 0.0)
    (line,) = written(Rejected(request.error))
    assert line.startswith(":irc.example FAIL METADATA INVALID_UTF8 :")
    (request,) = wire.receive(b"\xc3\r\n", 0.0)
    (line,) = written(Rejected(request.error))
    assert line.startswith(":irc.example FAIL * INVALID_UTF8 :")


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (BadMetadataTarget("$x"), "INVALID_TARGET $x :"),
        (BadMetadataKey("$x", 40), "KEY_INVALID $x :"),
        (BadMetadataValue("url", 400, 300), "VALUE_INVALID :"),
        (BadSubcommand("destr0y"), "SUBCOMMAND_INVALID destr0y :"),
        (MetadataForbidden("#tea", "*"), "KEY_NO_PERMISSION #tea * :"),
        (MetadataNotSet("ada", "url"), "KEY_NOT_SET ada url :"),
        (MetadataFull("ada", 20), "LIMIT_REACHED ada :"),
        (TooManySubscriptions("url", 50), "TOO_MANY_SUBS url :"),
    ],
)
def test_a_refusal_has_the_code_of_the_specification(error, start):
    (line,) = written(Rejected(error))
    assert line.startswith(f":irc.example FAIL METADATA {start}")


def test_the_later_draft_names_the_key_of_a_bad_value():
    (line,) = written(Rejected(BadMetadataValue("url", 400, 300)), METADATA_CAP)
    assert line.startswith(":irc.example FAIL METADATA INVALID_VALUE url :")


def test_what_was_asked_for_is_a_batch():
    event = ev.MetadataListed("ada", (URL, GONE, BadMetadataKey("$x", 40)))
    rows = [":irc.example 761 eve ada url * :x y", ":irc.example 766 eve #tea url :key not set"]
    start, *inside, refused, end = written(event, "batch")
    assert start == ":irc.example BATCH +metadata metadata ada"
    assert inside == [f"@batch=metadata {row}" for row in rows]
    assert refused.startswith("@batch=metadata :irc.example FAIL METADATA KEY_INVALID $x :")
    assert end == ":irc.example BATCH -metadata"
    assert written(event)[:2] == rows


def test_the_answer_to_setting_a_key_is_the_key():
    assert written(ev.MetadataSet(URL)) == [":irc.example 761 eve ada url * :x y"]


@pytest.mark.parametrize(
    ("cap", "lines"),
    [
        (METADATA_CAP, [":irc.example 761 eve ada url * :x y", ":irc.example 766 eve #tea url :key not set"]),
        (OLD_METADATA_CAP, [":ada!a@10.0.0.1 METADATA ada url * :x y", ":ada!a@10.0.0.1 METADATA #tea url *"]),
        ("batch", []),
    ],
)
def test_a_change_is_told_in_the_way_of_the_capability(cap, lines):
    assert written(ev.MetadataChanged(ADA, URL), cap) + written(ev.MetadataChanged(ADA, GONE), cap) == lines


@pytest.mark.parametrize(
    ("cap", "row"),
    [(METADATA_CAP, ":irc.example 761 eve ada url * :x y"), (OLD_METADATA_CAP, ":irc.example METADATA ada url * :x y")],
)
def test_a_sync_is_a_batch(cap, row):
    assert written(ev.MetadataSynced("#tea", (URL,)), cap, "batch") == [
        ":irc.example BATCH +metadata metadata #tea",
        f"@batch=metadata {row}",
        ":irc.example BATCH -metadata",
    ]


def test_the_welcome_holds_ones_own_metadata():
    event = Welcomed(Entry(7, "eve", "10.0.0.1:1", "irc", 0), ADA, None, (Datum("eve", "url", "x"),))
    *_, start, inside, end, motd = written(event, METADATA_CAP, "batch")
    assert start == ":irc.example BATCH +metadata metadata ada"
    assert inside == "@batch=metadata :irc.example 761 eve eve url * x"
    assert end == ":irc.example BATCH -metadata"
    assert " 422 " in motd
    assert not any("metadata" in line for line in written(event, "batch"))


def test_whois_shows_metadata_to_those_who_know_it():
    assert of_somebody(Page(INFO, frozenset((METADATA_CAP,)), "eve", 0), [URL]) == [
        ("", ":irc.example 760 eve ada url * :x y")
    ]
    assert of_somebody(Page(INFO, frozenset(), "eve", 0), [URL]) == []


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (ev.SyncPostponed("#tea", 4), [":irc.example 774 eve #tea 4"]),
        (ev.Subscribed(("a", "b")), [":irc.example 770 eve a b"]),
        (ev.Unsubscribed(("a",)), [":irc.example 771 eve a"]),
        (
            ev.Subscribed(tuple("abcdefghijkl")),
            [":irc.example 770 eve a b c d e f g h i j", ":irc.example 770 eve k l"],
        ),
        (
            ev.SubscriptionsListed(("a", "b")),
            [
                ":irc.example BATCH +metadata-subs metadata-subs",
                "@batch=metadata-subs :irc.example 772 eve a b",
                ":irc.example BATCH -metadata-subs",
            ],
        ),
    ],
)
def test_subscriptions_are_told(event, lines):
    assert written(event, "batch") == lines


@pytest.mark.parametrize("cap", [METADATA_CAP, OLD_METADATA_CAP])
def test_the_capability_tells_the_limits(cap):
    assert offered(INFO)[cap] == "before-connect,max-subs=50,max-keys=20,max-value-bytes=300"
