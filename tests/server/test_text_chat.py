"""The text protocol end to end: a real server, real sockets, every way of reading them."""

from __future__ import annotations

import re
import socket
import struct
import threading

import pytest

TABLE_HEAD = ["id", "name", "address", "protocol", "connected", "disconnected", "duration", "reason"]


@pytest.fixture
def house(start_house, readers):
    return start_house(max_clients=3, reader_threads=readers)


def test_a_silent_peer_is_greeted_with_two_lines(house):
    welcome, hint = house.connect().lines(2)
    assert re.fullmatch(r"Welcome Client01! You are connected since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.", welcome)
    assert hint == 'Type a message, "status" for all sessions, "exit" to leave, "/help" for more.'


def test_a_message_is_acknowledged_word_for_word_and_told_to_the_others(house):
    ada, bob = house.enter("ada"), house.enter("bob")
    ada.until("is now bob")
    ada.send("hello  there ")
    assert ada.line() == "hello  there  ACK"
    assert bob.line() == "ada: hello  there "


def test_what_netcat_sends_in_one_go_is_answered_in_its_order(house):
    peer = house.connect()
    peer.send("hello", "status", "exit")
    lines = peer.rest()
    assert lines[2] == "hello ACK"
    assert lines[3].split() == TABLE_HEAD
    assert lines[4].startswith("1   Client01")
    assert lines[5] == "1 active, 0 disconnected, limit 3"
    assert re.fullmatch(
        r"Goodbye Client01\. You were connected for \d\d:\d\d:\d\d, until [-\d]{10} [:\d]{8} UTC\.", lines[6]
    )
    assert len(lines) == 7


def test_a_peer_without_line_endings_gets_each_acknowledgement(house):
    peer = house.connect()
    peer.lines(2)
    for message in ("one", "two", "three"):
        peer.sock.sendall(message.encode())
        assert peer.line() == f"{message} ACK"
    peer.sock.sendall(b"exit")
    assert peer.rest()[0].startswith("Goodbye Client01.")


def test_a_half_closed_peer_gets_all_its_answers(house):
    peer = house.connect()
    peer.sock.sendall(b"status\nlast words without an ending")
    peer.sock.shutdown(socket.SHUT_WR)
    lines = peer.rest()
    assert "1 active, 0 disconnected, limit 3" in lines
    assert lines[-1] == "last words without an ending ACK"


def test_the_next_one_at_a_full_server_is_told_so_and_closed(house):
    for _ in range(3):
        house.enter()
    assert house.connect().rest() == ["ERROR :Server full (3/3 clients), try again later"]


def _leave_politely(peer):
    peer.send("exit")


def _leave_by_closing(peer):
    peer.close()


def _leave_by_reset(peer):
    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def _leave_by_half_close(peer):
    peer.sock.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize(
    ("leave", "reason"),
    [
        (_leave_politely, "quit"),
        (_leave_by_closing, "eof"),
        (_leave_by_reset, "reset"),
        (_leave_by_half_close, "eof"),
    ],
)
def test_a_slot_comes_back_whichever_way_a_client_leaves(house, wait_until, leave, reason):
    watcher = house.enter()
    house.enter()
    leaver = house.enter()
    leave(leaver)

    def admitted():
        newcomer = house.connect()
        newcomer.send("")
        return newcomer.line().startswith("Welcome")

    wait_until(admitted, "a free slot")
    watcher.send("status")
    table = "\n".join(watcher.until("active, "))
    assert re.search(rf"^3 .* {reason}$", table, re.MULTILINE)


