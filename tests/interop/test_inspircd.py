"""``chatctl connect`` at InspIRCd, where it is installed: with IRCv3 and without, even without CAP; no history."""

from __future__ import annotations

import json
import os

import pytest

# It takes a minute, as other servers throttle and start slowly: a ring of its own.
pytestmark = pytest.mark.slow

CONFIGURATION = """
<server name="irc.example.org" description="a test" network="Testnet">
<admin name="nobody" nick="nobody" email="nobody@example.org">
<bind address="127.0.0.1" port="@PORT@" type="clients">
<class name="all" commands="KILL KLINE" usermodes="*" chanmodes="*">
<type name="root" classes="all">
<oper name="root" password="sesame" host="*@*" type="root">
<connect allow="*" resolvehostnames="no" useident="no" {connect}>
<insane hostmasks="yes" ipmasks="yes" trigger="100">
<exception host="watch@*" reason="test">
{more}
"""
# It lets people in once a second: clients that may come at the same time do so, to save the tests that time.
UNTHROTTLED = 'threshold="1000000" commandrate="1000000000" fakelag="no" recvq="1M"'
THROTTLED = 'threshold="5" commandrate="5000" fakelag="yes" recvq="8K"'
"""Like the default, but quicker to be slow and five times as fast then: five commands at once, then five a second."""

MODULES = (
    *("cap", "ircv3_batch", "ircv3_ctctags", "ircv3_echomessage", "ircv3_labeledresponse", "ircv3_msgid"),
    *("ircv3_servertime", "namesx"),
)


@pytest.fixture(params=[True, False], ids=["ircv3", "bare"])
def has_modules(request):
    """Whether it has IRCv3, or not even capabilities."""
    return request.param


ONCE = pytest.mark.parametrize("has_modules", [True])
"""What is the same with modules and without."""


@pytest.fixture
def start(start_foreign, has_modules):
    """Start InspIRCd."""

    def start_it(connect=UNTHROTTLED):
        more = "\n".join(f'<module name="{module}">' for module in MODULES) if has_modules else ""
        options = ["--nofork", "--nolog", "--nopid", *(["--runasroot"] if os.geteuid() == 0 else []), "--config"]
        return start_foreign("inspircd", options, CONFIGURATION.format(connect=connect, more=more))

    return start_it


@pytest.mark.parametrize(("connect", "count"), [(UNTHROTTLED, 200), (THROTTLED, 12)], ids=["unthrottled", "throttled"])
def test_every_line_arrives_once_and_in_order(start, irc, piped, connect, count):
    port = start(connect).port
    client = piped(port, "--name", "ada", "--room", "#ops")
    watch = irc(port, "watch", "#ops")
    lines = [f"line {number}" for number in range(1, count + 1)]
    assert client.says("\n".join(lines)) == 0, client.stderr
    assert watch.texts("#ops") == lines
    assert client.stdout == ""


def test_a_message_is_acknowledged_by_its_label_and_with_its_id_where_there_are_labels(start, irc, piped, has_modules):
    port = start().port
    client = piped(port, "--name", "ada", "--room", "#ops", "--json")
    watch = irc(port, "watch", "#ops")
    assert client.says("one\n/me two\n/msg watch three\n/notice #ops four\n/msg nobody five\n") == 15
    events = [json.loads(line) for line in client.stdout.splitlines()]
    stored = [event for event in events if event["event"] == "acknowledged"]
    assert [event["text"] for event in stored] == ["one", "two", "three", "four"]
    assert len({event["id"] for event in stored}) == (4 if has_modules else 1)
    assert all(bool(event["id"]) == bool(event["sent"]) == has_modules for event in stored)
    refused = [event for event in events if event["event"] == "refused"]
    assert [(event["code"], event["message"]["text"]) for event in refused] == [("no-such-nick", "five")]
    assert watch.texts("#ops") == ["one", "\x01ACTION two\x01"]


def test_without_a_name_one_is_chosen_that_is_free(start, irc, piped):
    port = start().port
    irc(port, "kim")
    first, second = piped(port), piped(port, LOGNAME="lee")
    assert first.says() == 0
    assert first.stderr.splitlines()[0].endswith(" as kim_")
    assert second.says() == 0
    assert second.stderr.splitlines()[0].endswith(" as lee")


@ONCE
def test_a_taken_name_is_said(start, irc, piped):
    port = start().port
    irc(port, "ada")
    client = piped(port, "--name", "ada")
    assert client.says() == 1
    assert client.stderr == "Error: ada was refused: Nickname is already in use.; choose another with --name\n"


def test_a_refused_command_is_not_taken_for_a_refused_message(start, irc, piped):
    port = start().port
    watch = irc(port, "watch", "#ops")
    client = piped(port, "--name", "ada", "--room", "#ops")
    assert client.says("/topic mine\n/me waves\n/nick lovelace\nhello\n") == 0, client.stderr
    assert client.stderr.splitlines()[1].startswith("ERR not-a-room-operator #ops: You must be a channel op")
    assert watch.texts("#ops") == ["\x01ACTION waves\x01", "hello"]


