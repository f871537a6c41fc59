"""The configuration file of ``chatctl connect``: what it sets, what beats it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import platformdirs
import pytest
from click.testing import CliRunner, Result

from chatctl.cli import main
from chatctl.cli.config import default_file
from chatctl.client import run
from chatctl.client.options import Alarm, Colour, ConnectOptions

FINGERPRINT = "ab" * 32


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATCTL_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("CHATCTL_CONFIG", str(tmp_path / "config.toml"))
    for name in ("NAME", "ROOM", "PORT", "HOST", "CONFIG", "JSON"):
        monkeypatch.delenv(f"CHATCTL_CONNECT_{name}", raising=False)
    monkeypatch.delenv("CHATCTL_PASSWORD", raising=False)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes the user's file."""

    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ConnectOptions]:
    """What the command was asked to do, in place of doing it."""
    options: list[ConnectOptions] = []
    monkeypatch.setattr(run, "run", options.append)
    return options


def connect(*args: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(main, ["connect", *args])


def refused(*args: str, **environment: str) -> str:
    """Return what is wrong; it is wrong usage and takes two lines of usage and one sentence."""
    result = connect(*args, **environment)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    return result.stderr.splitlines()[-1]


# What it sets


def test_every_option_can_be_set(write: Callable[[str], Path], asked: list[ConnectOptions], tmp_path: Path) -> None:
    secret, authority = tmp_path / "secret", tmp_path / "ca.pem"
    secret.write_text("sesame\n")
    authority.write_text("x")
    write(
        f"""
        [connect]
        host = "irc.example.org"
        port = 6697
        name = "ada"
        room = ["#ops", "#tea"]
        account = "lovelace"
        password-file = "{secret}"
        server_password_file = "{secret}"
        tls = true
        cafile = "{authority}"
        fingerprint = "{FINGERPRINT}"
        read-only = true
        json = true
        backlog = 3
        notify = "osc9"
        color = "never"
        timeout = "500ms"
        """
    )
    assert connect().exit_code == 0
    (options,) = asked
    assert (options.host, options.port, options.rooms) == ("irc.example.org", 6697, ("#ops", "#tea"))
    login = options.login
    assert (login.name, login.account, login.password, login.server_password) == ("ada", "lovelace", "sesame", "sesame")
    assert options.tls
    assert (options.tls.cafile, options.tls.fingerprint) == (authority, FINGERPRINT)
    assert options.read_only
    assert options.json
    assert (options.backlog, options.alarm, options.colour) == (3, Alarm.OSC9, Colour.NEVER)
    assert options.timeout == 0.5


def test_no_option_is_forgotten(write: Callable[[str], Path]) -> None:
    command = main.get_command(click.Context(main), "connect")
    assert command
    write("[connect]\nnonsense = 1\n")
    listed = refused().rpartition("; there are ")[2].split(", ")
    options = {str(parameter.name).replace("_", "-") for parameter in command.params}
    assert set(listed) == options - {"config", "help"}


def test_one_room_needs_no_list(write: Callable[[str], Path], asked: list[ConnectOptions]) -> None:
    write('[connect]\nroom = "#ops"\n')
    assert connect().exit_code == 0
    assert asked[0].rooms == ("#ops",)


def test_an_empty_list_of_rooms_is_none_asked_for(write: Callable[[str], Path], asked: list[ConnectOptions]) -> None:
    write("[connect]\nroom = []\n")
    assert connect().exit_code == 0
    assert asked[0].rooms is None


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[connect]\n", '[serve]\nport = 3\n[stress]\nclients = "x"\n'])
def test_what_is_not_about_this_command_changes_nothing(
    write: Callable[[str], Path], asked: list[ConnectOptions], text: str
) -> None:
    write(text)
    assert connect().exit_code == 0
    (options,) = asked
    assert (options.host, options.port, options.rooms, options.tls) == ("127.0.0.1", 12345, None, None)


def test_without_a_file_the_defaults_count(asked: list[ConnectOptions]) -> None:
    assert not default_file().exists()
    assert connect().exit_code == 0
    assert asked[0].port == 12345


# What beats it


@pytest.mark.parametrize(
    ("args", "environment", "name"),
    [
        ((), {}, "file"),
        ((), {"CHATCTL_CONNECT_NAME": "environment"}, "environment"),
        (("--name", "line"), {}, "line"),
        (("--name", "line"), {"CHATCTL_CONNECT_NAME": "environment"}, "line"),
    ],
)
def test_the_command_line_beats_the_environment_beats_the_file(
    write: Callable[[str], Path],
    asked: list[ConnectOptions],
    args: tuple[str, ...],
    environment: dict[str, str],
    name: str,
) -> None:
    write('[connect]\nname = "file"\n')
    assert connect(*args, **environment).exit_code == 0
    assert asked[0].login.name == name


@pytest.mark.parametrize(
    ("args", "environment", "rooms"),
    [
        (("--room", "#line"), {}, ("#line",)),
        ((), {"CHATCTL_CONNECT_ROOM": "#one #two"}, ("#one", "#two")),
    ],
)
def test_other_rooms_take_the_place_of_those_in_the_file(
    write: Callable[[str], Path],
    asked: list[ConnectOptions],
    args: tuple[str, ...],
    environment: dict[str, str],
    rooms: tuple[str, ...],
) -> None:
    write('[connect]\nroom = ["#file", "#more"]\n')
    assert connect(*args, **environment).exit_code == 0
    assert asked[0].rooms == rooms


def test_what_the_command_line_replaces_is_not_even_read(
    write: Callable[[str], Path], asked: list[ConnectOptions]
) -> None:
    write('[connect]\ncafile = "/nonexistent/ca.pem"\nname = "9 lives"\n')
    assert connect("--cafile", __file__, "--name", "ada").exit_code == 0
    assert asked[0].login.name == "ada"


# Where it is


def test_another_file_can_be_named(write: Callable[[str], Path], asked: list[ConnectOptions], tmp_path: Path) -> None:
    write('[connect]\nname = "own"\nport = 1\n')
    other = tmp_path / "other.toml"
    other.write_text('[connect]\nname = "other"\n')
    for args, environment in [(("--config", str(other)), {}), ((), {"CHATCTL_CONNECT_CONFIG": str(other)})]:
        assert connect(*args, **environment).exit_code == 0
        assert (asked[-1].login.name, asked[-1].port) == ("other", 12345)


def test_without_a_word_the_file_is_where_the_platform_keeps_such_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda name: f"/etc/{name}")
    for value in ("", None):
        if value is None:
            monkeypatch.delenv("CHATCTL_CONFIG")
        else:
            monkeypatch.setenv("CHATCTL_CONFIG", value)
        assert default_file() == Path("/etc/chatctl/config.toml")


