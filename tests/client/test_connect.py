"""The command as a whole: its help, its refusals, its exit codes."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from chatctl.cli import main
from chatctl.client.link import open_link
from chatctl.client.options import ConnectOptions

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted

Connect = Callable[..., Result]
Serve = Callable[..., int]


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_the_help_lists_the_exit_codes() -> None:
    result = CliRunner().invoke(main, ["connect", "-h"])
    assert result.exit_code == 0
    for code in ("0 ", "1 ", "2 ", "10 ", "11 ", "15 ", "130 "):
        assert f"\n    {code}" in result.output


def test_the_help_does_not_wait_for_what_it_does_not_need() -> None:
    heavy = "{'prompt_toolkit', 'rich', 'asyncio'} & set(sys.modules)"
    code = f"import sys, chatctl.cli.connect; sys.exit(str({heavy}) if {heavy} else 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--name", "9to5"), "'9to5' cannot be a name"),
        (("--room", "ops"), "'ops' cannot be a room"),
        (("--port", "0"), "not in the range"),
        (("--timeout", "0s"), "no server answers in no time"),
        (("--timeout", "soon"), "'soon' is no duration"),
        (("--colour",), "No such option"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_right(
    connect: Connect, free_port: int, args: tuple[str, ...], sentence: str
) -> None:
    result = connect(free_port, *args)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_without_a_server_it_says_how_to_start_one(connect: Connect, free_port: int) -> None:
    result = connect(free_port)
    assert result.exit_code == 10
    assert result.stderr == (
        f"Error: nobody listens on 127.0.0.1:{free_port}; "
        f"start a server in another terminal with: chatctl serve -p {free_port}\n"
    )


def test_the_default_port_needs_no_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", raises(ConnectionRefusedError()))
    result = CliRunner().invoke(main, ["connect", "--host", "localhost"])
    assert result.stderr.endswith("with: chatctl serve\n")


@pytest.mark.parametrize(
    ("host", "error", "sentence"),
    [
        ("192.0.2.1", ConnectionRefusedError(), "nobody listens on 192.0.2.1:12345; check --host and --port"),
        ("chat.invalid", ConnectionRefusedError(), "nobody listens on chat.invalid:12345; check"),
        ("chat.invalid", socket.gaierror(-2, "Name not known"), "no address is known for 'chat.invalid'"),
        ("192.0.2.1", TimeoutError(), "no answer from 192.0.2.1:12345 within 10 seconds"),
        ("2001:db8::1", OSError(101, "Network is unreachable"), "cannot connect to [2001:db8::1]:12345"),
        ("x" * 70, UnicodeError("label too long"), "cannot connect to "),
    ],
)
def test_an_address_that_leads_nowhere_ends_with_10(
    monkeypatch: pytest.MonkeyPatch, host: str, error: Exception, sentence: str
) -> None:
    monkeypatch.setattr(socket, "create_connection", raises(error))
    result = CliRunner().invoke(main, ["connect", "--host", host])
    assert result.exit_code == 10
    assert sentence in result.stderr


def raises(error: Exception) -> Callable[..., Any]:
    def call(*_: Any) -> None:
        raise error

    return call


def test_a_full_server_ends_with_11(connect: Connect, serve: Serve, person: Callable[[int], Peer]) -> None:
    port = serve(max_clients=1)
    person(port)
    result = connect(port, stdin="hi\n")
    assert result.exit_code == 11
    assert result.stderr == "Error: Server full (1/1 clients), try again later\n"


def test_a_server_that_lets_nobody_in_ends_with_10(connect: Connect, scripted: Scripted) -> None:
    scripted.play(lambda peer: peer.say("ERROR :Server has no threads left for another client, try again later"))
    result = connect(scripted.port)
    assert result.exit_code == 10
    assert "Error: Server has no threads left" in result.stderr


def test_a_name_that_is_taken_ends_with_1(connect: Connect, serve: Serve, person: Callable[[int], Peer]) -> None:
    port = serve()
    river = person(port)
    river.say("/nick river")
    river.hear()
    result = connect(port, "--name", "River", stdin="hi\n")
    assert result.exit_code == 1
    assert result.stderr == "Error: River is in use; choose another name\n"


@pytest.mark.parametrize("greeting", ["SSH-2.0-OpenSSH_9.6", "HTTP/1.1 400 Bad Request", "\x1b[2Jhello"])
def test_another_kind_of_server_is_recognised(connect: Connect, scripted: Scripted, greeting: str) -> None:
    scripted.play(lambda peer: peer.say(greeting))
    result = connect(scripted.port)
    assert result.exit_code == 10
    assert f"127.0.0.1:{scripted.port} is no chat server (it said '" in result.stderr
    assert "\x1b" not in result.stderr


def test_a_server_that_hangs_up_at_once_is_no_chat_server(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.hear()
        peer.close()

    scripted.play(script)
    result = connect(scripted.port)
    assert result.exit_code == 10
    assert "is no chat server (it said nothing)" in result.stderr


def test_a_connection_that_breaks_at_once_cannot_be_used(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.hear()
        peer.reset()

    scripted.play(script)
    result = connect(scripted.port)
    assert result.exit_code == 10
    assert "broke the connection at once" in result.stderr


def test_a_silent_server_is_given_up(connect: Connect, scripted: Scripted) -> None:
    result = connect(scripted.port, "--timeout", "100ms")
    assert result.exit_code == 10
    assert "no answer from" in result.stderr


def test_a_server_that_never_comes_to_the_point_is_given_up(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        while peer.sock.fileno() != -1:
            try:
                peer.say("river: blah")
            except OSError:
                peer.close()

    scripted.play(script)
    result = connect(scripted.port, "--timeout", "200ms", "--room", "#ops")
    assert result.exit_code == 10
    assert "no answer from" in result.stderr


def test_an_error_after_the_welcome_is_no_failure_to_connect(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        peer.say("ERR x y", "ERROR :3 unusable lines in a row; goodbye")
        peer.close()

    scripted.play(script)
    result = connect(scripted.port, "--read-only")
    assert result.exit_code == 13
    assert "Error: the server ended the session: 3 unusable lines in a row; goodbye" in result.stderr


def test_ctrl_c_while_connecting_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", raises(KeyboardInterrupt()))  # type: ignore[arg-type]
    assert CliRunner().invoke(main, ["connect"]).exit_code == 130


def test_the_options_can_come_from_the_environment(
    connect: Connect, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATCTL_CONNECT_NAME", "ada")
    assert "as ada in #lobby" in connect(serve(), stdin="").stderr


def test_the_socket_is_closed_when_the_opening_fails(scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        assert peer.hear() == "/nick ada"
        peer.say("ERR nick-in-use ada is in use")
        assert peer.hear() == ""

    future = scripted.play(script)
    with pytest.raises(Exception, match="ada is in use"):
        open_link(ConnectOptions(port=scripted.port, name="ada"))
    future.result(10)
