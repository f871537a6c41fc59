"""Metadata: who may set it, who sees it, who hears of it."""

from __future__ import annotations

import pytest

from chatctl.core.commands.subscriptions import SYNC_LIMIT, SYNC_WAIT
from chatctl.core.events import metadata as ev
from chatctl.core.events.metadata import Datum
from chatctl.core.events.presence import Rejected, Welcomed
from chatctl.core.metadata import KEY_LIMIT, KEYS_LIMIT, VALUE_LIMIT
from chatctl.core.records import Account
from chatctl.core.requests import metadata as ask
from chatctl.core.requests.presence import Hold, Introduce, Quit, Rename
from chatctl.core.requests.rooms import Join
from chatctl.core.requests.status import Watch
from chatctl.core.subscriptions import SUBSCRIPTIONS_LIMIT
from chatctl.errors import (
    BadMetadataKey,
    BadMetadataTarget,
    BadMetadataValue,
    MetadataForbidden,
    MetadataFull,
    MetadataNotSet,
    TooManySubscriptions,
)


def told(play, person, *kinds):
    """Return what a person was told of metadata, or of other kinds."""
    wanted = kinds or (ev.MetadataListed, ev.MetadataSet, ev.MetadataChanged, ev.MetadataSynced, ev.SyncPostponed)
    return [event for event in play.seen(person) if isinstance(event, wanted)]


def refusals(play, person):
    return [type(event.error) for event in told(play, person, Rejected)]


def changed(play, person, target, key, value):
    """Return what subscribers are told when ``person`` has set a key."""
    return ev.MetadataChanged(play.user(person).source, Datum(target, key, value))


@pytest.fixture
def tea(play):
    """Ada is the operator of #tea, bob is in it, kim is elsewhere."""
    play.registers("ada", "bob", "kim")
    play.asks("ada", Join(("#tea",)))
    play.asks("bob", Join(("#tea",)))
    play.forget()
    return play


@pytest.mark.parametrize("name", ["*", "ADA"])
def test_one_sets_what_others_can_ask_for(tea, name):
    tea.asks("ada", ask.SetMetadata(name, "url", "example.org"), ask.SetMetadata(name, "color", ""))
    url, color = Datum("ada", "url", "example.org"), Datum("ada", "color", "")
    assert told(tea, "ada") == [ev.MetadataSet(url), ev.MetadataSet(color)]
    tea.asks("kim", ask.GetMetadata("ada", ("color", "none", "url")), ask.ListMetadata("ada"))
    assert told(tea, "kim") == [
        ev.MetadataListed("ada", (color, Datum("ada", "none", None), url)),
        ev.MetadataListed("ada", (url, color)),
    ]


def test_keys_that_cannot_be_are_refused_in_their_place(tea):
    tea.asks("ada", ask.GetMetadata("*", ("url", "U R L", "k" * (KEY_LIMIT + 1))))
    (listed,) = told(tea, "ada")
    datum, *refused = listed.found
    assert datum == Datum("ada", "url", None)
    assert [type(error) for error in refused] == [BadMetadataKey, BadMetadataKey]


def test_a_key_is_taken_away_once(tea):
    tea.asks("ada", ask.SetMetadata("*", "url", "x"), ask.SetMetadata("*", "url"))
    assert told(tea, "ada")[-1] == ev.MetadataSet(Datum("ada", "url", None))
    tea.asks("ada", ask.SetMetadata("*", "url"))
    assert refusals(tea, "ada") == [MetadataNotSet]


