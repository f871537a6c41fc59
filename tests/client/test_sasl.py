from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from chatctl.auth import scram
from chatctl.auth.passwords import prepare
from chatctl.client import sasl
from chatctl.client.errors import AuthenticationFailed
from chatctl.client.registration import CHALLENGE_LIMIT, Login, Registration
from chatctl.wire.irc.message import Line, write

NONCE = "rOprNGfwEbeRWgbNEkqO"
SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
FIRST = f"r={NONCE}{SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
FINAL = f"c=biws,r={NONCE}{SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
LAST = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
"""The exchange in RFC 7677, section 3."""

NONSENSE = "the server's challenge makes no sense"


class Client:
    """A registration that has got as far as the login, and what it has sent."""

    def __init__(self, mechanisms: str = "", password: str = "pencil", account: str = "user") -> None:
        self.lines: list[str] = []
        self.registration = Registration(Login("ada", account=account, password=password), self._send)
        self.registration.begin()
        self.hear("CAP", "*", "LS", f"sasl={mechanisms}" if mechanisms else "sasl")
        self.hear("CAP", "*", "ACK", "sasl")

    def _send(self, command: str, *params: str) -> None:
        self.lines.append(write("", command, *params))

    def hear(self, command: str, *params: str) -> None:
        self.registration.receive(Line(command, params, {}, "s"))

    def challenge(self, data: bytes) -> None:
        for chunk in sasl.chunks(data):
            self.hear("AUTHENTICATE", chunk)

    def answers(self) -> bytes:
        """Return what was sent since the last time by AUTHENTICATE, put together."""
        words = [line.removeprefix("AUTHENTICATE ") for line in self.lines]
        self.lines.clear()
        return base64.b64decode("".join(word for word in words if word != "+"))


@pytest.fixture
def login() -> Callable[..., Client]:
    def begin(*args: str, **options: str) -> Client:
        begun = Client(*args, **options)
        assert begun.lines[-1].startswith("AUTHENTICATE ")
        begun.lines.clear()
        return begun

    return begin


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ("", "PLAIN"),
        ("PLAIN", "PLAIN"),
        ("plain,external", "PLAIN"),
        ("PLAIN,SCRAM-SHA-256,EXTERNAL", "SCRAM-SHA-256"),
        ("SCRAM-SHA-512,EXTERNAL", None),
    ],
)
def test_the_best_mechanism_that_both_know_is_chosen(offered: str, chosen: str | None) -> None:
    assert sasl.choose(offered) == chosen


def test_scram_says_what_the_rfc_says() -> None:
    exchange = sasl.begin("SCRAM-SHA-256", "user", "pencil", NONCE)
    assert next(exchange) == f"n,,n=user,r={NONCE}".encode()
    assert exchange.send(FIRST.encode()) == FINAL.encode()
    assert exchange.send(LAST.encode()) == b""
    with pytest.raises(StopIteration):
        exchange.send(b"")


def test_each_exchange_has_a_nonce_of_its_own() -> None:
    assert next(sasl.begin("SCRAM-SHA-256", "a", "b")) != next(sasl.begin("SCRAM-SHA-256", "a", "b"))


@pytest.mark.parametrize("last", [LAST.replace("6", "7", 1), "v=", "", "e=invalid-proof", LAST + " ", "v=rubbish"])
def test_a_server_that_does_not_know_the_password_is_not_believed(last: str) -> None:
    exchange = sasl.begin("SCRAM-SHA-256", "user", "pencil", NONCE)
    next(exchange)
    exchange.send(FIRST.encode())
    with pytest.raises(AuthenticationFailed, match="does not know the password itself"):
        exchange.send(last.encode())


@pytest.mark.parametrize(
    "first",
    [
        "",
        "rubbish",
        "r=,s=,i=",
        "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        FIRST.replace("r=r", "r=x"),
        f"r={NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        FIRST.replace("s=W", "s=!"),
        FIRST.replace("4096", "0"),
        FIRST.replace("4096", "-5"),
        FIRST.replace("4096", "x"),
        FIRST.replace("4096", str(sasl.ITERATIONS_LIMIT + 1)),
        FIRST.replace("4096", "9" * 5000),
        "\udcff",
    ],
)
def test_a_challenge_that_makes_no_sense_gets_no_proof(first: str) -> None:
    exchange = sasl.begin("SCRAM-SHA-256", "user", "pencil", NONCE)
    next(exchange)
    with pytest.raises(AuthenticationFailed, match=NONSENSE):
        exchange.send(first.encode(errors="surrogateescape"))


def test_a_password_that_can_be_none_is_said_to_be_so() -> None:
    exchange = sasl.begin("SCRAM-SHA-256", "user", "a\x07b", NONCE)
    next(exchange)
    with pytest.raises(AuthenticationFailed, match="the password holds characters that cannot be typed everywhere"):
        exchange.send(FIRST.encode())


@pytest.mark.parametrize(
    ("size", "lengths"), [(0, [1]), (1, [4]), (299, [400, 1]), (300, [400, 1]), (301, [400, 4]), (600, [400, 400, 1])]
)
def test_an_answer_is_sent_in_pieces_of_400_the_last_of_which_is_shorter(size: int, lengths: list[int]) -> None:
    pieces = sasl.chunks(b"x" * size)
    assert [len(piece) for piece in pieces] == lengths
    assert base64.b64decode("".join(pieces).removesuffix("+")) == b"x" * size


