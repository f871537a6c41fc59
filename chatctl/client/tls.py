"""TLS for a client: a layer without I/O, and the opening of it with the decision whom to trust."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from chatctl.client.errors import TlsRefused
from chatctl.client.opening import turned_away
from chatctl.client.options import TlsOptions
from chatctl.client.sanitize import read_foreign
from chatctl.client.trust import (
    fingerprint_of,
    show_address,
    show_fingerprint,
    trust_on_first_use,
)
from chatctl.core.fingerprints import parse_fingerprint
from chatctl.errors import CannotRun

READ_SIZE = 65_536
"""Bytes of text taken out of the TLS layer at once; a record holds 16 KiB at most."""

HEADER_SIZE = 5
"""Bytes before each TLS record: its type, its version (two) and the length of the rest (two)."""

LINE_SIZE = 512
"""Bytes of the longest line: Modern IRC, section "Messages"."""

RECORD_TYPES = range(20, 25)
"""First bytes of TLS records; all are control characters, so that no text begins like them."""

SELF_SIGNED = 18
"""OpenSSL's X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT."""

GIVE_AUTHORITY = "give its authority with --cafile"

PLAIN_WORDS = {
    9: "it is not valid yet; check this machine's clock",
    10: "it has expired; ask who runs the server to renew it",
    SELF_SIGNED: f"it is self-signed; {GIVE_AUTHORITY}",
    19: f"the authority at the end of its chain is not known here; {GIVE_AUTHORITY}",
    20: f"the authority that signed it is not known here; {GIVE_AUTHORITY}",
    62: "it is for another host name; check --host",
    64: "it is for another IP address; check --host",
}
"""What verification most often fails at and what helps, by OpenSSL's code; for the others there are OpenSSL's words."""

TOO_OLD = ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION")
"""OpenSSL's reasons for a handshake that failed at the version."""


class Tls:
    """One TLS connection of a client, without a socket: bytes of the network on one side, text on the other.

    Each call may leave something in ``take_output``, also ``receive``: look there after every one of them.
    """

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        # The zone of a link-local address ("fe80::1%eth0") is of no concern to the server.
        name = host.partition("%")[0]
        self._ssl = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self.at_end = False

    def shake_hands(self, data: bytes) -> bool:
        """Take bytes of the network, none at first; return whether the handshake is done. Raises ssl.SSLError."""
        self._incoming.write(data)
        try:
            self._ssl.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def receive(self, data: bytes) -> bytes:
        """Take bytes of the network, return the text in them; none mean that the network ended.

        ``at_end`` is set then, or when the server said that nothing follows. Raises ConnectionError if it is broken.
        """
        self.at_end = self.at_end or not data
        self._incoming.write(data)
        chunks = []
        try:
            while chunk := self._ssl.read(READ_SIZE):
                chunks.append(chunk)
            self.at_end = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.at_end = True
        except ssl.SSLError as error:
            raise _broken(error) from None
        return b"".join(chunks)

    def send(self, data: bytes) -> None:
        """Take text for the server. Raises ConnectionError if the connection is broken or closed."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._ssl.write(rest) :]
        except ssl.SSLError as error:
            raise _broken(error) from None

    def close(self) -> None:
        """Say that nothing follows; ``take_output`` has it. The socket is the caller's to close."""
        with suppress(ssl.SSLError):
            self._ssl.unwrap()

    def take_output(self) -> bytes:
        """Return what is to be sent over the network, and forget it."""
        return self._outgoing.read()

    @property
    def certificate(self) -> bytes:
        """The server's certificate in DER, once the handshake is done."""
        return self._ssl.getpeercert(binary_form=True) or b""

    @property
    def protocol(self) -> str:
        """What is spoken, as ``TLSv1.3``; empty before the handshake."""
        return self._ssl.version() or ""


Shake = Callable[[ssl.SSLContext], tuple[socket.socket, Tls]]
"""Connects and does one handshake; raises as ``open_tls`` does, and ssl.SSLCertVerificationError."""


