"""TLS on the same port: who speaks it, who must, and what a bad peer can do."""

from __future__ import annotations

import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from chatctl.errors import CertificateUnusable
from chatctl.server.certificates import Certificate, own_certificate
from chatctl.transport import tls as transport_tls

DEADLINE = 10.0


def trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class TlsPeer:
    """A peer that speaks TLS, line by line."""

    def __init__(self, address, context: ssl.SSLContext | None = None) -> None:
        plain = socket.create_connection(address, DEADLINE)
        try:
            self.sock = (context or trusting()).wrap_socket(plain)
        except BaseException:
            plain.close()
            raise
        self._file = self.sock.makefile("rb")

    def send(self, *lines: str) -> None:
        self.sock.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def line(self) -> str:
        return self._file.readline().decode().rstrip("\r\n")

    def until(self, wanted: str) -> list[str]:
        seen = [self.line()]
        while wanted not in seen[-1]:
            assert seen[-1] or len(seen) < 3, f"the connection ended: {seen}"
            seen.append(self.line())
        return seen

    def rest(self) -> bytes:
        with suppress(ssl.SSLEOFError, ConnectionError):
            return self._file.read()
        return b""

    def close(self) -> None:
        self._file.close()
        self.sock.close()


@pytest.fixture
def house(start_house, readers):
    return start_house(tls_auto=True, reader_threads=readers)


@pytest.fixture
def peer() -> Iterator[Callable[..., TlsPeer]]:
    with ExitStack() as stack:

        def connect(house, context: ssl.SSLContext | None = None) -> TlsPeer:
            one = TlsPeer(house.server.address, context)
            stack.callback(one.close)
            return one

        yield connect


def test_a_person_a_client_of_irc_and_somebody_without_tls_talk_in_one_room(house, peer):
    person = peer(house)
    assert person.line().startswith("Welcome Client01!")
    client = peer(house)
    client.send("NICK river", "USER r 0 * :R", "JOIN #lobby")
    client.until("366")
    plain = house.enter("ada")
    plain.send("hello")
    assert plain.until("ACK")
    assert "ada: hello" in person.until("ada: hello")
    assert client.until("PRIVMSG")[-1].endswith("PRIVMSG #lobby :hello")
    person.send("and back")
    assert person.until("ACK")[-1] == "and back ACK"
    assert plain.until("and back")


def test_the_ledger_says_who_came_with_tls(house, peer):
    client = peer(house)
    client.send("NICK river", "USER r 0 * :R")
    client.until("422")
    person = house.enter("ada")
    person.send("status")
    table = person.until(" active, ")
    assert [line.split()[3] for line in table[-3:-1]] == ["text", "irc+tls"]


def test_a_websocket_over_tls_is_one(house, peer):
    browser = peer(house)
    browser.send(
        "GET / HTTP/1.1",
        f"Host: 127.0.0.1:{house.server.address[1]}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "",
    )
    assert browser.until("101")
    assert "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in browser.until("Sec-WebSocket-Accept")


def test_tls_inside_tls_is_refused(house, peer):
    client = peer(house)
    client.sock.sendall(b"\x16\x03\x01\x00\x05hello")
    assert client.rest() == bytes([21, 3, 1, 0, 2, 2, 40])


def test_a_handshake_that_comes_byte_by_byte_is_one(house):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    secure = trusting().wrap_bio(incoming, outgoing)
    with socket.create_connection(house.server.address, DEADLINE) as sock:
        while True:
            try:
                secure.do_handshake()
                break
            except ssl.SSLWantReadError:
                for byte in outgoing.read():
                    sock.sendall(bytes([byte]))
                incoming.write(sock.recv(65536))
        sock.sendall(outgoing.read())
        said = b""
        while b"Welcome" not in said:
            with suppress(ssl.SSLWantReadError):
                said += secure.read(65536)
                continue
            incoming.write(sock.recv(65536))


def test_what_follows_the_handshake_in_the_same_chunk_is_not_lost(house, peer):
    client = peer(house)
    client.send("NICK river", "USER r 0 * :R", "PING now")
    assert client.until("PONG")[-1].endswith("PONG chatctl now")


def test_a_record_that_is_none_ends_the_session_and_nobody_else_notices(house, peer, wait_until):
    person = house.enter("ada")
    client = peer(house)
    client.send("NICK river", "USER r 0 * :R", "JOIN #lobby")
    client.until("366")
    os.write(client.sock.fileno(), b"\x17\x03\x03\x00\x20" + b"x" * 32)
    assert person.until("left")[-1] == "* river left #lobby (tls)"
    person.send("still here")
    assert person.until("ACK")


