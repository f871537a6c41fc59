"""The server's certificate: read from files, or made at the first start."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from chatctl.errors import CertificateUnusable

if TYPE_CHECKING:
    from cryptography.x509 import GeneralName
    from OpenSSL import SSL

VALID_DAYS = 3_650
"""How long a certificate of one's own making is valid: clients trust it by its fingerprint, not by its date."""

_NO_PYOPENSSL = "asking clients for certificates needs pyOpenSSL, which is missing (pip install pyOpenSSL)"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where a certificate and its key are."""

    chain: Path
    key: Path

    def load(self) -> ssl.SSLContext:
        """Return what new connections use: TLS 1.2 or newer; raises ``CertificateUnusable``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_RENEGOTIATION
        try:
            context.load_cert_chain(self.chain, self.key, password=_no_password)
        except ssl.SSLError as error:
            raise CertificateUnusable(self.chain, self.key, error.reason or str(error)) from None
        except OSError as error:
            raise CertificateUnusable(self.chain, self.key, error.strerror or str(error)) from None
        return context

    def load_asking(self) -> SSL.Context:
        """Return the same for connections whose clients are asked for a certificate; raises ``CertificateUnusable``.

        Also where pyOpenSSL is missing, which this needs.
        """
        self.load()
        try:
            from OpenSSL import SSL

            from chatctl.transport.asking_tls import ask_for_certificates
        except ImportError:
            raise CertificateUnusable(self.chain, self.key, _NO_PYOPENSSL) from None
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        context.set_options(SSL.OP_NO_RENEGOTIATION)
        ask_for_certificates(context)
        try:
            context.use_certificate_chain_file(self.chain)
            context.use_privatekey_file(self.key)
        except SSL.Error as error:
            raise CertificateUnusable(self.chain, self.key, str(error)) from None
        return context

    def fingerprint(self) -> str:
        """Return the SHA-256 fingerprint as people compare it: ``AA:BB:...``; raises ``CertificateUnusable``."""
        try:
            first = self.chain.read_text().partition("-----END CERTIFICATE-----")
            der = ssl.PEM_cert_to_DER_cert(f"{first[0][first[0].index('-----BEGIN') :]}{first[1]}\n")
        except (OSError, ValueError) as error:
            raise CertificateUnusable(self.chain, self.key, str(error)) from None
        return ":".join(f"{byte:02X}" for byte in sha256(der).digest())


def own_certificate(folder: Path, name: str) -> Certificate:
    """Return the self-signed certificate in ``folder``, made now if there is none; ``name`` is the server's."""
    found = Certificate(folder / "tls-cert.pem", folder / "tls-key.pem")
    if not (found.chain.exists() and found.key.exists()):
        try:
            _make(found, name)
        except OSError as error:
            raise CertificateUnusable(found.chain, found.key, error.strerror or str(error)) from None
    return found


def _make(certificate: Certificate, name: str) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(_names()), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    _write(certificate.key, key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    _write(certificate.chain, made.public_bytes(encoding))


def _names() -> list[GeneralName]:
    from cryptography import x509

    hosts = dict.fromkeys(("localhost", socket.gethostname()))
    loopback = (ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1"))
    return [*(x509.DNSName(host) for host in hosts if host.isascii()), *map(x509.IPAddress, loopback)]


def _write(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    part.replace(path)


def _no_password() -> bytes:
    """Refuse a key with a password: without this OpenSSL would ask for it on the terminal."""
    raise CertificateUnusable(Path("the certificate"), Path("its key"), "the key has a password")
