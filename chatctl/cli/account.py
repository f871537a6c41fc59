"""``chatctl account``."""

from __future__ import annotations

import json
import re
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from chatctl.core.commands.certificates import CERTIFICATES_LIMIT
from chatctl.core.fingerprints import is_fingerprint, parse_fingerprint
from chatctl.core.names import check_nick, fold, is_reserved
from chatctl.core.records import Account
from chatctl.errors import (
    BadPassword,
    CannotRun,
    CertificateRefused,
    DataDirUnusable,
    NickReserved,
    NoSuchAccount,
)
from chatctl.store.datadir import DATA_FILE
from chatctl.wire.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from chatctl.store.accounts import AccountBook

EMAIL_LIMIT = 254
"""Characters: RFC 5321, section 4.5.3.1.3, without the angle brackets."""

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_NO_SESSION = -1

_data_dir = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the server.  [default: your data folder]",
)
_password_file = click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Take the password from the first line of FILE, not from the terminal or standard input.",
)


@click.group(no_args_is_help=True)
def account() -> None:
    """Make, list, change and remove accounts.

    It works beside a running server as well as without one.
    """


@account.command()
@click.argument("name")
@_data_dir
@click.option("--email", default="", callback=lambda ctx, option, value: email_address(value), help="E-mail address.")
@_password_file
@click.option("--no-shared", is_flag=True, help="Let only one session at a time have the account's name.")
def add(name: str, data_dir: Path | None, email: str, password_file: Path | None, no_shared: bool) -> None:
    """Make the account NAME.

    The password is asked for twice on a terminal; otherwise it is the first line of standard input.
    """
    from chatctl.auth.passwords import make_credentials

    new = Account(_usable(name), time.time_ns() // 1_000_000, email, not no_shared)
    with _account_book(_folder(data_dir), make=True) as book:
        book.add(new, make_credentials(_password(password_file)))
    click.echo(f"The account {name} is made.")


@account.command("list")
@_data_dir
@click.option("--json", "as_json", is_flag=True, help="Print a list of JSON objects.")
def list_accounts(data_dir: Path | None, as_json: bool) -> None:
    """List all accounts."""
    folder = _folder(data_dir)
    with _account_book(folder) as book:
        accounts = book.list()
    if as_json:
        click.echo(json.dumps([_fields(one) for one in accounts], indent=2))
    elif not accounts:
        click.echo(f"No accounts in {folder}; make one with: chatctl account add NAME")
    else:
        from rich.console import Console

        Console().print(_table(accounts))


@account.command()
@click.argument("name")
@_data_dir
@_password_file
def password(name: str, data_dir: Path | None, password_file: Path | None) -> None:
    """Give the account NAME another password.

    It is asked for twice on a terminal; otherwise it is the first line of standard input.
    """
    from chatctl.auth.passwords import make_credentials

    with _account_book(_folder(data_dir)) as book:
        known = _find(book, name)
        book.change(known, make_credentials(_password(password_file)))
    click.echo(f"The account {known.name} has another password.")


@account.command()
@click.argument("name")
@_data_dir
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def remove(name: str, data_dir: Path | None, yes: bool) -> None:
    """Remove the account NAME, and what it has read."""
    with _account_book(_folder(data_dir)) as book:
        known = _find(book, name)
        if not yes:
            _ask_to_remove(known.name)
        book.remove(known.name)
    click.echo(f"The account {known.name} is removed.")


@account.group(no_args_is_help=True)
def certificate() -> None:
    """Manage the TLS certificates by which one logs in to an account.

    The server asks for them with --client-certificates; clients log in by SASL EXTERNAL.
    """


@certificate.command("add")
@click.argument("name")
@click.argument("which", metavar="FILE|FINGERPRINT")
@_data_dir
def add_certificate(name: str, which: str, data_dir: Path | None) -> None:
    """Let one log in to the account NAME by a certificate.

    It is told by its file (PEM) or its SHA-256 fingerprint.
    """
    fingerprint = _fingerprint(which)
    with _account_book(_folder(data_dir)) as book:
        known = _find(book, name)
        if len(known.certificates) >= CERTIFICATES_LIMIT:
            raise CertificateRefused(f"{known.name} has {CERTIFICATES_LIMIT} certificates, the most; remove one first")
        book.add_certificate(known.name, fingerprint)
    click.echo(f"One can log in as {known.name} by the certificate {fingerprint}.")


@certificate.command("list")
@click.argument("name")
@_data_dir
def list_certificates(name: str, data_dir: Path | None) -> None:
    """List the fingerprints of the account NAME, one a line."""
    with _account_book(_folder(data_dir)) as book:
        for one in _find(book, name).certificates:
            click.echo(one)


@certificate.command("remove")
@click.argument("name")
@click.argument("which", metavar="FILE|FINGERPRINT")
@_data_dir
def remove_certificate(name: str, which: str, data_dir: Path | None) -> None:
    """Let nobody log in to the account NAME by a certificate any more."""
    fingerprint = _fingerprint(which)
    with _account_book(_folder(data_dir)) as book:
        known = _find(book, name)
        book.remove_certificate(known.name, fingerprint)
    click.echo(f"Nobody can log in as {known.name} by the certificate {fingerprint} any more.")


def _fingerprint(which: str) -> str:
    """Return the fingerprint that is written, or that of the first certificate in a file."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    if is_fingerprint(which):
        return parse_fingerprint(which)
    try:
        return x509.load_pem_x509_certificate(Path(which).read_bytes()).fingerprint(SHA256()).hex()
    except OSError as error:
        why = f"it cannot be read ({error.strerror})"
    except ValueError:
        why = "it holds no certificate in PEM"
    raise CertificateRefused(f"{which} is neither a fingerprint nor a certificate: {why}; name one or the other")


def email_address(value: str) -> str:
    """Read an e-mail address, which may be left out."""
    if value and (len(value) > EMAIL_LIMIT or not value.isprintable() or _EMAIL.fullmatch(value) is None):
        raise click.BadParameter(f"{value!r} is no e-mail address; write NAME@HOST.")
    return value


def _usable(name: str) -> str:
    if is_reserved(check_nick(name), _NO_SESSION):
        raise NickReserved(name)
    return name


def _find(book: AccountBook, name: str) -> Account:
    for one in book.list():
        if fold(one.name) == fold(name):
            return one
    raise NoSuchAccount(name)


def _folder(data_dir: Path | None) -> Path:
    from chatctl.server import ServeOptions

    return ServeOptions(data_dir=data_dir).folder()


@contextmanager
def _account_book(folder: Path, make: bool = False) -> Iterator[AccountBook]:
    """Open the accounts of a data folder, which is only made where an account is to be added."""
    from chatctl.store.accounts import AccountBook

    path = folder / DATA_FILE
    try:
        if make:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not path.exists():
            raise DataDirUnusable(f"no server has used the folder {folder}; name the right one with --data-dir")
    except OSError as error:
        raise DataDirUnusable(
            f"cannot use the data folder {folder}: {error.strerror}; choose another with --data-dir"
        ) from error
    with AccountBook(path) as book:
        yield book


def _password(path: Path | None) -> str:
    """Return the password that a file, a person or standard input tells; raises ``BadPassword``."""
    from chatctl.auth.passwords import HASHED, read_secret

    if path is not None:
        told = read_secret(path)
    elif _somebody_types():
        told = click.prompt("Password", hide_input=True, confirmation_prompt=True, type=str)
    else:
        told = _first_line_of_input()
    # A server's password may be told as a hash; an account's would then be the hash itself.
    if told.startswith(HASHED):
        raise BadPassword("is a hash, and an account needs the password itself")
    return told


def _somebody_types() -> bool:
    # Without any standard input at all Python has None there.
    stream: TextIO | None = sys.stdin
    return stream is not None and stream.isatty()


def _first_line_of_input() -> str:
    stream: TextIO | None = sys.stdin
    if stream is None:
        raise CannotRun("there is no standard input to take the password from; name a file with --password-file")
    try:
        return stream.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise BadPassword("is not UTF-8") from error


def _ask_to_remove(name: str) -> None:
    if not _somebody_types():
        raise CannotRun(f"nobody can be asked whether to remove {name}; say --yes")
    click.confirm(f"Remove the account {name}?", abort=True)


def _fields(one: Account) -> dict[str, str | bool | tuple[str, ...]]:
    return {
        "name": one.name,
        "created": _iso(one.created),
        "email": one.email,
        "shared": one.shared,
        "certificates": one.certificates,
    }


def _table(accounts: tuple[Account, ...]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table("name", "created", "email", "shared", box=None)
    for one in accounts:
        shown = (one.name, _iso(one.created), one.email, "yes" if one.shared else "no")
        table.add_row(*(Text(clean(field), overflow="fold") for field in shown))
    return table


def _iso(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
