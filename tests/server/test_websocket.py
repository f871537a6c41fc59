"""IRC over WebSocket end to end: a real server, a real client, every way of reading the sockets."""

from __future__ import annotations

import http.client
import re
import socket
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from chatctl.core.policy import Policy

DEADLINE = 10.0
TEXT = ("text.ircv3.net",)


class Page:
    """A program that speaks IRC over WebSocket; every wait has a deadline."""

    def __init__(self, connection):
        self.connection = connection

    def send(self, *lines):
        for line in lines:
            self.connection.send(line)

    def until(self, wanted):
        """Return the message that contains ``wanted``, and skip those before it."""
        while True:
            line = self.connection.recv(DEADLINE)
            if wanted in line:
                return line

    def rest(self):
        """Return all messages up to the end, and with which code the server closed; None if it did not."""
        seen = []
        try:
            while True:
                seen.append(self.connection.recv(DEADLINE))
        except ConnectionClosed as end:
            return seen, end.rcvd and end.rcvd.code


@pytest.fixture
def open_page(stack):
    def open_page(house, nick="", **options):
        host, port = house.server.address
        sock = socket.create_connection((host, port), timeout=DEADLINE)
        stack.callback(sock.close)
        settings = {"subprotocols": TEXT, "close_timeout": DEADLINE, **options}
        page = Page(stack.enter_context(connect(f"ws://{host}:{port}/", sock=sock, **settings)))
        if nick:
            page.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
            page.until(" 422 ")
        return page

    return open_page


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def house(start_house, readers):
    return start_house(max_clients=3, reader_threads=readers, policy=Policy(operators={"root": "sesame"}))


def get(house, path):
    connection = http.client.HTTPConnection(*house.server.address, timeout=DEADLINE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def ledger(house):
    watcher = house.enter()
    watcher.send("status")
    return "\n".join(watcher.until("active, "))


def test_a_page_and_a_person_with_netcat_talk(house, open_page):
    bob = house.enter("bob")
    ada = open_page(house, "ada")
    assert ada.connection.subprotocol == "text.ircv3.net"
    ada.send("JOIN #lobby")
    bob.until("ada joined #lobby")
    ada.send("PRIVMSG #lobby :grüße")
    assert bob.line() == "ada: grüße"
    bob.send("hello")
    assert re.fullmatch(r":bob!\S+ PRIVMSG #lobby :?hello", ada.until("PRIVMSG"))


def test_binary_messages_are_answered_in_binary(house, open_page):
    ada = open_page(house, subprotocols=["binary.ircv3.net"])
    ada.send(b"CAP LS 302")
    assert b" CAP * LS " in ada.connection.recv(DEADLINE)


def test_capabilities_hold_from_their_acknowledgement_on(house, open_page):
    ada = open_page(house, "ada")
    ada.send("CAP REQ :echo-message message-tags", "JOIN #lobby", "PRIVMSG #lobby :hi")
    ada.until("CAP ada ACK")
    assert ada.until("PRIVMSG #lobby").startswith("@")


def test_messages_are_cut_however_the_client_likes(house, open_page):
    ada = open_page(house, "ada")
    ada.connection.send(["PING ", "to", "ken"])
    assert ada.until("PONG").endswith("token")


def test_a_ping_is_answered(house, open_page):
    assert open_page(house).connection.ping().wait(DEADLINE)


def test_a_polite_end_is_a_quit_and_the_answer_to_it_is_the_last_thing_said(house, open_page):
    bob = house.enter("bob")
    ada = open_page(house, "ada")
    ada.send("JOIN #lobby")
    bob.until("ada joined")
    ada.connection.close()
    assert ada.connection.close_code == 1000
    assert bob.line() == "* ada left #lobby (quit)"
    assert re.search(r"^2 +ada .* websocket .* quit$", ledger(house), re.MULTILINE)


def test_an_impolite_end_is_an_eof(house, open_page):
    bob = house.enter("bob")
    ada = open_page(house, "ada")
    ada.send("JOIN #lobby")
    bob.until("ada joined")
    ada.connection.socket.shutdown(socket.SHUT_RDWR)
    assert bob.line() == "* ada left #lobby (eof)"


def test_who_quits_is_told_goodbye_and_closed(house, open_page):
    ada = open_page(house, "ada")
    ada.send("QUIT :bye")
    assert ada.rest() == (["ERROR :Closing link: bye"], 1000)


def test_the_next_one_at_a_full_server_is_told_so_and_may_come_again(house, open_page):
    for _ in range(3):
        house.enter()
    assert open_page(house).rest() == (["ERROR :Server full (3/3 clients), try again later"], 1013)


def test_who_is_killed_is_told_why(house, open_page):
    ada, eve = open_page(house, "ada"), open_page(house, "eve")
    ada.send("OPER root sesame", "KILL eve :enough")
    lines, code = eve.rest()
    assert lines[-1].startswith("ERROR :")
    assert code == 1008


def test_who_breaks_the_protocol_is_told_how(house, open_page):
    ada = open_page(house, "ada")
    ada.send("PRIVMSG #lobby :" + "x" * 8200)
    lines, code = ada.rest()
    assert lines[-1].startswith("ERROR :your client broke the WebSocket protocol: ")
    assert code == 1009
    assert re.search(r"^1 +ada .* bad-websocket$", ledger(house), re.MULTILINE)


def test_everybody_is_told_when_the_server_stops(house, open_page):
    ada, eve = open_page(house, "ada"), open_page(house)
    house.server.stop()
    for page in (ada, eve):
        assert page.rest() == (["ERROR :the server is shutting down"], 1001)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_page_from_elsewhere_may_not_connect(house, open_page, origin):
    with pytest.raises(InvalidStatus) as refusal:
        open_page(house, origin=origin)
    assert refusal.value.response.status_code == 403


def test_a_page_of_an_allowed_origin_may_connect(start_house, open_page):
    house = start_house(allow_origin=("https://example.org",))
    open_page(house, "ada", origin="https://example.org")


def test_health_and_other_paths_are_answered_and_make_no_session(house):
    assert get(house, "/healthz") == (200, b"ok\n")
    assert get(house, "/")[0] == 404
    assert "1 active, 0 disconnected, limit 3" in ledger(house)


def test_a_request_that_stays_unfinished_is_answered_and_let_go(house, monkeypatch):
    monkeypatch.setattr("chatctl.wire.http.websocket.REQUEST_TIME", 0.01)
    peer = house.connect()
    peer.sock.sendall(b"GET /healthz HTTP/1.1\r\n")
    assert peer.line().startswith("HTTP/1.1 408 ")
    peer.rest()


def test_a_peer_that_resets_in_its_request_makes_no_session(house):
    peer = house.connect()
    peer.sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    peer.close()
    assert "1 active, 0 disconnected, limit 3" in ledger(house)
