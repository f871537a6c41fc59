"""irssi, where it is installed: log in, join, talk, look somebody up, kick and ban, quit."""

from __future__ import annotations

import shutil

import pytest

pytestmark = pytest.mark.skipif(shutil.which("irssi") is None, reason="irssi is not installed")

CONFIG = """
servers = ({{ address = "127.0.0.1"; chatnet = "chat"; port = "{port}"; autoconnect = "yes"; }});
chatnets = {{
  chat = {{
    type = "IRC"; nick = "ada";
    sasl_mechanism = "PLAIN"; sasl_username = "ada"; sasl_password = "green tea";
  }};
}};
settings = {{
  core = {{ real_name = "Ada"; user_name = "ada"; nick = "ada"; }};
  "irc/core" = {{ cmds_max_at_once = "100"; cmd_queue_speed = "10msec"; }};
}};
"""


@pytest.fixture
def house(house_of):
    """A server that knows ada's account."""
    return house_of("ada")


@pytest.fixture
def irssi(open_screen, house, tmp_path):
    """irssi, connected to the house."""
    home = tmp_path / "irssi"
    home.mkdir()
    (home / "config").write_text(CONFIG.format(port=house.server.address[1]))
    return open_screen("irssi", "--home", str(home))


def test_a_conversation(house, irssi):
    bob = house.enter("bob")
    bob.send("said before ada came")
    bob.until("said before ada came ACK")
    irssi.shows("SASL authentication succeeded")
    irssi.shows("message of the day")
    irssi.type("/join #lobby")
    irssi.shows("ada [ada@127.0.0.1] has joined #lobby")
    bob.until("ada joined #lobby")
    irssi.shows("< bob> said before ada came")
    irssi.type("hello from irssi")
    assert bob.until("ada: ")[-1] == "ada: hello from irssi"
    bob.send("hello from netcat")
    irssi.shows("< bob> hello from netcat")
    bob.send("/me waves")
    irssi.shows("* bob waves")
    irssi.type("/me waves back")
    assert bob.until("* ada ")[-1] == "* ada waves back"
    irssi.type("/whois ada")
    irssi.type("/window 1")
    shown = irssi.shows("End of WHOIS")
    assert "account  : ada" in shown
    irssi.type("/window 2")
    irssi.type("/nick ada_l")
    bob.until("ada is now ada_l")
    irssi.shows("You're now known as ada_l")
    irssi.type("/quit so long")
    assert bob.until("left")[-1] == "* ada_l left #lobby (quit: so long)"
    irssi.ends()


def test_kick_and_ban(house, irssi):
    irssi.shows("SASL authentication succeeded")
    irssi.shows("message of the day")
    irssi.type("/join #tea")
    irssi.shows("ada [ada@127.0.0.1] has joined #tea")
    eve = house.enter("eve", "#tea")
    irssi.shows("eve [text@127.0.0.1] has joined #tea")
    irssi.type("/kick eve no shouting")
    assert eve.until("kicked")[-1].endswith("(no shouting)")
    irssi.shows("eve was kicked from #tea by ada [no shouting]")
    irssi.type("/ban eve!*@*")
    irssi.shows("+b eve!*@*")
    eve.send("/join #tea")
    assert eve.until("ERR")[-1].startswith("ERR banned ")
    irssi.type("/quit")
    irssi.ends()
