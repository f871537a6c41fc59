from __future__ import annotations

import stat
from pathlib import Path

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory

from chatctl.client import history
from chatctl.client.history import PrivateHistory, open_history
from chatctl.client.keys import complete, pasted


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("one\n", "one"),
        ("one\r\ntwo\r\n", "one\ntwo"),
        ("one\rtwo", "one\ntwo"),
        ("one\n\n", "one\n"),
        ("\x1b[31mred\tx\u202e", "[31mred x"),
        ("", ""),
    ],
)
def test_a_paste_loses_its_last_line_ending_and_its_controls(data: str, text: str) -> None:
    assert pasted(data) == text


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [("/hi", "/history "), ("/ST", "/status "), ("/", "/"), ("/xyz", "/xyz"), ("hi", "hi"), ("", "")],
)
def test_a_command_is_completed_as_far_as_it_is_certain(typed: str, becomes: str) -> None:
    buffer = Buffer(document=Document(typed))
    complete(buffer)
    assert buffer.text == becomes


def test_the_history_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "chatctl" / "history"
    kept = open_history(path)
    kept.append_string("hi\nthere")
    kept.append_string("not utf-8 \udcff")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(open_history(path).load_history_strings()) == ["not utf-8 ?", "hi\nthere"]


def test_a_history_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.touch(mode=0o644)
    open_history(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_long_history_forgets_its_older_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history"
    kept = open_history(path)
    for number in range(100):
        kept.append_string(f"{number}\n# not a header")
    monkeypatch.setattr(history, "SIZE_LIMIT", path.stat().st_size - 1)
    left = list(open_history(path).load_history_strings())
    assert 40 < len(left) < 60
    assert left == [f"{number}\n# not a header" for number in range(99, 99 - len(left), -1)]


def test_without_a_usable_file_the_history_is_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert isinstance(open_history(tmp_path / "file" / "history"), InMemoryHistory)
    assert isinstance(open_history(None), InMemoryHistory)


def test_a_history_that_can_no_longer_be_used_is_no_reason_to_stop(tmp_path: Path) -> None:
    kept = PrivateHistory(str(tmp_path))
    kept.store_string("x")
    assert list(kept.load_history_strings()) == []