def test_four_times_as_many_as_the_limit_at_once_are_never_one_too_many(start_house, readers):
    house = start_house(max_clients=5, reader_threads=readers)
    start = threading.Barrier(20)
    first_lines: list[str] = []

    def rush():
        peer = house.connect()
        start.wait()
        peer.send("")
        first_lines.append(peer.line())

    threads = [threading.Thread(target=rush) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = "ERROR :Server full (5/5 clients), try again later"
    assert sorted(line.split("!")[0][:7] for line in first_lines).count("Welcome") == 5
    assert first_lines.count(refused) == 15


def test_everybody_sees_the_messages_of_a_room_in_one_order(start_house, readers):
    house = start_house(reader_threads=readers)
    people = [house.enter(room="#order") for _ in range(4)]
    for index, person in enumerate(people):
        threading.Thread(target=person.send, args=[f"m{index}-{number}" for number in range(50)], daemon=True).start()

    def spoken(person):
        seen = []
        while len(seen) < 200:
            line = person.line()
            if match := re.search(r"(m\d-\d+)( ACK)?$", line):
                seen.append(match[1])
        return seen

    orders = [spoken(person) for person in people]
    assert orders[0] == orders[1] == orders[2] == orders[3]
    people[0].send("/history 200")
    people[0].until("200 messages of #order")
    assert [line.rpartition(" ")[2] for line in people[0].lines(200)] == orders[0]


def test_a_message_waits_its_turn_behind_a_lookup_of_the_same_client(house):
    peer = house.enter()
    peer.send("one", "/history", "two", "/search one", "three", "/history")
    lines = peer.lines(11)
    assert [line for line in lines if line.endswith("ACK")] == ["one ACK", "two ACK", "three ACK"]
    assert lines[1] == "* 1 message of #lobby"
    assert lines[4] == "* 1 message of #lobby with one"
    assert lines[7] == "* 3 messages of #lobby"


def test_more_lines_than_the_hub_takes_at_once_are_all_answered(house):
    peer = house.enter()
    sender = threading.Thread(target=peer.send, args=[str(number) for number in range(20_000)])
    sender.start()
    assert peer.lines(20_000) == [f"{number} ACK" for number in range(20_000)]
    sender.join()


@pytest.mark.parametrize(
    ("opening", "answer"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 "),
        (b"\x16\x03\x01\x02\x00\x01", b"\x15\x03\x01\x00\x02\x02\x28"),
    ],
)
def test_a_peer_of_another_protocol_is_refused_in_it(house, opening, answer):
    peer = house.connect()
    peer.sock.sendall(opening)
    received = b""
    while data := peer.sock.recv(4096):
        received += data
    assert received.startswith(answer)


def test_three_unusable_lines_in_a_row_end_the_session(house):
    peer = house.enter()
    peer.sock.sendall(b"\xff\n" + b"x" * 5000 + b"\na\0b\n")
    lines = peer.rest()
    assert lines[0] == "ERR not-utf8 byte 0 is not UTF-8; set your client to UTF-8"
    assert lines[1] == "ERR line-too-long line is 5000 bytes; the limit is 2048"
    assert lines[2].startswith("ERR bad-character ")
    assert lines[3] == "ERROR :3 unusable lines in a row, goodbye"


def test_a_peer_that_resets_before_it_has_said_a_line_takes_no_session(house):
    for beginning in (b"", b"NICK", b"GET"):
        peer = house.connect()
        peer.sock.sendall(beginning)
        _leave_by_reset(peer)
    peer = house.enter()
    peer.send("status")
    assert "1 active, 0 disconnected, limit 3" in peer.until("active, ")


def test_what_was_begun_and_closed_is_a_message(house):
    peer = house.connect()
    peer.sock.sendall(b"NICK is my name")
    peer.sock.shutdown(socket.SHUT_WR)
    assert peer.rest()[2:] == ["NICK is my name ACK"]


def test_ipv6_and_further_addresses_are_served_too(start_house):
    house = start_house(listen=("[::1]:0", "localhost:0"))
    assert len(house.server.addresses) == 3
    for address in house.server.addresses:
        with socket.create_connection((address.host, address.port), timeout=10) as sock:
            sock.sendall(b"\nexit\n")
            assert sock.makefile("rb").readline().startswith(b"Welcome ")
    assert str(house.server.addresses[1]).startswith("[::1]:")
