"""Addresses to listen on and addresses of peers."""

from __future__ import annotations

import errno
import ipaddress
import socket
from dataclasses import dataclass

from chatctl.errors import BadAddress, ListenFailed

BACKLOG = 4096


@dataclass(frozen=True, slots=True)
class Address:
    """A host, by name or number, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def read_address(text: str) -> Address:
    """Return ``HOST:PORT`` or ``[IPV6]:PORT`` as an address; raises ``BadAddress``."""
    host, colon, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise BadAddress(f"{text!r} is ambiguous; write an IPv6 address as [ADDRESS]:PORT")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise BadAddress(f"{text!r} is no address; write HOST:PORT, for example 0.0.0.0:12345")
    return Address(host, int(port))


def peer_name(address: tuple[object, ...]) -> str:
    """Return a peer's socket address as people read it; an IPv4 address mapped into IPv6 is that IPv4 address."""
    number = ipaddress.ip_address(str(address[0]).partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address) and number.ipv4_mapped is not None:
        number = number.ipv4_mapped
    return str(Address(str(number), int(str(address[1]))))


def listen(address: Address) -> socket.socket:
    """Return a socket that listens on ``address``; raises ``BadAddress`` and ``ListenFailed``."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise BadAddress(f"cannot find the host {address.host}: {error.strerror}") from error
    family, kind, protocol, _, where = found[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(where)
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise ListenFailed(_why(address, error)) from error
    sock.setblocking(False)
    return sock


def bound_address(sock: socket.socket) -> Address:
    """Return the address that a socket listens on."""
    host, port = sock.getsockname()[:2]
    return Address(str(host), int(port))


def _why(address: Address, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            remedy = "another program listens there; choose another port with -p, or stop that program"
        case errno.EACCES:
            remedy = "ports below 1024 are the administrator's; choose another with -p"
        case errno.EADDRNOTAVAIL:
            remedy = "this machine does not have that address; choose another with --host"
        case _:
            remedy = error.strerror or str(error)
    return f"cannot listen on {address}: {remedy}"
