"""The command as a whole: its help, its refusals, its exit codes before anything was said."""

from __future__ import annotations

import getpass
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pytest
from click.testing import CliRunner, Result

from chatctl.cli import main
from chatctl.client import sasl
from chatctl.client.link import open_link
from chatctl.client.options import ConnectOptions
from chatctl.client.registration import Login
from chatctl.core.policy import Policy

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted

Connect = Callable[..., Result]
Serve = Callable[..., int]
Person = Callable[..., "Peer"]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def secret(tmp_path: Path) -> Callable[[bytes], str]:
    """Writes a file with a password."""

    def write(data: bytes) -> str:
        path = tmp_path / f"secret{len(list(tmp_path.iterdir()))}"
        path.write_bytes(data)
        return str(path)

    return write


def raises(error: BaseException) -> Callable[..., Any]:
    def call(*_: Any) -> None:
        raise error

    return call


def saying(greeting: bytes) -> Callable[[Peer], None]:
    """Return the script of a server that says this, and nothing else."""

    def script(peer: Peer) -> None:
        peer.sock.sendall(greeting)
        peer.rest()

    return script


# Help and usage


def test_the_help_lists_the_exit_codes() -> None:
    result = CliRunner().invoke(main, ["connect", "-h"])
    assert result.exit_code == 0
    for code in (0, 1, 2, 10, 11, 12, 13, 14, 15, 130):
        assert f"\n    {code:<4} " in result.output


def test_the_help_names_every_option() -> None:
    output = CliRunner().invoke(main, ["connect", "-h"]).output
    command = main.get_command(main.make_context("chatctl", ["connect"], resilient_parsing=True), "connect")
    assert command
    for parameter in command.params:
        for option in parameter.opts:
            assert f"{option} " in output or f"{option}," in output


def test_the_help_does_not_wait_for_what_it_does_not_need() -> None:
    heavy = "{'prompt_toolkit', 'rich', 'asyncio', 'ssl', 'chatctl.server'} & set(sys.modules)"
    code = f"import sys, chatctl.cli.connect; sys.exit(str({heavy}) if {heavy} else 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--name", "9to5"), "'9to5' cannot be a name"),
        (("--name", "a b"), "'a b' cannot be a name"),
        (("--room", "ops"), "'ops' cannot be a room"),
        (("--room", "#fine", "--room", "#a,#b"), "'#a,#b' cannot be a room"),
        (("--port", "0"), "0 is not in the range"),
        (("--port", "irc"), "'irc' is not a valid integer"),
        (("--timeout", "0s"), "no server answers in no time; use 500ms or more"),
        (("--timeout", "soon"), "'soon' is no duration; write a number and ms, s, m, h or d"),
        (("--backlog", "1001"), "1001 is not in the range"),
        (("--notify", "loud"), "'loud' is not one of 'none', 'bell'"),
        (("--color", "always"), "'always' is not one of 'auto', 'never'"),
        (("--fingerprint", "1234"), "'1234' is no SHA-256 fingerprint; give 64 hexadecimal digits"),
        (("--cafile", "/nonexistent/ca"), "File '/nonexistent/ca' does not exist"),
        (("--password-file", "/nonexistent/pw"), "File '/nonexistent/pw' does not exist"),
        (("--password-file", "/"), "File '/' is a directory"),
        (("--colour",), "No such option"),
        (("irc.example.org",), "Got unexpected extra argument (irc.example.org)"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_right(
    connect: Connect, free_port: int, args: tuple[str, ...], sentence: str
) -> None:
    result = connect(free_port, *args)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""


def test_the_options_can_come_from_the_environment(
    connect: Connect, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATCTL_CONNECT_NAME", "ada")
    monkeypatch.setenv("CHATCTL_CONNECT_ROOM", "#ops #tea")
    assert "as ada in #ops" in connect(serve(), stdin="").stderr


# Nobody there, or somebody else


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
        ("192.0.2.1", TimeoutError(), "no answer from 192.0.2.1:12345 within 10 seconds; check --host and --port"),
        ("2001:db8::1", OSError(101, "Network is unreachable"), "cannot connect to [2001:db8::1]:12345"),
        ("x" * 70, UnicodeError("label too long"), "cannot connect to "),
    ],
)
@pytest.mark.parametrize("args", [(), ("--tls",)])
def test_an_address_that_leads_nowhere_ends_with_10(
    monkeypatch: pytest.MonkeyPatch, host: str, error: Exception, sentence: str, args: tuple[str, ...]
) -> None:
    monkeypatch.setattr(socket, "create_connection", raises(error))
    result = CliRunner().invoke(main, ["connect", "--host", host, *args])
    assert result.exit_code == 10
    assert sentence in result.stderr


