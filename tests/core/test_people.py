"""WHO, WHOIS, WHOWAS, USERHOST and ISON: who is found by whom, and what is told of them."""

from __future__ import annotations

import pytest

from chatctl.core.commands.people import FOUND_LIMIT, HOSTS_LIMIT, PROFILES_LIMIT, RECORDS_LIMIT
from chatctl.core.events import people as ev
from chatctl.core.events.metadata import Datum
from chatctl.core.events.presence import Rejected
from chatctl.core.names import fold
from chatctl.core.queries import WhowasQuery
from chatctl.core.records import Entry
from chatctl.core.requests import people as ask
from chatctl.core.requests.metadata import SetMetadata
from chatctl.core.requests.presence import Quit, Rename
from chatctl.core.requests.rooms import Join, Leave
from chatctl.core.requests.status import Away
from chatctl.core.requests.talk import Send
from chatctl.core.room import HIDDEN, OP, VOICE
from chatctl.core.state import PAST_NICKS
from chatctl.core.user import BOT, INVISIBLE
from chatctl.errors import NoSuchNick, NoSuchRecord, NoSuchServer, NotRegistered


@pytest.fixture
def tea(plays):
    """Ada, who made it, and bob are in a room, eve is not; there is place for more than a search finds."""
    play = plays(limit=FOUND_LIMIT + 10)
    play.registers("ada", "bob", "eve")
    play.asks("ada", Join(("#Tea",)))
    play.asks("bob", Join(("#tea",)))
    play.forget()
    return play


def invisible(play, person):
    user = play.user(person)
    user.modes.add(INVISIBLE)
    user.changed()
    return user


def only(play, person, kind):
    """Return the one event that somebody was told, which is of this kind."""
    (event,) = play.seen(person)
    assert isinstance(event, kind)
    return event


def found(play, person, mask, **options):
    """Return the nicks that a WHO is answered with."""
    play.asks(person, ask.Who(mask, **options))
    return [card.who.nick for card in only(play, person, ev.WhoShown).cards]


def profile(play, person, nick):
    play.asks(person, ask.Whois((nick,), nick))
    shown, ended = play.seen(person)
    assert ended == ev.WhoisEnded(nick)
    return shown


def rooms(play, person, nick):
    return [name for name, _ in profile(play, person, nick).rooms]


def test_who_is_in_a_room_is_told_in_the_order_of_coming_with_ranks(tea):
    tea.user("bob").operator = "root"
    tea.asks("bob", Away("lunch"))
    tea.chat.rooms["#tea"].members[tea.user("ada")].roles.add(VOICE)
    tea.later(2_500)
    tea.forget()
    tea.asks("eve", ask.Who("#TEA", fields="nf", token="7"))
    ada, bob = tea.user("ada"), tea.user("bob")
    assert only(tea, "eve", ev.WhoShown) == ev.WhoShown(
        "#TEA",
        (
            ev.Card(ada.source, "ada", "127.0.0.1", "ada the real", "#Tea", OP + VOICE, False, False, 2),
            ev.Card(bob.source, "bob", "127.0.0.1", "bob the real", "#Tea", "", True, True, 2),
        ),
        "nf",
        "7",
    )


def test_a_secret_room_is_told_only_to_members_and_operators_of_the_server(tea):
    tea.chat.rooms["#tea"].flags.add(HIDDEN)
    assert found(tea, "eve", "#tea") == []
    assert found(tea, "bob", "#tea") == ["ada", "bob"]
    tea.user("eve").operator = "root"
    assert found(tea, "eve", "#tea") == ["ada", "bob"]


def test_a_room_that_there_is_not_has_nobody_in_it(tea):
    assert found(tea, "eve", "#coffee") == []


def test_one_may_ask_for_operators_of_the_server_only(tea):
    tea.user("bob").operator = "root"
    assert found(tea, "eve", "#tea", operators=True) == ["bob"]
    assert found(tea, "eve", "*", operators=True) == ["bob"]
    assert found(tea, "eve", "ada", operators=True) == []


@pytest.mark.parametrize("mask", ["*", "0"])
def test_everybody_can_be_asked_for(tea, mask):
    assert found(tea, "eve", mask) == ["ada", "bob", "eve"]


def test_a_nick_means_one_person_whatever_its_letter_case(tea):
    assert found(tea, "eve", "ADA") == ["ada"]
    assert found(tea, "eve", "kim") == []


@pytest.mark.parametrize(
    "mask",
    ["AD?", "*root*", "192.0.2.*", "*engine*", "count*", "ada!*@*", "*!*root@192.0.2.*", "*@192.0.2.?"],
    ids=["nick", "user", "host", "real name", "account", "full", "user and host", "host alone"],
)
def test_a_mask_may_mean_any_name_of_somebody(tea, mask):
    ada = tea.user("ada")
    ada.name, ada.host, ada.realname, ada.account = "theroot", "192.0.2.7", "An Engineer", "countess"
    ada.changed()
    assert found(tea, "eve", mask) == ["ada"]