def open_tls(
    connect: Callable[[], socket.socket],
    host: str,
    port: int,
    options: TlsOptions,
    deadline_seconds: float,
    tell: Callable[[str], None],
) -> tuple[socket.socket, Tls]:
    """Connect, shake hands and decide about trust; ``tell`` hears of a certificate that is trusted for the first time.

    ``connect`` is called a second time if the certificate does not verify, as only a handshake that verifies nothing
    shows it. Raises ``TlsRefused``, TimeoutError when all of it took too long, and what ``connect`` raises.
    """
    deadline = time.monotonic() + deadline_seconds
    address = show_address(host, port)

    def shake(context: ssl.SSLContext) -> tuple[socket.socket, Tls]:
        sock = connect()
        try:
            tls = Tls(context, host)
            _shake_hands(sock, tls, address, deadline)
        except TimeoutError:
            sock.close()
            raise TimeoutError(
                f"{address} did not finish the TLS handshake within {deadline_seconds:g} seconds; "
                "check --port, or leave out --tls"
            ) from None
        except BaseException:
            sock.close()
            raise
        return sock, tls

    if options.fingerprint is not None:
        expected = parse_fingerprint(options.fingerprint)
        return _open_unverified(shake, options, lambda shown: _compare(address, expected, shown))
    try:
        return shake(_verifying(options))
    except ssl.SSLCertVerificationError as error:
        failure = error
    if failure.verify_code == SELF_SIGNED and options.cafile is None:
        known = options.known_hosts
        return _open_unverified(shake, options, lambda shown: trust_on_first_use(known, host, port, shown, tell))
    raise TlsRefused(_not_trusted(address, failure, _see_fingerprint(shake)))


def _open_unverified(shake: Shake, options: TlsOptions, decide: Callable[[str], None]) -> tuple[socket.socket, Tls]:
    """Shake hands with whoever it is, and let ``decide`` raise if the fingerprint is not to be trusted."""
    sock, tls = shake(_unverifying(options))
    try:
        decide(fingerprint_of(tls.certificate))
    except BaseException:
        sock.close()
        raise
    return sock, tls


def _see_fingerprint(shake: Shake) -> str | None:
    """Return the fingerprint of a server that is refused anyhow, if it shows it once more."""
    with suppress(OSError, CannotRun):
        sock, tls = shake(_unverifying(TlsOptions()))
        sock.close()
        return fingerprint_of(tls.certificate)
    return None


def _client_context(options: TlsOptions) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # With none, sending never has to wait for the server's part in a new handshake.
    context.options |= ssl.OP_NO_RENEGOTIATION
    if options.certificate is not None:
        _show(context, options.certificate, options.key or options.certificate)
    return context


