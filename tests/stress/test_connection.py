"""One raw socket, the engine's clock, and the kernel's table of connections."""

from __future__ import annotations

import errno
import socket
import struct
import time

import pytest

from chatctl.stress.classify import End, Place, Reply
from chatctl.stress.connection import Departure
from chatctl.stress.engine import SO_TIMESTAMPNS, Clock
from chatctl.stress.procnet import places
from chatctl.stress.worker import Stopped

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:3039 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 4711 1
   1: 0100007F:3039 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 0 1
   2: 0100007F:3039 0100007F:C002 01 00000000:00000000 00:00000000 00000000     0        0 4712 1
   3: 0100007F:3039 0100007F:C003 06 00000000:00000000 00:00000000 00000000     0        0 0 1
   4: 0100007F:C002 0100007F:3039 01 00000000:00000000 00:00000000 00000000     0        0 4713 1
"""


def stamp(realtime_ns):
    return [(socket.SOL_SOCKET, SO_TIMESTAMPNS, struct.pack("@ll", *divmod(realtime_ns, 10**9)))]


def test_connections_that_nobody_accepted_have_no_inode(tmp_path):
    table = tmp_path / "tcp"
    table.write_text(TABLE)
    assert places(12345, (table,)) == {0xC001: Place.BACKLOG, 0xC002: Place.APPLICATION}


def test_without_the_kernels_table_no_place_is_known(tmp_path):
    assert places(12345, (tmp_path / "none",)) == {}


def test_the_kernels_stamp_is_the_arrival():
    clock = Clock(stamps=True)
    read_ns = time.perf_counter_ns()
    arrived_ns = clock.arrival_ns(stamp(time.time_ns() - 5_000_000), read_ns)
    assert 3_000_000 < read_ns - arrived_ns < 7_000_000


def test_a_stamp_from_the_future_is_the_time_of_reading():
    assert Clock(stamps=True).arrival_ns(stamp(time.time_ns() + 10**9), 42) == 42


def test_without_a_stamp_the_arrival_is_the_time_of_reading():
    assert Clock(stamps=True).arrival_ns([], 42) == 42
    assert Clock(stamps=False).arrival_ns(stamp(time.time_ns()), 42) == 42


def test_a_step_of_the_clock_drops_the_stamps_and_is_remembered(monkeypatch):
    clock = Clock(stamps=True)
    clock.calibrate()
    assert (clock.stamps, clock.step_ns) == (True, 0)
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 3_600 * 10**9)
    clock.calibrate()
    assert not clock.stamps
    assert clock.step_ns == pytest.approx(3_600 * 10**9, rel=0.01)


def test_a_client_is_greeted_and_leaves(serving, bench):
    server = serving("polite")
    made = bench(server)
    client = made.client()
    made.wait(lambda: client.admitted)
    client.leave(Departure.QUIT)
    made.wait(lambda: client.end is End.EOF)
    client.leave(Departure.RST)  # nothing is left to leave
    assert (client.reply, client.end) == (Reply.ADMITTED, End.EOF)


@pytest.mark.parametrize("departure", [Departure.FIN, Departure.RST, Departure.HALF_CLOSE])
def test_each_way_to_leave_frees_the_slot(serving, bench, departure):
    server = serving("polite", 1)
    made = bench(server)
    client = made.client()
    made.wait(lambda: client.admitted)
    client.leave(departure)
    made.wait(lambda: server.active == 0)


def test_a_port_where_nobody_listens_refuses(serving, bench):
    server = serving("polite")
    made = bench(server)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        made.engine.sockaddr = unused.getsockname()
        client = made.client()
        made.wait(lambda: client.settled)
    assert (client.end, client.connected_ns) == (End.CONNECT_REFUSED, None)


@pytest.mark.parametrize(
    ("code", "end"),
    [(errno.EMFILE, End.LOCAL_ERROR), (errno.EADDRNOTAVAIL, End.LOCAL_ERROR)],
)
def test_what_this_machine_lacks_is_an_error_of_the_client(serving, bench, monkeypatch, code, end):
    made = bench(serving("polite"))

    def fail():
        raise OSError(code, "nothing left")

    monkeypatch.setattr(made.engine, "open_socket", fail)
    client = made.client()
    assert (client.end, client.end_text) == (end, "nothing left")


@pytest.mark.parametrize(
    ("code", "end"), [(errno.ECONNREFUSED, End.CONNECT_REFUSED), (errno.ENETUNREACH, End.LOCAL_ERROR)]
)
def test_a_connect_that_fails_at_once_is_decided_at_once(serving, bench, monkeypatch, code, end):
    made = bench(serving("polite"))

    class Failing(socket.socket):
        def connect_ex(self, address):
            return code

    monkeypatch.setattr(made.engine, "open_socket", lambda: Failing(socket.AF_INET, socket.SOCK_STREAM))
    assert made.client().end is end


def test_a_reset_that_a_send_finds_does_not_hide_the_last_words(serving, bench, polite_server):
    class Rude(polite_server):
        def refuse(self, sock):
            sock.recv(1, socket.MSG_PEEK)
            sock.sendall(b"ERROR :full\n")
            self.drop(sock)

    made = bench(serving(Rude, 0))
    client = made.client()
    made.wait(lambda: client.reply is Reply.REFUSED or client.settled)
    client.send(b"more\n")
    client.send(b"more\n")
    made.wait(lambda: client.settled)
    assert (client.reply, client.end, client.text) == (Reply.REFUSED, End.RESET, "ERROR :full")


def test_timers_may_stop_the_loop(serving, bench):
    made = bench(serving("polite"))

    class Stopper:
        def due_ns(self):
            return 0

        def fire(self, now_ns):
            raise Stopped

    made.engine.timers.append(Stopper())
    with pytest.raises(Stopped):
        made.engine.rest(1)


def test_a_selector_without_a_descriptor_waits_too(serving, bench, monkeypatch):
    import selectors

    monkeypatch.setattr(selectors, "DefaultSelector", selectors.PollSelector)
    made = bench(serving("polite"), clients=2)
    made.climb()
    assert len(made.ramp.held) == 2
