"""Which pages may connect: RFC 6455, section 10.2."""

from __future__ import annotations

import re
from collections.abc import Iterable

ANY = "*"

# Names of other hosts are left out: whoever owns one can have it stand for this machine, and a page of theirs
# would pass for this server's own (DNS rebinding).
_OWN_HOST = re.compile(r"(?:(?:[a-z0-9-]+\.)*localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d+)?", re.ASCII)


class Origins:
    """The origins that are allowed, and this server's own where it is called by number or ``localhost``."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = frozenset(origin.lower().rstrip("/") for origin in allowed)

    def admit(self, origin: str, host: str) -> bool:
        """Tell whether a page of ``origin`` may connect to this server, which it calls ``host``."""
        if ANY in self._allowed:
            return True
        origin, host = origin.lower(), host.lower()
        own = origin.partition("://")[2] == host and _OWN_HOST.fullmatch(host) is not None
        return own or origin in self._allowed
