"""`chatctl account` as people and programs run it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import closing

import pexpect
import pytest
from click.testing import CliRunner

from chatctl.auth.passwords import check_password
from chatctl.cli import main
from chatctl.core.records import Account, Credentials
from chatctl.server.certificates import own_certificate
from chatctl.store.accounts import AccountBook
from chatctl.store.datadir import DATA_FILE, DataDir
from chatctl.store.sqlite import SqliteStore


@pytest.fixture
def run(tmp_path):
    """Run `chatctl account` on a data folder, with something on standard input."""

    def invoke(*arguments, typed=""):
        return CliRunner().invoke(main, ["account", *arguments, "--data-dir", str(tmp_path)], input=typed)

    return invoke


@pytest.fixture
def kept(tmp_path):
    """Tell what the data file has of an account."""

    def look(name):
        with closing(SqliteStore(tmp_path / DATA_FILE)) as store, closing(store.open_archive()) as archive:
            return archive.credentials(name)

    return look


@pytest.fixture
def ada(tmp_path):
    """An account whose password nobody knows."""
    account = Account("Ada", 1_700_000_000_000, "ada@example.org")
    with AccountBook(tmp_path / DATA_FILE) as book:
        book.add(account, Credentials("argon2", "scram"))
    return account


@pytest.fixture
def terminal(tmp_path):
    """Run `chatctl account` on a terminal."""
    children = []

    def start(*arguments):
        command = ["-m", "chatctl", "account", *arguments, "--data-dir", str(tmp_path)]
        child = pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=10)
        child.delaybeforesend = None
        child.ptyproc.delayafterclose = 0
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


def test_an_account_is_added_with_the_password_from_standard_input(run, kept):
    result = run("add", "Ada", "--email", "ada@example.org", typed="open sesame\nmore\n")
    assert (result.exit_code, result.output) == (0, "The account Ada is made.\n")
    account, credentials = kept("ada")
    assert (account.name, account.email, account.shared) == ("Ada", "ada@example.org", True)
    assert check_password("open sesame", credentials)
    assert credentials.scram.startswith("10000$")


def test_or_with_the_password_from_a_file(run, kept, tmp_path):
    path = tmp_path / "secret"
    path.write_text("open sesame\n")
    assert run("add", "Ada", "--no-shared", "--password-file", str(path), typed="another\n").exit_code == 0
    account, credentials = kept("Ada")
    assert not account.shared
    assert check_password("open sesame", credentials)


def test_a_password_is_nowhere_in_the_folder(run, tmp_path):
    run("add", "Ada", typed="open sesame\n")
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert files
    assert not any(b"sesame" in content for content in files)


def test_it_works_beside_a_running_server(run, tmp_path):
    with DataDir(tmp_path) as folder, closing(SqliteStore(folder.data_file)) as store:
        assert run("add", "Ada", typed="x\n").exit_code == 0
        assert store.changed_outside()
        assert [account.name for account in store.accounts()] == ["Ada"]


def test_a_folder_is_made_for_the_first_account_and_for_nothing_else(run, tmp_path):
    folder = tmp_path / "new" / "one"
    options = ["--data-dir", str(folder)]
    for arguments in (["list"], ["remove", "ada", "--yes"], ["password", "ada"]):
        result = CliRunner().invoke(main, ["account", *arguments, *options], input="x\n")
        assert result.exit_code == 1
        assert result.output == (f"Error: no server has used the folder {folder}; name the right one with --data-dir\n")
        assert not folder.exists()
    assert CliRunner().invoke(main, ["account", "add", "ada", *options], input="x\n").exit_code == 0
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_user_data_folder_is_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert CliRunner().invoke(main, ["account", "add", "ada"], input="x\n").exit_code == 0
    assert (tmp_path / "chatctl" / DATA_FILE).exists()


@pytest.mark.parametrize(
    ("arguments", "typed", "status", "sentence"),
    [
        (["add", "Client07"], "x\n", 1, "the server gives names like Client07 itself; choose another name"),
        (["add", "client00"], "x\n", 1, "the server gives names like client00 itself; choose another name"),
        (["add", "4da"], "x\n", 1, "'4da' cannot be a name; use up to 30 letters"),
        (["add", "a\x1b[31m"], "x\n", 1, r"'a\x1b[31m' cannot be a name"),
        (["add", "aDA"], "x\n", 1, "an account aDA exists already; choose another name"),
        (["add", "bob"], "", 1, "the password is empty; choose another"),
        (["add", "bob"], b"caf\xe9\n", 1, "the password is not UTF-8; choose another"),
        (["add", "bob"], "\a\n", 1, "the password holds characters that cannot be typed everywhere"),
        (["add", "bob"], "$argon2id$v=19$x\n", 1, "the password is a hash, and an account needs the password itself"),
        (["add", "bob", "--password-file", "/dev/null"], "x\n", 1, "/dev/null: its first line is empty; write it"),
        (["add", "bob", "--password-file", "absent"], "x\n", 1, "absent: No such file or directory; write it"),
        (["add", "bob", "--email", "here"], "x\n", 2, "'here' is no e-mail address; write NAME@HOST."),
        (["add", "bob", "--email", "a@\x1b[2J"], "x\n", 2, r"'a@\x1b[2J' is no e-mail address"),
        (["add", "bob", "--email", "a@" + "b" * 253], "x\n", 2, "is no e-mail address"),
        (["password", "bob"], "x\n", 1, "there is no account bob; check the name"),
        (["password", "ada"], "", 1, "the password is empty; choose another"),
        (["remove", "bob", "--yes"], "", 1, "there is no account bob; check the name"),
        (["remove", "ada"], "y\n", 1, "nobody can be asked whether to remove Ada; say --yes"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_remedy_and_changes_nothing(
    run, kept, ada, arguments, typed, status, sentence
):
    result = run(*arguments, typed=typed)
    assert result.exit_code == status
    assert sentence in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert kept("ada") == (ada, Credentials("argon2", "scram"))
    assert kept("bob") is None


def test_a_folder_that_cannot_be_used_is_told():
    for command in ("add", "list"):
        arguments = ["account", command, *(["ada"] if command == "add" else []), "--data-dir", "/dev/null/x"]
        result = CliRunner().invoke(main, arguments, input="x\n")
        assert result.exit_code == 1
        assert "/dev/null/x" in result.output
        assert "with --data-dir" in result.output


def test_a_damaged_data_file_is_told_with_the_recovery_command(run, tmp_path):
    (tmp_path / DATA_FILE).write_bytes(b"this is no database, whatever its name says" * 100)
    result = run("list")
    assert result.exit_code == 1
    assert "chatctl recover --data-dir " in result.output


def test_another_password_leaves_the_rest_as_it_is(run, kept, ada):
    result = run("password", "aDA", typed="new one\n")
    assert (result.exit_code, result.output) == (0, "The account Ada has another password.\n")
    account, credentials = kept("ada")
    assert account == ada
    assert check_password("new one", credentials)


def test_an_account_is_removed_without_a_question_if_so_told(run, kept, ada):
    result = run("remove", "aDA", "--yes")
    assert (result.exit_code, result.output) == (0, "The account Ada is removed.\n")
    assert kept("ada") is None


def test_the_list_is_a_table(run, ada):
    run("add", "bob", "--no-shared", typed="x\n")
    rows = [line.split() for line in run("list").output.splitlines()]
    assert rows[0] == ["name", "created", "email", "shared"]
    assert rows[1] == ["Ada", "2023-11-14T22:13:20Z", "ada@example.org", "yes"]
    assert (rows[2][0], rows[2][2:]) == ("bob", ["no"])


def test_the_list_of_nobody_says_how_to_add_somebody(run, ada, tmp_path):
    run("remove", "ada", "--yes")
    assert run("list").output == f"No accounts in {tmp_path}; make one with: chatctl account add NAME\n"
    assert json.loads(run("list", "--json").output) == []


def test_the_list_as_json_has_the_same_fields(run, ada):
    run("add", "bob", "--no-shared", typed="x\n")
    first, second = json.loads(run("list", "--json").output)
    assert first == {
        "name": "Ada",
        "created": "2023-11-14T22:13:20Z",
        "email": "ada@example.org",
        "shared": True,
        "certificates": [],
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", second.pop("created"))
    assert second == {"name": "bob", "email": "", "shared": False, "certificates": []}


def test_the_list_cannot_harm_the_terminal(run, tmp_path):
    with AccountBook(tmp_path / DATA_FILE) as book:
        book.add(Account("eve", 0, "\x1b[2J[bold]\u202ex"), Credentials("argon2", "scram"))
    output = run("list").output
    assert "[2J[bold]x" in output
    assert "\x1b" not in output + run("list", "--json").output
    assert "\u202e" not in output


def test_a_program_of_its_own_adds_lists_and_removes(tmp_path):
    def account(*arguments, **settings):
        command = [sys.executable, "-m", "chatctl", "account", *arguments, "--data-dir", str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, **settings)

    added = account("add", "ada", input="open sesame\n")
    assert (added.returncode, added.stdout, added.stderr) == (0, "The account ada is made.\n", "")
    assert [one["name"] for one in json.loads(account("list", "--json").stdout)] == ["ada"]
    assert account("remove", "ada", "-y").returncode == 0
    absent = account("remove", "ada", "-y")
    assert (absent.returncode, absent.stdout) == (1, "")
    assert absent.stderr == "Error: there is no account ada; check the name, or register it first\n"


def test_without_any_standard_input_a_password_file_is_asked_for(tmp_path):
    command = '"$0" -m chatctl account add ada --data-dir "$1" <&-'
    result = subprocess.run(
        ["sh", "-c", command, sys.executable, str(tmp_path)], capture_output=True, text=True, timeout=30
    )
    assert result.returncode == 1
    assert result.stderr == (
        "Error: there is no standard input to take the password from; name a file with --password-file\n"
    )


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(terminal, kept):
    child = terminal("add", "ada")
    for question, typed in [
        ("Password: ", "open sesame"),
        ("Repeat for confirmation: ", "open sesamy"),
        ("Password: ", "open sesame"),
        ("Repeat for confirmation: ", "open sesame"),
    ]:
        child.expect_exact(question)
        assert "sesam" not in child.before
        child.sendline(typed)
    child.expect_exact("The account ada is made.")
    assert "sesam" not in child.before
    child.expect(pexpect.EOF)
    assert check_password("open sesame", kept("ada")[1])


@pytest.mark.parametrize(("answer", "removed"), [("y", True), ("n", False)])
def test_on_a_terminal_one_is_asked_before_an_account_is_removed(terminal, kept, ada, answer, removed):
    child = terminal("remove", "ada")
    child.expect_exact("Remove the account Ada? [y/N]: ")
    child.sendline(answer)
    child.expect_exact("The account Ada is removed." if removed else "Aborted!")
    child.expect(pexpect.EOF)
    assert (kept("ada") is None) is removed


class TestCertificates:
    """`chatctl account certificate`, with a certificate in a file and fingerprints as people write them."""

    OTHER = "2e" * 32

    @pytest.fixture
    def mine(self, tmp_path):
        """A certificate and the fingerprint that it should have."""
        made = own_certificate(tmp_path, "ada")
        return made, made.fingerprint().replace(":", "").lower()

    def test_they_are_added_listed_and_removed(self, run, ada, mine):
        made, fingerprint = mine
        added = run("certificate", "add", "ada", str(made.chain))
        assert added.output == f"One can log in as Ada by the certificate {fingerprint}.\n"
        assert run("certificate", "add", "ADA", f"SHA256:{self.OTHER.upper()}").exit_code == 0
        assert run("certificate", "list", "ada").output.split() == sorted((fingerprint, self.OTHER))
        (listed,) = json.loads(run("list", "--json").output)
        assert listed["certificates"] == sorted((fingerprint, self.OTHER))
        removed = run("certificate", "remove", "ada", made.fingerprint())
        assert removed.output == f"Nobody can log in as Ada by the certificate {fingerprint} any more.\n"
        assert run("certificate", "remove", "ada", str(made.chain)).exit_code == 1
        assert run("certificate", "list", "ada").output.split() == [self.OTHER]

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["add", "bob", OTHER], "there is no account bob; check the name"),
            (["list", "bob"], "there is no account bob; check the name"),
            (["add", "ada", "absent.pem"], "absent.pem is neither a fingerprint nor a certificate: it cannot be read"),
            (["add", "ada", "/dev/null"], "it holds no certificate in PEM; name one or the other"),
            (["add", "ada", OTHER], "an account has this certificate already; remove it there, or use another"),
            (
                ["remove", "ada", "3d" * 32],
                "Ada does not have this certificate; chatctl account certificate list tells",
            ),
        ],
    )
    def test_what_cannot_be_done_is_told_with_the_remedy(self, run, ada, arguments, sentence):
        run("certificate", "add", "ada", self.OTHER)
        result = run("certificate", *arguments)
        assert result.exit_code == 1
        assert sentence in " ".join(result.output.split())
        assert run("certificate", "list", "ada").output.split() == [self.OTHER]

    def test_there_is_a_limit(self, run, ada, tmp_path):
        with AccountBook(tmp_path / DATA_FILE) as book:
            for number in range(20):
                book.add_certificate("ada", f"{number:064x}")
        result = run("certificate", "add", "ada", self.OTHER)
        assert result.exit_code == 1
        assert "Ada has 20 certificates, the most; remove one first" in result.output