def test_goodbye_ends_with_a_close_notify(house, peer):
    client = peer(house)
    client.send("exit")
    client.until("Goodbye")
    assert client.sock.recv(1) == b"", "a stream that ends without close_notify raises SSLEOFError"


def test_who_says_close_notify_has_left(house, peer):
    person = house.enter("ada")
    client = peer(house)
    client.until("Type")
    client.sock.settimeout(DEADLINE)
    client.sock.unwrap().close()
    assert person.until("left")[-1] == "* Client02 left #lobby (eof)"


def test_without_a_certificate_there_is_no_tls(start_house):
    house = start_house()
    with pytest.raises(ssl.SSLError):
        TlsPeer(house.server.address)
    assert house.server.fingerprint == ""


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        ([], "ERROR :this server takes nothing but TLS"),
        (["hello"], "ERROR :this server takes nothing but TLS"),
        (["NICK ada"], "ERROR :this server takes nothing but TLS"),
        (["GET / HTTP/1.1", ""], "HTTP/1.1 403 Forbidden"),
    ],
)
def test_a_server_for_tls_only_says_so_in_the_protocol_of_the_peer(start_house, lines, answer):
    house = start_house(tls_auto=True, tls_only=True)
    plain = house.connect()
    plain.send(*lines)
    assert plain.line().startswith(answer)
    assert "TLS" in answer or any("TLS" in line for line in plain.rest())


def test_a_server_for_tls_only_takes_tls(start_house, peer):
    client = peer(start_house(tls_auto=True, tls_only=True))
    assert client.line().startswith("Welcome")


@pytest.mark.parametrize("line", ["NICK eve", "hello"])
def test_who_was_turned_away_after_a_silence_is_not_heard_any_more(start_house, peer, wait_until, caplog, line):
    house = start_house(tls_auto=True, tls_only=True)
    silent = house.connect()
    assert silent.rest()[0].startswith("ERROR :this server takes nothing but TLS")
    silent.send(line, "USER eve 0 * :Eve")
    silent.sock.shutdown(socket.SHUT_WR)
    wait_until(
        lambda: not any(one.name.startswith("chatctl-read") for one in threading.enumerate()), "the reader's end"
    )
    assert peer(house).line().startswith("Welcome Client01!")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_old_versions_of_tls_are_refused(house):
    context = trusting()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with ExitStack() as stack:
        good = TlsPeer(house.server.address, context)
        stack.callback(good.close)
        assert good.sock.version() == "TLSv1.2"
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        TlsPeer(house.server.address, context)


def test_fifty_silent_peers_keep_nobody_out_and_are_closed(start_house, readers, peer):
    house = start_house(tls_auto=True, reader_threads=readers, handshake_time=1.0)
    with ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection(house.server.address, DEADLINE)) for _ in range(50)]
        for one in silent:
            one.sendall(b"\x16\x03\x01\x02\x00")
        began = time.monotonic()
        client = peer(house)
        client.send("PING x")
        assert client.line()
        assert time.monotonic() - began < 5.0, "bounded by the deadline of the silent ones, far from it"
        assert [one.recv(1) for one in silent] == [b""] * 50


def test_a_handshake_that_trickles_is_ended_at_its_deadline(start_house, readers):
    house = start_house(tls_auto=True, reader_threads=readers, handshake_time=0.2)
    with socket.create_connection(house.server.address, DEADLINE) as sock:
        sock.sendall(b"\x16\x03\x01\x02\x00\x01")
        until = time.monotonic() + DEADLINE
        with suppress(ConnectionError):
            while time.monotonic() < until:
                sock.sendall(b"\x00")
                sock.settimeout(0.01)
                with suppress(TimeoutError):
                    assert sock.recv(1) == b""
                    break
        assert time.monotonic() < until


def test_who_does_not_read_is_cut_and_the_others_are_not_kept_waiting(house, peer):
    deaf = peer(house)
    deaf.send("NICK deaf", "USER d 0 * :D", "JOIN #lobby")
    deaf.until("366")
    deaf.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    talker = house.enter("ada")
    line = "x" * 1900
    heard: list[str] = []
    while not any("deaf left" in said for said in heard):
        talker.send(*[line] * 100)
        heard = talker.until("ACK")
        for _ in range(99):
            heard += talker.until("ACK")
    assert "* deaf left #lobby (sendq)" in heard


