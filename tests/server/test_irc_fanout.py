"""A message to many is written once for each set of capabilities, however many listeners there are."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from chatctl.core.events.talk import Said
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
