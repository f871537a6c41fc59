"""Which certificates are trusted without an authority: fingerprints, and the file of known hosts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from chatctl.client.errors import TlsRefused
from chatctl.core.fingerprints import is_fingerprint, parse_fingerprint


def fingerprint_of(certificate: bytes) -> str:
    """Return the SHA-256 fingerprint of a certificate in DER, as ``parse_fingerprint`` does."""
    return hashlib.sha256(certificate).hexdigest()


def show_fingerprint(fingerprint: str) -> str:
    """Return a fingerprint as people compare it: ``AA:BB:...``."""
    return bytes.fromhex(fingerprint).hex(":").upper()


def show_address(host: str, port: int) -> str:
    """Return ``host:port``, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def known_fingerprints(path: Path, host: str, port: int) -> list[str]:
    """Return what the file of known hosts has for one server; raises OSError if it is there but cannot be read.

    A line is ``host:port sha256:HEX``; comments, blank lines and lines that are broken say nothing. A server may have
    several lines, as while it changes its certificate; each of them counts.
    """
    try:
        text = path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return []
    address = show_address(host, port).lower()
    found = []
    for line in text.splitlines():
        match line.split():
            case [name, fingerprint, *_] if name.lower() == address and is_fingerprint(fingerprint):
                found.append(parse_fingerprint(fingerprint))
    return found


def remember(path: Path, host: str, port: int, fingerprint: str) -> None:
    """Add one server to the file of known hosts, which only its owner can read; raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = f"{show_address(host, port).lower()} sha256:{fingerprint}\n".encode()
    # What another client adds at the same time stays, as both only append.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        os.fchmod(descriptor, 0o600)
        # Whoever edits the file by hand may leave out the end of its last line.
        finished = file.read()[-1:] in (b"", b"\n")
        file.write(line if finished else b"\n" + line)


def trust_on_first_use(path: Path | None, host: str, port: int, fingerprint: str, tell: Callable[[str], None]) -> None:
    """Return if a self-signed certificate is the one known in ``path``, or the first that this server shows.

    The first is remembered and told. Raises ``TlsRefused``, also if nothing can be known about it.
    """
    address, shown = show_address(host, port), show_fingerprint(fingerprint)
    if path is None:
        raise TlsRefused(
            f"the certificate of {address} is self-signed; if it is the right one, give --fingerprint SHA256:{shown}"
        )
    try:
        known = known_fingerprints(path, host, port)
    except OSError as error:
        raise TlsRefused(
            f"the certificate of {address} is self-signed, and {path} cannot be read ({error.strerror}) "
            f"to see whether it is known; make that file readable, or give --fingerprint SHA256:{shown}"
        ) from None
    if not known:
        tell(_remember_and_say(path, host, port, fingerprint))
    elif fingerprint not in known:
        before = " or ".join(map(show_fingerprint, known))
        raise TlsRefused(
            f"the certificate of {address} has changed, somebody may be listening in: it was SHA256 {before}, "
            f"now it is SHA256 {shown}; if that is as it should be, remove the line of {address} from {path}, "
            f"or give --fingerprint SHA256:{shown}"
        )


def _remember_and_say(path: Path, host: str, port: int, fingerprint: str) -> str:
    fact, shown = f"the certificate of {show_address(host, port)} is self-signed", show_fingerprint(fingerprint)
    try:
        remember(path, host, port, fingerprint)
    except OSError as error:
        return (
            f"{fact}; it is trusted this time only (SHA256 {shown}), as {path} cannot be written ({error.strerror}); "
            "make that file writable, or give --fingerprint with it"
        )
    return f"{fact}; it is trusted from now on (SHA256 {shown}, kept in {path})"
