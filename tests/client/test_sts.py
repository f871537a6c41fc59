"""Servers that want TLS: sts (IRCv3), against a real server."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from chatctl.client import sts
from chatctl.client.options import ConnectOptions, TlsOptions, Upgrade

MONTH = timedelta(days=30)
SECONDS = 30 * 24 * 60 * 60


@pytest.fixture
def options(tmp_path: Path) -> ConnectOptions:
    upgrade = Upgrade(tmp_path / "state" / "sts", TlsOptions(known_hosts=tmp_path / "known_hosts"))
    return ConnectOptions("Chat.example", 6667, upgrade=upgrade)


def kept(state_dir: Path) -> list[list[str]]:
    path = state_dir / "sts"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def test_a_server_that_wants_tls_gets_it_and_is_remembered(connect, serve, person, state_dir):
    port = serve(tls_auto=True, sts=MONTH)
    onlooker = person(port, "river", "#tea")
    before = int(time.time())
    result = connect(port, "--name", "ada", "--room", "#tea", stdin="hello\n")
    assert result.exit_code == 0
    assert f"127.0.0.1:{port} wants TLS, on port {port}" in result.stderr
    assert "is trusted from now on" in result.stderr
    onlooker.hear_until("hello")
    ((host, kept_port, end),) = kept(state_dir)
    assert (host, kept_port) == ("127.0.0.1", str(port))
    assert before + SECONDS <= int(end) <= time.time() + SECONDS
    assert (state_dir / "sts").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("others", ["sasl=PLAIN", "server-time"])
def test_nothing_is_said_after_the_server_told_its_wish(connect, scripted, tmp_path, others):
    def wants_tls(peer):
        heard = peer.hear_until("NICK ")
        peer.say(f":s CAP * LS :{others} sts=port=1,duration=60")
        return heard + peer.rest()

    future = scripted.play(wants_tls)
    (tmp_path / "password").write_text("sesame\n")
    # Nobody listens on the port that it names, and there is no way back.
    result = connect(scripted.port, "--account", "ada", "--password-file", str(tmp_path / "password"), stdin="hello\n")
    assert result.exit_code == 10
    assert "nobody listens on 127.0.0.1:1" in result.stderr
    said = future.result(10)
    assert not [line for line in said if line.split()[0] not in ("CAP", "NICK", "USER")], said
    assert [line for line in said if line.startswith("CAP")] == ["CAP LS 302"]


def test_the_policy_is_kept_to_without_a_word_on_the_plain_port(connect, serve, state_dir):
    port = serve(tls_auto=True, tls_only=True, sts=MONTH)
    state_dir.mkdir()
    (state_dir / "sts").write_text(f"127.0.0.1 {port} {int(time.time()) + 60}\n")
    # The port that is asked for is nobody's: the policy's counts.
    result = connect(1, "--name", "ada", stdin="hello\n")
    assert result.exit_code == 0
    assert "wants TLS" not in result.stderr
    assert int(kept(state_dir)[0][2]) > time.time() + SECONDS - 100, "each connection begins it anew"


def test_a_certificate_that_is_not_trusted_is_no_way_back(connect, serve, state_dir):
    port = serve(tls_auto=True, sts=MONTH)
    state_dir.mkdir()
    (state_dir / "known_hosts").write_text(f"127.0.0.1:{port} sha256:{'00' * 32}\n")
    result = connect(port, "--name", "ada", stdin="hello\n")
    assert result.exit_code == 14
    assert "has changed" in result.stderr


def test_a_policy_is_taken_back(connect, serve, state_dir):
    port = serve(tls_auto=True, sts=timedelta())
    state_dir.mkdir()
    end = int(time.time()) + 60
    (state_dir / "sts").write_text(f"127.0.0.1 {port} {end}\nother.example 6697 {end}\n")
    assert connect(port, stdin="hello\n").exit_code == 0
    assert kept(state_dir) == [["other.example", "6697", str(end)]]


def test_a_server_without_a_policy_is_left_as_it_is(connect, serve, state_dir):
    assert connect(serve(tls_auto=True), "--tls", stdin="hello\n").exit_code == 0
    assert kept(state_dir) == []


@pytest.mark.parametrize(
    ("value", "port"),
    [
        ("port=6697", 6697),
        ("duration=60,port=6697,preload", 6697),
        ("port=0", None),
        ("port=65536", None),
        ("port=x", None),
        ("port=\u0663", None),
        ("duration=60", None),
        ("", None),
    ],
)
def test_only_a_port_is_a_wish(value, port):
    assert sts.wanted_port(value) == port


def test_a_policy_ends(options):
    secure = sts.upgraded(options, 6697)
    sts.keep(secure, "duration=60")
    assert sts.kept_to(options) == secure
    path = options.upgrade.kept
    path.write_text(f"chat.example 6697 {int(time.time()) - 1}\n")
    assert sts.kept_to(options) == options


def test_host_names_are_the_same_in_any_case(options):
    sts.keep(sts.upgraded(options, 6697), "duration=60")
    assert options.upgrade.kept.read_text().startswith("chat.example 6697 ")


@pytest.mark.parametrize("value", ["", "port=6697", "duration=", "duration=x"])
def test_what_is_no_policy_is_not_kept(options, value):
    sts.keep(sts.upgraded(options, 6697), value)
    assert not options.upgrade.kept.exists()


def test_nothing_that_came_without_tls_is_kept(options):
    sts.keep(options, "port=6697,duration=60")
    assert not options.upgrade.kept.exists()


def test_no_policy_is_longer_than_ten_years(options):
    sts.keep(sts.upgraded(options, 6697), f"duration={10**30}")
    assert int(options.upgrade.kept.read_text().split()[2]) <= time.time() + sts.MOST_SECONDS


def test_taking_back_what_is_not_there_writes_nothing(options):
    sts.keep(sts.upgraded(options, 6697), "duration=0")
    assert not options.upgrade.kept.exists()


def test_broken_lines_say_nothing(options):
    path = options.upgrade.kept
    path.parent.mkdir()
    path.write_bytes(b"\xff\nchat.example\nchat.example x 99999999999\nchat.example 70000 99999999999\n")
    assert sts.kept_to(options) == options


def test_a_file_that_cannot_be_written_stops_nobody(options):
    options.upgrade.kept.parent.write_text("a file where the folder should be")
    sts.keep(sts.upgraded(options, 6697), "duration=60")
    assert sts.kept_to(options) == options


def test_who_wants_no_upgrade_gets_none(serve):
    from chatctl.client.link import open_link

    link = open_link(ConnectOptions(port=serve(tls_auto=True, sts=MONTH)), pytest.fail)
    assert link.session.sts
    link.close()
