"""An IRC session over a real socket, from connect to quit, with people who use netcat in the same room."""

from __future__ import annotations

import pytest

from chatctl.core.policy import Policy
from chatctl.wire.irc.dialect import IrcDialect

FULL = "Server full (1/1 clients), try again later"


@pytest.fixture
def house(start_house, readers):
    return start_house(reader_threads=readers)


@pytest.fixture
def guarded(start_house, readers):
    """A server that asks for a password."""
    return start_house(reader_threads=readers, policy=Policy(password="sesame"))


def told(peer, wanted):
    """Return the first line that contains ``wanted``, without the CR LF that it has to end with."""
    line = peer.until(wanted)[-1]
    assert line.endswith("\r")
    return line[:-1]


def last_lines(peer):
    """Return the rest of the stream, without the CR of each line."""
    return [line.removesuffix("\r") for line in peer.rest()]


def register(house, nick, *lines):
    """Return an IRC client that has said ``lines`` before it registered as ``nick``."""
    peer = house.connect()
    peer.send(*lines, f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}")
    told(peer, " 422 ")
    return peer


def test_a_session_from_connect_to_quit(house):
    ada = house.enter("ada")
    kim = house.connect()
    kim.send("CAP LS 302")
    offered = kim.line()
    assert offered.startswith(":chatctl CAP * LS * :")
    assert "sasl=" in offered
    assert kim.line().startswith(":chatctl CAP * LS :")
    kim.send("NICK kim", "USER kim 0 * :Kim", "CAP REQ :message-tags echo-message", "PING held")
    assert told(kim, "CAP ") == ":chatctl CAP kim ACK :message-tags echo-message"
    assert kim.line() == ":chatctl PONG chatctl held\r"
    kim.send("CAP END")
    welcome = [line.split()[1] for line in kim.until(" 422 ")]
    assert welcome == ["001", "002", "003", "004", *["005"] * welcome.count("005"), *welcome[-8:]]
    assert welcome[-8:] == ["251", "252", "253", "254", "255", "265", "266", "422"]

    kim.send("JOIN #lobby")
    assert [line.rstrip("\r") for line in kim.lines(3)] == [
        ":kim!kim@127.0.0.1 JOIN #lobby",
        ":chatctl 353 kim = #lobby :ada kim",
        ":chatctl 366 kim #lobby :End of /NAMES list",
    ]
    assert ada.until("joined")[-1] == "* kim joined #lobby"

    kim.send("PRIVMSG #lobby :hello, all")
    assert kim.line() == "@msgid=1 :kim!kim@127.0.0.1 PRIVMSG #lobby :hello, all\r"
    assert ada.line() == "kim: hello, all"
    ada.send("hello, kim")
    assert ada.line() == "hello, kim ACK"
    assert kim.line() == "@msgid=2 :ada!text@127.0.0.1 PRIVMSG #lobby :hello, kim\r"
    kim.send("PRIVMSG ada :psst")
    assert kim.line() == "@msgid=3 :kim!kim@127.0.0.1 PRIVMSG ada :psst\r"
    assert ada.line() == "[private] kim: psst"
    ada.send("/msg kim yes?")
    assert ada.line() == "yes? ACK"
    assert kim.line() == "@msgid=4 :ada!text@127.0.0.1 PRIVMSG kim :yes?\r"

    kim.send("NICK kit", "TOPIC #lobby :all about tea", "PART #lobby :for now", "QUIT :good night")
    assert last_lines(kim) == [
        ":kim!kim@127.0.0.1 NICK kit",
        "@msgid=5 :kit!kim@127.0.0.1 TOPIC #lobby :all about tea",
        ":kit!kim@127.0.0.1 PART #lobby :for now",
        "ERROR :Closing link: good night",
    ]
    assert ada.lines(3) == [
        "* kim is now kit",
        "* kit set the topic of #lobby: all about tea",
        "* kit left #lobby (for now)",
    ]
    ada.send("status")
    rows = [line.split() for line in ada.until("1 active, 1 disconnected")]
    assert rows[2][1:4:2] == ["kit", "irc"]
    assert rows[2][-1] == "quit"


def test_who_quits_in_a_room_is_seen_to_leave_it(house):
    ada = house.enter("ada")
    kim = register(house, "kim")
    kim.send("JOIN #lobby", "QUIT :tea time")
    assert last_lines(kim)[-1] == "ERROR :Closing link: tea time"
    assert ada.until("left")[-1] == "* kim left #lobby (quit: tea time)"


@pytest.mark.parametrize("before", [(), ("NICK kim",), ("CAP LS 302",)])
def test_a_quit_before_registration_ends_the_connection(house, before):
    peer = house.connect()
    peer.send(*before, "QUIT")
    assert last_lines(peer)[-1] == "ERROR :Closing link: goodbye"


def test_a_name_in_use_can_be_exchanged_for_another(house):
    house.enter("ada")
    peer = house.connect()
    peer.send("NICK ada", "USER kim 0 * :Kim")
    assert told(peer, " 433 ") == ":chatctl 433 * ada :ada is in use; choose another name"
    peer.send("NICK kim")
    assert told(peer, " 001 ").startswith(":chatctl 001 kim :")
    peer.send("NICK Ada")
    assert told(peer, " 433 ").startswith(":chatctl 433 kim Ada :")