class TestCertificates:
    def test_new_connections_get_the_certificate_that_was_read_again(self, start_house, peer, tmp_path):
        (tmp_path / "other").mkdir()
        first, second = own_certificate(tmp_path, "one"), own_certificate(tmp_path / "other", "two")
        house = start_house(tls_cert=first.chain, tls_key=first.key)
        before = peer(house)
        before.until("Type")
        shown = before.sock.getpeercert(binary_form=True)
        first.chain.write_bytes(second.chain.read_bytes())
        first.key.write_bytes(second.key.read_bytes())
        house.server.reload()
        after = peer(house)
        after.until("Type")
        assert after.sock.getpeercert(binary_form=True) != shown
        assert house.server.fingerprint == second.fingerprint()
        before.send("still here")
        assert before.until("ACK")

    def test_a_broken_file_changes_nothing(self, start_house, peer, tmp_path):
        mine = own_certificate(tmp_path, "one")
        house = start_house(tls_cert=mine.chain, tls_key=mine.key)
        mine.chain.write_text("rubbish")
        with pytest.raises(CertificateUnusable, match=r"cannot use .*tls-cert\.pem"):
            house.server.reload()
        assert peer(house).line().startswith("Welcome")

    def test_a_certificate_of_ones_own_is_kept_and_only_its_owner_can_read_the_key(self, tmp_path):
        first = own_certificate(tmp_path, "one")
        assert own_certificate(tmp_path, "other").fingerprint() == first.fingerprint()
        assert first.key.stat().st_mode & 0o777 == 0o600
        assert len(first.fingerprint().split(":")) == 32

    @pytest.mark.parametrize("missing", ["chain", "key"])
    def test_a_missing_file_is_told(self, tmp_path, missing):
        mine = own_certificate(tmp_path, "one")
        getattr(mine, missing).unlink()
        with pytest.raises(CertificateUnusable, match="No such file"):
            mine.load()

    def test_a_key_with_a_password_is_refused_without_asking(self, tmp_path):
        from cryptography.hazmat.primitives import serialization

        mine = own_certificate(tmp_path, "one")
        key = serialization.load_pem_private_key(mine.key.read_bytes(), None)
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        mine.key.write_bytes(key.private_bytes(encoding, form, serialization.BestAvailableEncryption(b"secret")))
        with pytest.raises(CertificateUnusable, match="has a password"):
            mine.load()

    def test_a_folder_that_cannot_be_written_is_told(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(CertificateUnusable, match="Not a directory"):
            own_certificate(tmp_path / "file", "one")

    def test_rubbish_has_no_fingerprint(self, tmp_path):
        (tmp_path / "cert").write_text("rubbish")
        with pytest.raises(CertificateUnusable):
            Certificate(tmp_path / "cert", tmp_path / "cert").fingerprint()


def saturate(house, connections: int, seconds: float) -> list[int]:
    """Let peers send and receive all they can at the same time; return how many lines each got, without an error.

    A peer is one thread: what is tested is how the server uses its side of a connection from several. It has at
    most one window of lines under way, so that nobody is cut for reading too slowly on a machine that is busy.
    """
    done = threading.Event()
    counts = [0] * connections
    failures: list[BaseException] = []

    def talk(number: int) -> None:
        try:
            one = TlsPeer(house.server.address)
            one.send(f"NICK peer{number}", f"USER p 0 * :{number}", "JOIN #lobby")
            one.until("366")
            while not done.is_set():
                window = [f"PRIVMSG #lobby :{number} {count} {'x' * 200}" for count in range(40)]
                one.send(*window, "PING window")
                counts[number] += hear_window(one)
            one.close()
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    done.wait(seconds)
    done.set()
    for thread in threads:
        thread.join(60)
    assert failures == []
    return counts


def hear_window(one: TlsPeer) -> int:
    """Read up to the answer of a PING and return how many lines that were, each of them whole."""
    for count, line in enumerate(iter(one.line, ""), 1):
        if " PONG " in line:
            return count
        assert re.search(r" PRIVMSG #lobby :\d+ \d+ x{200}$| JOIN | QUIT ", line), line
    pytest.fail("the connection ended")


@pytest.mark.parametrize("asking", [False, True])
def test_saturated_connections_have_no_broken_record(start_house, asking):
    if asking:
        pytest.importorskip("OpenSSL.SSL")
    counts = saturate(start_house(tls_auto=True, client_certificates=asking), 6, 0.6)
    assert min(counts) > 0


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_twenty_saturated_connections_have_no_broken_record_in_a_minute(start_house):
    counts = saturate(start_house(tls_auto=True), 20, 60)
    assert min(counts) > 0


def test_the_layer_says_nothing_before_the_handshake(tmp_path):
    layer = transport_tls.TlsLayer(own_certificate(Path(tmp_path), "one").load())
    assert layer.encrypt(b"hello") == b""
    assert layer.farewell() == b""
