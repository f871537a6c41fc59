"""Logging in by a TLS certificate: SASL EXTERNAL, NickServ CERT, and what WHOIS tells of it."""

from __future__ import annotations

import base64
import os
import socket
import ssl
import sys
from contextlib import suppress

import pytest

from chatctl.auth.passwords import make_credentials
from chatctl.core.records import Account
from chatctl.errors import CertificateRefused, CertificateUnusable
from chatctl.server.certificates import Certificate, own_certificate
from chatctl.store.accounts import AccountBook
from chatctl.store.datadir import DATA_FILE
from chatctl.transport.tls import TlsLayer

pytest.importorskip("OpenSSL.SSL")

from chatctl.transport.asking_tls import AskingTlsLayer

PASSWORD = base64.b64encode(b"\0ada\0green tea").decode()


def trusting(
    certificate: Certificate | None = None, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> ssl.SSLContext:
    """A client's TLS, which takes any server and shows this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = version
    if certificate is not None:
        context.load_cert_chain(certificate.chain, certificate.key)
    return context


def fingerprint(certificate: Certificate) -> str:
    return certificate.fingerprint().replace(":", "").lower()


@pytest.fixture
def book(tmp_path):
    """The accounts of the server's data folder: ada has one, with the password ``green tea``."""
    (tmp_path / "data").mkdir()
    with AccountBook(tmp_path / "data" / DATA_FILE) as book:
        book.add(Account("ada", 0), make_credentials("green tea"))
        yield book


@pytest.fixture
def start(start_house, book, tmp_path):
    """Start a server that asks for certificates."""

    def start(**options):
        return start_house(data_dir=tmp_path / "data", tls_auto=True, client_certificates=True, **options)

    return start


@pytest.fixture
def mine(tmp_path) -> Certificate:
    """A certificate that its owner signed, as clients have."""
    (tmp_path / "mine").mkdir()
    return own_certificate(tmp_path / "mine", "ada")


@pytest.fixture
def other(tmp_path) -> Certificate:
    (tmp_path / "other").mkdir()
    return own_certificate(tmp_path / "other", "ada")


def begin(house, context, mechanism="EXTERNAL"):
    """Come in as far as the server's first word in SASL."""
    peer = house.connect(context)
    peer.send("CAP LS 302", "CAP REQ :sasl", f"AUTHENTICATE {mechanism}")
    return peer, peer.until("AUTHENTICATE +" if mechanism == "EXTERNAL" else "AUTHENTICATE")


def log_in(house, context, answer="+"):
    """Do SASL EXTERNAL to its end; return the last line."""
    peer, _ = begin(house, context)
    peer.send(f"AUTHENTICATE {answer}")
    return peer, peer.until(" 90")[-1]


def come_in(peer, nick):
    peer.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")
    peer.until(" 422 ")


def capability(house, context=None) -> str:
    peer = house.connect(context)
    peer.send("CAP LS 302")
    return next(word for word in peer.until(" sasl")[-1].split() if word.startswith("sasl"))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_certificate_that_nobody_signed_opens_the_account_that_has_it(start, book, mine, version, readers):
    book.add_certificate("ada", fingerprint(mine))
    peer, last = log_in(start(reader_threads=readers), trusting(mine, version))
    assert " 900 * *!" in last
    assert last.split()[4] == "ada"
    assert " 903 " in peer.until(" 903 ")[-1]


@pytest.mark.parametrize(
    ("named", "numeric"), [("ada", " 900 "), ("ADA", " 900 "), ("bob", " 904 "), ("\0ada", " 904 "), ("\xff", " 904 ")]
)
def test_whoever_is_named_has_to_have_the_certificate(start, book, mine, named, numeric):
    book.add_certificate("ada", fingerprint(mine))
    answer = base64.b64encode(named.encode("latin-1")).decode()
    assert numeric in log_in(start(), trusting(mine), answer)[1]


def test_a_certificate_that_no_account_has_is_no_failure_of_tls_but_opens_nothing(start, mine):
    peer, last = log_in(start(), trusting(mine))
    assert " 904 " in last
    assert "NickServ CERT ADD" in last
    peer.send("AUTHENTICATE PLAIN", f"AUTHENTICATE {PASSWORD}")
    assert peer.until(" 903 "), "the password still does"


def test_who_has_no_certificate_is_told_which_ways_there_are(start):
    peer = start().connect(trusting())
    peer.send("AUTHENTICATE EXTERNAL")
    refusal = peer.until(" 904 ")
    assert " 908 * PLAIN,SCRAM-SHA-256 :" in refusal[-2]


def test_the_capability_lists_external_only_where_it_can_work(start, mine):
    house = start()
    assert capability(house) == capability(house, trusting()) == "sasl=PLAIN,SCRAM-SHA-256"
    assert capability(house, trusting(mine)) == "sasl=PLAIN,SCRAM-SHA-256,EXTERNAL"


def test_a_server_that_does_not_ask_is_shown_no_certificate(start_house, mine):
    assert capability(start_house(tls_auto=True), trusting(mine)) == "sasl=PLAIN,SCRAM-SHA-256"


def test_a_browser_is_not_asked(start, mine):
    context = trusting(mine)
    context.set_alpn_protocols(["http/1.1"])
    assert capability(start(), context) == "sasl=PLAIN,SCRAM-SHA-256"


def test_other_protocols_that_are_offered_change_nothing(start, mine):
    context = trusting(mine)
    context.set_alpn_protocols(["irc"])
    assert capability(start(), context).endswith("EXTERNAL")


def test_a_session_that_is_resumed_has_its_certificate(start, mine):
    house, context = start(), trusting(mine, ssl.TLSVersion.TLSv1_2)
    first = house.connect(context)
    first.send("PING x")
    first.line()
    plain = socket.create_connection(house.server.address, 10.0)
    with context.wrap_socket(plain, session=first.sock.session) as again:
        assert again.session_reused
        again.sendall(b"CAP LS 302\n")
        heard = b""
        while b" sasl=" not in heard or not heard.endswith(b"\n"):
            heard += again.recv(65536)
        assert b",EXTERNAL" in heard


def test_three_unknown_certificates_and_the_address_has_to_wait(start, book, mine):
    house = start()
    for _ in range(3):
        assert "does not have your certificate" in log_in(house, trusting(mine))[1]
    book.add_certificate("ada", fingerprint(mine))
    assert "too many wrong passwords" in log_in(house, trusting(mine))[1]


def test_registering_the_certificate_of_this_connection(start, mine, other):
    house = start()
    peer, _ = begin(house, trusting(mine), "PLAIN")
    peer.send(f"AUTHENTICATE {PASSWORD}")
    peer.until(" 903 ")
    come_in(peer, "ada")
    peer.send("NS CERT ADD")
    assert f"You can log in by the certificate {fingerprint(mine)} now." in peer.until("NOTICE")[-1]
    peer.send(f"NS CERT ADD {other.fingerprint()}", "NS CERT LIST")
    listed = peer.until("2 certificates")
    assert any(f":{fingerprint(mine)} (the one you use now)" in line for line in listed)
    assert any(line.rstrip().endswith(fingerprint(other)) for line in listed)
    _, last = log_in(house, trusting(other))
    assert " 900 " in last
    peer.send("NS CERT DEL")
    peer.until("any more")
    assert " 904 " in log_in(house, trusting(mine))[1]


def test_what_is_registered_lasts_and_goes_with_the_account(start, book, mine, wait_until):
    book.add_certificate("ada", fingerprint(mine))
    house = start()
    peer, _ = log_in(house, trusting(mine))
    come_in(peer, "ada")
    book.remove("ada")
    book.add(Account("ada", 1), make_credentials("another"))
    assert book.list()[0].certificates == ()
    peer.until(" 901 ")
    assert " 904 " in log_in(house, trusting(mine))[1]


def test_a_fingerprint_belongs_to_one_account(book, mine):
    book.add(Account("bob", 0), make_credentials("black tea"))
    book.add_certificate("ada", fingerprint(mine))
    with pytest.raises(CertificateRefused, match="already"):
        book.add_certificate("bob", fingerprint(mine))
    with pytest.raises(CertificateRefused, match="bob does not have"):
        book.remove_certificate("bob", fingerprint(mine))
    book.remove_certificate("ADA", fingerprint(mine))
    book.add_certificate("bob", fingerprint(mine))
    assert [one.certificates for one in book.list()] == [(), (fingerprint(mine),)]


def test_whois_tells_of_tls_everybody_and_of_the_certificate_only_its_owner(start, book, mine):
    house = start()
    owner = house.connect(trusting(mine))
    come_in(owner, "river")
    plain = house.connect()
    come_in(plain, "bob")
    plain.send("WHOIS river")
    told = plain.until(" 318 ")
    assert any(" 671 bob river :is using a secure connection" in line for line in told)
    assert not any(" 276 " in line for line in told)
    owner.send("WHOIS river,bob")
    told = owner.until(" 318 ")
    assert any(f" 276 river river :has client certificate fingerprint {fingerprint(mine)}" in line for line in told)
    assert not any(" 671 river bob " in line for line in told)


def test_talk_goes_on_as_without_certificates(start, mine, readers):
    house = start(reader_threads=readers)
    one, two = house.connect(trusting(mine)), house.connect(trusting())
    come_in(one, "river")
    come_in(two, "bob")
    for peer in (one, two):
        peer.send("JOIN #tea")
        peer.until(" 366 ")
    two.send(*[f"PRIVMSG #tea :{number} {'x' * 300}" for number in range(300)])
    heard = one.until(" :299 ")
    said = [int(line.split(":", 2)[2].split()[0]) for line in heard if "PRIVMSG" in line]
    assert said == list(range(300))
    two.send("QUIT :bye")
    one.until("QUIT")
    two.sock.settimeout(10.0)
    with suppress(ssl.SSLZeroReturnError):
        assert two.rest()[-1].startswith("ERROR")


def test_a_record_that_is_none_ends_that_connection_alone(start, mine):
    house = start()
    person = house.enter("ada2")
    peer = house.connect(trusting(mine))
    come_in(peer, "river")
    peer.send("JOIN #lobby")
    peer.until(" 366 ")
    os.write(peer.sock.fileno(), b"\x17\x03\x03\x00\x20" + b"x" * 32)
    assert person.until("left")[-1] == "* river left #lobby (tls)"
    person.send("still here")
    assert person.until("ACK")


def test_a_stream_that_ends_without_a_word_has_ended(start, mine):
    house = start()
    person = house.enter("bob")
    peer = house.connect(trusting(mine))
    come_in(peer, "river")
    peer.send("JOIN #lobby")
    peer.until(" 366 ")
    peer.sock.unwrap().close()
    assert "river left #lobby (eof)" in person.until("left")[-1]


def test_new_connections_are_asked_too_once_the_certificate_was_read_again(start, mine):
    house = start()
    house.server.reload()
    assert capability(house, trusting(mine)).endswith("EXTERNAL")


def test_old_versions_of_tls_are_refused(start):
    context = trusting()
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    house = start()
    with pytest.raises(ssl.SSLError):
        house.connect(context)


def test_nobody_can_speak_before_the_handshake(mine):
    layer = AskingTlsLayer(mine.load_asking())
    assert layer.encrypt(b"hello") == layer.farewell() == b""
    with pytest.raises(ConnectionAbortedError):
        layer.decrypt(b"this is no TLS at all, not even a record")


@pytest.mark.parametrize("asking", [False, True])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_once_a_record_was_broken_nothing_can_be_said_and_nobody_who_tries_fails(mine, version, asking):
    """The hub may write between the moment in which a reader meets the error and the one in which it says so."""
    layer = AskingTlsLayer(mine.load_asking()) if asking else TlsLayer(mine.load())
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(version=version).wrap_bio(incoming, outgoing)
    while not layer.established:
        with suppress(ssl.SSLWantReadError):
            client.do_handshake()
        layer.decrypt(outgoing.read())
        incoming.write(layer.take_output())
    assert layer.encrypt(b"hello")
    with pytest.raises(ConnectionAbortedError):
        layer.decrypt(b"\x17\x03\x03\x00\x20" + b"x" * 32)
    assert layer.take_output(), "the alert that says why"
    assert layer.encrypt(b"hello") == layer.farewell() == b""


def test_without_pyopenssl_the_server_says_what_is_missing(start_house, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "OpenSSL", None)
    with pytest.raises(CertificateUnusable, match="pip install pyOpenSSL"):
        start_house(data_dir=tmp_path / "new", tls_auto=True, client_certificates=True)
