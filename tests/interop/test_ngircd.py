"""``chatctl connect`` at ngIRCd, where it is installed: no acknowledgements, no history, short nicks."""

from __future__ import annotations

import pytest

# It takes a minute, as other servers throttle and start slowly: a ring of its own.
pytestmark = pytest.mark.slow

CONFIGURATION = """
[Global]
Name = irc.example.org
Info = a test
Listen = 127.0.0.1
Ports = @PORT@
MotdPhrase = Be kind.
{more}
[Limits]
MaxConnectionsIP = 0
{limits}
[Options]
DNS = no
Ident = no
PAM = no
[Operator]
Name = root
Password = sesame
"""
UNTHROTTLED = "MaxPenaltyTime = 0"


@pytest.fixture
def start(start_foreign):
    """Start ngIRCd."""

    def start_it(limits=UNTHROTTLED, more=""):
        return start_foreign("ngircd", ["-n", "-f"], CONFIGURATION.format(limits=limits, more=more))

    return start_it


def test_what_a_script_says_reaches_the_room_and_only_that_is_told(start, irc, piped):
    port = start().port
    watch = irc(port, "watch", "#ops")
    client = piped(port, "--name", "ada", "--room", "#ops")
    assert client.says("hello\n") == 0
    assert watch.texts("#ops") == ["hello"]
    assert client.stdout == ""
    assert client.stderr.splitlines()[0] == f"connected to 127.0.0.1:{port} as ada in #ops"


@pytest.mark.parametrize(("limits", "count"), [(UNTHROTTLED, 200), ("", 6)], ids=["unthrottled", "throttled"])
def test_every_line_arrives_once_and_in_order(start, irc, piped, limits, count):
    port = start(limits).port
    watch = irc(port, "watch", "#ops")
    lines = [f"line {number}" for number in range(1, count + 1)]
    client = piped(port, "--name", "ada", "--room", "#ops")
    assert client.says("\n".join(lines)) == 0, client.stderr
    assert watch.texts("#ops") == lines


def test_without_a_name_one_is_chosen_that_is_free_and_short_enough(start, irc, piped):
    port = start().port
    client = piped(port)
    assert client.says() == 0
    assert client.stderr.splitlines()[0].endswith(" as kim")
    irc(port, "kim")
    client = piped(port)
    assert client.says() == 0
    assert client.stderr.splitlines()[0].endswith(" as kim_")
    client = piped(port, LOGNAME="kimberleyann")
    assert client.says() == 0
    assert client.stderr.splitlines()[0].endswith(" as kimberle1")


def test_a_taken_name_is_said(start, irc, piped):
    port = start().port
    irc(port, "ada")
    client = piped(port, "--name", "ada")
    assert client.says() == 1
    assert client.stderr == "Error: ada was refused: Nickname already in use; choose another with --name\n"


def test_a_refused_command_is_not_taken_for_a_refused_message(start, irc, piped):
    port = start().port
    watch = irc(port, "watch", "#ops")
    watch.send("MODE #ops +t")
    client = piped(port, "--name", "ada", "--room", "#ops")
    assert client.says("/topic mine\n/me waves\n/nick lovelace\nhello\n") == 0
    assert client.stderr.splitlines()[1] == "ERR not-a-room-operator #ops: You are not channel operator"
    assert watch.texts("#ops") == ["\x01ACTION waves\x01", "hello"]


def test_messages_that_nobody_gets_are_not_acknowledged(start, irc, piped):
    port = start().port
    watch = irc(port, "watch", "#ops")
    watch.send("MODE #ops +m")
    watch.hear(" MODE ")
    client = piped(port, "--name", "ada", "--room", "#ops")
    assert client.says("silence\n/msg nobody hi\n/msg watch psst\n") == 15
    assert "ERR cannot-speak #ops: Cannot send to channel" in client.stderr
    assert "ERR no-such-nick nobody: No such nick" in client.stderr
    assert client.stderr.splitlines()[-1] == "Error: 2 of 3 messages were not acknowledged"
    watch.hear("ada", " PRIVMSG watch :psst")


