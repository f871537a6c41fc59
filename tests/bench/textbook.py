"""The chat server of the textbooks: a thread for each client that reads, stores, and sends to everybody itself.

What chatctl is measured against. It speaks just enough of the same protocol: lines, ``/join #room``, ``ACK``.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import sqlite3
import threading
import time
from collections import defaultdict
from itertools import count
from pathlib import Path

rooms: defaultdict[str, dict[str, socket.socket]] = defaultdict(dict)
rooms_lock = threading.Lock()
store_lock = threading.Lock()


def open_store(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path, check_same_thread=False)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = NORMAL")
    store.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, at REAL, room TEXT, name TEXT, text TEXT)")
    return store


def keep(store: sqlite3.Connection, room: str, name: str, text: str) -> None:
    with store_lock:
        store.execute(
            "INSERT INTO messages (at, room, name, text) VALUES (?, ?, ?, ?)", (time.time(), room, name, text)
        )
        store.commit()


def tell(room: str, name: str, text: str) -> None:
    ack, copy = f"{text} ACK\n".encode(), f"{name}: {text}\n".encode()
    with rooms_lock:
        for member, sock in rooms[room].items():
            with contextlib.suppress(OSError):
                sock.sendall(ack if member == name else copy)


def move(sock: socket.socket, name: str, old: str, new: str) -> None:
    with rooms_lock:
        rooms[old].pop(name, None)
        rooms[new][name] = sock
        sock.sendall(f"* {name} joined {new}\n".encode())


def serve(sock: socket.socket, name: str, store: sqlite3.Connection | None) -> None:
    room = "#lobby"
    with contextlib.suppress(OSError), sock, sock.makefile("r", encoding="utf-8", newline="\n") as lines:
        sock.sendall(f"Welcome {name}! You are connected.\nType a message, or /join #room.\n".encode())
        move(sock, name, room, room)
        for text in map(str.rstrip, lines):
            if text.startswith("/join "):
                old, room = room, text.removeprefix("/join ")
                move(sock, name, old, room)
            elif text:
                if store is not None:
                    keep(store, room, name, text)
                tell(room, name, text)
    with rooms_lock:
        rooms[room].pop(name, None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data-dir", type=Path, default=Path())
    parser.add_argument("--no-store", action="store_true", help="keep no messages")
    options = parser.parse_args()
    store = None if options.no_store else open_store(options.data_dir / "textbook.db")
    listener = socket.create_server(("127.0.0.1", options.port), backlog=1024)
    print(f"listens on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
    for number in count(1):
        sock, _ = listener.accept()
        # Without this, Nagle's delay would be measured and nothing else.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(sock, f"Client{number:02d}", store), daemon=True).start()


if __name__ == "__main__":
    main()
