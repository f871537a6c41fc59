"""TLS that asks clients for a certificate, whoever signed it.

It is pyOpenSSL's: a server with the standard library's ``ssl`` ends the handshake of every client whose certificate no
known authority signed, and those are what clients have.
"""

from __future__ import annotations

from contextlib import suppress

from OpenSSL import SSL

_PIECE = 65_536


def ask_for_certificates(context: SSL.Context) -> None:
    """Have clients asked for a certificate, which any may do without, and take whatever they show.

    What counts is that an account has its fingerprint. That the client has the key to it is proved in the handshake:
    RFC 8446, section 4.4.3. Browsers are not asked, as some give a WebSocket up over it; they are known by the protocol
    that they offer, ``http/1.1`` (RFC 7301).
    """
    context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
    # Without a name of their own sessions with certificates cannot be resumed: SSL_CTX_set_session_id_context(3).
    context.set_session_id(b"chatctl")
    context.set_alpn_select_callback(_spare_browsers)


def _spare_browsers(connection: SSL.Connection, protocols: list[bytes]) -> SSL._NoOverlappingProtocols:
    if b"http/1.1" in protocols:
        connection.set_verify(SSL.VERIFY_NONE)
    return SSL.NO_OVERLAPPING_PROTOCOLS


class AskingTlsLayer:
    """One connection's TLS, as ``TlsLayer``; ``fingerprint`` is the SHA-256 of the certificate that the peer showed.

    It is in lower-case hexadecimal digits, and empty without a certificate and before the handshake.
    """

    __slots__ = ("_connection", "at_end", "established", "fingerprint")

    def __init__(self, context: SSL.Context) -> None:
        self._connection = SSL.Connection(context, None)
        self._connection.set_accept_state()
        self.established = False
        self.at_end = False
        self.fingerprint = ""

    def decrypt(self, data: bytes) -> bytes:
        """Return what the peer said with ``data``; raises ConnectionAbortedError for what is no TLS.

        ``take_output`` has something to send afterwards, perhaps also after an error.
        """
        pieces: list[bytes] = []
        try:
            self._write_all(data)
            if not self.established:
                self._shake_hands()
            while True:
                pieces.append(self._connection.recv(_PIECE))
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.at_end = True
        except SSL.Error:
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
            rest = rest[self._connection.send(rest) :]
        return self.take_output()

    def take_output(self) -> bytes:
        """Return what is to be sent: records, and what TLS itself has to say, as handshake, alerts, key updates."""
        pieces: list[bytes] = []
        with suppress(SSL.WantReadError):
            # A piece that is not full is the last: an exception for each message would cost more than to look.
            while not pieces or len(pieces[-1]) == _PIECE:
                pieces.append(self._connection.bio_read(_PIECE))
        return b"".join(pieces)

    def farewell(self) -> bytes:
        """Return the record that says that nothing more comes: close_notify, RFC 8446, section 6.1."""
        if not self.established:
            return b""
        # The peer has not said the same yet, and need not.
        with suppress(SSL.Error):
            self._connection.shutdown()
        return self.take_output()

    def _shake_hands(self) -> None:
        self._connection.do_handshake()
        self.established = True
        shown = self._connection.get_peer_certificate()
        if shown is not None:
            self.fingerprint = shown.digest("sha256").decode().replace(":", "").lower()

    def _write_all(self, data: bytes) -> None:
        rest = data
        while rest:
            rest = rest[self._connection.bio_write(rest) :]
