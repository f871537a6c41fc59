"""The data folder: made when needed, used by one server at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys

import pytest

from chatctl.errors import DataDirBusy, DataDirUnusable
from chatctl.store.datadir import DATA_FILE, LOCK_FILE, DataDir

HOLDER = """
import sys
from pathlib import Path
from chatctl.store.datadir import DataDir
folder = DataDir(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that uses the folder until it ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path / "data"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_folder_is_made_with_those_above_it_for_its_owner_only(tmp_path):
    path = tmp_path / "a" / "b" / "data"
    with DataDir(path) as folder:
        assert folder.path == path
        assert folder.data_file == path / DATA_FILE == path / "chatctl.db"
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE((path / LOCK_FILE).stat().st_mode) == 0o600


def test_a_folder_that_is_there_is_used_as_it_is(tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "chatctl.db").write_text("kept")
    DataDir(tmp_path).close()
    assert (tmp_path / "chatctl.db").read_text() == "kept"
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_the_lock_file_names_the_process(tmp_path):
    (tmp_path / LOCK_FILE).write_text("1234567890 and more\n")
    with DataDir(tmp_path):
        assert (tmp_path / LOCK_FILE).read_text() == f"{os.getpid()}\n"


def test_a_folder_that_another_server_uses_is_refused_with_its_process(tmp_path, holder):
    path = tmp_path / "data"
    with pytest.raises(DataDirBusy) as caught:
        DataDir(path)
    assert str(caught.value) == (
        f"the data folder {path} is used by another server (process {holder.pid});"
        " stop it, or choose another with --data-dir"
    )


def test_a_folder_is_free_as_soon_as_its_process_is_killed(tmp_path, holder):
    holder.kill()
    holder.wait()
    DataDir(tmp_path / "data").close()


def test_a_refusal_takes_nothing_from_the_holder(tmp_path, holder):
    for _ in range(2):
        with pytest.raises(DataDirBusy, match=str(holder.pid)):
            DataDir(tmp_path / "data")


def test_one_process_cannot_use_a_folder_twice(tmp_path):
    with DataDir(tmp_path), pytest.raises(DataDirBusy, match=str(os.getpid())):
        DataDir(tmp_path)


def test_a_folder_is_free_again_after_its_use(tmp_path):
    for _ in range(3):
        with DataDir(tmp_path):
            pass


@pytest.mark.parametrize("content", [b"", b"  \n"])
def test_a_holder_that_has_not_said_its_name_yet_is_unknown(tmp_path, content):
    lock = os.open(tmp_path / LOCK_FILE, os.O_RDWR | os.O_CREAT)
    try:
        os.write(lock, content)
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DataDirBusy, match=r"\(process unknown\)"):
            DataDir(tmp_path)
    finally:
        os.close(lock)


@pytest.mark.parametrize(
    ("place", "why"),
    [("file", "File exists"), ("file/below", "Not a directory"), ("file/far/below", "Not a directory")],
)
def test_a_folder_that_cannot_be_made_is_refused_with_the_reason(tmp_path, place, why):
    (tmp_path / "file").touch()
    path = tmp_path / place
    with pytest.raises(DataDirUnusable) as caught:
        DataDir(path)
    assert str(caught.value) == (
        f"cannot use the data folder {path}: {why}; choose another with --data-dir, or --in-memory"
    )


def test_a_lock_file_that_cannot_be_opened_is_refused(tmp_path):
    (tmp_path / LOCK_FILE).mkdir()
    with pytest.raises(DataDirUnusable, match="Is a directory"):
        DataDir(tmp_path)


@pytest.mark.parametrize(
    ("module", "name", "number"),
    [(fcntl, "flock", errno.ENOLCK), (os, "pwrite", errno.ENOSPC), (os, "ftruncate", errno.EIO)],
    ids=["locks are not supported", "the disk is full", "the disk is broken"],
)
def test_a_folder_whose_lock_fails_is_refused_and_let_go_of(tmp_path, monkeypatch, module, name, number):
    def fails(*_):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(module, name, fails)
        with pytest.raises(DataDirUnusable, match=os.strerror(number)):
            DataDir(tmp_path)
    DataDir(tmp_path).close()
