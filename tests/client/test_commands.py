from __future__ import annotations

import pytest

from chatctl.client import events as ev
from chatctl.client.commands import COMMANDS, HISTORY_COUNT, is_message, is_secret, run_line
from chatctl.client.events import Kind, Outgoing
from chatctl.client.registration import WANTED, Login
from chatctl.client.session import Session

EVERYTHING = " ".join(sorted(WANTED - {"draft/multiline"}))
SECRETS = [
    "/oper admin pencil",
    "/OPER  admin pencil",
    " /oper admin pencil",
    "/quote PASS pencil",
    "/quote oper admin pencil",
    "/quote AUTHENTICATE AGEAYg==",
    "/quote REGISTER * * pencil",
    "/quote NS IDENTIFY pencil",
    "/quote NickServ identify pencil",
    "/quote PRIVMSG NickServ :identify pencil",
    "/msg NickServ identify pencil",
    "/msg  nickserv\tidentify pencil",
    "/notice NickServ identify pencil",
]


def opened(caps: str = "", rooms: tuple[str, ...] = ("#ops", "#Tea")) -> Session:
    """Return a session in some rooms, on a server with these capabilities."""
    session = Session(Login("ada"), rooms)
    lines = [
        f":s CAP * LS :{caps}",
        f":s CAP * ACK :{caps}",
        ":s 001 ada :hi",
        ":s 005 ada CHANTYPES=# :are",
        ":s 376 ada :",
    ]
    session.receive("".join(f"{line}\r\n" for line in lines).encode())
    for room in rooms:
        session.receive(f":ada!u@h JOIN {room}\r\n".encode())
    assert session.ready
    session.take_output()
    return session


def sent(session: Session) -> list[str]:
    """Return the lines to be sent, but for the PING after a message."""
    lines = session.take_output().decode().split("\r\n")[:-1]
    return [line for line in lines if not line.startswith("PING m")]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("hi there", ["PRIVMSG #ops :hi there"]),
        ("//part is a command", ["PRIVMSG #ops :/part is a command"]),
        (" /part", ["PRIVMSG #ops : /part"]),
        ("", []),
        ("/me  waves ", ["PRIVMSG #ops :\x01ACTION waves\x01"]),
        ("/msg bob psst: you", ["PRIVMSG bob :psst: you"]),
        ("/msg #tea psst", ["PRIVMSG #tea psst"]),
        ("/notice bob fyi", ["NOTICE bob fyi"]),
        ("/join #den", ["JOIN #den"]),
        ("/join #den key more", ["JOIN #den key"]),
        ("/JOIN #TEA", []),
        ("/room 2", []),
        ("/room #tea", []),
        ("/room #den", ["JOIN #den"]),
        ("/query bob", []),
        ("/part", ["PART #ops"]),
        ("/leave", ["PART #ops"]),
        ("/part #tea", ["PART #tea"]),
        ("/part #tea so long", ["PART #tea :so long"]),
        ("/part so long", ["PART #ops :so long"]),
        ("/rooms", ["LIST"]),
        ("/list *tea*", ["LIST *tea*"]),
        ("/who", ["NAMES #ops"]),
        ("/names #tea", ["NAMES #tea"]),
        ("/whois bob", ["WHOIS bob"]),
        ("/topic", ["TOPIC #ops"]),
        ("/topic #tea", ["TOPIC #tea"]),
        ("/topic tea: now", ["TOPIC #ops :tea: now"]),
        ("/topic #tea tea: now", ["TOPIC #tea :tea: now"]),
        ("/history", [f"CHATHISTORY LATEST #ops * {HISTORY_COUNT}"]),
        ("/history 5", ["CHATHISTORY LATEST #ops * 5"]),
        ("/history #tea 999999", ["CHATHISTORY LATEST #tea * 1000"]),
        ("/search biscuits tea", [rf"SEARCH in=#ops;limit={HISTORY_COUNT};text=biscuits\stea"]),
        ("/search #tea biscuits", [f"SEARCH in=#tea;limit={HISTORY_COUNT};text=biscuits"]),
        ("/status", ["STATUS"]),
        ("/status all", ["STATUS all"]),
        ("/status other", ["STATUS"]),
        ("status", ["STATUS"]),
        ("/nick lin", ["NICK lin"]),
        ("/away", ["AWAY"]),
        ("/away back at 5", ["AWAY :back at 5"]),
        ("/invite bob", ["INVITE bob #ops"]),
        ("/invite bob #tea", ["INVITE bob #tea"]),
        ("/kick bob", ["KICK #ops bob"]),
        ("/kick #tea bob", ["KICK #tea bob"]),
        ("/kick bob be nice", ["KICK #ops bob :be nice"]),
        ("/kick #tea bob be nice", ["KICK #tea bob :be nice"]),
        ("/ban bob", ["MODE #ops +b bob!*@*"]),
        ("/ban *!*@10.0.0.1", ["MODE #ops +b *!*@10.0.0.1"]),
        ("/ban #tea bob", ["MODE #tea +b bob!*@*"]),
        ("/unban #tea a:bob", ["MODE #tea -b a:bob"]),
        ("/unban bob", ["MODE #ops -b bob!*@*"]),
        ("/mode", ["MODE #ops"]),
        ("/mode +k key", ["MODE #ops +k key"]),
        ("/mode #tea -o bob", ["MODE #tea -o bob"]),
        ("/mode ada +i", ["MODE ada +i"]),
        ("/oper admin a pencil", ["OPER admin :a pencil"]),
        ("/quote PRIVMSG #ops :raw", ["PRIVMSG #ops :raw"]),
        ("/quit", ["QUIT"]),
        ("/quit see you", ["QUIT :see you"]),
        ("/exit", ["QUIT"]),
        ("exit", ["QUIT"]),
    ],
)
def test_what_is_typed_becomes_what_is_sent(typed: str, lines: list[str]) -> None:
    session = opened(EVERYTHING)
    typed_events = run_line(session, typed).events
    assert [line.partition(" ")[2] if line[0] == "@" else line for line in sent(session)] == lines
    assert typed_events == ()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("hi", Outgoing(Kind.SAY, "#ops", "hi", "m1", "ada")),
        ("/me waves", Outgoing(Kind.ACTION, "#ops", "waves", "m1", "ada")),
        ("/msg bob psst", Outgoing(Kind.PRIVATE, "bob", "psst", "m1", "ada")),
        ("/msg #tea hi", Outgoing(Kind.SAY, "#tea", "hi", "m1", "ada")),
        ("/notice bob hi", Outgoing(Kind.NOTICE, "bob", "hi", "m1", "ada")),
        ("/topic x", None),
        ("/quote PRIVMSG bob hi", None),
    ],
)
def test_messages_wait_for_their_answer_and_commands_do_not(typed: str, message: Outgoing | None) -> None:
    session = opened()
    messages = [] if message is None else [message]
    assert list(run_line(session, typed).sent) == messages
    assert list(session.waiting) == messages


