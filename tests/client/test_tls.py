"""TLS of the client: the layer without I/O, the handshake within its time, and whom it trusts."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import select
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chatctl.client.errors import CannotConnect, NoSlotFree, TlsRefused
from chatctl.client.options import TlsOptions
from chatctl.client.tls import Tls, open_tls
from chatctl.client.trust import known_fingerprints, parse_fingerprint, remember, show_address

DEADLINE = 10.0
HOST = "irc.example"
MEBIBYTE = bytes(range(256)) * 4096

Script = Callable[[socket.socket], None]


@dataclass(frozen=True)
class Issued:
    """A certificate with its key, both in the file ``path``."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    path: Path

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def shown(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()


class Issuer:
    """Makes certificates in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def issue(
        self, by: Issued | None = None, days: tuple[int, int] = (-1, 30), name: str = HOST, ca: bool = False
    ) -> Issued:
        """Make one for HOST and 127.0.0.1, signed by itself or by another, valid between two days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = dt.datetime.now(dt.UTC)
        names = [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(by.certificate.subject if by else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + dt.timedelta(days[0]))
            .not_valid_after(now + dt.timedelta(days[1]))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(by.key if by else key, hashes.SHA256())
        )
        path = self._folder / f"{certificate.serial_number:x}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return Issued(certificate, key, path)

    def authority(self, name: str = "An authority") -> Issued:
        return self.issue(name=name, ca=True)


class Server:
    """Plays one script for each connection, the last one again and again, in one thread."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._run)
        self._failures: list[BaseException] = []
        self.port: int = self._listener.getsockname()[1]
        self.clients: list[socket.socket] = []
        self._thread.start()

    def connect(self) -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", self.port), DEADLINE)
        self.clients.append(sock)
        return sock

    @property
    def all_clients_are_closed(self) -> bool:
        return bool(self.clients) and all(client.fileno() == -1 for client in self.clients)

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self._stop.close()
        self._thread.join(DEADLINE)
        self._stopped.close()
        self._listener.close()
        assert not self._thread.is_alive()
        assert not self._failures

    def _run(self) -> None:
        try:
            for count in range(100):
                ready, _, _ = select.select([self._listener, self._stopped], [], [])
                if self._listener not in ready:
                    return
                sock = self._listener.accept()[0]
                sock.settimeout(DEADLINE)
                with sock:
                    self._scripts[min(count, len(self._scripts) - 1)](sock)
        except BaseException as failure:  # noqa: BLE001 - the test has it at its end
            self._failures.append(failure)


@dataclass
class TlsScript:
    """Speaks TLS and hears until the end; a client that does not trust it is no failure."""

    issued: Issued
    talk: Callable[[ssl.SSLSocket], None] | None = None
    heard: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.issued.path)
        self.context.sni_callback = lambda _sock, name, _context: self.names.append(name)

    def __call__(self, sock: socket.socket) -> None:
        with suppress(OSError), self.context.wrap_socket(sock, server_side=True) as secure:
            if self.talk is not None:
                self.talk(secure)
            while data := secure.recv(65_536):
                self.heard.append(data)


def say_nothing(sock: socket.socket) -> None:
    with suppress(OSError):
        while sock.recv(65_536):
            pass


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts servers; their threads and all sockets are gone after the test."""
    with ExitStack() as stack:

        def start(*scripts: Script) -> Server:
            server = Server(*scripts)
            stack.callback(server.close)
            return server

        yield start


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


@pytest.fixture
def known_hosts(tmp_path: Path) -> Path:
    """The file is not there yet, nor is its folder."""
    return tmp_path / "state" / "known_hosts"


Serve = Callable[..., Server]


def enter(
    server: Server, told: list[str] | None = None, host: str = HOST, seconds: float = DEADLINE, **options: Any
) -> tuple[socket.socket, Tls]:
    """Open TLS to a server of this test; without a list for it, nothing may be told."""
    heard: list[str] = []
    link = open_tls(
        server.connect, host, server.port, TlsOptions(**options), seconds, (heard if told is None else told).append
    )
    assert heard == []
    return link


def refusal(server: Server, **options: Any) -> str:
    """Return why TLS to this server is refused; no socket may stay open, and nothing may have been said."""
    with pytest.raises(TlsRefused) as caught:
        enter(server, **options)
    assert server.all_clients_are_closed
    return str(caught.value)


def receive_until(sock: socket.socket, tls: Tls, wanted: bytes) -> None:
    text = b""
    while wanted not in text:
        assert not tls.at_end, f"the server said only {text!r}"
        text += tls.receive(sock.recv(65_536))


# Authorities


@pytest.mark.parametrize("host", [HOST, "127.0.0.1"])
def test_a_certificate_of_the_given_authority_is_trusted_in_silence(serve: Serve, issuer: Issuer, host: str) -> None:
    authority = issuer.authority()
    leaf = issuer.issue(authority)
    server = serve(TlsScript(leaf))
    sock, tls = enter(server, host=host, cafile=authority.path)
    assert tls.protocol == "TLSv1.3"
    assert tls.certificate == leaf.certificate.public_bytes(serialization.Encoding.DER)
    assert len(server.clients) == 1
    assert sock.gettimeout() == DEADLINE


def test_without_a_given_authority_those_of_the_system_count(
    serve: Serve, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = issuer.authority()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    assert enter(serve(TlsScript(issuer.issue(authority))))[1].protocol


def test_a_given_authority_is_the_only_one(serve: Serve, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = issuer.authority()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    server = serve(TlsScript(issuer.issue(authority)))
    assert "not known here" in refusal(server, cafile=issuer.authority("Another").path)


def test_a_self_signed_certificate_may_be_its_own_authority(serve: Serve, issuer: Issuer) -> None:
    itself = issuer.issue()
    assert enter(serve(TlsScript(itself)), cafile=itself.path)[1].protocol


def test_a_certificate_of_an_unknown_authority_is_refused_and_its_fingerprint_shown(
    serve: Serve, issuer: Issuer, known_hosts: Path
) -> None:
    leaf = issuer.issue(issuer.authority())
    script = TlsScript(leaf)
    server = serve(script)
    assert refusal(server, known_hosts=known_hosts) == (
        f"the certificate of {HOST}:{server.port} cannot be trusted: the authority that signed it is not known here; "
        f"give its authority with --cafile, or, if it is the right one, give --fingerprint SHA256:{leaf.shown}"
    )
    server.close()
    assert script.heard == []
    assert not known_hosts.exists()


@pytest.mark.parametrize(
    ("host", "days", "why"),
    [
        ("other.example", (-1, 30), "it is for another host name; check --host"),
        ("127.0.0.2", (-1, 30), "it is for another IP address; check --host"),
        (HOST, (-30, -1), "it has expired; ask who runs the server to renew it"),
        (HOST, (1, 30), "it is not valid yet; check this machine's clock"),
    ],
)
def test_a_certificate_for_another_name_or_time_is_refused(
    serve: Serve, issuer: Issuer, host: str, days: tuple[int, int], why: str
) -> None:
    authority = issuer.authority()
    leaf = issuer.issue(authority, days)
    sentence = refusal(serve(TlsScript(leaf)), host=host, cafile=authority.path)
    assert f"cannot be trusted: {why}, or" in sentence
    assert sentence.endswith(f"--fingerprint SHA256:{leaf.shown}")


def test_an_unusual_reason_is_told_in_the_words_of_openssl(serve: Serve, issuer: Issuer) -> None:
    no_authority = issuer.issue(name="No authority", ca=False)
    server = serve(TlsScript(issuer.issue(no_authority)))
    assert "invalid CA certificate; give its authority with --cafile" in refusal(server, cafile=no_authority.path)


def test_a_self_signed_certificate_is_not_trusted_on_first_use_if_an_authority_is_given(
    serve: Serve, issuer: Issuer, known_hosts: Path
) -> None:
    server = serve(TlsScript(issuer.issue()))
    assert "it is self-signed" in refusal(server, cafile=issuer.authority().path, known_hosts=known_hosts)
    assert not known_hosts.exists()


def test_a_server_that_shows_its_certificate_only_once_is_refused_all_the_same(serve: Serve, issuer: Issuer) -> None:
    server = serve(TlsScript(issuer.issue(issuer.authority())), lambda sock: None)
    assert refusal(server).endswith("if it is the right one, give --fingerprint")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot read {} (No such file or directory); check --cafile"),
        ("nothing", "{} holds no certificates that can be read (no certificate or crl found); give a PEM file"),
    ],
)
def test_a_file_without_authorities_is_refused_before_anybody_is_called(
    tmp_path: Path, content: str | None, sentence: str
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(TlsRefused) as caught:
        open_tls(lambda: pytest.fail("called"), HOST, 1, TlsOptions(cafile=path), DEADLINE, pytest.fail)
    assert sentence.format(path) in str(caught.value)


# First use


def test_a_self_signed_certificate_is_trusted_on_first_use_and_then_in_silence(
    serve: Serve, issuer: Issuer, known_hosts: Path
) -> None:
    itself = issuer.issue()
    server = serve(TlsScript(itself))
    told: list[str] = []
    sock, _ = enter(server, told, known_hosts=known_hosts)
    (sentence,) = told
    assert sentence == (
        f"the certificate of {HOST}:{server.port} is self-signed; it is trusted from now on "
        f"(SHA256 {itself.shown}, kept in {known_hosts})"
    )
    assert known_hosts.read_text() == f"{HOST}:{server.port} sha256:{itself.fingerprint}\n"
    assert known_hosts.stat().st_mode & 0o777 == 0o600
    assert known_hosts.parent.stat().st_mode & 0o777 == 0o700
    sock.close()
    enter(server, host=HOST.upper(), known_hosts=known_hosts)
    assert known_hosts.read_text().count("\n") == 1


def test_nothing_is_said_to_a_server_before_it_is_trusted(serve: Serve, issuer: Issuer, known_hosts: Path) -> None:
    script = TlsScript(issuer.issue())
    server = serve(script)
    sock, tls = enter(server, [], known_hosts=known_hosts)
    first, second = server.clients
    assert first.fileno() == -1
    assert second is sock
    tls.send(b"hello")
    tls.close()
    sock.sendall(tls.take_output())
    while data := sock.recv(65_536):
        tls.receive(data)
    assert script.heard == [b"hello"]


def test_a_self_signed_certificate_that_has_changed_is_refused(serve: Serve, issuer: Issuer, known_hosts: Path) -> None:
    before, now = issuer.issue(), issuer.issue()
    server = serve(TlsScript(now))
    remember(known_hosts, HOST, server.port, before.fingerprint)
    content = known_hosts.read_text()
    assert refusal(server, known_hosts=known_hosts) == (
        f"the certificate of {HOST}:{server.port} has changed, somebody may be listening in: "
        f"it was SHA256 {before.shown}, now it is SHA256 {now.shown}; if that is as it should be, "
        f"remove the line of {HOST}:{server.port} from {known_hosts}, or give --fingerprint SHA256:{now.shown}"
    )
    assert known_hosts.read_text() == content


def test_what_is_known_of_another_port_does_not_count(serve: Serve, issuer: Issuer, known_hosts: Path) -> None:
    server = serve(TlsScript(issuer.issue()))
    remember(known_hosts, HOST, server.port + 1, issuer.issue().fingerprint)
    told: list[str] = []
    enter(server, told, known_hosts=known_hosts)
    assert len(told) == 1


def test_without_a_file_of_known_hosts_a_self_signed_certificate_needs_a_fingerprint(
    serve: Serve, issuer: Issuer
) -> None:
    itself = issuer.issue()
    assert refusal(serve(TlsScript(itself))).endswith(
        f"is self-signed; if it is the right one, give --fingerprint SHA256:{itself.shown}"
    )


def test_known_hosts_that_cannot_be_read_are_no_first_use(serve: Serve, issuer: Issuer, tmp_path: Path) -> None:
    sentence = refusal(serve(TlsScript(issuer.issue())), known_hosts=tmp_path)
    assert f"{tmp_path} cannot be read (Is a directory)" in sentence


def test_known_hosts_that_cannot_be_written_are_told(serve: Serve, issuer: Issuer, tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.symlink_to(tmp_path / "nowhere" / "known_hosts")
    told: list[str] = []
    assert enter(serve(TlsScript(issuer.issue())), told, known_hosts=path)[1].protocol
    assert "it is trusted this time only" in told[0]
    assert f"{path} cannot be written (No such file or directory)" in told[0]


def test_the_file_of_known_hosts_may_hold_anything_else(known_hosts: Path) -> None:
    one, two = "ab" * 32, "cd" * 32
    known_hosts.parent.mkdir()
    known_hosts.write_bytes(
        b"# mine\n\n \xff\n"
        + f"{HOST}:6667 sha256:short\n{HOST}:6667\n#{HOST}:6667 sha256:{one}\n"
        f"{HOST.upper()}:6667\tSHA256:{one.upper()} # at home\nother:6667 sha256:{two}\n"
        f"{HOST}:66 sha256:{two}".encode()
    )
    assert known_fingerprints(known_hosts, HOST, 6667) == [one]
    remember(known_hosts, HOST, 6667, two)
    assert known_fingerprints(known_hosts, HOST, 6667) == [one, two]
    assert known_fingerprints(known_hosts, HOST, 66) == [two]


def test_an_ipv6_address_is_known_in_brackets(known_hosts: Path) -> None:
    remember(known_hosts, "::1", 6697, "ab" * 32)
    assert known_hosts.read_text() == f"[::1]:6697 sha256:{'ab' * 32}\n"
    assert known_fingerprints(known_hosts, "::1", 6697) == ["ab" * 32]
    assert show_address("::1", 6697) == "[::1]:6697"


# Fingerprints


@pytest.mark.parametrize("form", ["{plain}", "{shown}", "SHA256:{shown}", "sha256:{plain}", " SHA256:{plain}\n"])
def test_with_the_right_fingerprint_nothing_else_counts(serve: Serve, issuer: Issuer, form: str) -> None:
    expired = issuer.issue(issuer.authority(), (-30, -1))
    server = serve(TlsScript(expired))
    fingerprint = form.format(plain=expired.fingerprint, shown=expired.shown)
    enter(server, host="other.example", fingerprint=fingerprint)
    assert len(server.clients) == 1


def test_with_a_wrong_fingerprint_no_authority_helps(serve: Serve, issuer: Issuer, known_hosts: Path) -> None:
    authority = issuer.authority()
    leaf = issuer.issue(authority)
    server = serve(TlsScript(leaf))
    remember(known_hosts, HOST, server.port, leaf.fingerprint)
    sentence = refusal(server, cafile=authority.path, known_hosts=known_hosts, fingerprint="ab" * 32)
    assert sentence == (
        f"the certificate of {HOST}:{server.port} has the fingerprint SHA256:{leaf.shown}, "
        f"expected was SHA256:{':'.join(['AB'] * 32)}; somebody may be listening in: "
        "ask who runs the server, and give the right one with --fingerprint"
    )


@pytest.mark.parametrize(
    "text", ["", "ab", "ab" * 20, "ab" * 33, "xy" * 32, "MD5:" + "ab" * 32, "a:b" * 32, "\u0661" * 64]
)
def test_what_is_no_fingerprint_is_said_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="is no SHA-256 fingerprint; give 64 hexadecimal digits"):
        parse_fingerprint(text)


# Servers that do not do their part


@pytest.mark.parametrize("answer", [b":irc.example NOTICE * :*** Looking up your hostname\r\n", b"?"])
def test_a_server_that_speaks_plain_text_is_no_tls_server(serve: Serve, answer: bytes) -> None:
    def speak(sock: socket.socket) -> None:
        sock.sendall(answer)
        say_nothing(sock)

    server = serve(speak)
    said = answer[:40].decode().strip()
    assert refusal(server) == (
        f"{HOST}:{server.port} does not speak TLS (it answered {said!r}); leave out --tls or check --port"
    )


@pytest.mark.parametrize(
    ("said", "kind", "why"),
    [
        (
            b"ERROR :16 connections from your address; close one\r\nmore",
            CannotConnect,
            "16 connections from your address",
        ),
        (b"ERROR :Server full (1/1 clients), try again later\r\n", NoSlotFree, "Server full (1/1 clients)"),
        (b"ERROR\r\n", CannotConnect, "'ERROR'"),
    ],
)
def test_a_server_that_has_no_room_says_so_in_plain_text(serve: Serve, said: bytes, kind: type, why: str) -> None:
    def speak(sock: socket.socket) -> None:
        sock.sendall(said)
        say_nothing(sock)

    server = serve(speak)
    with pytest.raises(kind, match=re.escape(why)):
        enter(server)


def test_a_server_that_only_begins_like_tls_is_refused(serve: Serve) -> None:
    def speak(sock: socket.socket) -> None:
        sock.sendall(b"\x16\x09\x09\x00\x01?")
        say_nothing(sock)

    assert "failed (wrong version number); check --port" in refusal(serve(speak))


@pytest.mark.parametrize("beginning", [b"", b"\x16", b"\x16\x03\x03\x01\x00and"])
def test_a_server_that_closes_in_the_handshake_is_refused(serve: Serve, beginning: bytes) -> None:
    def leave(sock: socket.socket) -> None:
        sock.recv(65_536)
        sock.sendall(beginning)

    server = serve(leave)
    assert refusal(server) == (
        f"{HOST}:{server.port} ended the connection in the TLS handshake (it said nothing more); "
        "leave out --tls or check --port"
    )


def test_a_server_that_breaks_the_connection_is_refused(serve: Serve) -> None:
    # What is unread when it closes makes the end a reset.
    server = serve(lambda sock: select.select([sock], [], [], DEADLINE))
    assert "(Connection reset by peer)" in refusal(server)


def drip(sock: socket.socket) -> None:
    """Say one byte of a long record now and then."""
    sock.recv(65_536)
    sock.settimeout(0.01)
    with suppress(ConnectionError):
        sock.sendall(b"\x16\x03\x03\x40\x00")
        while True:
            try:
                sock.sendall(b"\0")
                if not sock.recv(1):
                    return
            except TimeoutError:
                continue


@pytest.mark.parametrize("script", [say_nothing, drip])
def test_a_server_that_never_comes_to_an_end_has_a_deadline(serve: Serve, script: Script) -> None:
    server = serve(script)
    with pytest.raises(TimeoutError) as caught:
        enter(server, seconds=0.2)
    assert str(caught.value) == (
        f"{HOST}:{server.port} did not finish the TLS handshake within 0.2 seconds; check --port, or leave out --tls"
    )
    assert server.all_clients_are_closed


def test_the_deadline_is_over_all_connections(serve: Serve, issuer: Issuer, known_hosts: Path) -> None:
    server = serve(TlsScript(issuer.issue()), say_nothing)
    with pytest.raises(TimeoutError):
        enter(server, seconds=1, known_hosts=known_hosts)
    assert server.all_clients_are_closed
    assert len(server.clients) == 2
    assert not known_hosts.exists()


def test_without_any_time_left_nothing_is_sent(serve: Serve) -> None:
    server = serve(say_nothing)
    with pytest.raises(TimeoutError):
        enter(server, seconds=0)
    assert server.all_clients_are_closed


def test_a_server_with_old_tls_only_is_refused(serve: Serve, issuer: Issuer) -> None:
    script = TlsScript(issuer.issue())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        script.context.minimum_version = script.context.maximum_version = ssl.TLSVersion.TLSv1_1
    script.context.set_ciphers("DEFAULT:@SECLEVEL=0")
    assert "speaks no TLS that is new enough" in refusal(serve(script))


def test_tls_1_2_is_new_enough(serve: Serve, issuer: Issuer) -> None:
    itself = issuer.issue()
    script = TlsScript(itself)
    script.context.maximum_version = ssl.TLSVersion.TLSv1_2
    assert enter(serve(script), fingerprint=itself.fingerprint)[1].protocol == "TLSv1.2"


def test_an_error_of_connecting_is_passed_on() -> None:
    def fail() -> socket.socket:
        raise ConnectionRefusedError("nobody there")

    with pytest.raises(ConnectionRefusedError, match="nobody there"):
        open_tls(fail, HOST, 1, TlsOptions(), DEADLINE, pytest.fail)


def test_a_socket_is_closed_when_telling_fails(serve: Serve, issuer: Issuer, known_hosts: Path) -> None:
    server = serve(TlsScript(issuer.issue()))
    with pytest.raises(pytest.fail.Exception):
        open_tls(server.connect, HOST, server.port, TlsOptions(known_hosts=known_hosts), DEADLINE, pytest.fail)
    assert server.all_clients_are_closed


@pytest.mark.parametrize(("host", "name"), [(HOST, HOST), ("127.0.0.1", None), ("::1", None), ("fe80::1%eth0", None)])
def test_a_host_is_named_to_the_server_but_an_address_is_not(
    serve: Serve, issuer: Issuer, host: str, name: str | None
) -> None:
    itself = issuer.issue()
    script = TlsScript(itself)
    enter(serve(script), host=host, fingerprint=itself.fingerprint)
    assert script.names == [name]


# The open layer


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_large_texts_go_both_ways_in_pieces_of_any_size(serve: Serve, issuer: Issuer, version: ssl.TLSVersion) -> None:
    heard = bytearray()
    closed = threading.Event()

    def echo(secure: ssl.SSLSocket) -> None:
        while len(heard) < len(MEBIBYTE):
            heard.extend(secure.recv(65_536))
        secure.sendall(heard)
        secure.unwrap().close()
        closed.set()

    itself = issuer.issue()
    script = TlsScript(itself, echo)
    script.context.maximum_version = version
    sock, tls = enter(serve(script), fingerprint=itself.fingerprint)
    sizes = cycle([1, 7, 0, 1021, 16_385, 3, 200_000])
    rest = memoryview(MEBIBYTE)
    while rest:
        size = next(sizes)
        tls.send(bytes(rest[:size]))
        rest = rest[size:]
        sock.sendall(tls.take_output())
    assert tls.take_output() == b""
    answer = bytearray()
    sizes = cycle([1, 7, 1021, 16_385, 3, 200_000])
    while not tls.at_end:
        answer += tls.receive(sock.recv(next(sizes)))
    assert heard == answer == MEBIBYTE
    tls.close()
    sock.sendall(tls.take_output())
    assert closed.wait(DEADLINE)


def test_text_that_comes_with_the_end_of_the_handshake_is_left_for_select(serve: Serve, issuer: Issuer) -> None:
    itself = issuer.issue()
    context = TlsScript(itself).context
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def greet_at_once(sock: socket.socket) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        secure = context.wrap_bio(incoming, outgoing, server_side=True)
        while True:
            incoming.write(sock.recv(65_536))
            try:
                secure.do_handshake()
                break
            except ssl.SSLWantReadError:
                sock.sendall(outgoing.read())
        secure.write(b"Welcome")
        sock.sendall(outgoing.read())
        say_nothing(sock)

    sock, tls = enter(serve(greet_at_once), fingerprint=itself.fingerprint)
    assert select.select([sock], [], [], DEADLINE)[0] == [sock]
    receive_until(sock, tls, b"Welcome")


def test_the_end_that_a_server_announces_is_an_end(serve: Serve, issuer: Issuer) -> None:
    def bye(secure: ssl.SSLSocket) -> None:
        secure.sendall(b"Goodbye")
        secure.unwrap().close()

    itself = issuer.issue()
    sock, tls = enter(serve(TlsScript(itself, bye)), fingerprint=itself.fingerprint)
    text = b""
    while not tls.at_end:
        data = sock.recv(65_536)
        assert data, "the end was not announced"
        text += tls.receive(data)
    assert text == b"Goodbye"
    assert tls.receive(b"") == b""
    tls.close()
    sock.sendall(tls.take_output())
    assert sock.recv(1) == b""


def test_the_end_of_the_network_is_an_end(serve: Serve, issuer: Issuer) -> None:
    itself = issuer.issue()
    _, tls = enter(serve(TlsScript(itself)), fingerprint=itself.fingerprint)
    assert not tls.at_end
    assert tls.receive(b"") == b""
    assert tls.at_end


def test_after_closing_the_answer_is_an_end_and_nothing_can_be_said(serve: Serve, issuer: Issuer) -> None:
    def answer_the_end(secure: ssl.SSLSocket) -> None:
        assert secure.recv(1) == b""
        secure.unwrap().close()

    itself = issuer.issue()
    sock, tls = enter(serve(TlsScript(itself, answer_the_end)), fingerprint=itself.fingerprint)
    tls.close()
    sock.sendall(tls.take_output())
    while not tls.at_end:
        data = sock.recv(65_536)
        assert data, "the end was not answered"
        assert tls.receive(data) == b""
    with pytest.raises(ConnectionError, match=r"the TLS connection broke \(.+\); connect again"):
        tls.send(b"more")


@pytest.mark.parametrize("garbage", [b"\x17\x03\x03\x00\x20" + bytes(32), b"ERROR :closing\r\n"])
def test_a_broken_record_breaks_the_connection(serve: Serve, issuer: Issuer, garbage: bytes) -> None:
    itself = issuer.issue()
    _, tls = enter(serve(TlsScript(itself)), fingerprint=itself.fingerprint)
    with pytest.raises(ConnectionError, match=r"the TLS connection broke \(.+\); connect again"):
        tls.receive(garbage)


def test_a_server_that_wants_a_certificate_of_the_client_breaks_the_connection(serve: Serve, issuer: Issuer) -> None:
    itself = issuer.issue()
    script = TlsScript(itself)
    script.context.verify_mode = ssl.CERT_REQUIRED
    sock, tls = enter(serve(script), fingerprint=itself.fingerprint)
    with pytest.raises(ConnectionError, match="certificate required"):
        receive_until(sock, tls, b"never")


def test_before_the_handshake_nothing_is_known_of_the_protocol() -> None:
    assert Tls(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), HOST).protocol == ""
