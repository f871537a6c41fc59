"""Lets irctest, the test suite for IRC servers, start and stop chatctl; docs/irc.md tells how to run it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from irctest.basecontrollers import BaseServerController, DirectoryBasedController
from irctest.cases import BaseServerTestCase
from irctest.patma import ANYSTR
from irctest.runner import NotImplementedByController
from irctest.specifications import Capabilities, OptionalBehaviors


class ChatctlController(BaseServerController, DirectoryBasedController):
    """A ``chatctl serve`` for each test, with a data folder of its own."""

    software_name = "chatctl"
    _port_wait_interval = 0.01
    supported_sasl_mechanisms = {"PLAIN", "SCRAM-SHA-256"}
    supports_sts = False
    extban_mute_char = "m"

    capabilities = frozenset(set(Capabilities) - {Capabilities.STS})

    optional_behaviors = frozenset(set(OptionalBehaviors) - {OptionalBehaviors.NON_UTF8_MESSAGE})

    isupport = {
        "BOT": "B",
        "CASEMAPPING": "ascii",
        "ELIST": "CMNTU",
        "INVEX": "I",
        "MONITOR": ANYSTR,
        "MSGREFTYPES": "msgid,timestamp",
        "PREFIX": "(ov)@+",
        "STATUSMSG": "@+",
        "TARGMAX": ANYSTR,
        "UTF8ONLY": None,
        "WHOX": None,
    }

    def run(
        self,
        hostname: str,
        port: int,
        *,
        password: str | None,
        ssl: bool,
        run_services: bool,
        faketime: str | None,
        websocket_hostname: str | None = None,
        websocket_port: int | None = None,
    ) -> None:
        """Start the server; irctest waits for its port."""
        if ssl:
            raise NotImplementedByController("TLS")
        clock = ["faketime", "-f", faketime] if faketime and shutil.which("faketime") else []
        self.faketime_enabled = bool(clock)
        assert self.proc is None
        self.port = port
        self.create_config()
        self.proc = self.execute(
            [
                *clock,
                sys.executable,
                *("-m", "chatctl", "serve", "--host", hostname, "--port", str(port)),
                *("--server-name", "My.Little.Server", "--network", "IrctestNet", "--log-level", "debug"),
                *("--data-dir", str(self._file("data"))),
                *("--oper", f"operuser:{self._secret('oper', 'operpassword')}"),
                *(("--password-file", self._secret("password", password)) if password else ()),
                *(("--registration", "before-connect") if self.test_config.account_registration_before_connect else ()),
                *(("--require-email",) if self.test_config.account_registration_requires_email else ()),
                *(("--listen", f"{websocket_hostname}:{websocket_port}") if websocket_port else ()),
            ]
        )

    def registerUser(self, case: BaseServerTestCase, username: str, password: str | None = None) -> None:  # noqa: N802
        """Make an account as a user of an old client does."""
        if not case.run_services:
            raise ValueError("this test does not ask for accounts")
        assert password is not None
        if not 4 <= len(password) <= 400:
            self._add_account(username, password)
            return
        client = case.addClient(show_io=False)
        for line in ("CAP LS 302", f"NICK {username}", "USER r e g :user", "CAP END"):
            case.sendLine(client, line)
        while case.getRegistrationMessage(client).command != "001":
            pass
        case.getMessages(client)
        case.sendLine(client, f"NS REGISTER {password}")
        messages = case.getMessages(client)
        assert any("created" in message.params[-1] for message in messages), messages
        case.sendLine(client, "QUIT")
        case.assertDisconnected(client)

    def _add_account(self, username: str, password: str) -> None:
        """Make an account whose password NickServ does not take, as the one who runs the server does."""
        command = [sys.executable, "-m", "chatctl", "account", "add", username, "--data-dir", str(self._file("data"))]
        subprocess.run(command, input=f"{password}\n", text=True, check=True, capture_output=True, timeout=20)

    def wait_for_services(self) -> None:
        """Accounts are a part of the server: there is nothing to wait for."""

    def _file(self, name: str) -> Path:
        assert self.directory is not None
        return Path(self.directory) / name

    def _secret(self, name: str, secret: str) -> str:
        path = self._file(name)
        path.write_text(f"{secret}\n")
        return str(path)


def get_irctest_controller_class() -> type[ChatctlController]:
    """Return the controller, under the name that irctest looks for."""
    return ChatctlController
