"""The way into a server: capabilities, login, name. Modern IRC, section "Connection Registration"; IRCv3."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from chatctl.client import sasl
from chatctl.client.errors import AuthenticationFailed, OpeningRefused
from chatctl.wire.irc.message import Line
from chatctl.wire.irc.vendor import VENDOR_CAP

WANTED = frozenset(
    {
        VENDOR_CAP,
        "batch",
        "draft/channel-rename",
        "draft/chathistory",
        "draft/multiline",
        "echo-message",
        "labeled-response",
        "message-tags",
        "multi-prefix",
        "sasl",
        "server-time",
        "soju.im/search",
        "standard-replies",
    }
)

OTHER_NAMES = 5
"""Names that are tried instead of one that is taken, where another will do."""

NO_LOGIN = "the server offers no login; leave out --account"
NO_EXTERNAL = "the server offers no login by certificate; leave out --client-cert, and log in with --account"

SHORT_NAME = 9
"""Characters in a name that every server takes."""

CHALLENGE_LIMIT = 16_384
"""Characters of base64 in one challenge."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who comes in: ``name`` None lets the server choose, or is ``user`` where it cannot.

    ``account`` is logged in to with ``password``, or, with ``external``, by the certificate that TLS shows, which also
    does without an ``account``; ``server_password`` is what everybody needs. ``any_name``
    says that another name will do if the one asked for is taken.
    """

    name: str | None = None
    user: str = "chatctl"
    account: str = ""
    password: str = ""
    server_password: str = ""
    any_name: bool = False
    external: bool = False

    @property
    def wanted(self) -> bool:
        """Whether to log in to an account."""
        return self.external or bool(self.account)

    @property
    def unavailable(self) -> str:
        """What is wrong with a server where that cannot be done, and what to do about it."""
        return NO_EXTERNAL if self.external else NO_LOGIN

    @property
    def means(self) -> str:
        """What to look at when the account is refused."""
        return "certificate" if self.external else "password"


class Registration:
    """What is said until the server lets the client in, or does not."""

    def __init__(self, login: Login, send: Callable[..., None]) -> None:
        self.caps: dict[str, str] = {}
        self._login = login
        self._send = send
        self._offered: dict[str, str] = {}
        self._exchange: sasl.Exchange | None = None
        self._answer: bytes | None = None
        self._challenge = ""
        self._tries = 0
        self._name = login.name or ""
        self._named = False
        self._has_account = False

    @property
    def sts(self) -> str:
        """What the server says of TLS: the value of sts (IRCv3)."""
        return self._offered.get("sts", "")

    def begin(self) -> None:
        """Ask for what the server offers; a name that is known is told at once."""
        self._send("CAP", "LS", "302")
        if self._login.server_password:
            self._send("PASS", self._login.server_password)
        if self._name:
            self._introduce(self._name)
        else:
            # A server without capabilities may pass over CAP in silence, but none takes this for a name.
            self._send("NICK", "*")

    def receive(self, line: Line) -> None:
        """Take the next step; raises ``AuthenticationFailed`` or ``OpeningRefused``."""
        step = _STEPS.get(line.command)
        if step is not None and line.params:
            step(self, line)

    def _introduce(self, name: str) -> None:
        self._named = True
        self._send("NICK", name)
        self._send("USER", self._login.user, "0", "*", self._login.name or self._login.user)

    def _cap(self, line: Line) -> None:
        verb, names = line.params[1:2], line.params[-1].split()
        if verb == ("LS",):
            self._offered |= {name: value for name, _, value in (word.partition("=") for word in names)}
            if line.params[2:3] != ("*",):
                self._ask()
        elif verb == ("ACK",):
            self.caps |= {name: self._offered.get(name, "") for name in names if name[:1] != "-"}
            self._log_in()
        elif verb == ("NAK",):
            self._log_in()

    def _ask(self) -> None:
        wanted = sorted(WANTED & set(self._offered))
        if wanted:
            self._send("CAP", "REQ", " ".join(wanted))
        else:
            self._log_in()

    def _log_in(self) -> None:
        if not self._named:
            self._name = "*" if VENDOR_CAP in self.caps else self._login.user
            self._introduce(self._name)
        if not self._login.wanted:
            self._send("CAP", "END")
            return
        mechanism = sasl.choose(self.caps["sasl"], self._login.external) if "sasl" in self.caps else None
        if mechanism is None:
            raise AuthenticationFailed(self._login.unavailable)
        self._exchange = sasl.begin(mechanism, self._login.account, self._login.password)
        self._send("AUTHENTICATE", mechanism)

    def _authenticate(self, line: Line) -> None:
        if self._exchange is None:
            return
        part = line.params[0]
        self._challenge += "" if part == "+" else part
        if len(part) == sasl.CHUNK and len(self._challenge) <= CHALLENGE_LIMIT:
            return
        challenge, self._challenge = self._challenge, ""
        try:
            data = base64.b64decode(challenge, validate=True)
            # A generator takes nothing before it has yielded for the first time.
            self._answer = next(self._exchange) if self._answer is None else self._exchange.send(data)
        except (binascii.Error, ValueError, StopIteration):
            raise AuthenticationFailed("the server's challenge makes no sense; try again, or another server") from None
        for chunk in sasl.chunks(self._answer):
            self._send("AUTHENTICATE", chunk)

    def _logged_in(self, _: Line) -> None:
        if self._exchange is None or self._answer is None:
            return
        with suppress(StopIteration):
            # A server that leaves out its own part of the exchange may not know the password; this raises that.
            self._exchange.send(b"")
        self._has_account = True
        self._send("CAP", "END")

    def _let_in(self, _: Line) -> None:
        if self._login.wanted and not self._has_account:
            raise AuthenticationFailed(self._login.unavailable)

    def _login_refused(self, line: Line) -> None:
        if not self._login.wanted:
            return
        account = f" as {self._login.account}" if self._login.account else ""
        raise AuthenticationFailed(f"not logged in{account}: {line.params[-1]}; check the {self._login.means}")

    @property
    def password_remedy(self) -> str:
        """What to do where the server does not take the password that everybody needs, or misses it."""
        password_is_accounts = self._login.account and not self._login.external
        option = "--server-password-file" if password_is_accounts else "--password-file"
        return f"check {option}" if self._login.server_password else f"give it with {option}"

    def _password_refused(self, line: Line) -> None:
        raise AuthenticationFailed(f"the server wants a password: {line.params[-1]}; {self.password_remedy}")

    def _name_refused(self, line: Line) -> None:
        if not self._named or (line.params[1:2] == ("*",) and self._name != "*"):
            # It is about the name that was none.
            if not self._named and not self._offered:
                self._log_in()
            return
        self._tries += 1
        another = self._login.any_name or self._login.name is None
        too_long = line.command == "432" and len(self._name) > SHORT_NAME
        if another and self._tries <= OTHER_NAMES and (too_long or line.command != "432"):
            self._name = f"{self._name[: SHORT_NAME - 1]}{self._tries}" if too_long else f"{self._name}_"
            self._send("NICK", self._name)
            return
        name = self._name if self._name != "*" else "the name"
        raise OpeningRefused(f"{name} was refused: {line.params[-1]}; choose another with --name")

    def _without_caps(self, line: Line) -> None:
        """Go on without capabilities, on a server from before there were any."""
        if "CAP" not in line.params or self._offered:
            return
        if self._login.wanted:
            raise AuthenticationFailed(self._login.unavailable)
        if not self._named:
            self._name = self._login.user
            self._introduce(self._name)


_STEPS: dict[str, Callable[[Registration, Line], None]] = {
    "001": Registration._let_in,
    "CAP": Registration._cap,
    "AUTHENTICATE": Registration._authenticate,
    "903": Registration._logged_in,
    "902": Registration._login_refused,
    "904": Registration._login_refused,
    "905": Registration._login_refused,
    "906": Registration._login_refused,
    "908": Registration._login_refused,
    "464": Registration._password_refused,
    "431": Registration._name_refused,
    "432": Registration._name_refused,
    "433": Registration._name_refused,
    "436": Registration._name_refused,
    "437": Registration._name_refused,
    "421": Registration._without_caps,
    "451": Registration._without_caps,
}

ANSWERED = frozenset(_STEPS)
"""What is answered here, or raised."""