@pytest.mark.parametrize(
    ("account", "password"), [("user", "pencil"), ("a=b,c", "x" * 1000), ("ädä", "pass\u00adword ½"), ("ada", "Ⅸ")]
)
def test_our_server_and_this_client_believe_each_other(
    login: Callable[..., Client], account: str, password: str
) -> None:
    client = login("PLAIN,SCRAM-SHA-256", account=account, password=password)
    client.hear("AUTHENTICATE", "+")
    first = scram.begin(client.answers())
    assert first.username == account
    challenge = scram.challenge(first, scram.make_verifier(prepare(password), iterations=100), "server", b"")
    client.challenge(challenge.server_first)
    last = scram.finish(challenge, client.answers())
    assert last is not None
    client.challenge(last)
    assert client.lines == ["AUTHENTICATE +"]
    client.hear("900", "ada", "ada!u@h", account, "You are now logged in")
    client.hear("903", "ada", "SASL authentication successful")
    assert client.lines[1:] == ["CAP END"]
    client.hear("001", "ada", "Welcome")


def test_our_server_does_not_believe_who_has_another_password(login: Callable[..., Client]) -> None:
    client = login("SCRAM-SHA-256", password="pen")
    client.hear("AUTHENTICATE", "+")
    first = scram.begin(client.answers())
    challenge = scram.challenge(first, scram.make_verifier("pencil", iterations=100), "server", b"")
    client.challenge(challenge.server_first)
    assert scram.finish(challenge, client.answers()) is None
    with pytest.raises(AuthenticationFailed, match="not logged in as user: no; check the password"):
        client.hear("904", "ada", "no")


@pytest.mark.parametrize("steps", [1, 2])
def test_a_server_that_leaves_out_its_proof_is_not_believed(login: Callable[..., Client], steps: int) -> None:
    client = login("SCRAM-SHA-256")
    client.hear("AUTHENTICATE", "+")
    if steps == 2:
        first = scram.begin(client.answers())
        client.challenge(scram.challenge(first, None, "server", b"x").server_first)
    with pytest.raises(AuthenticationFailed):
        client.hear("903", "ada", "SASL authentication successful")
    assert "CAP END" not in client.lines


def test_plain_shows_the_server_account_and_password(login: Callable[..., Client]) -> None:
    client = login("PLAIN", account="ada", password="grün " + "x" * 400)
    client.hear("AUTHENTICATE", "+")
    assert len(client.lines) == 2
    assert client.answers() == ("\0ada\0grün " + "x" * 400).encode()
    client.hear("903", "ada", "SASL authentication successful")
    assert client.lines == ["CAP END"]


def test_a_login_that_nobody_began_is_not_ended(login: Callable[..., Client]) -> None:
    client = login("PLAIN")
    client.hear("903", "ada", "SASL authentication successful")
    client.hear("AUTHENTICATE")
    client.hear("904")
    assert client.lines == []
    stranger = Registration(Login("ada"), lambda *_: pytest.fail("nothing is to be said"))
    for command in ("AUTHENTICATE", "903", "904"):
        stranger.receive(Line(command, ("+", "x")))


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
@pytest.mark.parametrize("rubbish", [["!"], ["YQ==", "YQ=="], ["=" * 400, "+"], ["+", "+", "+"], ["+", "YQ==", "YQ=="]])
def test_a_rubbish_challenge_is_an_answer_like_any_other_wrong_one(
    login: Callable[..., Client], mechanism: str, rubbish: list[str]
) -> None:
    client = login(mechanism)
    with pytest.raises(AuthenticationFailed, match=NONSENSE):
        for chunk in rubbish:
            client.hear("AUTHENTICATE", chunk)


def test_a_challenge_without_an_end_is_not_collected(login: Callable[..., Client]) -> None:
    client = login("SCRAM-SHA-256")
    client.hear("AUTHENTICATE", "+")
    with pytest.raises(AuthenticationFailed, match=NONSENSE):
        for _ in range(CHALLENGE_LIMIT // sasl.CHUNK + 1):
            client.hear("AUTHENTICATE", "A" * sasl.CHUNK)


@pytest.mark.parametrize("code", ["902", "904", "905", "906", "908"])
def test_a_refused_login_says_what_the_server_says(login: Callable[..., Client], code: str) -> None:
    with pytest.raises(AuthenticationFailed, match=r"user.*: why not; check the password"):
        login().hear(code, "ada", "why not")


@pytest.mark.parametrize(
    "lines",
    [
        [("CAP", "*", "LS", "batch"), ("CAP", "*", "ACK", "batch")],
        [("CAP", "*", "LS", "sasl=EXTERNAL"), ("CAP", "*", "ACK", "sasl")],
        [("CAP", "*", "LS", "sasl"), ("CAP", "*", "NAK", "sasl")],
        [("CAP", "*", "LS", "")],
        [("421", "*", "CAP", "Unknown command")],
        [("001", "ada", "Welcome")],
    ],
)
def test_who_has_an_account_does_not_come_in_without_it(lines: list[tuple[str, ...]]) -> None:
    registration = Registration(Login("ada", account="ada", password="x"), lambda *_: None)
    with pytest.raises(AuthenticationFailed, match="offers no login; leave out --account"):
        for command, *params in lines:
            registration.receive(Line(command, tuple(params)))