def test_nothing_can_be_done_before_registration(house):
    ada = house.enter("ada")
    peer = house.connect()
    peer.send("NICK kim", "JOIN #lobby", "PRIVMSG #lobby :psst")
    assert [line.split()[:3] for line in peer.lines(2)] == [[":chatctl", "451", "kim"]] * 2
    peer.send("USER kim 0 * :Kim")
    assert " 001 " in peer.line()
    ada.send("/who")
    assert ada.line() == "* 1 in #lobby: ada"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("FROB", ":chatctl 421 kim FROB :"),
        ("frob #lobby", ":chatctl 421 kim FROB :"),
        ("JOIN", ":chatctl 461 kim JOIN :"),
        ("USER kim 0 *", ":chatctl 461 kim USER :"),
        ("USER kim 0 * :Kim", ":chatctl 462 kim :"),
        ("PASS sesame", ":chatctl 462 kim :"),
    ],
)
def test_a_refused_command_is_answered_and_the_session_goes_on(start_house, line, answer):
    kim = register(start_house(), "kim")
    kim.send(line, "PING on")
    assert kim.line().startswith(answer)
    assert kim.line() == ":chatctl PONG chatctl on\r"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"PRIVMSG #lobby :" + b"x" * 495, ":chatctl 417 kim :line is 511 bytes; the limit is 510"),
        (b"PRIVMSG #lobby :" + b"x" * 70_000, ":chatctl 417 kim :line is 70016 bytes; the limit is 4606"),
        (b"PRIVMSG #lobby :caf\xe9", ":chatctl FAIL PRIVMSG INVALID_UTF8 :"),
        (b"@+a=\xff PRIVMSG #lobby :x", ":chatctl FAIL PRIVMSG INVALID_UTF8 :"),
        (b"PRIVMSG #lobby :a\0b", ":chatctl FAIL * BAD_CHARACTER :line holds a NUL character; send it without"),
    ],
    ids=["long", "endless", "latin-1", "tag", "nul"],
)
def test_an_unusable_line_is_answered_and_the_session_goes_on(house, line, answer):
    ada = house.enter("ada")
    kim = register(house, "kim")
    kim.send("JOIN #lobby")
    kim.until(" 366 ")
    ada.until("joined")
    kim.sock.sendall(line + b"\r\nPRIVMSG #lobby :still here\r\nPING on\r\n")
    assert kim.line().startswith(answer)
    assert kim.line() == ":chatctl PONG chatctl on\r"
    assert ada.line() == "kim: still here"


def test_three_unusable_lines_in_a_row_end_the_session(house):
    kim = register(house, "kim")
    kim.sock.sendall(b"PRIVMSG kim :\xff\r\n" * 3)
    lines = last_lines(kim)
    assert [line.split()[:4] for line in lines[:3]] == [[":chatctl", "FAIL", "PRIVMSG", "INVALID_UTF8"]] * 3
    assert lines[3:] == ["ERROR :3 unusable lines in a row, goodbye"]


def test_who_knows_the_password_comes_in(guarded):
    kim = register(guarded, "kim", "PASS sesame")
    kim.send("JOIN #lobby")
    assert told(kim, "353") == ":chatctl 353 kim = #lobby kim"


@pytest.mark.parametrize("line", ["PASS sesam", "PASS :", "CAP END"])
def test_who_does_not_know_the_password_is_sent_away(guarded, line):
    peer = guarded.connect()
    peer.send(line, "NICK kim", "USER kim 0 * :Kim")
    *_, why, end = last_lines(peer)
    assert why == ":chatctl 464 kim :wrong server password"
    assert end == "ERROR :wrong server password"


def test_a_person_with_netcat_cannot_tell_a_password(guarded):
    peer = guarded.connect()
    peer.send("hello")
    assert peer.rest() == ["ERROR :this server asks for a password; connect with an IRC client that sends one"]


def test_a_full_server_refuses_an_irc_client_until_somebody_leaves(start_house, readers):
    house = start_house(reader_threads=readers, max_clients=1)
    kim = register(house, "kim")
    late = house.connect()
    late.send("NICK lee", "USER lee 0 * :Lee")
    assert last_lines(late) == [f"ERROR :{FULL}"]
    kim.send("QUIT")
    kim.rest()
    register(house, "lee").send("QUIT")


def test_a_session_that_has_not_registered_takes_a_slot_too(start_house):
    house = start_house(max_clients=1)
    kim = house.connect()
    kim.send("CAP LS")
    kim.line()
    late = house.connect()
    late.send("CAP LS 302")
    assert last_lines(late) == [f"ERROR :{FULL}"]
    person = house.connect()
    person.send("hello")
    assert person.rest() == [f"ERROR :{FULL}"]


def dialects(house):
    """Return how each IRC client is written to, by session number."""
    connections = house.server._engine._connections
    return {
        number: connection.dialect
        for number, connection in sorted(connections.items())
        if isinstance(connection.dialect, IrcDialect)
    }


def test_clients_with_the_same_capabilities_share_one_dialect(house):
    house.enter("ada")
    register(house, "kim")
    register(house, "lee")
    register(house, "mia", "CAP REQ :server-time echo-message", "CAP END")
    register(house, "noa", "CAP REQ :echo-message", "CAP REQ :server-time batch", "CAP REQ -batch", "CAP END")
    kim, lee, mia, noa = dialects(house).values()
    assert kim is lee
    assert mia is noa
    assert kim is not mia
    assert mia.caps == {"server-time", "echo-message"}
