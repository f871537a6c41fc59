"""WeeChat without a screen, where it is installed: log in, join, see the history, talk, look somebody up, quit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("weechat-headless") is None, reason="weechat-headless is not installed")


class Weechat:
    """A WeeChat that is told what to do through its pipe and read through its logs."""

    def __init__(self, folder, port, wait_until):
        self._folder = folder
        self._wait_until = wait_until
        setup = [
            "/set logger.file.flush_delay 0",
            "/set logger.file.mask $plugin.$name.log",
            "/set logger.file.path ${weechat_data_dir}/logs",
            "/set fifo.file.path ${weechat_data_dir}/pipe",
            "/fifo disable",
            "/fifo enable",
            f"/server add chat 127.0.0.1/{port} -notls -nicks=kim",
            "/set irc.server.chat.sasl_username kim",
            "/set irc.server.chat.sasl_password green tea",
            "/set irc.server.chat.sasl_mechanism plain",
            "/set irc.server.chat.anti_flood_prio_high 0",
            "/set irc.server.chat.anti_flood_prio_low 0",
            "/connect chat",
        ]
        commands = [part for line in setup for part in ("--run-command", line)]
        environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        self._process = subprocess.Popen(
            ["weechat-headless", "--dir", str(folder), *commands],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def type(self, buffer, line):
        """Type a line in a buffer, such as ``chat.#lobby``."""
        pipe = self._folder / "pipe"
        self._wait_until(pipe.exists, "the pipe")
        with pipe.open("w") as file:
            file.write(f"irc.{buffer} *{line}\n")

    def shows(self, buffer, *words):
        """Wait until a line of a buffer's log has all these words."""
        log = self._folder / "logs" / f"irc.{buffer}.log"

        def seen():
            text = log.read_text() if log.exists() else ""
            return any(all(word in line for word in words) for line in text.splitlines())

        self._wait_until(seen, f"{words} in {buffer}")

    def ends(self):
        """Wait for WeeChat's end."""
        self._process.wait(timeout=15)

    def close(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(timeout=15)


@pytest.fixture
def house(house_of):
    """A server that knows kim's account."""
    return house_of("kim")


@pytest.fixture
def weechat(house, tmp_path, wait_until):
    """WeeChat, connecting to the house."""
    folder = tmp_path / "weechat"
    folder.mkdir()
    client = Weechat(folder, house.server.address[1], wait_until)
    yield client
    client.close()


def test_a_conversation(house, weechat):
    bob = house.enter("bob")
    bob.send("said before kim came")
    bob.until("said before kim came ACK")
    weechat.shows("server.chat", "You are now logged in as kim")
    weechat.shows("server.chat", "message of the day")
    weechat.type("server.chat", "/join #lobby")
    weechat.shows("chat.#lobby", "has joined", "#lobby")
    bob.until("kim joined #lobby")
    weechat.shows("chat.#lobby", "bob", "said before kim came")
    weechat.type("chat.#lobby", "hello from weechat")
    assert bob.until("kim: ")[-1] == "kim: hello from weechat"
    bob.send("hello from netcat")
    weechat.shows("chat.#lobby", "bob", "hello from netcat")
    weechat.type("chat.#lobby", "/whois kim")
    weechat.shows("server.chat", "[kim]", "is logged in as")
    weechat.type("chat.#lobby", "/nick kim_l")
    bob.until("kim is now kim_l")
    weechat.type("chat.#lobby", "/quit so long")
    assert bob.until("left")[-1].startswith("* kim_l left #lobby (quit: so long")


def test_kick_and_ban(house, weechat):
    weechat.shows("server.chat", "You are now logged in as kim")
    weechat.shows("server.chat", "message of the day")
    weechat.type("server.chat", "/join #tea")
    weechat.shows("chat.#tea", "has joined", "#tea")
    eve = house.enter("eve", "#tea")
    weechat.shows("chat.#tea", "eve", "has joined")
    weechat.type("chat.#tea", "/kickban eve no shouting")
    assert eve.until("kicked")[-1].endswith("(no shouting)")
    weechat.shows("chat.#tea", "kim", "kicked", "eve")
    weechat.shows("chat.#tea", "+b")
    eve.send("/join #tea")
    assert eve.until("ERR")[-1].startswith("ERR banned ")