def test_a_file_that_is_named_and_missing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.toml"
    assert refused("--config", str(path)) == (
        f"Error: cannot read {path}: No such file or directory; check --config and CHATCTL_CONFIG"
    )


def test_a_folder_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATCTL_CONFIG", str(tmp_path))
    assert refused() == f"Error: cannot read {tmp_path}: Is a directory; check --config and CHATCTL_CONFIG"
    assert f"File '{tmp_path}' is a directory" in refused("--config", str(tmp_path))


def test_a_file_that_may_not_be_read_is_told(write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("[connect]\n")

    def fail(*_: Any, **__: Any) -> str:
        raise PermissionError(13, "Permission denied")

    # Whoever runs the tests as root could read everything.
    monkeypatch.setattr(Path, "read_text", fail)
    assert refused() == f"Error: cannot read {path}: Permission denied; check --config and CHATCTL_CONFIG"


# What is wrong with it


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("nmae", "name"),
        ("rooms", "room"),
        ("colour", "color"),
        ("Port", "port"),
        ("password", "password-file"),
        ("time-out", "timeout"),
        ("finger_print", "fingerprint"),
        ("readonly", "read-only"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_name(write: Callable[[str], Path], key: str, nearest: str) -> None:
    path = write(f'[connect]\n{key} = "x"\n')
    assert refused() == f"Error: {path}: [connect] knows no {key!r}; did you mean {nearest}?"


@pytest.mark.parametrize("key", ["zzzzzz", "config", "help"])
def test_a_key_like_no_other_is_told_with_all_names(write: Callable[[str], Path], key: str) -> None:
    path = write(f'[connect]\n{key} = "x"\n')
    assert refused().startswith(f"Error: {path}: [connect] knows no {key!r}; there are account, backlog, cafile, ")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("name = 3", "name must be a text in quotes"),
        ("name = true", "name must be a text in quotes"),
        ('name = ["ada"]', "name must be a text in quotes"),
        ("name = 2026-11-22", "name must be a text in quotes"),
        ('name = {first = "ada"}', "name must be a text in quotes"),
        ("host = 127", "host must be a text in quotes"),
        ("cafile = 3", "cafile must be a text in quotes"),
        ("timeout = 5", "timeout must be a text in quotes"),
        ("notify = false", "notify must be a text in quotes"),
        ('port = "6697"', "port must be a whole number"),
        ("port = true", "port must be a whole number"),
        ("backlog = 1.5", "backlog must be a whole number"),
        ('tls = "yes"', "tls must be true or false"),
        ("read-only = 1", "read-only must be true or false"),
        ("json = []", "json must be true or false"),
        ("room = 3", "room must be a list of texts in quotes"),
        ('room = ["#ops", 3]', "room must be a list of texts in quotes"),
        ("room = true", "room must be a list of texts in quotes"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told(write: Callable[[str], Path], line: str, kind: str) -> None:
    path = write(f"[connect]\n{line}\n")
    assert refused() == f"Error: {path}: {kind}"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('name = "9to5"', "'9to5' cannot be a name"),
        ('room = ["#fine", "ops"]', "'ops' cannot be a room"),
        ("port = 70000", "70000 is not in the range"),
        ("backlog = -1", "-1 is not in the range"),
        ('notify = "loud"', "'loud' is not one of"),
        ('color = "always"', "'always' is not one of"),
        ('timeout = "soon"', "'soon' is no duration"),
        ('fingerprint = "12"', "'12' is no SHA-256 fingerprint"),
        ('password-file = "/nonexistent/secret"', "File '/nonexistent/secret' does not exist"),
    ],
)
def test_a_value_is_checked_as_on_the_command_line(write: Callable[[str], Path], line: str, sentence: str) -> None:
    write(f"[connect]\n{line}\n")
    assert sentence in refused()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('name = "ada"\n', "'name' is in no table; write a line [connect] above it"),
        ("connect = 3\n", "'connect' is in no table; write a line [connect] above it"),
        ("[[connect]]\nport = 3\n", "'connect' is in no table; write a line [connect] above it"),
        ("[conect]\nport = 3\n", "nobody reads [conect]; did you mean [connect]?"),
        ("[Connect]\nport = 3\n", "nobody reads [Connect]; did you mean [connect]?"),
    ],
)
def test_what_nobody_would_read_is_told(write: Callable[[str], Path], text: str, sentence: str) -> None:
    assert refused_with(write(text), sentence)


def refused_with(path: Path, sentence: str) -> bool:
    return refused() == f"Error: {path}: {sentence}"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"[connect\n", "line 1"),
        (b"[connect]\nname = ada\n", "line 2"),
        (b"[connect]\nname = 'a'\nname = 'b'\n", "line 3"),
        (b"name: ada\n", "line 1"),
        (b"\xff\xfe[connect]\n", "utf-8"),
    ],
)
def test_what_is_no_toml_is_told_with_its_place(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    sentence = refused()
    assert sentence.startswith(f"Error: {path} is not TOML: ")
    assert why in sentence
    assert sentence.endswith("; mend it, or name another with --config")


def test_a_broken_file_keeps_nobody_from_the_help_or_from_another_file(
    write: Callable[[str], Path], asked: list[ConnectOptions], tmp_path: Path
) -> None:
    write("[connect\n")
    for args in (["connect", "-h"], ["connect", "--name", "ada", "--help"], ["-h"], ["serve", "-h"]):
        result = CliRunner().invoke(main, args)
        assert result.exit_code == 0
        assert result.stdout.startswith("Usage: ")
    other = tmp_path / "other.toml"
    other.touch()
    assert connect("--config", str(other)).exit_code == 0
    assert len(asked) == 1
