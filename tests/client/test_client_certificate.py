"""``chatctl connect --client-cert``: a login by certificate, against a real server."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from chatctl.auth.passwords import make_credentials
from chatctl.cli import main
from chatctl.client import sasl
from chatctl.client.errors import AuthenticationFailed, TlsRefused
from chatctl.client.link import open_link
from chatctl.client.options import ConnectOptions, TlsOptions
from chatctl.client.registration import Login, Registration
from chatctl.core.records import Account
from chatctl.server.certificates import Certificate, own_certificate
from chatctl.store.accounts import AccountBook
from chatctl.store.datadir import DATA_FILE
from chatctl.wire.irc.message import Line

REFUSED = 12
TLS_REFUSED = 14
USAGE = 2


@pytest.fixture
def mine(tmp_path: Path) -> Certificate:
    return own_certificate(tmp_path, "ada")


@pytest.fixture
def port(serve, mine, tmp_path: Path) -> int:
    """A server where ada's account has the certificate."""
    pytest.importorskip("OpenSSL.SSL")
    (tmp_path / "data").mkdir()
    with AccountBook(tmp_path / "data" / DATA_FILE) as book:
        book.add(Account("ada", 0), make_credentials("green tea"))
        book.add_certificate("ada", mine.fingerprint().replace(":", "").lower())
    return serve(data_dir=tmp_path / "data", tls_auto=True, client_certificates=True)


@pytest.mark.parametrize("named", [(), ("--account", "ada")])
def test_the_certificate_logs_in(connect, port, person, mine, named):
    onlooker = person(port, "river", "#tea", "account-tag extended-join")
    arguments = ["--client-cert", str(mine.chain), "--client-key", str(mine.key), "--room", "#tea", *named]
    result = connect(port, *arguments, "--name", "ada", stdin="hello\n")
    assert (result.exit_code, result.stderr.count("is trusted from now on")) == (0, 1)
    joined = onlooker.hear_until(" JOIN ")
    assert "JOIN #tea ada " in str(joined)


def test_certificate_and_key_may_be_in_one_file(connect, port, mine, tmp_path):
    both = tmp_path / "both.pem"
    both.write_bytes(mine.chain.read_bytes() + mine.key.read_bytes())
    assert connect(port, "--client-cert", str(both), stdin="hello\n").exit_code == 0


def test_a_fingerprint_of_the_server_may_be_given_too(connect, port, mine, tmp_path):
    server = own_certificate(tmp_path / "data", "chatctl").fingerprint()
    arguments = ["--client-cert", str(mine.chain), "--client-key", str(mine.key), "--fingerprint", server]
    result = connect(port, *arguments, stdin="hello\n")
    assert (result.exit_code, "trusted" in result.stderr) == (0, False)


def test_one_that_no_account_has_is_refused(connect, port, tmp_path):
    (tmp_path / "other").mkdir()
    other = own_certificate(tmp_path / "other", "eve")
    result = connect(port, "--client-cert", str(other.chain), "--client-key", str(other.key), stdin="hello\n")
    assert result.exit_code == REFUSED
    assert "not logged in: SASL authentication failed: the account does not have your certificate" in result.stderr
    assert "check the certificate" in result.stderr


def test_the_account_that_is_named_has_to_have_it(connect, port, mine):
    arguments = ["--client-cert", str(mine.chain), "--client-key", str(mine.key), "--account", "bob"]
    result = connect(port, *arguments, stdin="hello\n")
    assert result.exit_code == REFUSED
    assert "not logged in as bob: " in result.stderr


def test_a_server_that_asks_for_none_offers_no_such_login(connect, serve, mine):
    arguments = ["--client-cert", str(mine.chain), "--client-key", str(mine.key)]
    result = connect(serve(tls_auto=True), *arguments, stdin="hello\n")
    assert result.exit_code == REFUSED
    assert "the server offers no login by certificate; leave out --client-cert" in result.stderr


def test_what_is_no_certificate_is_told(connect, serve, tmp_path):
    (tmp_path / "rubbish").write_text("rubbish")
    result = connect(serve(tls_auto=True), "--client-cert", str(tmp_path / "rubbish"), stdin="hello\n")
    assert result.exit_code == TLS_REFUSED
    assert "give a PEM certificate with --client-cert, and its key with --client-key" in result.stderr


def test_a_key_with_a_password_is_refused_without_asking(connect, serve, mine):
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(mine.key.read_bytes(), None)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    mine.key.write_bytes(key.private_bytes(encoding, form, serialization.BestAvailableEncryption(b"secret")))
    arguments = ["--client-cert", str(mine.chain), "--client-key", str(mine.key)]
    result = connect(serve(tls_auto=True), *arguments, stdin="hello\n")
    assert result.exit_code == TLS_REFUSED
    assert "has a password; give a key without one with --client-key" in result.stderr


def test_a_key_that_is_not_there_any_more_is_told(serve, mine):
    mine.key.unlink()
    options = TlsOptions(certificate=mine.chain, key=mine.key)
    with pytest.raises(TlsRefused, match=r"cannot read .*\(No such file.*\); check --client-cert and --client-key"):
        open_link(ConnectOptions(port=serve(tls_auto=True), tls=options), pytest.fail)


def test_a_key_alone_is_no_certificate(mine):
    result = CliRunner().invoke(main, ["connect", "--client-key", str(mine.key)])
    assert result.exit_code == USAGE
    assert "give that with --client-cert" in result.output


@pytest.mark.parametrize(
    ("offered", "chosen"), [("", "EXTERNAL"), ("PLAIN,external", "EXTERNAL"), ("PLAIN,SCRAM-SHA-256", None)]
)
def test_nothing_but_external_is_chosen(offered, chosen):
    assert sasl.choose(offered, external=True) == chosen


def test_external_says_who_is_meant_or_nothing():
    assert [sasl.chunks(next(sasl.begin("EXTERNAL", name, ""))) for name in ("", "ada")] == [["+"], ["YWRh"]]


@pytest.mark.parametrize("line", [Line("001", ("ada", "hi"), {}, "s"), Line("421", ("*", "CAP", "what"), {}, "s")])
def test_a_server_without_capabilities_has_no_login(line):
    registration = Registration(Login(external=True), lambda *_: None)
    registration.begin()
    with pytest.raises(AuthenticationFailed, match="no login by certificate"):
        registration.receive(line)
