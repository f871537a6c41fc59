"""Accounts end to end: logging in by real sockets, the file changed beside the server, several clients as one."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from chatctl.auth.passwords import make_credentials
from chatctl.core.records import Account
from chatctl.errors import StoreFailed
from chatctl.store.accounts import AccountBook
from chatctl.store.datadir import DATA_FILE


class Client:
    """An IRC client with one peer; ``until`` returns the lines up to the first with a word in it."""

    def __init__(self, house, nick="", caps="sasl"):
        self.peer = house.connect()
        self.peer.send(f"CAP REQ :{caps}", *([f"NICK {nick}", f"USER {nick} 0 * :{nick}"] if nick else []))
        self.until(" ACK ")

    def send(self, *lines):
        self.peer.send(*lines)
        return self

    def until(self, word):
        return [line.rstrip("\r") for line in self.peer.until(word)]

    def told(self):
        """Return what the client was told and has not looked at."""
        self.send("PING now")
        return self.until(" now")[:-1]

    def authenticates(self, *messages):
        """Begin SASL with a mechanism and send messages, each after the server's; return the last line."""
        mechanism, *rest = messages
        self.send(f"AUTHENTICATE {mechanism}")
        line = self.until("AUTHENTICATE ")[-1]
        for message in rest:
            data = line.split()[-1]
            made = message(b"" if data == "+" else base64.b64decode(data)) if callable(message) else message
            self.send(f"AUTHENTICATE {base64.b64encode(made.encode()).decode() or '+'}")
            line = self.peer.line().rstrip("\r")
        return line

    def begins(self):
        """End the negotiation, and return all lines up to the end of the greeting."""
        self.send("CAP END")
        return self.until(" 422 ")


def plain(name="ada", password="sesame"):
    return ("PLAIN", f"\0{name}\0{password}")


def scram(name="ada", password="sesame"):
    """The three messages of a client: RFC 5802, section 5."""
    first = f"n={name},r=nonce"
    expected = []

    def final(data):
        challenge = data.decode()
        nonce, salt, rounds = (part.partition("=")[2] for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
        key = hmac.digest(salted, b"Client Key", "sha256")
        bare = f"c=biws,r={nonce}"
        signed = f"{first},{challenge},{bare}".encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
        proof = bytes(one ^ other for one, other in zip(key, signature, strict=True))
        expected.append(hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), signed, "sha256"))
        return f"{bare},p={base64.b64encode(proof).decode()}"

    def check(data):
        assert data == b"v=" + base64.b64encode(expected[0])
        return ""

    return ("SCRAM-SHA-256", f"n,,{first}", final, check)


@pytest.fixture
def quick(monkeypatch):
    """A server that looks into its file all the time."""
    monkeypatch.setattr("chatctl.server.engine.QUIET_WAIT", 0.02)


@pytest.fixture
def kept(tmp_path, quick):
    """The folder of a server, with ada's account in it."""
    with AccountBook(tmp_path / DATA_FILE) as book:
        book.add(Account("ada", 1), make_credentials("sesame"))
    return tmp_path


def book(folder):
    return AccountBook(folder / DATA_FILE)


def enters(house, nick="ada", caps="sasl", login=None):
    """Connect a client that has logged in and registered, and looked at all it was told."""
    client = Client(house, nick, caps)
    client.authenticates(*(login or plain()))
    client.until(" 903 ")
    client.begins()
    client.told()
    return client


@pytest.mark.parametrize("login", [plain, scram])
def test_who_knows_the_password_logs_in(start_house, readers, kept, login):
    client = Client(start_house(data_dir=kept, reader_threads=readers), "ada")
    assert " 900 " in client.authenticates(*login())
    assert " 001 ada " in client.begins()[1]


@pytest.mark.parametrize("login", [plain("ada", "basil"), plain("eve"), scram("ada", "basil")[:3], scram("eve")[:3]])
def test_who_does_not_know_it_does_not(start_house, kept, login):
    client = Client(start_house(data_dir=kept), "ada")
    assert " 904 " in client.authenticates(*login)


def test_one_that_cannot_be_read_is_none(start_house, kept):
    client = Client(start_house(data_dir=kept), "ada")
    assert " 904 " in client.authenticates("SCRAM-SHA-256", "nonsense")
    assert " 904 " in client.authenticates("SCRAM-SHA-256", "n,,n=ada,r=nonce", "nonsense")


def test_an_account_is_made_by_oneself(start_house):
    house = start_house()
    client = Client(house, "ada")
    client.begins()
    client.send("REGISTER * * :\u200b")
    assert "FAIL REGISTER WEAK_PASSWORD ada" in client.until("FAIL")[-1]
    client.send("REGISTER * * :\u200b\u200b\u200b\u200b")
    assert "FAIL REGISTER UNACCEPTABLE_PASSWORD ada" in client.until("FAIL")[-1]
    client.send("REGISTER * * sesame")
    assert " 900 ada " in client.until(" 900 ")[-1]
    assert " 900 " in Client(house, "eve").authenticates(*scram())


