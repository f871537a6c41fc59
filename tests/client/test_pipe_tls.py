"""``chatctl connect --tls`` as a whole: a real server behind a door that speaks TLS."""

from __future__ import annotations

import datetime as dt
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    import subprocess

    from tests.client.conftest import Peer, Scripted

Connect = Callable[..., Result]
Serve = Callable[..., int]
Person = Callable[..., "Peer"]
Start = Callable[..., "subprocess.Popen[str]"]

DEADLINE = 10.0


class Certificate:
    """A certificate that signs itself, with its key in the file ``path``."""

    def __init__(self, path: Path, days: int = 30) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "chat")])
        now = dt.datetime.now(dt.UTC)
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(60))
            .not_valid_after(now + dt.timedelta(days))
            .add_extension(names, critical=False)
            .sign(key, hashes.SHA256())
        )
        pem, bare = serialization.Encoding.PEM, serialization.NoEncryption()
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, bare)
        path.write_bytes(private + made.public_bytes(pem))
        self.path = path
        self.fingerprint = made.fingerprint(hashes.SHA256()).hex()


class Door:
    """Listens with TLS and hands everything on to a port without; ``certificate`` can be changed."""

    def __init__(self, certificate: Certificate, behind: int) -> None:
        self.certificate = certificate
        self._behind = behind
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._stop, self._stopped = socket.socketpair()
        self._threads = [threading.Thread(target=self._run)]
        self._threads[0].start()

    def close(self) -> None:
        self._stop.close()
        for thread in self._threads:
            thread.join(DEADLINE)
            assert not thread.is_alive()
        self._stopped.close()
        self._listener.close()

    def _run(self) -> None:
        while self._listener in select.select([self._listener, self._stopped], [], [])[0]:
            sock = self._listener.accept()[0]
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate.path)
            thread = threading.Thread(target=self._hand_on, args=(sock, context))
            self._threads.append(thread)
            thread.start()

    def _hand_on(self, sock: socket.socket, context: ssl.SSLContext) -> None:
        sock.settimeout(DEADLINE)
        with (
            sock,
            suppress(OSError),
            context.wrap_socket(sock, server_side=True) as secure,
            socket.create_connection(("127.0.0.1", self._behind), DEADLINE) as plain,
        ):
            self._exchange(secure, plain)

    def _exchange(self, secure: ssl.SSLSocket, plain: socket.socket) -> None:
        while True:
            ready = [secure] if secure.pending() else select.select([secure, plain, self._stopped], [], [])[0]
            if self._stopped in ready:
                return
            for source, sink in ((secure, plain), (plain, secure)):
                if source not in ready:
                    continue
                data = source.recv(65_536)
                if not data:
                    return
                sink.sendall(data)


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path / "certificate.pem")


@pytest.fixture
def other(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path / "other.pem")


@pytest.fixture
def doors(certificate: Certificate) -> Iterator[Callable[[int], Door]]:
    """Puts a door in front of a port; its threads and sockets are gone after the test."""
    with ExitStack() as stack:

        def put(port: int) -> Door:
            door = Door(certificate, port)
            stack.callback(door.close)
            return door

        yield put


@pytest.fixture
def port(serve: Serve) -> int:
    """A real server without TLS."""
    return serve()


@pytest.fixture
def door(doors: Callable[[int], Door], port: int) -> Door:
    """The way to that server with TLS."""
    return doors(port)


def test_with_its_authority_everything_works_as_without(
    connect: Connect, door: Door, port: int, person: Person, certificate: Certificate
) -> None:
    river = person(port)
    long = "word " * 600 + "end"
    lines = [*map(str, range(1_000)), long]
    result = connect(door.port, "--name", "ada", "--cafile", str(certificate.path), stdin="\n".join([*lines, "status"]))
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith(f"connected to 127.0.0.1:{door.port} as ada in #lobby\nGoodbye ada.")
    assert "2 active, 0 disconnected, limit 5" in result.stdout
    heard = [line.partition(" PRIVMSG #lobby ")[2].removeprefix(":") for line in river.hear_until(" QUIT ")]
    said = [text for text in heard if text]
    assert said[:1_000] == lines[:1_000]
    assert "".join(said[1_000:]) == long


