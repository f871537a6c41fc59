"""A person with netcat and two IRC clients in one room: everybody sees one order, under the same numbers."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import NamedTuple

import pytest

COUNT = 40
_SAID = re.compile(r"@(?P<tags>[^ ]+) :(?P<nick>\w+)!\S+ PRIVMSG #lobby :(?P<text>.*)\r")


@pytest.fixture
def house(start_house, readers):
    return start_house(reader_threads=readers)


def enter(house, nick):
    peer = house.connect()
    caps = "CAP REQ :message-tags server-time echo-message batch draft/chathistory"
    peer.send(caps, "CAP END", f"NICK {nick}", f"USER {nick} 0 * :Kim", "JOIN #lobby")
    peer.until(" 366 ")
    return peer


def heard(lines):
    """Return number, nick and text of each message in IRC lines."""
    found = [match for match in map(_SAID.fullmatch, lines) if match]
    return [(re.search(r"msgid=(\d+)", one["tags"])[1], one["nick"], one["text"]) for one in found]


def read_on(peer, count):
    """Return the next ``count`` messages that an IRC client hears."""
    seen = []
    while len(seen) < count:
        seen += heard([peer.line()])
    return seen


def test_everybody_sees_one_order_and_the_numbers_of_the_history(house):
    ada, kim, lee = house.enter("ada"), enter(house, "kim"), enter(house, "lee")
    ada.until("lee joined")

    def talk(peer, nick, form):
        peer.send(*(form.format(f"{nick} {number}") for number in range(COUNT)))

    speakers = [(ada, "ada", "{}"), (kim, "kim", "PRIVMSG #lobby :{}"), (lee, "lee", "PRIVMSG #lobby :{}")]
    threads = [threading.Thread(target=talk, args=speaker) for speaker in speakers]
    for thread in threads:
        thread.start()
    by_kim, by_lee = read_on(kim, 3 * COUNT), read_on(lee, 3 * COUNT)
    for thread in threads:
        thread.join()

    assert by_kim == by_lee
    numbers = [int(number) for number, _, _ in by_kim]
    assert numbers == list(range(1, 3 * COUNT + 1))
    for nick in ("ada", "kim", "lee"):
        said = [text for _, name, text in by_kim if name == nick]
        assert said == [f"{nick} {number}" for number in range(COUNT)]

    by_ada = [line for line in ada.lines(3 * COUNT) if not line.startswith("*")]
    # Who speaks is told that in place of the message itself.
    assert by_ada == [f"{text} ACK" if nick == "ada" else f"{nick}: {text}" for _, nick, text in by_kim]

    ada.send(f"/history {3 * COUNT}")
    table = ada.until(f"lee {COUNT - 1}" if by_kim[-1][1] == "lee" else by_kim[-1][2])
    rows = [re.search(r"(\w+): (.*)", row) for row in table]
    told = [(row[1], row[2]) for row in rows if row]
    assert told == [(nick, text) for _, nick, text in by_kim]

    kim.send(f"CHATHISTORY LATEST #lobby * {3 * COUNT}")
    opening = kim.until(" BATCH +")[-1]
    reference = opening.partition("+")[2].split()[0]
    history = kim.until(f" BATCH -{reference}")
    assert heard(history) == by_kim[-len(heard(history)) :]
    assert len(heard(history)) >= min(100, 3 * COUNT)


EACH = 60
"""Messages of each talker."""

TALKERS = ("ada", "kim", "lee")
TOTAL = EACH * len(TALKERS)

CAPS = "message-tags server-time echo-message batch draft/chathistory"

IRC = re.compile(r"@(?:batch=[^; ]+;)?time=(\S+);msgid=(\d+) :(\w+)!\w+@127\.0\.0\.1 PRIVMSG #lobby :(.+)\r")
TEXT = re.compile(r"(\w+): (.+)")
PAST = re.compile(r"\[#(\d+) [^\]]+\] (\w+): (.+)")


class Told(NamedTuple):
    """A message as an IRC client is told of it."""

    at: str
    msgid: str
    nick: str
    text: str


class NetcatTalker:
    """A person in the lobby; ``heard`` are the nicks and texts of all messages, one's own by their ACK."""

    def __init__(self, house, nick):
        self.nick = nick
        self.heard = []
        self.peer = house.enter(nick)

    def say(self, text):
        self.peer.send(text)

    def listen(self):
        line = self.peer.line()
        if line.endswith(" ACK"):
            self.heard.append((self.nick, line.removesuffix(" ACK")))
        elif found := TEXT.fullmatch(line):
            self.heard.append(found.groups())

    def history(self):
        """Return number, nick and text of what was said last."""
        self.peer.send("/history 200")
        count = int(self.peer.until(" of #lobby")[-1].split()[1])
        return [PAST.fullmatch(line).groups() for line in self.peer.lines(count)]


