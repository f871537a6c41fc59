"""A message to many is written once for each set of capabilities, however many listeners there are."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from chatctl.core.events.presence import Labeled
from chatctl.core.events.talk import Acknowledged, Said
from chatctl.wire.irc.caps import PLAIN_CAPS
from chatctl.wire.irc.dialect import IrcDialect
from chatctl.wire.text_render import TextDialect

CAPS = (
    "",
    "server-time",
    "server-time message-tags",
    "server-time message-tags account-tag echo-message",
    "batch draft/multiline message-tags server-time",
)
MEMBERS = 40
MESSAGES = 3


@pytest.fixture
def rendered(monkeypatch):
    """How often each message was written, by the class of the dialect."""
    counts = Counter()

    def count(kind):
        render = kind.render

        def counted(self, event, nick="*", now=0):
            if isinstance(event, Said):
                counts[kind, event.message.text] += 1
            return render(self, event, nick, now)

        monkeypatch.setattr(kind, "render", counted)

    count(IrcDialect)
    count(TextDialect)
    return counts


def enter(house, number):
    peer = house.connect()
    nick, caps = f"kim{number}", CAPS[number % len(CAPS)]
    peer.send(f"CAP REQ :{caps}", "CAP END", f"NICK {nick}", f"USER {nick} 0 * :Kim", "JOIN #lobby")
    peer.until(" 366 ")
    return peer


def test_five_sets_of_capabilities_are_five_renderings(start_house, readers, rendered):
    house = start_house(reader_threads=readers)
    people = [house.enter("ada"), house.enter("bob")]
    members = [enter(house, number) for number in range(MEMBERS)]
    speaker = enter(house, MEMBERS)
    texts = [f"word {number}" for number in range(MESSAGES)]
    for text in texts:
        speaker.send(f"PRIVMSG #lobby :{text}")
        heard = [peer.until(text)[-1] for peer in members]
        assert {person.until(text)[-1] for person in people} == {f"kim{MEMBERS}: {text}"}
        written = {number % len(CAPS): line for number, line in enumerate(heard)}
        assert len(set(heard)) == len(set(written.values()))
        assert re.fullmatch(rf":kim{MEMBERS}!kim{MEMBERS}@127\.0\.0\.1 PRIVMSG #lobby :{text}\r", written[0])
    assert rendered == {(IrcDialect, text): len(CAPS) for text in texts} | {(TextDialect, text): 1 for text in texts}


TIME = r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"

SETS = {
    "bare": ("", ""),
    "timed": ("server-time", f"@{TIME} "),
    "tagged": ("server-time message-tags", f"@{TIME};msgid=1 "),
    "prefixed": ("multi-prefix extended-join", ""),
    "all": (" ".join(PLAIN_CAPS), f"@{TIME};msgid=1 "),
}
"""Each set of capabilities, and the tags that a message has for it."""

NETCATS = 10


@pytest.fixture
def written(monkeypatch):
    """Count the events that are written for IRC, by their class."""
    count = Counter()
    render = IrcDialect.render

    def counting(self, event, nick="*", now=0):
        count[type(event)] += 1
        return render(self, event, nick, now)

    monkeypatch.setattr(IrcDialect, "render", counting)
    return count


class Crowd:
    """The members of the lobby: ``each`` IRC clients of each set, and some with netcat."""

    def __init__(self, house, each):
        self.irc = {f"{name}{number}": house.connect() for name in SETS for number in range(each)}
        for nick, peer in self.irc.items():
            caps, _ = SETS[nick.rstrip("0123456789")]
            wish = [f"CAP REQ :{caps}"] if caps else []
            peer.send(*wish, f"NICK {nick}", "USER u 0 * :U", "CAP END", "JOIN #lobby", "PING in")
        for peer in self.irc.values():
            peer.until("PONG chatctl in")
        self.text = {f"cat{number}": house.enter(f"cat{number}") for number in range(NETCATS)}

    def heard_by(self, nick):
        """Return what was said to ``nick`` until all that was handled before has come."""
        if nick in self.text:
            self.text[nick].send("/topic")
            return [line for line in self.text[nick].until("has no topic") if not line.startswith("* ")]
        self.irc[nick].send("PING out")
        return [line.removesuffix("\r") for line in self.irc[nick].until("PONG chatctl out") if " PRIVMSG " in line]


def check_heard(crowd, sender, mask):
    """Check that everybody but ``sender`` has heard it once, with the tags of their set; return what sender heard."""
    # Its message is handled when its next request is answered; only then may the others be asked.
    own = crowd.heard_by(sender)
    times = set()
    for nick in crowd.text.keys() - {sender}:
        assert crowd.heard_by(nick) == [f"{sender}: hello"]
    for nick in crowd.irc.keys() - {sender}:
        _, tags = SETS[nick.rstrip("0123456789")]
        (line,) = crowd.heard_by(nick)
        assert re.fullmatch(rf"{tags}:{re.escape(mask)} PRIVMSG #lobby :hello", line), (nick, line)
        times.update(re.findall(TIME, line))
    assert len(times) == 1
    return own


@pytest.mark.parametrize("each", [2, 8])
def test_a_message_is_written_once_for_each_set_however_many_share_it(start_house, written, each):
    crowd = Crowd(start_house(), each)
    assert written[Said] == 0
    crowd.irc["bare0"].send("PRIVMSG #lobby :hello")
    assert check_heard(crowd, "bare0", "bare0!u@127.0.0.1") == []
    assert (written[Said], written[Acknowledged]) == (5, 1)


def test_a_sender_with_echo_message_gets_its_own_copy(start_house, written):
    crowd = Crowd(start_house(), 8)
    crowd.irc["all0"].send("PRIVMSG #lobby :hello")
    (echo,) = check_heard(crowd, "all0", "all0!u@127.0.0.1")
    assert re.fullmatch(rf"@{TIME};msgid=1 :all0!u@127\.0\.0\.1 PRIVMSG #lobby :hello", echo)
    assert (written[Said], written[Acknowledged]) == (5, 1)


def test_a_label_is_for_the_sender_only(start_house, written):
    crowd = Crowd(start_house(), 2)
    labels = written[Labeled]
    crowd.irc["all0"].send("@label=l1 PRIVMSG #lobby :hello")
    (echo,) = check_heard(crowd, "all0", "all0!u@127.0.0.1")
    assert re.fullmatch(rf"@label=l1;{TIME};msgid=1 :all0!u@127\.0\.0\.1 PRIVMSG #lobby :hello", echo)
    assert (written[Said], written[Labeled] - labels) == (5, 1)


def test_what_a_netcat_says_is_written_as_often(start_house, written, readers):
    crowd = Crowd(start_house(reader_threads=readers), 2)
    crowd.text["cat0"].send("hello")
    assert check_heard(crowd, "cat0", "cat0!text@127.0.0.1") == ["hello ACK"]
    assert (written[Said], written[Acknowledged]) == (5, 0)