def test_nickserv_makes_one_and_logs_in(start_house):
    house = start_house()
    client = Client(house, "ada")
    client.begins()
    client.send("PRIVMSG NickServ :REGISTER sesame")
    assert "NickServ" in client.until("Account created")[-1]
    line_client = house.enter("bob")
    line_client.send("/msg NickServ IDENTIFY ada basil", "/msg NickServ IDENTIFY ada sesame")
    assert line_client.until("NickServ")[-1] == "[private] NickServ: Wrong password, or there is no such account."
    assert line_client.line() == "[private] NickServ: You are now logged in as ada."


def test_what_is_done_beside_the_server_is_known_soon(start_house, kept, wait_until):
    house = start_house(data_dir=kept)
    client = enters(house)
    with book(kept) as accounts:
        accounts.add(Account("eve", 2), make_credentials("basil"))
        assert " 900 " in Client(house, "x").authenticates(*plain("eve", "basil"))
        wait_until(lambda: "eve" in house.server._engine._hub.chat.accounts)
        accounts.remove("ada")
    assert client.until(" 901 ")[-1].startswith(":chatctl 901 ada ")
    assert " 904 " in Client(house, "x").authenticates(*plain())


class TestSharing:
    def test_three_clients_are_one(self, start_house, readers, kept):
        house = start_house(data_dir=kept, reader_threads=readers)
        bob = Client(house, "bob")
        bob.begins()
        bob.send("JOIN #tea", "TOPIC #tea :leaves")
        first = enters(house)
        first.send("JOIN #tea")
        bob.until("ada!ada@127.0.0.1 JOIN")
        first.until(" 366 ")

        second = Client(house, "ada")
        second.authenticates(*scram())
        second.until(" 903 ")
        second.begins()
        shown = second.until(" 366 ")
        assert [line.split()[1] for line in shown] == ["JOIN", "332", "333", "353", "366"]
        third = enters(house)
        assert bob.told() == first.told() == []

        second.send("PRIVMSG #tea :hi", "PRIVMSG bob :psst")
        for client in (first, third):
            assert [line.split(" ", 1)[1] for line in client.until("psst")] == ["PRIVMSG #tea :hi", "PRIVMSG bob :psst"]
        assert len(bob.until("psst")) == 2

        third.send("NICK river", "JOIN #r", "PART #tea")
        for client in (first, second):
            assert [line.split()[1] for line in client.until("PART")] == ["NICK", "JOIN", "353", "366", "PART"]
        assert [line.split()[1] for line in bob.until("PART")] == ["NICK", "PART"]

        bob.send("JOIN #r")
        bob.until(" 366 ")
        first.until("bob!bob@127.0.0.1 JOIN #r")
        second.send("QUIT")
        second.until("ERROR")
        third.peer.close()
        assert first.told() == bob.told() == []
        line_client = house.enter("eve")
        bob.told()
        line_client.send("status")
        rows = [row.split() for row in line_client.until("active, ")]
        assert [row[1] for row in rows].count("river") == 3
        first.send("QUIT :bye")
        assert "river!ada@127.0.0.1 QUIT" in bob.until("QUIT")[-1]

    def test_who_wants_one_at_a_time_has_one(self, start_house, kept):
        house = start_house(data_dir=kept)
        first = enters(house)
        first.send("NS SHARED OFF")
        first.until("Only one")
        second = Client(house, "ada")
        second.authenticates(*plain())
        second.send("CAP END")
        assert " 433 " in second.until("ada is in use")[-1]


class TestFaults:
    @pytest.fixture
    def house(self, start_house, kept):
        return start_house(data_dir=kept)

    @pytest.fixture
    def fail(self, house, monkeypatch):
        """Let the store keep nothing from now on."""

        def broken(messages, entries, changes=()):
            raise StoreFailed("the disk is full")

        return lambda: monkeypatch.setattr(house.server._engine._store, "commit", broken)

    def test_an_account_that_is_not_stored_is_none(self, house, fail):
        bob = Client(house, "bob", "sasl account-notify")
        eve = Client(house, "eve", "sasl account-notify")
        for client in (bob, eve):
            client.begins()
            client.send("JOIN #tea").until(" 366 ")
        bob.told()
        fail()
        eve.send("REGISTER * * sesame")
        answer = eve.until("FAIL")
        assert [line.split()[1:4] for line in answer] == [["FAIL", "REGISTER", "TEMPORARILY_UNAVAILABLE"]]
        assert " 901 " in eve.until(" 901 ")[-1]
        assert "eve" not in house.server._engine._hub.chat.accounts
        assert not any(line.endswith(" ACCOUNT eve") for line in bob.told())

    def test_nor_what_nickserv_was_told(self, house, fail, wait_until):
        ada, eve = enters(house), Client(house, "eve", "sasl batch labeled-response")
        eve.begins()
        fail()
        eve.send("@label=x NS REGISTER sesame")
        assert "could not store the account" in eve.until("NOTICE")[-1]
        ada.send("NS SHARED OFF")
        assert "nothing is changed" in ada.until("NOTICE")[-1]
        wait_until(lambda: house.server._engine._hub.chat.accounts["ada"].shared)

    def test_a_store_that_cannot_be_read_lets_nobody_in(self, house, monkeypatch):
        def broken(self, name):
            raise StoreFailed("the disk is gone")

        monkeypatch.setattr("chatctl.store.sqlite_archive.SqliteArchive.credentials", broken)
        client = Client(house, "ada")
        for login in (plain(), scram()[:2]):
            assert "904 ada :the server could not look your account up" in client.authenticates(*login)
