"""A real server that runs out of disk or of descriptors, and heals; the oracle judges it."""

from __future__ import annotations

import resource
import socket
import subprocess
import threading
import time

import pytest
from crowd import DEADLINE, Irc, Member, Text, crowd
from oracle import check, read_rows
from process import Server, rest

pytestmark = pytest.mark.slow


def members_of(server, folder, stop):
    tongues = (Text(), Irc())
    return [
        Member(server.address, f"m{index}", "#r", folder, stop, tongues[index % 2], rate=100.0) for index in range(4)
    ]


def talk(members, more):
    target = sum(member.acknowledged for member in members) + more
    deadline = time.monotonic() + DEADLINE
    while sum(member.acknowledged for member in members) < target:
        assert time.monotonic() < deadline, "the server does not answer"
        members[0].join(0.002)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip("only root may mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_without_descriptors_those_inside_go_on_and_others_come_in_afterwards(tmp_path):
    stop = threading.Event()
    with Server(tmp_path / "data") as server:
        before = server.holds
        members = members_of(server, tmp_path, stop)
        with crowd(members, stop):
            limits = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (server.holds.descriptors, limits[1]))
            with socket.create_connection(server.address, timeout=10) as waiting:
                waiting.sendall(b"\n")
                deadline = time.monotonic() + DEADLINE
                while "cannot accept" not in server.log.read_text():
                    assert time.monotonic() < deadline
                    members[0].join(0.01)
                talk(members, 100)
                resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, limits)
                assert waiting.recv(4096).startswith(b"Welcome ")
        after = rest(server, before)
        print(f"before {before}, after {after}")
        assert after[1:] == before[1:]
    print(check(tmp_path, server.database))


def test_a_disk_that_was_full_lets_messages_be_saved_again(tmp_path, small_disk):
    stop = threading.Event()
    with Server(small_disk / "data") as server:
        before, saved = server.holds, []
        with socket.create_connection(server.address, timeout=10) as ada, ada.makefile("r") as lines:
            ada.sendall(b"\n")
            with (small_disk / "filler").open("wb", buffering=0) as filler, pytest.raises(OSError, match="No space"):
                while True:
                    filler.write(bytes(4096))
            for number in range(200):
                text = f"{'x' * 1500}-{number}"
                ada.sendall(f"{text}\n".encode())
                line = next(line for line in lines if line.startswith("ERR") or line.endswith("ACK\n"))
                if line.startswith("ERR not-saved"):
                    break
                saved.append(text)
            else:
                pytest.fail("the disk never was full")
            (small_disk / "filler").unlink()
            ada.sendall(b"exit\n")
        members = members_of(server, tmp_path, stop)
        with crowd(members, stop):
            talk(members, 100)
        after = rest(server, before)
        print(f"before {before}, after {after}")
    print(check(tmp_path, server.database))
    assert [row.text for row in read_rows(server.database) if row.room == "#lobby"] == saved