def _show(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    """Have the client's own certificate shown to a server that asks for it."""

    def refuse() -> bytes:
        # Without this OpenSSL would ask for the password on the terminal.
        raise TlsRefused(f"{key} has a password; give a key without one with --client-key")

    try:
        context.load_cert_chain(certificate, key, refuse)
    except ssl.SSLError as error:
        raise TlsRefused(
            f"{certificate} with {key} cannot be shown to the server ({_reason(error)}); "
            "give a PEM certificate with --client-cert, and its key with --client-key"
        ) from None
    except OSError as error:
        raise TlsRefused(
            f"cannot read {certificate} with {key} ({error.strerror}); check --client-cert and --client-key"
        ) from None


def _verifying(options: TlsOptions) -> ssl.SSLContext:
    context, cafile = _client_context(options), options.cafile
    if cafile is None:
        context.load_default_certs()
        return context
    try:
        context.load_verify_locations(cafile)
    except ssl.SSLError as error:
        raise TlsRefused(
            f"{cafile} holds no certificates that can be read ({_reason(error)}); give a PEM file with --cafile"
        ) from None
    except OSError as error:
        raise TlsRefused(f"cannot read {cafile} ({error.strerror}); check --cafile") from None
    return context


def _unverifying(options: TlsOptions) -> ssl.SSLContext:
    context = _client_context(options)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _shake_hands(sock: socket.socket, tls: Tls, address: str, deadline: float) -> None:
    """Do the handshake over a socket, whose own timeout is as before when it is done."""
    timeout = sock.gettimeout()
    try:
        _exchange_records(sock, tls, address, deadline)
    except ssl.SSLError as error:
        # The alert that says why; it is no matter whether it arrives.
        with suppress(OSError):
            sock.sendall(tls.take_output())
        if isinstance(error, ssl.SSLCertVerificationError):
            raise
        raise TlsRefused(_failed(address, error)) from None
    except TimeoutError:
        raise
    except OSError as error:
        raise TlsRefused(
            f"{address} ended the connection in the TLS handshake ({error.strerror or error}); "
            "leave out --tls or check --port"
        ) from None
    sock.settimeout(timeout)


def _exchange_records(sock: socket.socket, tls: Tls, address: str, deadline: float) -> None:
    """Take from the socket only the records of the handshake, so that a later select sees what follows them."""
    done = tls.shake_hands(b"")
    _send(sock, tls.take_output(), deadline)
    _refuse_plain_text(sock, address, deadline)
    while not done:
        header = _receive(sock, HEADER_SIZE, deadline)
        body = _receive(sock, int.from_bytes(header[3:]), deadline)
        done = tls.shake_hands(header + body)
        _send(sock, tls.take_output(), deadline)


def _refuse_plain_text(sock: socket.socket, address: str, deadline: float) -> None:
    """Look at how the answer begins: text taken for a record would have us wait for thousands of bytes more."""
    sock.settimeout(_remaining(deadline))
    answer = sock.recv(40, socket.MSG_PEEK)
    if answer and answer[0] not in RECORD_TYPES:
        text = answer.decode("ascii", "replace").strip()
        if text.startswith("ERROR"):
            # A server that has no room for a connection says so before anything else, in plain text.
            line = read_foreign(sock.recv(LINE_SIZE).split(b"\n")[0])
            raise turned_away(line.params[-1] if line is not None and line.params else repr(text))
        raise TlsRefused(f"{address} does not speak TLS (it answered {text!r}); leave out --tls or check --port")


def _send(sock: socket.socket, data: bytes, deadline: float) -> None:
    sock.settimeout(_remaining(deadline))
    sock.sendall(data)


def _receive(sock: socket.socket, size: int, deadline: float) -> bytes:
    """Return exactly ``size`` bytes."""
    data = b""
    while len(data) < size:
        sock.settimeout(_remaining(deadline))
        chunk = sock.recv(size - len(data))
        if not chunk:
            raise ConnectionError("it said nothing more")
        data += chunk
    return data


def _remaining(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining


def _compare(address: str, expected: str, shown: str) -> None:
    if shown != expected:
        raise TlsRefused(
            f"the certificate of {address} has the fingerprint SHA256:{show_fingerprint(shown)}, "
            f"expected was SHA256:{show_fingerprint(expected)}; somebody may be listening in: "
            "ask who runs the server, and give the right one with --fingerprint"
        )


def _not_trusted(address: str, failure: ssl.SSLCertVerificationError, fingerprint: str | None) -> str:
    why = PLAIN_WORDS.get(failure.verify_code, f"{failure.verify_message}; {GIVE_AUTHORITY}")
    shown = f" SHA256:{show_fingerprint(fingerprint)}" if fingerprint else ""
    return (
        f"the certificate of {address} cannot be trusted: {why}, or, if it is the right one, give --fingerprint{shown}"
    )


def _failed(address: str, error: ssl.SSLError) -> str:
    if error.reason in TOO_OLD:
        return (
            f"{address} speaks no TLS that is new enough ({_reason(error)}); "
            "ask who runs the server to turn on TLS 1.2 or 1.3"
        )
    return f"the TLS handshake with {address} failed ({_reason(error)}); check --port, or ask who runs the server"


def _reason(error: ssl.SSLError) -> str:
    return (error.reason or str(error)).replace("_", " ").lower()


def _broken(error: ssl.SSLError) -> ConnectionError:
    return ConnectionError(f"the TLS connection broke ({_reason(error)}); connect again")
