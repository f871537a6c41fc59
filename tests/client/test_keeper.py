"""A conversation that is kept up over several connections: silence, refusals, and a name that was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from chatctl.client import keeper as keepers
from chatctl.client.desk import Desk
from chatctl.client.errors import AuthenticationFailed, Expelled
from chatctl.client.events import Event
from chatctl.client.keeper import Keeper
from chatctl.client.link import open_link
from chatctl.client.options import ConnectOptions
from chatctl.client.registration import Login
from chatctl.errors import CannotRun

if TYPE_CHECKING:
    from tests.client.conftest import Peer, Scripted

Script = Callable[["Peer"], None]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatctl.client.backoff.FIRST", 0.02)
    monkeypatch.setattr(keepers, "QUIET_SECONDS", 0.1)
    monkeypatch.setattr(keepers, "ANSWER_SECONDS", 0.2)


def keep_up(scripted: Scripted, *scripts: Script) -> tuple[list[str], CannotRun]:
    """Talk with a server that plays these scripts, one a connection; return what was told, and the end."""
    told: list[str] = []

    def serve() -> None:
        for script in scripts:
            peer = scripted.accept()
            script(peer)
            peer.close()

    async def hold() -> None:
        link = await asyncio.to_thread(open_link, options, told.append)
        desk = Desk(link.session, 0)

        def hear(events: Iterable[Event]) -> None:
            for event in events:
                desk.hear(event)

        await Keeper(link, options, desk, hear, told.append, str).run()

    options = ConnectOptions(port=scripted.port, login=Login("ada"), rooms=("#lobby",))
    with ThreadPoolExecutor(1) as pool:
        serving = pool.submit(serve)
        with pytest.raises(CannotRun) as caught:
            asyncio.run(hold())
        serving.result()
    return told, caught.value


def ban(peer: Peer) -> None:
    """End it for good."""
    peer.say("ERROR :K-lined: enough")


def stay_silent(peer: Peer) -> None:
    peer.open()
    peer.hear_until("PING alive")
    assert peer.rest() == []


def come_and_be_banned(peer: Peer) -> None:
    peer.open()
    ban(peer)


def test_a_server_that_does_not_answer_is_given_up_and_called_again(scripted: Scripted) -> None:
    told, end = keep_up(scripted, stay_silent, come_and_be_banned)
    assert told == ["connection lost: no answer for 0.3 seconds", f"connected again to 127.0.0.1:{scripted.port}"]
    assert isinstance(end, Expelled)


def test_a_server_that_answers_is_there(scripted: Scripted) -> None:
    def answer(peer: Peer) -> None:
        peer.open()
        for _ in range(3):
            peer.hear_until("PING alive")
            peer.say(":s PONG s alive")
        ban(peer)

    told, end = keep_up(scripted, answer)
    assert told == []
    assert str(end) == "K-lined: enough"


def test_a_full_server_is_called_again_and_a_refused_password_is_the_end(scripted: Scripted) -> None:
    def full(peer: Peer) -> None:
        peer.say("ERROR :Server full (1/1 clients), try again later")

    def locked(peer: Peer) -> None:
        peer.register()
        peer.say(":s 464 ada :Password incorrect")

    told, end = keep_up(scripted, come_and_be_left, full, locked)
    assert told == ["connection lost: the server closed the connection"]
    assert isinstance(end, AuthenticationFailed)


def come_and_be_left(peer: Peer) -> None:
    peer.open()


def test_ones_name_is_taken_back_when_whoever_has_it_goes(scripted: Scripted) -> None:
    def taken(peer: Peer) -> None:
        peer.register()
        peer.say(":s 433 * ada :Nickname is already in use")
        assert peer.hear_until("NICK")[-1] == "NICK ada_"
        peer.say(":s 001 ada_ :Welcome", ":s 422 ada_ :none")
        peer.hear_until("JOIN #lobby")
        peer.say(":ada_!u@h JOIN #lobby", ":s 353 ada_ = #lobby :ada ada_", ":s 366 ada_ #lobby :end")
        peer.say(":ada!u@h QUIT :Ping timeout")
        assert peer.hear_until("NICK")[-1].endswith("NICK ada")
        ban(peer)

    told, _ = keep_up(scripted, come_and_be_left, taken)
    assert len(told) == 2
