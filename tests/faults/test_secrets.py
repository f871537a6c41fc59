"""Passwords: none is in a log or in the data folder, and an unknown name costs what a wrong password does."""

from __future__ import annotations

import ast
import base64
import hashlib
import hmac
import subprocess
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from oracle import read_ledger
from process import Server

import chatctl
from chatctl.core.policy import Policy
from tests.conftest import Peer

SECRETS = {
    name: f"{name}-sesame-7342"
    for name in (
        *("server", "oper", "by-register", "by-nickserv", "by-set", "by-cli", "by-cli-again"),
        *("wrong-server", "wrong-oper", "wrong-plain", "wrong-identify", "wrong-scram", "by-text", "wrong-text"),
    )
}


class Client:
    """A client of IRC that can log in."""

    def __init__(self, address):
        self.peer = Peer(address)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.peer.close()

    def asks(self, *lines, until):
        """Send lines; return what is answered, up to the line with this in it."""
        self.peer.send(*lines)
        return self.peer.until(until)[-1].rstrip("\r")

    def plain(self, name, password):
        self.asks("AUTHENTICATE PLAIN", until="AUTHENTICATE +")
        told = base64.b64encode(f"\0{name}\0{password}".encode()).decode()
        return self.asks(f"AUTHENTICATE {told}", until=" 90")

    def scram(self, name, password):
        """Log in by SCRAM-SHA-256: RFC 5802, section 3."""
        self.asks("AUTHENTICATE SCRAM-SHA-256", until="AUTHENTICATE +")
        bare = f"n={name},r=nonce"
        first = base64.b64encode(f"n,,{bare}".encode()).decode()
        challenge = base64.b64decode(self.asks(f"AUTHENTICATE {first}", until="AUTHENTICATE ").split()[-1]).decode()
        nonce, salt, rounds = (part.partition("=")[2] for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
        key = hmac.digest(salted, b"Client Key", "sha256")
        signed = f"{bare},{challenge},c=biws,r={nonce}".encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
        proof = base64.b64encode(bytes(one ^ other for one, other in zip(key, signature, strict=True))).decode()
        last = base64.b64encode(f"c=biws,r={nonce},p={proof}".encode()).decode()
        self.peer.send(f"AUTHENTICATE {last}")
        answer = self.peer.line()
        return self.asks("AUTHENTICATE +", until=" 90") if answer.startswith("AUTHENTICATE ") else answer

    def enters(self, nick, password, caps="sasl"):
        self.peer.send(f"CAP REQ :{caps}", f"PASS {password}", f"NICK {nick}", f"USER {nick} 0 * :{nick}")


def account(verb, name, folder, *, file=None, told=None):
    """Run ``chatctl account`` with a password from a file or from standard input."""
    command = [sys.executable, "-m", "chatctl", "account", verb, name, "--data-dir", str(folder)]
    if file is not None:
        command += ["--password-file", str(file)]
    done = subprocess.run(command, input=told, capture_output=True, text=True, timeout=30, check=True)
    return done.stdout + done.stderr


def forms(secret):
    """Return how a password could be found: as it is, and in the base64 of PLAIN, however it is aligned."""
    data = secret.encode()
    encoded = [base64.b64encode(bytes(shift) + data)[4 * (shift > 0) : -4].rstrip(b"=") for shift in range(3)]
    return [data, data.hex().encode(), *encoded]


def test_the_forms_of_a_secret_are_found_in_what_a_client_sends():
    for name in ("a", "bc", "def"):
        told = base64.b64encode(f"\0{name}\0{SECRETS['oper']}".encode())
        assert any(form in told for form in forms(SECRETS["oper"])[2:])


def secrets_in(path):
    data = path.read_bytes()
    return [(path.name, name) for name, secret in SECRETS.items() if any(form in data for form in forms(secret))]


def test_no_password_is_in_a_log_or_in_the_data_folder(tmp_path):
    folder, password, oper = tmp_path / "data", tmp_path / "password", tmp_path / "oper"
    password.write_text(f"{SECRETS['server']}\n")
    oper.write_text(f"{SECRETS['oper']}\n")
    said = account("add", "cli", folder, told=f"{SECRETS['by-cli']}\n")
    new = tmp_path / "new"
    new.write_text(f"{SECRETS['by-cli-again']}\n")
    said += account("password", "cli", folder, file=new)
    options = (
        "--log-level",
        "debug",
        "--password-file",
        str(password),
        "--oper",
        f"root:{oper}",
        "--login-tries",
        "10",
    )
    with Server(folder, *options) as server:
        converse(server.address)
        found = [one for path in (server.log, *folder.iterdir()) for one in secrets_in(path)]
        assert server.log.stat().st_size
    found += [one for path in (server.log, *folder.iterdir()) for one in secrets_in(path)]
    assert found == []
    assert not any(secret in said for secret in SECRETS.values())
    assert {"ada", "cli"} <= {past.nick for past in read_ledger(server.database)}


def converse(address):
    """Tell every password in every way, right and wrong."""
    with Client(address) as client:
        client.enters("eve", SECRETS["wrong-server"])
        assert "wrong server password" in client.asks("CAP END", until="ERROR")
    with Client(address) as client:
        client.enters("ada", SECRETS["server"], "sasl standard-replies")
        client.asks("CAP END", until=" 422 ")
        client.asks(f"REGISTER * * {SECRETS['by-register']}", until=" 900 ")
        client.asks(f"PRIVMSG NickServ :SET PASSWORD {SECRETS['by-set']}", until="NickServ")
        client.asks(f"PRIVMSG NickServ :PASSWORD {SECRETS['by-set']}", until="NickServ")
        client.asks(f"OPER root {SECRETS['wrong-oper']}", until=" 464 ")
        client.asks(f"OPER root {SECRETS['oper']}", until=" 381 ")
        client.asks(f"OPER {SECRETS['oper']}", until=" 461 ")
    with Client(address) as client:
        client.enters("bob", SECRETS["server"])
        client.asks("CAP END", until=" 422 ")
        client.asks(f"PRIVMSG NickServ :REGISTER {SECRETS['by-nickserv']}", until="Account created")
        client.asks("PRIVMSG NickServ :LOGOUT", until="logged out")
        client.asks(f"NICKSERV IDENTIFY bob {SECRETS['wrong-identify']}", until="NickServ")
        client.asks(f"NOTICE NickServ :IDENTIFY bob {SECRETS['wrong-identify']}", "PING on", until="PONG")
        client.asks(f"PRIVMSG NickServ :IDENTIFY bob {SECRETS['by-nickserv']}", until="logged in")
    with Client(address) as client:
        client.enters("cli", SECRETS["server"])
        assert " 904 " in client.plain("cli", SECRETS["wrong-plain"])
        assert " 900 " in client.plain("cli", SECRETS["by-cli-again"])
        client.asks("CAP END", until=" 422 ")
    with Client(address) as client:
        client.enters("ada2", SECRETS["server"])
        assert " 904 " in client.scram("bob", SECRETS["wrong-scram"])
        assert " 900 " in client.scram("bob", SECRETS["by-nickserv"])


def test_a_person_with_netcat_tells_a_password_to_nickserv_alone(start_house, tmp_path, caplog):
    folder = tmp_path / "data"
    house = start_house(data_dir=folder)
    caplog.set_level("DEBUG", logger="chatctl")
    ada = house.enter("ada")
    ada.send(f"/msg NickServ REGISTER {SECRETS['by-text']}", f"/msg nickserv IDENTIFY ada {SECRETS['wrong-text']}")
    ada.until("NickServ")
    ada.send(f"/msg NICKSERV IDENTIFY ada {SECRETS['by-text']}", "/search sesame", "/history", "/status", "/quit")
    told = "\n".join(ada.rest())
    house.server.stop()
    assert [one for path in folder.iterdir() for one in secrets_in(path)] == []
    assert not any(secret in caplog.text + told for secret in SECRETS.values())


@pytest.fixture
def verifications(monkeypatch):
    """The hashes that were verified, in the order of the questions."""
    costs: list[list[str]] = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher,
        "verify",
        lambda self, stored, told: costs.append(stored.split("$")[1:4]) or verify(self, stored, told),
    )
    return costs


