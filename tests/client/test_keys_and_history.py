from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.shortcuts import PromptSession

from chatctl.client import history
from chatctl.client.completion import complete
from chatctl.client.history import PrivateHistory, open_history
from chatctl.client.keys import make_keys, pasted
from chatctl.client.registration import Login
from chatctl.client.session import Session


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


class Hands:
    """What keys asked for, in their order."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def leave(self) -> None:
        self.asked.append("leave")

    def interrupt(self) -> None:
        self.asked.append("interrupt")

    def complete(self, buffer: Buffer) -> None:
        self.asked.append(f"complete {buffer.text}")

    def go(self, number: int) -> None:
        self.asked.append(f"go {number}")


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as keyboard:
        yield keyboard


@pytest.mark.parametrize(
    ("keys", "asked", "text"),
    [
        ("\x04", ["leave"], ""),
        ("ab\x01\x04", [], "b"),
        ("\x03", ["interrupt"], ""),
        ("abc\x03", [], ""),
        ("abc\x03\x03", ["interrupt"], ""),
        ("/hi\t", ["complete /hi"], "/hi"),
        ("\x1b1\x1b9", ["go 1", "go 9"], ""),
        ("\x1b0", [], ""),
        ("a\x1b[200~one\r\ntwo\x1b[31m\n\x1b[201~b", [], "aone\ntwo[31mb"),
        ("\x1b[200~\x03\x04\x1b[201~", [], ""),
    ],
)
def test_keys_do_what_they_are_for(keyboard: PipeInput, keys: str, asked: list[str], text: str) -> None:
    hands = Hands()
    prompt: PromptSession[str] = PromptSession(
        key_bindings=make_keys(hands), input=keyboard, output=DummyOutput(), multiline=False
    )
    keyboard.send_text(f"{keys}\r")
    assert prompt.prompt() == text
    assert hands.asked == asked


@pytest.fixture
def session() -> Session:
    """A session in three rooms, with some people in the first."""
    session = Session(Login("ada"), ["#ops", "#Opera", "#tea"])
    lines = [":s CAP * LS :", ":s 001 ada :hi", ":s 005 ada CHANTYPES=# :are supported", ":s 376 ada :"]
    lines += [f":ada!u@h JOIN {room}" for room in ("#ops", "#Opera", "#tea")]
    lines += [":s 353 ada = #ops :@ada +Bob bobby eve status_bot", ":s 353 ada = #tea :ada zed"]
    session.receive("".join(f"{line}\r\n" for line in lines).encode())
    assert session.room == "#ops"
    return session


@pytest.mark.parametrize(
    ("typed", "becomes", "found"),
    [
        ("/inv", "/invite ", ["/invite"]),
        ("/WHOI", "/whois ", ["/whois"]),
        ("/who", "/who", ["/who", "/whois"]),
        ("/r", "/room", ["/room", "/rooms"]),
        ("/hi", "/hi", []),
        ("/xyz", "/xyz", []),
        ("say /inv", "say /inv", []),
        ("bo", "Bob", ["Bob", "bobby"]),
        ("ev", "eve: ", ["eve"]),
        ("hi ev", "hi eve ", ["eve"]),
        ("/kick ev", "/kick eve ", ["eve"]),
        ("ad", "ad", []),
        ("ze", "ze", []),
        ("one\nev", "one\neve ", ["eve"]),
        ("/join #t", "/join #tea ", ["#tea"]),
        ("#t", "#tea ", ["#tea"]),
        ("#o", "#Op", ["#Opera", "#ops"]),
        ("#x", "#x", []),
        ("", "", []),
        ("ev ", "ev ", []),
    ],
)
def test_a_word_is_completed_as_far_as_it_is_certain(
    session: Session, typed: str, becomes: str, found: list[str]
) -> None:
    buffer = Buffer(document=Document(typed))
    assert complete(buffer, session) == found
    assert buffer.text == becomes


def test_what_the_server_can_do_is_what_is_completed(session: Session) -> None:
    session.here.caps = {"soju.im/search": "", "chatctl.dev/session": ""}
    assert complete(Buffer(document=Document("/s")), session) == ["/search", "/status"]


def test_a_word_in_the_middle_of_a_line_is_completed(session: Session) -> None:
    buffer = Buffer(document=Document("hi ev how are you", 5))
    complete(buffer, session)
    assert (buffer.text, buffer.cursor_position) == ("hi eve  how are you", 7)


def test_in_no_room_there_is_nobody_to_name(session: Session) -> None:
    session.room = ""
    assert complete(Buffer(document=Document("ev")), session) == []


def test_with_names_that_begin_differently_nothing_is_certain(session: Session) -> None:
    buffer = Buffer(document=Document("#"))
    assert complete(buffer, session) == ["#Opera", "#ops", "#tea"]
    assert buffer.text == "#"


def test_the_history_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "chatctl" / "history"
    kept = open_history(path)
    kept.append_string("hi\nthere")
    kept.append_string("not utf-8 \udcff")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(open_history(path).load_history_strings()) == ["not utf-8 ?", "hi\nthere"]


def test_lines_that_may_hold_a_password_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "history"
    kept = open_history(path)
    for line in ("one", "/oper admin pencil", "/msg NickServ identify pencil", "/quote PASS pencil", "two"):
        kept.append_string(line)
    assert list(open_history(path).load_history_strings()) == ["two", "one"]
    assert b"pencil" not in path.read_bytes()


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
