"""What TLS costs: ``python tests/bench/tls.py`` puts the same load on one server with TLS and without, in turn.

The load generator is Python, and slower than the server, so the throughput says little. What counts is the processor
time of the server for each line that it sends (an acknowledgement, a copy), and its ratio.
"""

from __future__ import annotations

import os
import selectors
import socket
import ssl
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from chatctl.server import ChatServer, ServeOptions

TICK = os.sysconf("SC_CLK_TCK")
TEXT = b"x" * 100


class Client:
    """One connection of the load."""

    def __init__(self, port: int, context: ssl.SSLContext | None, room: str) -> None:
        sock = socket.create_connection(("127.0.0.1", port), 10)
        self.sock = sock if context is None else context.wrap_socket(sock)
        self.sock.sendall(b"\n/join " + room.encode() + b"\n")
        said = b""
        while b"joined " + room.encode() not in said:
            said += self.sock.recv(65536)
        self.sock.setblocking(False)

    def fileno(self) -> int:
        return self.sock.fileno()

    def receive(self) -> tuple[int, int]:
        """Return how many lines came, and how many of them were acknowledgements."""
        lines = acks = 0
        try:
            while data := self.sock.recv(65536):
                lines += data.count(b"\n")
                acks += data.count(b" ACK\n")
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        return lines, acks

    def say(self, count: int) -> None:
        if count:
            self.sock.sendall((TEXT + b"\n") * count)


def connect(port: int, context: ssl.SSLContext | None, talkers: int, listeners: int) -> list[Client]:
    """Return connected clients: in one room if some only listen, else each in one of its own."""
    rooms = ["#bench" if listeners else f"#own{number}" for number in range(talkers + listeners)]
    return [Client(port, context, room) for room in rooms]


def drive(clients: list[Client], talkers: int, seconds: float) -> int:
    """Let the first ``talkers`` talk for some seconds, each with one message under way; return the lines that came."""
    lines = 0
    with selectors.DefaultSelector() as selector:
        for client in clients:
            client.receive()
            selector.register(client, selectors.EVENT_READ)
        talking = set(clients[:talkers])
        for client in talking:
            client.say(1)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for key, _ in selector.select(0.1):
                came, answered = key.fileobj.receive()
                lines += came
                if key.fileobj in talking:
                    key.fileobj.say(answered)
    return lines


@contextmanager
def served(asking: bool) -> Iterator[tuple[int, int]]:
    """Run a server in a process of its own, ``asking`` for certificates or not; yield its port and process number."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        with tempfile.TemporaryDirectory() as folder:
            options = ServeOptions(
                port=0,
                data_dir=Path(folder),
                tls_auto=True,
                client_certificates=asking,
                max_clients=1_000,
                reader_threads=1,
            )
            with ChatServer(options) as server:
                os.write(writing, f"{server.address[1]}\n".encode())
                os.close(writing)
                server.wait()
        os._exit(0)
    os.close(writing)
    try:
        yield int(os.read(reading, 100)), pid
    finally:
        os.close(reading)
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def measure(talkers: int, listeners: int, seconds: float, secure: bool, asking: bool) -> tuple[float, float]:
    """Return the server's microseconds for each line that it sent, and the lines a second."""
    context = None
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    with served(asking) as (port, pid):
        clients = connect(port, context, talkers, listeners)
        before = cpu_seconds(pid)
        lines = drive(clients, talkers, seconds)
        used = cpu_seconds(pid) - before
        for client in clients:
            client.sock.close()
        return used / max(lines, 1) * 1e6, lines / seconds


@click.command()
@click.option("--runs", default=3, show_default=True, help="Pairs of runs; the median counts.")
@click.option("--seconds", default=5.0, show_default=True, help="How long each run lasts.")
@click.option("--client-certificates", is_flag=True, help="Have the server ask for them.")
def main(runs: int, seconds: float, client_certificates: bool) -> None:
    """Measure what TLS costs the server."""
    table = Table("load", "without, µs", "with TLS, µs", "ratio", "without, lines/s", "with TLS, lines/s")
    for name, talkers, listeners in (("echo, 50 clients", 50, 0), ("room of 500, 50 talk", 50, 450)):
        pairs = [
            tuple(measure(talkers, listeners, seconds, secure, client_certificates) for secure in (False, True))
            for _ in track(range(runs), name)
        ]
        plain, secure = (statistics.median(one[side][0] for one in pairs) for side in (0, 1))
        rates = [statistics.median(one[side][1] for one in pairs) for side in (0, 1)]
        table.add_row(
            name, f"{plain:.2f}", f"{secure:.2f}", f"{secure / plain:.2f}", f"{rates[0]:,.0f}", f"{rates[1]:,.0f}"
        )
    Console().print(table)


if __name__ == "__main__":
    main()
