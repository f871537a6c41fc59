"""TLS under a connection: bytes of the network on one side, bytes of the chat on the other."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

_PIECE = 65_536


class Layer(Protocol):
    """One connection's TLS, without a socket; whoever uses it sees to it that only one thread does at a time.

    ``established`` is set from the end of the handshake until the connection breaks: only then anything can be said.
    ``fingerprint`` is the SHA-256 of the certificate that the peer showed, empty without one.
    """

    established: bool
    at_end: bool
    fingerprint: str

    def decrypt(self, data: bytes) -> bytes:
        """Return what the peer said with ``data``; raises ConnectionAbortedError for what is no TLS.

        ``take_output`` has something to send afterwards, perhaps also after an error.
        """
        ...

    def encrypt(self, data: bytes) -> bytes:
        """Return ``data`` as records; none before the handshake, or once the connection is broken."""
        ...

    def take_output(self) -> bytes:
        """Return what TLS itself has to say: handshake, alerts, key updates."""
        ...

    def farewell(self) -> bytes:
        """Return the record that says that nothing more comes: close_notify, RFC 8446, section 6.1."""
        ...


@dataclass(slots=True)
class TlsPolicy:
    """What holds for the connections that come from now on; ``only`` says that nobody may do without TLS.

    ``begin``, which makes a connection's TLS, is replaced as a whole when certificates are read again: connections keep
    the one they began with.
    """

    begin: Callable[[], Layer]
    only: bool = False


class TlsLayer:
    """The TLS of the standard library, which asks for no certificate.

    An SSL object that two threads use at once corrupts its records.
    """

    __slots__ = ("_incoming", "_object", "_outgoing", "at_end", "established", "fingerprint")

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.established = False
        self.at_end = False
        self.fingerprint = ""

    def decrypt(self, data: bytes) -> bytes:
        """Return what the peer said with ``data``; raises ConnectionAbortedError for what is no TLS.

        ``take_output`` has something to send afterwards, perhaps also after an error.
        """
        self._incoming.write(data)
        pieces: list[bytes] = []
        try:
            if not self.established:
                self._object.do_handshake()
                self.established = True
            while piece := self._object.read(_PIECE):
                pieces.append(piece)
            self.at_end = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.at_end = True
        except ssl.SSLError:
            # Whoever is about to write, in another thread, would meet the same error.
            self.established = False
            raise ConnectionAbortedError from None
        return b"".join(pieces)

    def encrypt(self, data: bytes) -> bytes:
        """Return ``data`` as records; nothing can be said before the handshake."""
        if not self.established:
            return b""
        rest = memoryview(data)
        while rest:
            rest = rest[self._object.write(rest) :]
        return self._outgoing.read()

    def take_output(self) -> bytes:
        """Return what TLS itself has to say: handshake, alerts, key updates."""
        return self._outgoing.read()

    def farewell(self) -> bytes:
        """Return the record that says that nothing more comes: close_notify, RFC 8446, section 6.1."""
        if not self.established:
            return b""
        # The peer has not said the same yet, and need not.
        with suppress(ssl.SSLError):
            self._object.unwrap()
        return self._outgoing.read()