def test_a_conversation_on_a_screen(start, irc, on_screen):
    port = start().port
    watch = irc(port, "watch", "#ops")
    screen = on_screen(port, "--name", "ada", "--room", "#ops")
    shown = screen.shows("* ada joined #ops")
    assert shown.index("Welcome to the Testnet IRC Network") < shown.index("#ops ─")
    screen.type("good morning")
    screen.shows("ada: good morning ✓")
    assert watch.hear(" PRIVMSG ")[-1].endswith(" PRIVMSG #ops :good morning")
    watch.send("PRIVMSG #ops :morning, ada", "PRIVMSG ada :psst", "MODE #ops +o ada")
    screen.shows("watch: morning, ada")
    screen.shows("watch to you: psst")
    screen.shows("watch sets +o ada on #ops")
    screen.type("/nick lovelace")
    screen.shows("ada is now lovelace")
    screen.shows("● lovelace #ops>")
    screen.type("same one")
    screen.shows("lovelace: same one ✓")
    screen.type("/who")
    assert {"@watch", "@lovelace"} <= set(screen.shows("in #ops: ").split())
    screen.type("/whois watch")
    screen.shows("watch is in @#ops")
    screen.type("/topic tea at five")
    screen.shows("* lovelace set the topic of #ops: tea at five")
    screen.type("/kick watch enough")
    assert screen.shows("* lovelace kicked watch from #ops (enough)").count("good morning") == 1
    assert watch.hear(" KICK ")[-1].endswith(" KICK #ops watch :enough")
    screen.type("exit")
    assert screen.ends() == 0


@ONCE
def test_what_the_server_lacks_is_said_and_not_offered(start, on_screen):
    screen = on_screen(start().port, "--name", "ada", "--room", "#ops")
    screen.shows("ada #ops>")
    screen.type("status")
    screen.shows("this server has no table of sessions; /who lists who is in the room")
    screen.type("/history")
    screen.shows("this server keeps no history")
    screen.type("/search tea")
    screen.shows("this server cannot search")
    screen.type("/help")
    shown = screen.shows("//TEXT").partition("cannot search")[2]
    assert "/whois NAME" in shown
    assert not any(command in shown for command in ("/status", "/history", "/search"))
    screen.press("\x03")
    assert screen.ends() == 130


def test_what_is_on_its_way_when_the_server_dies_is_said_and_nothing_is_doubled(start, irc, on_screen):
    server = start()
    screen = on_screen(server.port, "--name", "ada", "--room", "#ops", "--room", "#tea")
    screen.shows("ada #ops>")
    screen.type("before")
    screen.shows("ada: before ✓")
    server.freeze()
    screen.type("in the dark")
    screen.shows("  in the dark …")
    server.kill()
    screen.shows("connection lost")
    screen.type("while away")
    screen.shows("  while away …")
    server.start()
    screen.shows("connected again")
    shown = screen.shows("ada: while away ✓")
    assert "perhaps not sent: in the dark – the connection was lost before the server answered" in shown
    assert shown.count("ada: ") == 2
    assert shown.count("* ada joined") == 1
    watch = irc(server.port, "watch", "#ops")
    screen.type("still here")
    screen.shows("ada: still here ✓")
    assert watch.texts("#ops") == ["still here"]
    watch.send("JOIN #tea")
    assert "ada" in watch.hear(" 353 ", "#tea")[-1]


@ONCE
def test_a_password_that_is_missing_or_wrong_and_the_right_one(start, piped):
    port = start(f'{UNTHROTTLED} password="green tea"').port
    missing = piped(port, "--name", "ada")
    wrong = piped(port, "--name", "bob", CHATCTL_PASSWORD="coffee")
    right = piped(port, "--name", "cleo", CHATCTL_PASSWORD="green tea")
    assert missing.says() == 12
    assert missing.stderr.endswith("; if it wants a password, give it with --password-file\n")
    assert wrong.says() == 12
    assert wrong.stderr.endswith("; if it wants a password, check --password-file\n")
    assert right.says() == 0


def test_an_account_on_a_server_without_any_is_refused(start, piped):
    client = piped(start().port, "--account", "ada", CHATCTL_PASSWORD="green tea")
    assert client.says() == 12
    assert client.stderr == "Error: the server offers no login; leave out --account\n"


@ONCE
def test_a_full_server_is_told_from_one_that_is_not_there(start, irc, piped):
    port = start(f'{UNTHROTTLED} localmax="1"').port
    irc(port, "watch")
    client = piped(port, "--name", "ada")
    assert client.says() == 11, client.stderr


@ONCE
def test_who_is_killed_kicked_or_banned_ends_with_13(start, irc, piped):
    port = start().port
    watch = irc(port, "watch", "#ops")
    watch.send("OPER root sesame", "MODE #ops +b eve!*@*")
    watch.hear(" 381 ")
    killed = piped(port, "--name", "ada", "--room", "#ops")
    kicked = piped(port, "--name", "bob", "--room", "#ops")
    banned = piped(port, "--name", "cleo", "--room", "#ops", LOGNAME="cleo")
    kept_out = piped(port, "--name", "eve", "--room", "#ops")
    coming = [watch.hear(" JOIN ")[-1] for _ in range(3)]
    assert sorted(line[1:4] for line in coming) == ["ada", "bob", "cle"]
    watch.send("KILL ada :enough", "KICK #ops bob :enough", "KLINE cleo@127.0.0.1 60 :enough")
    assert killed.ends() == 13
    assert killed.stderr.splitlines()[-1].endswith("[Killed (watch (enough))]")
    assert kicked.ends() == 13
    assert kicked.stderr.splitlines()[-1] == "Error: watch kicked bob from #ops (enough)"
    assert banned.ends() == 13
    assert "enough" in banned.stderr.splitlines()[-1]
    again = piped(port, "--name", "cleo", LOGNAME="cleo")
    assert again.says() == 13, again.stderr
    assert kept_out.says() == 1
    assert kept_out.stderr == "Error: cannot go into #ops: Cannot join channel (you're banned)\n"
