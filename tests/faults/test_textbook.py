"""Mistakes that chat servers with threads are known for, each with one check, here or where it belongs."""

from __future__ import annotations

import ast
import re
import socket
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import chatctl

PACKAGE = Path(chatctl.__file__).parent
SERVING = ("core", "wire", "auth", "store", "transport", "server")
"""The packages that see what strangers send."""


@cache
def parsed(path: Path) -> ast.Module:
    """Return a module's tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def sources(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules of some packages, of all if none is named."""
    for package in packages or ("",):
        for path in sorted((PACKAGE / package).rglob("*.py")):
            yield str(path.relative_to(PACKAGE)), parsed(path)


def found(kind: type[ast.AST], *packages: str) -> list[tuple[str, ast.AST]]:
    """Return every node of a kind, with where it is."""
    return [(where, node) for where, tree in sources(*packages) for node in ast.walk(tree) if isinstance(node, kind)]


def calls(name: str, *packages: str) -> list[tuple[str, ast.Call]]:
    """Return every call of a function or method with this name."""
    every = [(where, node) for where, node in found(ast.Call, *packages) if isinstance(node, ast.Call)]
    return [(where, node) for where, node in every if getattr(node.func, "attr", getattr(node.func, "id", "")) == name]


def test_the_end_of_a_stream_ends_the_session_and_spins_no_thread(start_house, readers, wait_until):
    house = start_house(reader_threads=readers)
    ada = house.enter("ada")
    for _ in range(5):
        peer = house.enter()
        peer.sock.shutdown(socket.SHUT_WR)
        assert peer.rest() == []
        ada.until("(eof)")
    busy, begun = time.process_time(), time.monotonic()
    ada.sock.settimeout(0.15)
    with pytest.raises(TimeoutError):
        ada.line()
    spent, lasted = time.process_time() - busy, time.monotonic() - begun
    assert spent < lasted / 3, "a thread is busy with nothing to do"


def test_nothing_is_sent_by_a_call_that_waits():
    """``sendall`` in the thread of who speaks would make the room wait for its slowest listener."""
    assert calls("sendall", *SERVING) == []
    senders = [*calls("send", "transport"), *calls("sendmsg", "transport")]
    to_sockets = [(where, node) for where, node in senders if "sock" in ast.unparse(node.func)]
    assert to_sockets
    assert [where for where, node in to_sockets if "MSG_DONTWAIT" not in ast.unparse(node)] == []


def test_no_error_is_caught_without_a_name_and_none_that_ends_threads_is_kept():
    handlers = [(where, node) for where, node in found(ast.ExceptHandler) if isinstance(node, ast.ExceptHandler)]
    assert [where for where, node in handlers if node.type is None] == []
    everything = [
        (where, node) for where, node in handlers if node.type is not None and ast.unparse(node.type) == "BaseException"
    ]
    assert everything
    kept = [where for where, node in everything if not any(isinstance(one, ast.Raise) for one in ast.walk(node))]
    # These two hand the error to the thread that waits for it.
    assert kept == ["client/keeper.py", "server/engine.py"]


def test_bytes_are_cut_at_line_feeds_only():
    """``splitlines`` also cuts at U+0085, U+2028 and others, which people may write."""
    assert calls("splitlines", *SERVING) == []


def test_patterns_for_what_strangers_send_mean_ascii_and_the_very_end():
    r"""``\w`` and ``\d`` mean all scripts; ``$`` also matches before a last line feed."""
    loose = re.compile(r"\\[wd]|(?<!\\)\$")
    for where, call in calls("compile", "core", "wire", "auth"):
        pattern = call.args[0]
        if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
            for match in loose.findall(pattern.value):
                assert "ASCII" in ast.unparse(call) and match != "$", f"{where}:{call.lineno}: {pattern.value}"


def test_no_value_is_written_into_sql():
    """What is put into a statement are names in capitals, of this package's own; values are parameters."""
    for where, call in [*calls("execute", "store"), *calls("executemany", "store")]:
        if isinstance(call.args[0], ast.JoinedStr):
            for part in call.args[0].values:
                if isinstance(part, ast.FormattedValue):
                    assert ast.unparse(part.value) in OWN_SQL, f"{where}:{call.lineno}: {ast.unparse(call)}"


OWN_SQL = {"_ACCOUNT", "APPLICATION_ID", "number", "name", "durability", "old"}
"""Columns, numbers of the schema, names of pragmas, an enumeration, a statement: all of the package's own."""


def test_no_thread_with_something_to_finish_is_a_daemon():
    """Only the client's attempt to connect is one: looking up a name cannot be interrupted, and nobody waits for it."""
    daemons = [where for where, node in calls("Thread") if any(keyword.arg == "daemon" for keyword in node.keywords)]
    assert daemons == ["client/keeper.py"]
    assert [where for where, node in found(ast.Attribute) if getattr(node, "attr", "") == "daemon"] == []


def test_what_was_said_before_the_stop_is_told_before_the_end(start_house, readers):
    house = start_house(reader_threads=readers)
    ada, bob = house.enter("ada"), house.enter("bob")
    texts = [f"{number} {'x' * 1000}" for number in range(500)]
    ada.send(*texts)
    ada.until(f"{texts[-1]} ACK")
    house.server.stop()
    told = bob.rest()
    assert [line for line in told if line.startswith("ada: ")] == [f"ada: {text}" for text in texts]
    assert told[-1].startswith("* the server is shutting down")
