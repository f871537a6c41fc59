"""Clients that say nothing: who is asked, and who is given up."""

from __future__ import annotations

import pytest


@pytest.fixture
def house(start_house):
    return start_house(
        ping_after=0.3, ping_timeout=0.9, registration_time=0.4, registration_lines=10**6, registration_bytes=10**6
    )


def client(house, name):
    one = house.connect()
    one.send(f"NICK {name}", "USER u 0 * :U", "JOIN #lobby")
    one.until("366")
    return one


def test_a_silent_client_is_asked_and_then_given_up_with_a_reason(house):
    person = house.enter("ada")
    silent = client(house, "river")
    assert silent.until("PING")[-1] == "PING :chatctl\r"
    assert silent.until("ERROR")[-1].startswith("ERROR :Ping timeout: nothing came from you for 0 seconds")
    assert silent.rest() == []
    assert person.until("left")[-1] == "* river left #lobby (timeout)"


def test_who_answers_stays_and_is_asked_again(house):
    alive = client(house, "river")
    for _ in range(4):
        alive.until("PING")
        alive.send("PONG :chatctl")
    alive.send("PING still")
    assert alive.until("PONG")


def test_a_person_with_netcat_is_not_asked(house):
    person, silent = house.enter("ada"), client(house, "river")
    silent.until("ERROR")
    person.until("left")
    person.send("still here")
    assert person.line() == "still here ACK"


def test_who_does_not_tell_a_name_in_time_is_let_go(house):
    nameless = house.connect()
    nameless.send("CAP LS 302")
    said = nameless.until("ERROR")[-1]
    assert said.startswith("ERROR :you did not complete the registration within 1 seconds")
    assert nameless.rest() == []


def test_talking_does_not_put_off_the_registration(house):
    nameless = house.connect()
    nameless.sock.settimeout(0.05)
    said = b""
    while b"ERROR" not in said:
        nameless.send("PING x")
        try:
            said += nameless.sock.recv(65536)
        except TimeoutError:
            continue
    assert b"did not complete the registration" in said


def test_who_sends_many_lines_and_tells_no_name_is_let_go(start_house):
    nameless = start_house().connect()
    nameless.send(*["PING x"] * 65)
    said = nameless.rest()[-1]
    assert said == "ERROR :you sent 65 lines before the registration, the limit is 64; send NICK and USER first"


def test_who_sends_many_bytes_and_tells_no_name_is_let_go(start_house):
    nameless = start_house(registration_bytes=1000).connect()
    nameless.send(*[f"PING {'x' * 90}"] * 12)
    assert "bytes before the registration, the limit is 1000; send NICK and USER first" in nameless.rest()[-1]


def test_what_comes_right_behind_the_registration_does_not_count(start_house, readers):
    eager = start_house(reader_threads=readers).connect()
    eager.send("NICK eager", "USER e 0 * :E", "JOIN #lobby", *[f"PRIVMSG #lobby :{'x' * 300}"] * 40, "PING done")
    assert eager.until("PONG")