@pytest.mark.parametrize(
    ("greeting", "shown"),
    [
        ("SSH-2.0-OpenSSH_9.6", "'SSH-2.0-OPENSSH_9.6'"),
        ("HTTP/1.1 400 Bad Request", "'HTTP/1.1 400 Bad Request'"),
        ("220 mail.example ESMTP ready", "'220 mail.example ESMTP ready'"),
        ("+OK POP3", "'+OK POP3'"),
        ("* OK IMAP4rev1", "'* OK IMAP4rev1'"),
        ("\x1b[2Jhello", "'[2JHELLO'"),
        ("\x00\x01\x7f\x80binary", None),
        ("x" * 10_000, f"'{'X' * 60}'"),
    ],
)
def test_another_kind_of_server_is_recognised(
    connect: Connect, scripted: Scripted, greeting: str, shown: str | None
) -> None:
    scripted.play(saying(f"{greeting}\r\n".encode()))
    result = connect(scripted.port)
    assert result.exit_code == 10
    assert f"Error: 127.0.0.1:{scripted.port} is no chat server (it said {shown or ''}" in result.stderr
    assert result.stderr.endswith("); check --host and --port\n")
    assert not set(result.stderr.rstrip("\n")) & {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]}


def test_a_server_that_hangs_up_at_once_is_told_as_such(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.hear_until("CAP LS")
        peer.sock.shutdown(socket.SHUT_WR)
        peer.rest()

    scripted.play(script)
    result = connect(scripted.port)
    assert result.exit_code == 10
    assert f"127.0.0.1:{scripted.port} closed the connection without a word; check --host and --port" in result.stderr


def test_a_connection_that_breaks_at_once_cannot_be_used(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.hear()
        peer.reset()

    scripted.play(script)
    result = connect(scripted.port)
    assert result.exit_code == 10
    assert "broke the connection at once" in result.stderr


@pytest.mark.parametrize("greeting", [b"", b"\xff\xfd\x18login: ", bytes(1000)])
def test_a_server_that_says_no_line_is_given_up(connect: Connect, scripted: Scripted, greeting: bytes) -> None:
    scripted.play(saying(greeting))
    result = connect(scripted.port, "--timeout", "100ms")
    assert result.exit_code == 10
    assert "no answer from 127.0.0.1:" in result.stderr
    assert "within 0.1 seconds; check --host and --port" in result.stderr


def test_a_server_that_never_comes_to_the_point_is_given_up(connect: Connect, scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        while True:
            try:
                peer.say(":river!u@h PRIVMSG #ops :blah")
            except OSError:
                return

    scripted.play(script)
    result = connect(scripted.port, "--timeout", "200ms", "--room", "#ops")
    assert result.exit_code == 10
    assert "no answer from" in result.stderr


def test_ctrl_c_while_connecting_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", raises(KeyboardInterrupt()))
    assert CliRunner().invoke(main, ["connect"]).exit_code == 130


def test_the_socket_is_closed_when_the_opening_fails(scripted: Scripted) -> None:
    def script(peer: Peer) -> None:
        peer.register()
        peer.say(":s 433 * ada :ada is in use")
        assert peer.hear() == ""

    future = scripted.play(script)
    with pytest.raises(Exception, match="ada is in use"):
        open_link(ConnectOptions(port=scripted.port, login=Login("ada")), tell=pytest.fail)
    future.result(10)


# Not let in


def test_a_full_server_ends_with_11(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve(max_clients=1)
    person(port)
    result = connect(port, stdin="hi\n")
    assert result.exit_code == 11
    assert result.stderr == "Error: Server full (1/1 clients), try again later\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Closing Link: too many connections from your host", 11),
        ("Server is full", 11),
        ("No more connections allowed", 11),
        ("Server has no threads left for another client, try again later", 10),
        ("Closing Link: you wrote a fullstop wrongly", 10),
        ("Closing Link: K-lined: spam", 13),
        ("Closing Link: you are banned", 13),
    ],
)
def test_the_last_words_before_the_welcome_decide_the_exit_code(
    connect: Connect, scripted: Scripted, words: str, code: int
) -> None:
    scripted.play(saying(f"ERROR :{words}\r\n".encode()))
    result = connect(scripted.port, stdin="hi\n")
    assert result.exit_code == code
    assert result.stderr == f"Error: {words}\n"


def test_a_banned_address_ends_with_13_and_says_why(
    connect: Connect, serve: Serve, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "mallory")
    port = serve(policy=Policy(operators={"root": "sesame"}))
    boss = person(port, "boss")
    boss.do("OPER root sesame", " 381 ")
    boss.do("KLINE mallory@127.0.0.1 :no more of that", " NOTICE ")
    result = connect(port, stdin="hi\n")
    assert result.exit_code == 13
    assert result.stderr == "Error: You are banned: no more of that\n"
    assert result.stdout == ""


def test_a_name_that_is_taken_ends_with_1_and_nothing_is_said(connect: Connect, serve: Serve, person: Person) -> None:
    port = serve()
    river = person(port)
    result = connect(port, "--name", "River", stdin="hi\n")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: River was refused: ")
    assert result.stderr.endswith("; choose another with --name\n")
    assert result.stdout == ""
    assert river.do("PING end", "PONG")[:-1] == []


@pytest.mark.parametrize(
    ("user", "name"), [("ada", "ada"), ("9 Ada.Löve!", "AdaLve"), ("☃", "guest"), ("x" * 40, "x" * 18)]
)
def test_on_another_server_one_is_called_as_on_this_machine(
    connect: Connect, scripted: Scripted, monkeypatch: pytest.MonkeyPatch, user: str, name: str
) -> None:
    monkeypatch.setenv("LOGNAME", user)

    def script(peer: Peer) -> None:
        peer.welcome(caps="batch")
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, stdin="")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"connected to 127.0.0.1:{scripted.port} as {name}\n")


