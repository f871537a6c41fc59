"""AUTHENTICATE, REGISTER, VERIFY, NICKSERV as they are read, and what is told of accounts."""

from __future__ import annotations

import base64

import pytest

from chatctl.core.events import accounts as ev
from chatctl.core.events.presence import Rejected
from chatctl.core.policy import Policy, Registering
from chatctl.core.requests import accounts as ask
from chatctl.core.user import Source
from chatctl.errors import (
    AccountExists,
    AccountNotSaved,
    AlreadyLoggedIn,
    BadAccountName,
    BadPassword,
    ConnectionNotComplete,
    EmailNeeded,
    LoginUnavailable,
    MissingParameters,
    NameMustBeNick,
    NeedNick,
    NickOwned,
    NoVerification,
    RegistrationClosed,
    SaslAborted,
    SaslFailed,
    SaslTooLong,
    TooManyClients,
    TooManyLogins,
    VerifiedTooEarly,
    WeakPassword,
)
from chatctl.server.options import ServeOptions
from chatctl.wire.irc.caps import offered
from chatctl.wire.irc.dialect import Dialects, IrcDialect
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.text_render import TextDialect

INFO = ServerInfo(name="s")
ADA = Source("ada", "a@host", "adas")


def read(line):
    (request,) = IrcWire(Dialects(INFO)).receive(f"{line}\r\n".encode(), 0.0)
    return request


def write(event, *caps):
    return IrcDialect(INFO, frozenset(caps)).render(event, "ada", 0).decode().split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("AUTHENTICATE plain", ask.Authenticate("plain")),
        ("AUTHENTICATE *", ask.Authenticate("*")),
        ("REGISTER * a@b.c :open sesame", ask.Register("*", "a@b.c", "open sesame")),
        ("VERIFY ada 1234", ask.Verify("ada")),
        ("NICKSERV IDENTIFY ada :open sesame", ask.Command("IDENTIFY ada open sesame")),
        ("ns", ask.Command("")),
    ],
)
def test_what_is_asked(line, request_):
    assert read(line) == request_


@pytest.mark.parametrize("line", ["AUTHENTICATE", "REGISTER ada *", "VERIFY ada"])
def test_what_lacks_a_word(line):
    assert type(read(line).error) is MissingParameters


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (ev.Mechanisms(("PLAIN", "X")), [":s 908 ada PLAIN,X :are the mechanisms that there are"]),
        (ev.LoggedIn(ADA, "adas", sasl=False), [":s 900 ada ada!a@host adas :You are now logged in as adas"]),
        (
            ev.LoggedIn(ADA, "adas", sasl=True),
            [
                ":s 900 ada ada!a@host adas :You are now logged in as adas",
                ":s 903 ada :SASL authentication successful",
            ],
        ),
        (ev.LoggedOut(ADA), [":s 901 ada ada!a@host :You are now logged out"]),
        (ev.ServiceNotice("hello"), [":NickServ!NickServ@s NOTICE ada hello"]),
        (
            ev.Registered("adas", ask.Way.REGISTER),
            [":s REGISTER SUCCESS adas :Account created; you are logged in to it"],
        ),
        (
            ev.Registered("adas", ask.Way.SERVICE),
            [":NickServ!NickServ@s NOTICE ada :Account created; you are logged in to it."],
        ),
        (ev.AccountChanged(ADA), []),
    ],
)
def test_what_is_told(event, lines):
    assert write(event) == lines


def test_who_asked_hears_of_accounts():
    assert write(ev.AccountChanged(ADA), "account-notify") == [":ada!a@host ACCOUNT adas"]
    assert write(ev.AccountChanged(ADA._replace(account="")), "account-notify") == [":ada!a@host ACCOUNT *"]
    tagged = write(ev.AccountChanged(ADA), "account-notify", "account-tag")
    assert tagged == ["@account=adas :ada!a@host ACCOUNT adas"]


@pytest.mark.parametrize(("size", "sizes"), [(0, [1]), (3, [4]), (299, [400, 1]), (300, [400, 1]), (301, [400, 4])])
def test_the_server_s_part_comes_in_pieces(size, sizes):
    pieces = [line.removeprefix("AUTHENTICATE ") for line in write(ev.Asked(b"x" * size))]
    assert list(map(len, pieces)) == sizes
    assert base64.b64decode("".join(pieces).replace("+", "")) == b"x" * size


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (SaslFailed(), "904 ada :"),
        (TooManyLogins(5), "904 ada :"),
        (LoginUnavailable(), "904 ada :"),
        (SaslTooLong(), "905 ada :"),
        (SaslAborted(), "906 ada :"),
        (NickOwned("bob"), "433 ada bob :"),
        (TooManyClients("bob", 20), "433 ada bob :"),
        (AccountExists("bob"), "FAIL REGISTER ACCOUNT_EXISTS bob :"),
        (BadAccountName("bob"), "FAIL REGISTER BAD_ACCOUNT_NAME bob :"),
        (NameMustBeNick("bob"), "FAIL REGISTER ACCOUNT_NAME_MUST_BE_NICK bob :"),
        (NeedNick(), "FAIL REGISTER NEED_NICK * :"),
        (AlreadyLoggedIn("bob"), "FAIL REGISTER ALREADY_AUTHENTICATED bob :"),
        (WeakPassword("bob", 4), "FAIL REGISTER WEAK_PASSWORD bob :"),
        (BadPassword("is odd"), "FAIL REGISTER UNACCEPTABLE_PASSWORD :"),
        (EmailNeeded("bob", "x"), "FAIL REGISTER INVALID_EMAIL bob :"),
        (ConnectionNotComplete(), "FAIL REGISTER COMPLETE_CONNECTION_REQUIRED * :"),
        (RegistrationClosed("bob"), "FAIL REGISTER TEMPORARILY_UNAVAILABLE bob :"),
        (AccountNotSaved("bob"), "FAIL REGISTER TEMPORARILY_UNAVAILABLE bob :"),
        (NoVerification("bob"), "FAIL VERIFY INVALID_CODE bob :"),
        (VerifiedTooEarly(), "FAIL VERIFY COMPLETE_CONNECTION_REQUIRED * :"),
    ],
)
def test_what_is_refused(error, start):
    (line,) = write(Rejected(error))
    assert line.startswith(f":s {start}")


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        (Policy(), ""),
        (Policy(email_required=True), "email-required"),
        (Policy(registering=Registering.BEFORE_CONNECT, email_required=True), "before-connect,email-required"),
        (Policy(registering=Registering.BEFORE_CONNECT, password="x"), ""),
        (Policy(registering=Registering.CLOSED), None),
    ],
)
def test_what_is_offered(policy, value):
    caps = offered(ServeOptions(policy=policy).info(0))
    assert caps.get("draft/account-registration") == value
    assert caps["sasl"] == "PLAIN,SCRAM-SHA-256"


def test_line_clients_hear_nickserv():
    assert TextDialect(()).render(ev.ServiceNotice("hello")) == b"[private] NickServ: hello\n"
    assert TextDialect(()).render(ev.LoggedOut(ADA)) == b""
