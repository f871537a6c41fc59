"""Who may do what: the options of `chatctl serve`, and what is said of wrong ones."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from chatctl.cli import main
from chatctl.cli.policy import MOTD_LINES, MOTD_WIDTH, message_of_the_day, network_name, read_policy, server_name
from chatctl.core.policy import Policy, Registering
from chatctl.errors import SecretUnreadable


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_text("sesame\nsomething else\n")
    return path


def test_a_policy_is_read(secret):
    assert read_policy(secret, (f"root:{secret}", f"boss:{secret}"), "closed", True) == Policy(
        password="sesame",
        operators={"root": "sesame", "boss": "sesame"},
        registering=Registering.CLOSED,
        email_required=True,
    )
    assert read_policy(None, (), "open", False) == Policy()


@pytest.mark.parametrize("value", ["root", "root:", ":file", "two words:file", ""])
def test_an_operator_is_a_name_and_a_file(value):
    with pytest.raises(click.BadParameter, match="is not NAME:FILE"):
        read_policy(None, (value,), "open", False)


def test_the_file_of_an_operator_has_to_be_there_and_to_hold_something(tmp_path):
    for name, content in (("missing", None), ("empty", b"\n"), ("latin", b"\xe9")):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SecretUnreadable, match=name):
            read_policy(None, (f"root:{path}",), "open", False)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--oper", "root", "'root' is not NAME:FILE."),
        ("--oper", "root:/nowhere/secret", "/nowhere/secret"),
        ("--password-file", "/nowhere/secret", "/nowhere/secret"),
        ("--motd", "/nowhere/motd", "cannot read /nowhere/motd: No such file or directory."),
        ("--network", "two words", "'two words' is no network name"),
        ("--server-name", "", "'' is no server name"),
    ],
)
def test_a_wrong_option_is_one_sentence_and_no_traceback(option, value, said):
    result = CliRunner().invoke(main, ["serve", "--in-memory", "-p", "0", option, value])
    assert result.exit_code in (1, 2)
    assert said in " ".join(result.output.replace("│", " ").split())
    assert "Traceback" not in result.output
    assert not isinstance(result.exception, (OSError, ValueError))


def test_names_are_words():
    assert server_name("irc.example-1") == "irc.example-1"
    assert network_name("Old_Oak") == "Old_Oak"


def test_the_message_of_the_day_is_a_text_file(tmp_path):
    path = tmp_path / "motd"
    path.write_text("welcome  \n\nbe kind\n")
    assert message_of_the_day(str(path)) == ("welcome", "", "be kind")
    path.write_text("")
    assert message_of_the_day(str(path)) == ()
    path.write_text("x" * (MOTD_WIDTH + 1) + "\n" * (MOTD_LINES + 5))
    shown = message_of_the_day(str(path))
    assert len(shown) <= MOTD_LINES
    assert shown[0] == "x" * MOTD_WIDTH
    path.write_bytes(b"\xe9")
    with pytest.raises(click.BadParameter, match="is not UTF-8"):
        message_of_the_day(str(path))