class IrcTalker:
    """An IRC client in the lobby; ``told`` are all messages, its own by their echo."""

    def __init__(self, house, nick):
        self.nick = nick
        self.told = []
        self.peer = house.connect()
        self.peer.send(f"CAP REQ :{CAPS}", f"NICK {nick}", "USER u 0 * :U", "CAP END", "JOIN #lobby")
        self.peer.until(" 366 ")

    @property
    def heard(self):
        return [(one.nick, one.text) for one in self.told]

    def say(self, text):
        self.peer.send(f"PRIVMSG #lobby :{text}")

    def listen(self):
        if found := IRC.fullmatch(self.peer.line()):
            self.told.append(Told(*found.groups()))

    def history(self):
        """Return what was said last."""
        self.peer.send("CHATHISTORY LATEST #lobby * 200")
        start = self.peer.until(" BATCH +")[-1]
        reference = re.search(r" BATCH \+(\S+) chathistory #lobby\r$", start)[1]
        lines = self.peer.until(f" BATCH -{reference}")[:-1]
        assert all(line.startswith(f"@batch={reference};") for line in lines)
        return [Told(*IRC.fullmatch(line).groups()) for line in lines]


def talk(talker, start):
    """Say everything, each message when the one before has come back; then listen until everybody has."""
    start.wait(10)
    for number in range(EACH):
        own = (talker.nick, f"{talker.nick} says {number}")
        talker.say(own[1])
        while own not in talker.heard[-1:]:
            talker.listen()
    while len(talker.heard) < TOTAL:
        talker.listen()


def converse(house):
    """Let a netcat and two IRC clients talk at once; return them."""
    talkers = NetcatTalker(house, "ada"), IrcTalker(house, "kim"), IrcTalker(house, "lee")
    start = Barrier(len(talkers))
    with ThreadPoolExecutor(len(talkers)) as threads:
        for done in [threads.submit(talk, talker, start) for talker in talkers]:
            done.result()
    return talkers


@pytest.fixture(params=["in a file", "in memory"])
def options(request, tmp_path):
    """Both places of the data."""
    return {"data_dir": tmp_path} if request.param == "in a file" else {}


def test_everybody_is_told_the_same_in_the_same_order_and_so_is_the_history(start_house, options):
    ada, kim, lee = converse(start_house(**options))
    assert ada.heard == kim.heard
    assert kim.told == lee.told
    assert len(set(ada.heard)) == TOTAL
    for nick in TALKERS:
        own = [text for who, text in ada.heard if who == nick]
        assert own == [f"{nick} says {number}" for number in range(EACH)]
    assert [one.msgid for one in kim.told] == [str(number) for number in range(1, TOTAL + 1)]
    assert kim.history() == lee.history() == kim.told
    assert ada.history() == [(one.msgid, one.nick, one.text) for one in kim.told]


def test_the_history_is_the_same_after_a_restart(start_house, tmp_path):
    before = start_house(data_dir=tmp_path)
    talkers = converse(before)
    kim = talkers[1]
    for talker in talkers:
        # The server does not have to wait for them then.
        talker.peer.close()
    before.server.stop()
    after = start_house(data_dir=tmp_path)
    assert IrcTalker(after, "mia").history() == kim.told
    bob = NetcatTalker(after, "bob")
    assert bob.history() == [(one.msgid, one.nick, one.text) for one in kim.told]
    bob.say("and on")
    assert bob.peer.until("ACK")[-1] == "and on ACK"
    assert bob.history()[-1] == (str(TOTAL + 1), "bob", "and on")