def test_a_mask_of_one_word_does_not_span_several(tea):
    assert found(tea, "eve", "a*0.0.1") == []


def test_a_mask_finds_who_is_invisible_only_for_who_shares_a_room(tea):
    invisible(tea, "ada")
    assert found(tea, "eve", "a*") == []
    assert found(tea, "eve", "*") == ["bob", "eve"]
    assert found(tea, "eve", "ada") == ["ada"]
    assert found(tea, "bob", "a*") == ["ada"]
    assert found(tea, "ada", "a*") == ["ada"]
    tea.user("eve").operator = "root"
    assert found(tea, "eve", "a*") == ["ada"]


def test_who_is_invisible_is_seen_in_a_room_from_inside_or_by_who_shares_another(tea):
    invisible(tea, "ada")
    assert found(tea, "eve", "#tea") == ["bob"]
    assert found(tea, "bob", "#tea") == ["ada", "bob"]
    for person in ("ada", "eve"):
        tea.asks(person, Join(("#club",)))
    tea.forget()
    assert found(tea, "eve", "#tea") == ["ada", "bob"]


def test_a_search_stops_at_its_limit_but_not_a_room_nor_for_operators(tea):
    tea.crowd(FOUND_LIMIT)
    tea.asks("eve", ask.Who("client*"))
    answer = only(tea, "eve", ev.WhoShown)
    assert (len(answer.cards), answer.more) == (FOUND_LIMIT, False)
    tea.asks("eve", ask.Who("*"))
    answer = only(tea, "eve", ev.WhoShown)
    assert (len(answer.cards), answer.more) == (FOUND_LIMIT, True)
    tea.chat.enter(tea.user("bob"), tea.chat.lobby)
    assert len(found(tea, "eve", "#lobby")) == FOUND_LIMIT + 1
    tea.user("eve").operator = "root"
    assert len(found(tea, "eve", "*")) == FOUND_LIMIT + 3


def test_a_profile_tells_strangers_what_all_may_know(tea):
    ada = tea.user("ada")
    ada.account = "countess"
    ada.modes.add(BOT)
    ada.changed()
    tea.asks("ada", Away("lunch"), SetMetadata("*", "url", "x"))
    tea.later(5_000)
    tea.forget()
    assert profile(tea, "eve", "ada") == ev.WhoisShown(
        ada.source,
        "ada",
        "127.0.0.1",
        "ada the real",
        (("#Tea", OP),),
        "lunch",
        False,
        None,
        None,
        5,
        ada.since,
        (Datum("ada", "url", "x"),),
    )


def test_addresses_of_all_clients_and_modes_are_told_to_oneself_and_to_operators(tea):
    tea.connects("phone", wire="irc", address="[::1]:9")
    session = tea.chat.sessions[tea.numbers["phone"]]
    tea.chat.attach(session, tea.user("ada"))
    invisible(tea, "ada")
    tea.forget()
    shown = profile(tea, "ada", "ada")
    assert (shown.addresses, shown.modes) == (("127.0.0.1", "0::1"), "i")
    shown = profile(tea, "bob", "ada")
    assert (shown.addresses, shown.modes) == (None, None)
    tea.user("bob").operator = "root"
    shown = profile(tea, "bob", "ada")
    assert (shown.addresses, shown.modes) == (("127.0.0.1", "0::1"), "i")
    shown = profile(tea, "bob", "bob")
    assert (shown.operator, shown.modes) == (True, "o")


def test_idle_counts_from_what_was_said_last(tea):
    tea.later(9_000)
    tea.asks("ada", Send(("bob",), "say", "hi"))
    tea.later(1_999)
    tea.forget()
    assert profile(tea, "eve", "ada").idle == 1
    assert profile(tea, "eve", "bob").idle == 10
    tea.later(-60_000)
    assert profile(tea, "eve", "ada").idle == 0


def test_a_secret_room_is_not_told_to_strangers(tea):
    tea.chat.rooms["#tea"].flags.add(HIDDEN)
    assert rooms(tea, "eve", "ada") == []
    assert rooms(tea, "bob", "ada") == rooms(tea, "ada", "ada") == ["#Tea"]
    tea.user("eve").operator = "root"
    assert rooms(tea, "eve", "ada") == ["#Tea"]


def test_of_who_is_invisible_only_shared_rooms_are_told(tea):
    tea.asks("ada", Join(("#club",)))
    tea.forget()
    invisible(tea, "ada")
    assert rooms(tea, "eve", "ada") == []
    assert rooms(tea, "bob", "ada") == ["#Tea"]
    assert rooms(tea, "ada", "ada") == ["#Tea", "#club"]


def test_several_people_are_answered_together_and_who_is_missing_is_named(tea):
    tea.asks("eve", ask.Whois(("ada", "kim", "bob"), "ada,kim,,bob"))
    ada, missing, bob, ended = tea.seen("eve")
    assert (ada.who.nick, bob.who.nick) == ("ada", "bob")
    assert isinstance(missing.error, NoSuchNick)
    assert ended == ev.WhoisEnded("ada,kim,,bob")


