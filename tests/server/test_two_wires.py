"""A person with netcat and two IRC clients in one room: everybody sees one order, under the same numbers."""

from __future__ import annotations

import re
import threading

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
