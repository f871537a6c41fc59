"""Whether a server on this machine has accepted a connection yet, from ``/proc/net/tcp``."""

from __future__ import annotations

from pathlib import Path

from chatctl.stress.classify import Place

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LIVING = frozenset({"01", "08"})  # ESTABLISHED, CLOSE_WAIT


def places(server_port: int, tables: tuple[Path, ...] = TABLES) -> dict[int, Place]:
    """Where the server's half of each connection to ``server_port`` is, by the client's port.

    A socket that no process has accepted yet has no inode. Empty where there is no such table; a server
    on another machine or in another network namespace does not appear in it.
    """
    found: dict[int, Place] = {}
    for table in tables:
        if not table.exists():
            continue
        for row in table.read_text(encoding="ascii").splitlines()[1:]:
            fields = row.split()
            if _port(fields[1]) == server_port and fields[3] in _LIVING:
                found[_port(fields[2])] = Place.BACKLOG if fields[9] == "0" else Place.APPLICATION
    return found


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