def test_more_people_than_the_limit_are_left_out(tea):
    tea.asks("eve", ask.Whois(("ada",) * (PROFILES_LIMIT + 1), "x"))
    assert [type(one) for one in tea.seen("eve")] == [*[ev.WhoisShown] * PROFILES_LIMIT, ev.WhoisEnded]


def test_the_server_to_ask_may_be_named_by_somebody_who_is_here(tea):
    tea.asks("eve", ask.Whois(("ada",), "ada", "BOB"))
    assert [type(one) for one in tea.seen("eve")] == [ev.WhoisShown, ev.WhoisEnded]
    tea.asks("eve", ask.Whois(("ada",), "ada", "far.example"))
    refused, ended = tea.seen("eve")
    assert isinstance(refused.error, NoSuchServer)
    assert ended == ev.WhoisEnded("ada")


def test_people_with_a_line_client_can_be_asked_about(tea):
    tea.connects("kim", address="192.0.2.1:99")
    tea.forget()
    shown = profile(tea, "eve", tea.nick("kim"))
    assert (shown.name, shown.host, shown.rooms) == ("text", "192.0.2.1", (("#lobby", ""),))


@pytest.mark.parametrize(("count", "asked"), [(None, RECORDS_LIMIT), (3, 3), (RECORDS_LIMIT + 1, RECORDS_LIMIT)])
def test_the_past_of_a_nick_is_looked_up(tea, count, asked):
    tea.asks("eve", ask.Whowas("kim", count))
    assert [one.query for one in tea.questions] == [WhowasQuery("kim", asked)]


def entry(nick, disconnected):
    return Entry(1, nick, "192.0.2.1:1", "irc", 0, disconnected)


def test_who_gave_a_nick_up_and_who_left_with_it_are_told_the_last_one_first(tea):
    tea.asks("ada", Rename("Kim"))
    tea.later(10)
    tea.asks("ada", Rename("ada"))
    gone = tea.now
    tea.later(10)
    tea.forget()
    tea.asks("eve", ask.FormerFound("kim", 9, (entry("kim", gone + 5), entry("kim", gone - 5))))
    shown = only(tea, "eve", ev.WhowasShown)
    assert shown.nick == "kim"
    assert [(one.nick, one.disconnected) for one in shown.entries] == [
        ("kim", gone + 5),
        ("Kim", gone),
        ("kim", gone - 5),
    ]
    assert shown.entries[1].user == "ada"
    tea.asks("eve", ask.FormerFound("kim", 2, (entry("kim", gone + 5), entry("kim", gone - 5))))
    assert len(only(tea, "eve", ev.WhowasShown).entries) == 2


def test_a_nick_that_nobody_had_is_refused_and_the_answer_ends_all_the_same(tea):
    tea.asks("eve", ask.FormerFound("kim", 9, ()))
    refused, ended = tea.seen("eve")
    assert isinstance(refused.error, NoSuchRecord)
    assert ended == ev.WhowasShown("kim", ())


def test_names_that_the_server_gave_and_other_letter_cases_are_not_remembered(tea):
    tea.connects("kim")
    tea.asks("kim", Rename("kim"), Rename("KIM"))
    assert not tea.chat.past_nicks
    tea.asks("kim", Rename("jo"))
    assert [one.nick for one in tea.chat.past_nicks] == ["KIM"]


def test_the_memory_of_nicks_is_bounded(tea):
    for number in range(PAST_NICKS + 5):
        tea.asks("ada", Rename(f"ada{number}"))
    assert len(tea.chat.past_nicks) == PAST_NICKS


def test_where_people_are(tea):
    tea.user("bob").operator = "root"
    tea.asks("ada", Away("lunch"))
    tea.forget()
    tea.asks("eve", ask.Hosts(("ADA", "kim", "bob")))
    assert only(tea, "eve", ev.HostsShown).people == (
        (tea.user("ada").source, False, True),
        (tea.user("bob").source, True, False),
    )
    tea.asks("eve", ask.Hosts(("ada",) * (HOSTS_LIMIT + 1)))
    assert len(only(tea, "eve", ev.HostsShown).people) == HOSTS_LIMIT


def test_which_nicks_are_here(tea):
    tea.asks("bob", Quit())
    tea.forget()
    tea.asks("eve", ask.Present(("ADA", "bob", "kim", "eve")))
    assert only(tea, "eve", ev.PresentShown) == ev.PresentShown(("ada", "eve"))


def test_who_has_not_registered_is_neither_told_nor_found(tea):
    tea.connects("kim", wire="irc")
    tea.asks("kim", Rename("kim"), ask.Whois(("ada",), "ada"))
    event = only(tea, "kim", Rejected)
    assert isinstance(event.error, NotRegistered)
    assert fold("kim") not in tea.chat.nicks
    assert found(tea, "eve", "k*") == []


def test_who_left_the_room_shares_it_no_more(tea):
    invisible(tea, "ada")
    tea.asks("bob", Leave(("#tea",)))
    tea.forget()
    assert found(tea, "bob", "a*") == []
