"""Logins by a certificate of ``openssl req -x509``: WeeChat (GnuTLS) and irssi (OpenSSL), where they are installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess

import pytest

from chatctl.auth.passwords import make_credentials
from chatctl.core.records import Account
from chatctl.server.certificates import Certificate
from chatctl.store.accounts import AccountBook
from chatctl.store.datadir import DATA_FILE

pytestmark = pytest.mark.slow

WEECHAT = """
/set logger.file.flush_delay 0
/set logger.file.mask $plugin.$name.log
/set logger.file.path ${{weechat_data_dir}}/logs
/server add chat 127.0.0.1/{port} -nicks=kim
/set irc.server.chat.tls on
/set irc.server.chat.tls_verify off
/set irc.server.chat.tls_cert {certificate}
/set irc.server.chat.ssl on
/set irc.server.chat.ssl_verify off
/set irc.server.chat.ssl_cert {certificate}
/set irc.server.chat.sasl_mechanism external
/connect chat
"""

# The options are called ssl up to WeeChat 3 and tls from 4 on; those that it does not know it passes over.

IRSSI = """
servers = ({{
  address = "127.0.0.1"; chatnet = "chat"; port = "{port}"; autoconnect = "yes";
  use_tls = "yes"; tls_verify = "no"; tls_cert = "{certificate}";
}});
chatnets = {{ chat = {{ type = "IRC"; nick = "kim"; sasl_mechanism = "EXTERNAL"; }}; }};
settings = {{
  core = {{ real_name = "Kim"; user_name = "kim"; nick = "kim"; }};
  "irc/core" = {{ cmds_max_at_once = "100"; cmd_queue_speed = "10msec"; }};
}};
"""


@pytest.fixture(params=["ec", "rsa:2048"])
def certificate(request, tmp_path):
    """A certificate and its key in one file, as the programs' manuals tell to make it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    curve = ["-pkeyopt", "ec_paramgen_curve:P-256"] if request.param == "ec" else []
    key, made, both = tmp_path / "key.pem", tmp_path / "made.pem", tmp_path / "client.pem"
    options = ["-x509", "-nodes", "-newkey", request.param, *curve, "-days", "30", "-subj", "/CN=kim"]
    subprocess.run(["openssl", "req", *options, "-keyout", key, "-out", made], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


@pytest.fixture
def house(start_house, tmp_path, certificate):
    """A server where kim's account has the certificate."""
    pytest.importorskip("OpenSSL.SSL")
    (tmp_path / "data").mkdir()
    fingerprint = Certificate(tmp_path / "made.pem", tmp_path / "key.pem").fingerprint()
    with AccountBook(tmp_path / "data" / DATA_FILE) as book:
        book.add(Account("kim", 0), make_credentials("green tea"))
        book.add_certificate("kim", fingerprint.replace(":", "").lower())
    return start_house(data_dir=tmp_path / "data", tls_auto=True, client_certificates=True)


@pytest.mark.skipif(shutil.which("weechat-headless") is None, reason="weechat-headless is not installed")
def test_weechat(house, certificate, tmp_path, wait_until):
    folder = tmp_path / "weechat"
    folder.mkdir()
    setup = WEECHAT.format(port=house.server.address[1], certificate=certificate).strip().splitlines()
    process = subprocess.Popen(
        ["weechat-headless", "--dir", str(folder), *[part for line in setup for part in ("--run-command", line)]],
        env={"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        log = folder / "logs" / "irc.server.chat.log"
        wait_until(lambda: log.exists() and "You are now logged in as kim" in log.read_text(), "the login")
        wait_until(lambda: "message of the day" in log.read_text(), "the end of the way in")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=15)


@pytest.mark.skipif(shutil.which("irssi") is None, reason="irssi is not installed")
def test_irssi(house, certificate, tmp_path, open_screen):
    home = tmp_path / "irssi"
    home.mkdir()
    (home / "config").write_text(IRSSI.format(port=house.server.address[1], certificate=certificate))
    screen = open_screen("irssi", "--home", str(home))
    screen.shows("SASL authentication succeeded")
    screen.shows("message of the day")