def test_who_asked_for_no_name_gets_another_if_it_is_taken(
    connect: Connect, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ada")

    def script(peer: Peer) -> None:
        peer.register("batch")
        for taken in ("ada", "ada_"):
            peer.say(f":s 433 * {taken} :Nickname is already in use")
            assert peer.hear() == f"NICK {taken}_"
        peer.say(":s 001 ada__ :Welcome", ":s 422 ada__ :No MOTD")
        peer.goodbye()

    scripted.play(script)
    result = connect(scripted.port, stdin="")
    assert result.exit_code == 0
    assert f"connected to 127.0.0.1:{scripted.port} as ada__\n" in result.stderr


def test_a_machine_that_knows_no_user_has_a_guest(
    connect: Connect, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", raises(KeyError("uid not found")))

    def script(peer: Peer) -> None:
        peer.welcome(caps="batch")
        peer.goodbye()

    scripted.play(script)
    assert "as guest\n" in connect(scripted.port, stdin="").stderr


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("+i", "cannot go into #ops: "),
        ("+k sesame", "cannot go into #ops: "),
        ("+b *!*@*", "cannot go into #ops: "),
        ("+l 1", "cannot go into #ops: "),
    ],
)
def test_a_room_that_lets_nobody_in_ends_with_1_and_nothing_is_said(
    connect: Connect, serve: Serve, person: Person, mode: str, sentence: str
) -> None:
    port = serve()
    river = person(port, room="#ops")
    river.do(f"MODE #ops {mode}", " MODE ")
    result = connect(port, "--room", "#lobby", "--room", "#ops", stdin="hi\n")
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stdout == ""
    assert river.do("PING end", "PONG")[:-1] == []


@pytest.mark.parametrize("words", ["Closing Link: 3 unusable lines in a row", "Ping timeout"])
def test_an_end_between_welcome_and_room_is_a_failure_to_connect(
    connect: Connect, scripted: Scripted, words: str
) -> None:
    def script(peer: Peer) -> None:
        peer.welcome()
        peer.say(f"ERROR :{words}")
        peer.rest()

    scripted.play(script)
    result = connect(scripted.port, "--read-only")
    assert result.exit_code == 10
    assert result.stderr == f"Error: {words}\n"


# Accounts and passwords


