"""Masks: patterns of names and addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_SIGN = re.compile(r"\\?[*?]|[^*?]", re.DOTALL)
_MAPPED_BITS = 96
"""Bits before the IPv4 address in an IPv6 address that means one: RFC 4291, section 2.5.5.2."""


def is_mask(text: str) -> bool:
    """Tell whether ``text`` has a wildcard, so that it may mean several names."""
    return "*" in text or "?" in text


def matches(mask: str, text: str) -> bool:
    """Tell whether ``text`` is like ``mask``: ``*`` is any text, ``?`` any character, ASCII letter case is none.

    A backslash takes a wildcard's meaning away: Modern IRC, section "Wildcard Expressions". The time is bounded
    by the product of the lengths, whatever the mask.
    """
    return _compile(mask).fullmatch(text) is not None


@lru_cache(1024)
def _compile(mask: str) -> re.Pattern[str]:
    parts = [""]
    for sign in _SIGN.findall(mask):
        if sign == "*":
            parts.append("")
        else:
            parts[-1] += "." if sign == "?" else re.escape(sign[-1])
    first, *middle = parts
    if middle:
        last = middle.pop()
        # The first place where a part fits is as good as any later one, so there is never a reason to go back.
        first += "".join(f"(?>.*?{part})" for part in middle if part) + f".*{last}"
    return re.compile(first, re.ASCII | re.IGNORECASE | re.DOTALL)


def complete(mask: str) -> str:
    """Return ``mask`` as NICK!USER@HOST: ``ada`` is ``ada!*@*``, ``ada@host`` is ``*!ada@host``."""
    nick, bang, rest = mask.partition("!")
    if not bang and "@" in mask:
        nick, rest = "", mask
    user, _, host = rest.partition("@")
    return f"{nick or '*'}!{user or '*'}@{host or '*'}"


def address_matches(mask: str, user: str, host: str) -> bool:
    """Tell whether ``mask``, which is HOST or USER@HOST, means this user and host.

    HOST is a pattern, an address or a network, as 10.0.0.0/8; an IPv4 address written as IPv6 is that IPv4 address.
    """
    user_mask, _, host_mask = mask.rpartition("@")
    if not matches(user_mask or "*", user):
        return False
    if matches(host_mask or "*", host):
        return True
    address = _address(host)
    if address is None:
        return False
    network = _network(host_mask)
    return matches(host_mask, str(address)) if network is None else address in network


def means_addresses(mask: str) -> bool:
    """Tell whether ``mask`` is one for ``address_matches`` that can match: there are no names of hosts here."""
    user_mask, _, host_mask = mask.rpartition("@")
    if not mask.isprintable() or any(sign in mask for sign in " !,") or any(sign in user_mask for sign in "@:"):
        return False
    return is_mask(host_mask) or _network(host_mask) is not None


@lru_cache(1024)
def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(1024)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    if isinstance(network, IPv6Network):
        start = network.network_address.ipv4_mapped
        if start is not None:
            return IPv4Network((start, network.prefixlen - _MAPPED_BITS))
    return network