def test_an_unknown_account_costs_what_a_wrong_password_does(start_house, tmp_path, verifications):
    house = start_house(login_tries=10, policy=Policy(operators={"root": make_hash(tmp_path)}))
    with Client(house.server.address) as client:
        client.peer.send("CAP REQ :sasl", "NICK ada", "USER ada 0 * :ada", "CAP END")
        client.asks("REGISTER * * sesame", until=" 900 ")
        client.asks("PRIVMSG NickServ :LOGOUT", until="logged out")
        asked = [
            (("AUTHENTICATE", "ada"), ("AUTHENTICATE", "nobody")),
            (("PRIVMSG NickServ :IDENTIFY ada wrong", "Wrong"), ("PRIVMSG NickServ :IDENTIFY nobody wrong", "Wrong")),
            (("OPER root wrong", " 464 "), ("OPER nobody wrong", " 464 ")),
        ]
        for known, unknown in asked:
            costs = []
            for what, name in (known, unknown):
                verifications.clear()
                if what == "AUTHENTICATE":
                    assert " 904 " in client.plain(name, "wrong")
                else:
                    client.asks(what, until=name)
                costs.append(list(verifications))
            assert costs[0] == costs[1] == [["argon2id", "v=19", "m=19456,t=2,p=1"]]


def make_hash(tmp_path):
    from chatctl.auth.passwords import hash_secret

    return hash_secret("sesame")


JUDGES = (
    "auth/passwords.py",
    "auth/scram.py",
    "server/lookups.py",
    "core/commands/sasl.py",
    "core/commands/operators.py",
)
SECRET_NAMES = {
    "password",
    "secret",
    "stored",
    "proof",
    "signature",
    "stored_key",
    "server_key",
    "client_key",
    "verifier",
}


@pytest.mark.parametrize("where", JUDGES)
def test_secrets_are_compared_in_constant_time_only(where):
    source = (Path(chatctl.__file__).parent / where).read_text(encoding="utf-8")
    compared = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare)]
    for node in compared:
        if any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            names = {getattr(side, "id", getattr(side, "attr", "")) for side in (node.left, *node.comparators)}
            assert not names & SECRET_NAMES, f"{where}:{node.lineno}: use hmac.compare_digest"