@pytest.fixture
def with_account(serve: Serve, person: Person) -> int:
    """A server on which there is an account ada with the password sesame; returns its port."""
    port = serve()
    ada = person(port, "ada")
    ada.do("REGISTER * * sesame", "REGISTER SUCCESS")
    ada.do("QUIT", "ERROR")
    return port


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "PLAIN"])
def test_an_account_is_logged_in_to_before_anything_is_said(
    connect: Connect, with_account: int, person: Person, monkeypatch: pytest.MonkeyPatch, mechanism: str
) -> None:
    monkeypatch.setattr(sasl, "MECHANISMS", (mechanism,))
    monkeypatch.setenv("CHATCTL_PASSWORD", "sesame")
    river = person(with_account, caps="account-tag message-tags")
    result = connect(with_account, "--account", "ada", stdin="hi\n")
    assert result.exit_code == 0, result.output
    assert "as ada in #lobby" in result.stderr
    (said,) = [line for line in river.hear_until(" QUIT ") if "PRIVMSG" in line]
    assert "account=ada" in said.partition(" ")[0].removeprefix("@").split(";")
    assert said.endswith("PRIVMSG #lobby :hi")


def test_the_password_is_never_shown_to_a_server_that_knows_a_better_way(connect: Connect, scripted: Scripted) -> None:
    heard: list[str] = []

    def script(peer: Peer) -> None:
        heard.extend(peer.hear_until("CAP LS 302"))
        peer.say("CAP * LS :sasl=PLAIN,SCRAM-SHA-256")
        heard.extend(peer.hear_until("CAP REQ"))
        peer.say("CAP * ACK :sasl")
        heard.append(peer.hear())
        peer.close()

    scripted.play(script)
    result = CliRunner(env={"CHATCTL_PASSWORD": "sesame"}).invoke(
        main, ["connect", "-p", str(scripted.port), "--account", "ada"]
    )
    assert result.exit_code == 10
    assert heard[-1] == "AUTHENTICATE SCRAM-SHA-256"
    assert "sesame" not in "".join(heard)


def test_an_account_may_be_used_under_another_name(
    connect: Connect, with_account: int, secret: Callable[[bytes], str]
) -> None:
    args = ("--account", "ada", "--name", "lovelace", "--password-file", secret(b"sesame\n"))
    result = connect(with_account, *args, stdin="/whois lovelace\n")
    assert result.exit_code == 0, result.output
    assert "lovelace is logged in as ada" in result.stdout


@pytest.mark.parametrize("content", [b"sesame", b"sesame\n", b"sesame\r\n", b"sesame\nnot this\n"])
def test_the_password_is_the_first_line_of_a_file(
    connect: Connect, with_account: int, secret: Callable[[bytes], str], content: bytes
) -> None:
    result = connect(with_account, "--account", "ada", "--password-file", secret(content), stdin="hi\n")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "PLAIN"])
@pytest.mark.parametrize(("account", "password"), [("ada", "wrong"), ("nobody", "sesame"), ("ada", " sesame")])
def test_a_wrong_password_or_account_ends_with_12(
    connect: Connect,
    with_account: int,
    monkeypatch: pytest.MonkeyPatch,
    mechanism: str,
    account: str,
    password: str,
) -> None:
    monkeypatch.setattr(sasl, "MECHANISMS", (mechanism,))
    monkeypatch.setenv("CHATCTL_PASSWORD", password)
    result = connect(with_account, "--account", account, stdin="hi\n")
    assert result.exit_code == 12
    assert result.stderr.startswith(f"Error: not logged in as {account}: ")
    assert result.stderr.endswith("check the password\n")
    assert password not in result.stderr


@pytest.mark.parametrize("caps", ["", "batch", "sasl=EXTERNAL"])
def test_a_server_that_offers_no_login_ends_with_12(
    connect: Connect, scripted: Scripted, monkeypatch: pytest.MonkeyPatch, caps: str
) -> None:
    monkeypatch.setenv("CHATCTL_PASSWORD", "sesame")

    def script(peer: Peer) -> None:
        peer.hear_until("CAP LS 302")
        peer.say(f"CAP * LS :{caps}")
        if caps:
            peer.hear_until("CAP REQ")
            peer.say(f"CAP * ACK :{caps.partition('=')[0]}")
        peer.rest()

    scripted.play(script)
    result = connect(scripted.port, "--account", "ada", stdin="hi\n")
    assert result.exit_code == 12
    assert result.stderr == "Error: the server offers no login; leave out --account\n"


def test_without_a_terminal_nobody_is_asked_for_a_password_and_the_input_is_none(
    with_account: int, start: Start
) -> None:
    process = start(with_account, "--account", "ada", start_new_session=True)
    output, errors = process.communicate("sesame\nhi\n", timeout=10)
    assert process.returncode == 2
    assert errors.splitlines()[-1] == "Error: ada has a password; give it with --password-file or CHATCTL_PASSWORD"
    assert output == ""
    assert "sesame" not in errors