@pytest.mark.parametrize("show", [str, str.upper, lambda text: ":".join(text[at : at + 2] for at in range(0, 64, 2))])
def test_a_fingerprint_is_trusted_alone(
    connect: Connect, door: Door, certificate: Certificate, state_dir: Path, show: Callable[[str], str]
) -> None:
    result = connect(door.port, "--fingerprint", show(certificate.fingerprint), stdin="hi\n")
    assert result.exit_code == 0, result.output
    assert not (state_dir / "known_hosts").exists()


def test_a_wrong_fingerprint_ends_with_14_and_nothing_is_said(
    connect: Connect, door: Door, port: int, person: Person, other: Certificate
) -> None:
    river = person(port)
    result = connect(door.port, "--fingerprint", other.fingerprint, stdin="hi\n")
    assert result.exit_code == 14
    assert result.stderr.startswith("Error: ")
    assert result.stdout == ""
    assert river.do("PING end", "PONG")[:-1] == []


def test_a_certificate_is_trusted_on_first_use_and_remembered(connect: Connect, door: Door, state_dir: Path) -> None:
    first = connect(door.port, "--tls", stdin="hi\n")
    assert first.exit_code == 0, first.output
    told, connected, *_ = first.stderr.splitlines()
    assert f"SHA256 {door.certificate.fingerprint[:2].upper()}:" in told
    assert connected.startswith("connected to ")
    known = (state_dir / "known_hosts").read_text()
    assert f"127.0.0.1:{door.port}" in known
    again = connect(door.port, "--tls", stdin="hi\n")
    assert again.exit_code == 0, again.output
    assert again.stderr.startswith("connected to ")
    assert (state_dir / "known_hosts").read_text() == known


def test_a_certificate_that_has_changed_ends_with_14_and_nothing_is_said(
    connect: Connect, door: Door, port: int, person: Person, other: Certificate, state_dir: Path
) -> None:
    assert connect(door.port, "--tls", stdin="").exit_code == 0
    known = (state_dir / "known_hosts").read_text()
    door.certificate = other
    river = person(port)
    result = connect(door.port, "--tls", stdin="hi\n")
    assert result.exit_code == 14
    assert "known_hosts" in result.stderr
    assert result.stdout == ""
    assert (state_dir / "known_hosts").read_text() == known
    assert river.do("PING end", "PONG")[:-1] == []


def test_an_authority_that_did_not_sign_ends_with_14(connect: Connect, door: Door, other: Certificate) -> None:
    result = connect(door.port, "--cafile", str(other.path), stdin="hi\n")
    assert result.exit_code == 14
    assert "cannot be trusted" in result.stderr
    assert "--fingerprint SHA256:" in result.stderr


def test_a_server_without_tls_ends_with_14(connect: Connect, port: int) -> None:
    result = connect(port, "--tls", "--timeout", "2s", stdin="hi\n")
    assert result.exit_code == 14
    assert result.stderr.startswith(f"Error: the TLS handshake with 127.0.0.1:{port} failed")


def test_without_tls_a_server_with_it_is_no_silent_failure(connect: Connect, door: Door) -> None:
    result = connect(door.port, "--timeout", "2s", stdin="hi\n")
    assert result.exit_code == 10
    assert "--tls" in result.stderr


def test_a_server_that_is_silent_before_tls_is_given_up(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        while peer.sock.recv(65_536):
            pass

    scripted.play(script)
    result = connect(scripted.port, "--tls", "--timeout", "200ms", stdin="hi\n")
    assert result.exit_code == 10
    assert "no answer from" in result.stderr


def test_the_end_of_a_server_behind_tls_is_heard(start: Start, door: Door, certificate: Certificate) -> None:
    process = start(door.port, "--json", "--fingerprint", certificate.fingerprint)
    assert process.stdin
    assert process.stdout
    process.stdin.write("hi\n")
    process.stdin.flush()
    assert "acknowledged" in "".join(process.stdout.readline() for _ in range(4))
    door.close()
    assert process.wait(10) == 1
    _, errors = process.communicate()
    assert errors.startswith("Error: connection lost: ")