def test_a_conversation_on_a_screen(start, irc, on_screen):
    port = start().port
    watch = irc(port, "watch", "#ops")
    screen = on_screen(port, "--name", "ada", "--room", "#ops")
    shown = screen.shows("* ada joined #ops")
    assert shown.index("Welcome to the Internet Relay Network") < shown.index(" Be kind.") < shown.index("#ops ─")
    screen.type("good morning")
    screen.shows("ada: good morning ✓")
    assert watch.hear(" PRIVMSG ")[-1].endswith(" PRIVMSG #ops :good morning")
    watch.send("PRIVMSG #ops :morning, ada", "PRIVMSG ada :psst", "MODE #ops +o ada")
    screen.shows("watch: morning, ada")
    screen.shows("watch to you: psst")
    screen.shows("watch sets +o ada on #ops")
    screen.type("/nick lovelace")
    screen.shows("ada is now lovelace")
    screen.type("same one")
    screen.shows("lovelace: same one ✓")
    screen.type("/who")
    screen.shows("in #ops: @lovelace @watch")
    screen.type("/whois watch")
    screen.shows("watch is in @#ops")
    screen.type("/topic tea at five")
    screen.shows("* lovelace set the topic of #ops: tea at five")
    screen.type("/kick watch enough")
    screen.shows("* lovelace kicked watch from #ops (enough)")
    assert watch.hear(" KICK ")[-1].endswith(" KICK #ops watch :enough")
    screen.type("exit")
    assert screen.ends() == 0


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
    irc(server.port, "watch", "#ops")
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
    watch = irc(server.port, "watch", "#ops")
    screen.shows("connected again")
    shown = screen.shows("ada: while away ✓")
    assert "perhaps not sent: in the dark – the connection was lost before the server answered" in shown
    assert shown.count("ada: ") == 2
    assert shown.count("* ada joined") == 1
    screen.type("still here")
    screen.shows("ada: still here ✓")
    assert watch.texts("#ops") == ["while away", "still here"]
    watch.send("JOIN #tea")
    assert "ada" in watch.hear(" 353 ", "#tea")[-1]


def test_a_password_that_is_missing_or_wrong_and_the_right_one(start, piped):
    port = start(more="Password = green tea").port
    client = piped(port, "--name", "ada")
    assert client.says() == 12
    assert client.stderr.endswith("Bad password?; if it wants a password, give it with --password-file\n")
    client = piped(port, "--name", "ada", CHATCTL_PASSWORD="coffee")
    assert client.says() == 12
    assert client.stderr.endswith("; if it wants a password, check --password-file\n")
    client = piped(port, "--name", "ada", CHATCTL_PASSWORD="green tea")
    assert client.says() == 0


def test_an_account_on_a_server_without_any_is_refused(start, piped):
    client = piped(start().port, "--account", "ada", CHATCTL_PASSWORD="green tea")
    assert client.says() == 12
    assert client.stderr == "Error: the server offers no login; leave out --account\n"


@pytest.mark.parametrize("limit", ["MaxConnections = 1", "MaxConnectionsIP = 1"])
def test_a_full_server_is_told_from_one_that_is_not_there(start, irc, piped, limit):
    port = start(f"{UNTHROTTLED}\n{limit}").port
    irc(port, "watch")
    client = piped(port, "--name", "ada")
    assert client.says() == 11, client.stderr


@pytest.mark.parametrize(
    ("command", "words"), [("KILL ada :enough", "watch: enough"), ("KICK #ops ada :enough", "#ops (enough)")]
)
def test_who_is_killed_or_kicked_ends_with_13(start, irc, piped, command, words):
    port = start().port
    watch = irc(port, "watch", "#ops")
    watch.send("OPER root sesame")
    watch.hear(" 381 ")
    client = piped(port, "--name", "ada", "--room", "#ops")
    watch.hear("ada", " JOIN ")
    watch.send(command)
    assert client.ends() == 13
    assert client.stderr.splitlines()[-1].startswith("Error: ")
    assert words in client.stderr.splitlines()[-1]


def test_who_is_banned_from_the_server_or_a_room_does_not_come_in(start, irc, piped):
    port = start().port
    watch = irc(port, "watch", "#ops")
    watch.send("MODE #ops +b ada!*@*", "OPER root sesame", "GLINE *eve@127.0.0.1 60 :enough")
    watch.hear(" 381 ")
    watch.texts("#ops")
    client = piped(port, "--name", "ada", "--room", "#ops")
    assert client.says() == 1
    assert client.stderr == "Error: cannot go into #ops: Cannot join channel (+b) -- You are banned\n"
    client = piped(port, "--name", "eve", LOGNAME="eve")
    assert client.says() == 13
    assert client.stderr == 'Error: Access denied: "enough" (G-Line)\n'