def test_values_and_keys_have_limits(tea):
    tea.asks("ada", ask.SetMetadata("*", "url", "é" * (VALUE_LIMIT // 2)))
    tea.asks("ada", ask.SetMetadata("*", "url", "é" * (VALUE_LIMIT // 2) + "e"))
    assert refusals(tea, "ada") == [BadMetadataValue]
    tea.asks("ada", *(ask.SetMetadata("*", f"k{number}", "x") for number in range(1, KEYS_LIMIT)))
    assert refusals(tea, "ada") == []
    tea.asks("ada", ask.SetMetadata("*", "more", "x"), ask.SetMetadata("*", "url", "y"))
    assert refusals(tea, "ada") == [MetadataFull]
    assert tea.user("ada").metadata["url"] == "y"


@pytest.mark.parametrize("name", ["nobody", "#none"])
def test_there_has_to_be_a_target(tea, name):
    tea.asks("ada", ask.ListMetadata(name), ask.SetMetadata(name, "url", "x"), ask.SyncMetadata(name))
    assert refusals(tea, "ada") == [BadMetadataTarget] * 3


def test_nobody_sets_the_metadata_of_others_but_operators(tea):
    tea.asks("ada", ask.SetMetadata("bob", "url", "x"), ask.ClearMetadata("bob"))
    assert [event.error.about for event in told(tea, "ada", Rejected)] == [("bob", "url"), ("bob", "*")]
    tea.user("ada").operator = "root"
    tea.asks("ada", ask.SetMetadata("bob", "url", "x"))
    assert tea.user("bob").metadata == {"url": "x"}


def test_a_rooms_operators_set_its_metadata(tea):
    tea.asks("bob", ask.SetMetadata("#tea", "url", "x"))
    assert refusals(tea, "bob") == [MetadataForbidden]
    tea.asks("ada", ask.SetMetadata("#TEA", "url", "x"))
    assert told(tea, "ada") == [ev.MetadataSet(Datum("#tea", "url", "x"))]
    tea.asks("kim", ask.ListMetadata("#tea"))
    assert told(tea, "kim") == [ev.MetadataListed("#tea", (Datum("#tea", "url", "x"),))]


def test_everything_is_cleared_at_once(tea):
    tea.asks("bob", ask.Subscribe("*", ("url",)))
    tea.asks("ada", ask.SetMetadata("#tea", "url", "x"), ask.SetMetadata("#tea", "color", "y"))
    tea.forget()
    tea.asks("ada", ask.ClearMetadata("#tea"))
    gone = Datum("#tea", "url", None), Datum("#tea", "color", None)
    assert told(tea, "ada") == [ev.MetadataListed("#tea", gone)]
    assert told(tea, "bob") == [changed(tea, "ada", "#tea", "url", None)]
    assert tea.chat.rooms["#tea"].metadata == {}


@pytest.mark.parametrize("closed", ["i", "key"])
def test_what_is_in_a_closed_room_is_for_those_inside(tea, closed):
    room = tea.chat.rooms["#tea"]
    room.metadata["url"] = "secret"
    if closed == "i":
        room.flags.add("i")
    else:
        room.key = "leaf"
    requests = ask.GetMetadata("#tea", ("url",)), ask.ListMetadata("#tea"), ask.SyncMetadata("#tea")
    tea.asks("kim", *requests)
    assert refusals(tea, "kim") == [MetadataForbidden] * 3
    tea.asks("bob", *requests)
    assert refusals(tea, "bob") == []


def test_a_hidden_room_is_none_for_those_outside(tea):
    tea.chat.rooms["#tea"].flags.add("s")
    tea.asks("kim", ask.ListMetadata("#tea"))
    assert refusals(tea, "kim") == [BadMetadataTarget]
    tea.user("kim").operator = "root"
    tea.asks("kim", ask.ListMetadata("#tea"))
    assert refusals(tea, "kim") == []


def test_subscribers_near_hear_of_changes(tea):
    tea.asks("bob", ask.Subscribe("*", ("url",)))
    tea.asks("kim", ask.Subscribe("*", ("url",)))
    tea.forget()
    tea.asks("ada", ask.SetMetadata("*", "url", "x"), ask.SetMetadata("*", "color", "y"))
    assert told(tea, "bob") == [changed(tea, "ada", "ada", "url", "x")]
    assert told(tea, "kim") == []
    tea.asks("ada", ask.SetMetadata("*", "url", "x"))
    assert told(tea, "bob") == []
    tea.asks("ada", ask.SetMetadata("*", "url"))
    assert told(tea, "bob") == [changed(tea, "ada", "ada", "url", None)]


def test_who_makes_the_change_only_gets_the_answer(tea):
    tea.asks("ada", ask.Subscribe("*", ("url",)))
    tea.asks("ada", ask.SetMetadata("#tea", "url", "x"))
    assert told(tea, "ada") == [ev.MetadataSet(Datum("#tea", "url", "x"))]


def test_who_watches_hears_too_and_is_told_what_is_set(tea):
    tea.asks("ada", ask.SetMetadata("*", "url", "x"))
    tea.asks("kim", Watch(("ada",)), ask.Subscribe("*", ("url",)))
    assert told(tea, "kim") == [changed(tea, "ada", "ada", "url", "x")]
    tea.asks("ada", ask.SetMetadata("*", "url", "y"))
    assert told(tea, "kim") == [changed(tea, "ada", "ada", "url", "y")]
    tea.asks("kim", Watch(("ada", "nobody")))
    assert told(tea, "kim") == [changed(tea, "ada", "ada", "url", "y")]
    tea.asks("ada", Rename("eve"))
    tea.asks("kim", Watch(("zoe",)))
    tea.forget()
    tea.asks("ada", Rename("zoe"))
    assert told(tea, "kim") == [changed(tea, "ada", "zoe", "url", "y")]


def test_subscribing_again_tells_of_those_in_the_room_once(tea):
    tea.asks("ada", ask.SetMetadata("*", "url", "x"))
    tea.asks("bob", Watch(("ada", "nobody")))
    tea.forget()
    tea.asks("bob", ask.Subscribe("*", ("url", "url")))
    assert tea.seen("bob") == [
        ev.Subscribed(("url",)),
        ev.MetadataSynced("#tea", (Datum("ada", "url", "x"),)),
    ]


def test_some_subscriptions_are_refused(tea):
    tea.asks("kim", ask.Subscribe("kim", ("a", "$b", "c")))
    subscribed, refused = tea.seen("kim")
    assert subscribed == ev.Subscribed(("a", "c"))
    assert isinstance(refused.error, BadMetadataKey)
    tea.asks("kim", ask.Subscribe("*", tuple(f"k{number}" for number in range(SUBSCRIPTIONS_LIMIT))))
    subscribed, refused = tea.seen("kim")
    assert len(subscribed.keys) == SUBSCRIPTIONS_LIMIT - 2
    assert isinstance(refused.error, TooManySubscriptions)
    assert refused.error.about == (f"k{SUBSCRIPTIONS_LIMIT - 2}",)
    tea.asks("kim", ask.Subscribe("*", ("more",)))
    assert refusals(tea, "kim") == [TooManySubscriptions]


def test_subscriptions_are_listed_and_ended(tea):
    tea.asks("ada", ask.Subscribe("*", ("b",)))
    tea.asks(
        "kim", ask.Subscribe("*", ("a",)), ask.Subscribe("*", ("b", "a")), ask.Unsubscribe("*", ("b", "never", "$"))
    )
    tea.asks("kim", ask.ListSubscriptions("*"), ask.Unsubscribe("*", ("$",)))
    events = tea.seen("kim")
    assert ev.Unsubscribed(("b", "never")) in events
    assert ev.SubscriptionsListed(("a",)) in events
    assert [type(event.error) for event in events if isinstance(event, Rejected)] == [BadMetadataKey] * 2


def test_nobody_subscribes_for_others(tea):
    tea.asks("kim", ask.Subscribe("ada", ("a",)), ask.Unsubscribe("ada", ("a",)), ask.ListSubscriptions("#tea"))
    assert refusals(tea, "kim") == [BadMetadataTarget] * 3


def test_who_has_left_hears_nothing_more(tea):
    tea.asks("bob", ask.Subscribe("*", ("url",)), Quit())
    tea.forget()
    tea.asks("ada", ask.SetMetadata("*", "url", "x"))
    assert told(tea, "bob") == []


def test_who_comes_into_a_room_is_told_what_is_set_there(tea):
    tea.asks("ada", ask.SetMetadata("*", "url", "x"), ask.SetMetadata("#tea", "url", "y"))
    tea.asks("kim", ask.Subscribe("*", ("url",)), ask.SetMetadata("*", "url", "mine"))
    tea.forget()
    tea.asks("kim", Join(("#tea",)))
    found = Datum("#tea", "url", "y"), Datum("ada", "url", "x")
    assert told(tea, "kim") == [ev.MetadataSynced("#tea", found)]
    tea.asks("kim", ask.SyncMetadata("#tea"), ask.SyncMetadata("ada"))
    assert told(tea, "kim") == [ev.MetadataSynced("#tea", found), ev.MetadataSynced("ada", found[1:])]


def test_from_outside_only_the_rooms_own_metadata_is_seen(tea):
    tea.asks("ada", ask.SetMetadata("*", "url", "x"), ask.SetMetadata("#tea", "url", "y"))
    tea.asks("kim", ask.Subscribe("*", ("url",)), ask.SyncMetadata("#tea"))
    assert told(tea, "kim") == [ev.MetadataSynced("#tea", (Datum("#tea", "url", "y"),))]


def test_those_in_a_room_are_told_of_who_comes(tea):
    tea.asks("bob", ask.Subscribe("*", ("url",)))
    tea.asks("kim", ask.SetMetadata("*", "url", "x"), ask.SetMetadata("*", "color", "y"))
    tea.forget()
    tea.asks("kim", Join(("#tea",)))
    assert told(tea, "bob") == [changed(tea, "kim", "kim", "url", "x")]
    assert told(tea, "ada") == []


def test_in_a_big_room_one_has_to_ask(tea):
    crowd = [f"p{number}" for number in range(SYNC_LIMIT)]
    tea.registers(*crowd)
    for person in crowd:
        tea.asks(person, Join(("#tea",)))
    tea.asks("bob", ask.Subscribe("*", ("url",)))
    tea.asks("kim", ask.Subscribe("*", ("url",)), ask.SetMetadata("*", "url", "x"))
    tea.forget()
    tea.asks("kim", Join(("#tea",)))
    assert told(tea, "kim") == [ev.SyncPostponed("#tea", SYNC_WAIT)]
    assert told(tea, "bob") == []
    tea.asks("bob", ask.SyncMetadata("#tea"))
    assert told(tea, "bob") == [ev.MetadataSynced("#tea", (Datum("kim", "url", "x"),))]


def test_before_registration_one_has_only_oneself(play):
    play.registers("bob")
    play.asks("bob", Watch(("ada",)), ask.Subscribe("*", ("url",)))
    play.connects("ada", wire="irc")
    play.forget()
    play.asks("ada", Hold(Welcomed), Rename("ada"), ask.SetMetadata("*", "url", "x"), ask.ListMetadata("*"))
    datum = Datum("*", "url", "x")
    assert told(play, "ada") == [ev.MetadataSet(datum), ev.MetadataListed("*", (datum,))]
    play.asks("ada", ask.ListMetadata("ada"), ask.ListMetadata("bob"), ask.Subscribe("ada", ("url",)))
    assert refusals(play, "ada") == [BadMetadataTarget] * 3
    assert told(play, "bob") == []


def test_what_was_set_before_registration_is_part_of_the_welcome(play):
    play.connects("ada", wire="irc")
    play.asks("ada", ask.SetMetadata("*", "url", "x"))
    play.forget()
    play.asks("ada", Rename("ada"), Introduce("ada", "Ada"))
    (welcomed,) = told(play, "ada", Welcomed)
    assert welcomed.metadata == (Datum("ada", "url", "x"),)


def test_a_further_client_brings_what_it_set(play):
    play.registers("ada", "bob")
    play.chat.learn_accounts((Account("ada", 0),))
    play.asks("ada", Join(("#tea",)), *(ask.SetMetadata("*", f"k{n}", "x") for n in range(KEYS_LIMIT - 1)))
    play.asks("bob", Join(("#tea",)), ask.Subscribe("*", ("url", "k1", "late")))
    user = play.user("ada")
    user.account = "ada"
    user.changed()
    play.connects("ada's phone", wire="irc")
    play.asks("ada's phone", Rename("ada"))
    play.user("ada's phone").account = "ada"
    play.asks("ada's phone", *(ask.SetMetadata("*", key, "x") for key in ("k1", "url", "late")))
    play.asks("ada's phone", ask.Subscribe("*", ("k1",)))
    play.forget()
    play.asks("ada's phone", Introduce("ada", "Ada"))
    assert play.user("ada's phone") is user
    assert set(user.metadata) == {*(f"k{n}" for n in range(KEYS_LIMIT - 1)), "url"}
    assert told(play, "bob") == [changed(play, "ada", "ada", "url", "x")]
    play.asks("ada", ask.SetMetadata("*", "k1", "y"))
    assert told(play, "ada's phone", ev.MetadataChanged) == [changed(play, "ada", "ada", "k1", "y")]