@pytest.mark.parametrize(
    ("typed", "usage"),
    [
        ("/join", "/join #ROOM [KEY]"),
        ("/whois", "/whois NAME"),
        ("/msg", "/msg NAME TEXT"),
        ("/msg bob", "/msg NAME TEXT"),
        ("/query", "/query NAME"),
        ("/query bob eve", "/query NAME"),
        ("/me", "/me TEXT"),
        ("/notice bob", "/notice NAME|#ROOM TEXT"),
        ("/history five", "/history [#ROOM] [N]"),
        ("/history 0", "/history [#ROOM] [N]"),
        ("/search", "/search [#ROOM] WORDS"),
        ("/search #tea", "/search [#ROOM] WORDS"),
        ("/nick", "/nick NAME"),
        ("/invite", "/invite NAME [#ROOM]"),
        ("/kick", "/kick [#ROOM] NAME [REASON]"),
        ("/kick #tea", "/kick [#ROOM] NAME [REASON]"),
        ("/ban", "/ban [#ROOM] NAME|MASK"),
        ("/unban #tea", "/unban [#ROOM] NAME|MASK"),
        ("/oper admin", "/oper NAME PASSWORD"),
        ("/quote", "/quote LINE"),
    ],
)
def test_what_is_missing_is_said_with_the_usage(typed: str, usage: str) -> None:
    session = opened(EVERYTHING)
    missing = ev.Refused("missing-parameter", f"something is missing; type {usage}")
    assert run_line(session, typed).events == (missing,)
    assert sent(session) == []


@pytest.mark.parametrize(
    "typed",
    [
        *("/part", "/who", "/topic", "/topic x", "/history", "/search x", "/kick bob", "/ban bob", "/unban bob"),
        *("/invite bob", "/mode", "/mode +i"),
    ],
)
def test_without_a_room_a_command_for_one_must_name_it(typed: str) -> None:
    session = opened(EVERYTHING, rooms=())
    (event,) = run_line(session, typed).events
    assert isinstance(event, ev.Refused)
    assert event.code == "missing-parameter"
    assert sent(session) == []


@pytest.mark.parametrize("typed", ["hi", "/me waves"])
def test_without_a_room_nothing_can_be_said(typed: str) -> None:
    session = opened(rooms=())
    no_room = ev.Refused("no-room", "you are in no room; /join #room goes into one")
    assert run_line(session, typed).events == (no_room,)
    assert sent(session) == []


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [("/hsitory", "did you mean /history?"), ("/xyzzy", "/help lists them"), ("/Jion #x", "did you mean /join?")],
)
def test_an_unknown_command_is_not_sent_and_a_like_one_is_proposed(typed: str, remedy: str) -> None:
    session = opened()
    (event,) = run_line(session, typed).events
    assert isinstance(event, ev.Refused)
    assert event.code == "unknown-command"
    assert remedy in event.sentence
    assert sent(session) == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("/history", "this server keeps no history"),
        ("/search x", "this server cannot search"),
        ("/status", "this server has no table of sessions; /who lists who is in the room"),
        ("status", "this server has no table of sessions; /who lists who is in the room"),
    ],
)
def test_what_the_server_lacks_is_said_and_not_listed(typed: str, why: str) -> None:
    session = opened()
    assert run_line(session, typed).events == (ev.Refused("not-supported", why),)
    (help_,) = run_line(session, "/help").events
    assert isinstance(help_, ev.Help)
    assert not any(row[0].startswith(f"/{typed.split(maxsplit=1)[0].lstrip('/')}") for row in help_.rows)
    assert sent(session) == []