@pytest.fixture
def terminal() -> Iterator[Callable[..., pexpect.spawn]]:
    """Starts the command with everything on a pseudo-terminal."""
    with ExitStack() as stack:

        def run(port: int, *args: str) -> pexpect.spawn:
            command = ["-m", "chatctl", "connect", "-p", str(port), *args]
            child = pexpect.spawn(sys.executable, command, timeout=10, encoding="utf-8", dimensions=(24, 300))
            stack.callback(child.close, force=True)
            return child

        yield run


def test_on_a_terminal_one_is_asked_for_the_password_and_does_not_see_it(
    with_account: int, terminal: Callable[..., pexpect.spawn]
) -> None:
    child = terminal(with_account, "--account", "ada", "--json")
    child.expect_exact("password of ada: ")
    child.waitnoecho()
    child.sendline("sesame")
    child.expect_exact('"ready"')
    assert "sesame" not in child.before
    child.sendline("exit")
    child.expect_exact('"goodbye"')
    child.expect(pexpect.EOF)
    assert child.wait() == 0


def test_ctrl_c_at_the_question_for_the_password_ends_with_130(
    with_account: int, terminal: Callable[..., pexpect.spawn]
) -> None:
    child = terminal(with_account, "--account", "ada")
    child.expect_exact("password of ada: ")
    child.waitnoecho()
    child.sendintr()
    child.expect(pexpect.EOF)
    assert "Traceback" not in child.before
    assert child.wait() == 130


@pytest.fixture
def behind_a_password(serve: Serve) -> int:
    """A server that wants the password sesame of everybody; returns its port."""
    return serve(policy=Policy(password="sesame"))


def test_without_an_account_the_password_is_the_servers(
    connect: Connect, behind_a_password: int, secret: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for option in ("--password-file", "--server-password-file"):
        assert connect(behind_a_password, option, secret(b"sesame\n"), stdin="hi\n").exit_code == 0
    monkeypatch.setenv("CHATCTL_PASSWORD", "sesame")
    assert connect(behind_a_password, stdin="hi\n").exit_code == 0


def test_a_file_beats_the_environment(
    connect: Connect, behind_a_password: int, secret: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATCTL_PASSWORD", "wrong")
    assert connect(behind_a_password, "--password-file", secret(b"sesame\n"), stdin="hi\n").exit_code == 0


def test_a_server_and_an_account_may_each_have_a_password(
    connect: Connect, serve: Serve, secret: Callable[[bytes], str]
) -> None:
    port = serve(policy=Policy(password="open"))
    server = ("--server-password-file", secret(b"open"))
    made = connect(port, "--name", "ada", *server, stdin="/quote REGISTER * * sesame\n")
    assert made.exit_code == 0, made.output
    own = ("--account", "ada", "--password-file", secret(b"sesame"))
    assert connect(port, *server, *own, stdin="hi\n").exit_code == 0
    result = connect(port, *own, stdin="hi\n")
    assert result.exit_code == 12
    assert result.stderr.endswith("; give it with --server-password-file\n")


@pytest.mark.parametrize(("password", "remedy"), [("", "give it with"), ("wrong", "check")])
def test_a_wrong_password_of_the_server_ends_with_12(
    connect: Connect, behind_a_password: int, monkeypatch: pytest.MonkeyPatch, password: str, remedy: str
) -> None:
    monkeypatch.setenv("CHATCTL_PASSWORD", password)
    result = connect(behind_a_password, stdin="hi\n")
    assert result.exit_code == 12
    assert result.stderr.startswith("Error: the server wants a password: ")
    assert result.stderr.endswith(f"; {remedy} --password-file\n")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty; write the password there"),
        (b"\nsesame\n", "is empty; write the password there"),
        (b"\r\n", "is empty; write the password there"),
        (b"\xff\xfe\n", "; write it in the first line"),
    ],
)
@pytest.mark.parametrize("option", ["--password-file", "--server-password-file"])
def test_a_file_without_a_password_is_wrong_usage(
    connect: Connect, free_port: int, secret: Callable[[bytes], str], option: str, content: bytes, sentence: str
) -> None:
    result = connect(free_port, option, secret(content))
    assert result.exit_code == 2
    assert sentence in result.stderr