def test_help_lists_every_command_of_a_server_that_has_everything() -> None:
    (help_,) = run_line(opened(EVERYTHING), "/help").events
    assert isinstance(help_, ev.Help)
    assert help_.rows == (
        *((command.usage, command.summary) for command in COMMANDS),
        ("//TEXT", "say something that begins with a slash"),
    )


@pytest.mark.parametrize(
    "typed", ["/kick :bob x", "/msg :bob hi", "/nick \udcff", "/topic #a\0b x", "/join #den\0", "/whois a\rb"]
)
def test_what_cannot_be_written_in_irc_is_refused_and_nothing_is_sent(typed: str) -> None:
    session = opened(EVERYTHING)
    (event,) = run_line(session, typed).events
    assert isinstance(event, ev.Refused)
    assert event.code == "bad-parameter"
    assert sent(session) == []
    assert not session.is_owed


@pytest.mark.parametrize(
    ("typed", "code"), [("x" * 5000, "line-too-long"), ("caf\udce9", "not-utf8"), ("/quote a\0b", "bad-character")]
)
def test_what_no_server_would_take_is_refused(typed: str, code: str) -> None:
    session = opened()
    (event,) = run_line(session, typed).events
    assert isinstance(event, ev.Refused)
    assert event.code == code
    assert sent(session) == []


def test_rooms_are_listed_and_gone_to_by_number_or_name() -> None:
    session = opened(rooms=("#ops", "#Tea", "#den"))
    assert run_line(session, "/room").events == (ev.Told("1  #ops"), ev.Told("2  #Tea"), ev.Told("3  #den"))
    for typed, room in (("/room 3", "#den"), ("/room #tea", "#Tea"), ("/join #OPS", "#ops"), ("/query bob", "bob")):
        assert run_line(session, typed).events == ()
        assert session.room == room
    for number in ("0", "4", "9" * 5000):
        assert run_line(session, f"/room {number}").events == (
            ev.Refused("no-such-room", "you are in 3 rooms; /room lists them"),
        )
    assert (session.room, sent(session)) == ("bob", [])


def test_a_conversation_with_one_person_is_private_and_ends_in_a_room() -> None:
    session = opened()
    run_line(session, "/query bob")
    assert run_line(session, "hi").sent == (Outgoing(Kind.PRIVATE, "bob", "hi", "m1", "ada"),)
    assert sent(session) == ["PRIVMSG bob hi"]
    run_line(session, "/part bye")
    assert (session.room, sent(session)) == ("#ops", [])


def test_a_history_that_was_asked_for_and_is_refused_is_told() -> None:
    session = opened(EVERYTHING)
    run_line(session, "/history")
    assert session.receive(b"@label=1 :s FAIL CHATHISTORY INVALID_TARGET #ops :no\r\n") == [
        ev.Refused("invalid-target", "no")
    ]


def test_leaving_is_known_and_members_are_shown_when_asked_for() -> None:
    session = opened()
    run_line(session, "/who")
    assert session.receive(b":s 353 ada = #ops :ada @bob\r\n") == [ev.Told("in #ops: ada @bob", "#ops")]
    run_line(session, "/quit")
    assert session.leaving


@pytest.mark.parametrize("typed", SECRETS)
def test_a_line_that_may_hold_a_password_is_known(typed: str) -> None:
    assert is_secret(typed)


@pytest.mark.parametrize("typed", ["hi", "//oper admin", "/msg bob oper", "/quote LIST"])
def test_other_lines_hold_none(typed: str) -> None:
    assert not is_secret(typed)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("hi", True),
        ("//part", True),
        ("/me waves", True),
        ("/MSG bob hi", True),
        ("/notice bob hi", True),
        ("/topic x", False),
        ("/message", False),
        ("status", False),
        ("exit", False),
        ("status?", True),
    ],
)
def test_a_message_is_told_from_a_command(typed: str, message: bool) -> None:
    assert is_message(typed) is message


def test_no_two_commands_are_alike_and_every_one_is_explained() -> None:
    names = [command.name for command in COMMANDS]
    assert len(set(names)) == len(names)
    assert all(command.summary and command.name == command.name.lower() for command in COMMANDS)
    assert all(command.lacking for command in COMMANDS if not command.available(opened().here))
