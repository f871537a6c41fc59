from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.client import events as ev
from chatctl.client.errors import AuthenticationFailed, CannotConnect, Expelled, NoSlotFree, OpeningRefused
from chatctl.client.events import Event, Kind, Outgoing
from chatctl.client.registration import OTHER_NAMES, Login
from chatctl.client.sending import TEXT_LIMIT, check_text
from chatctl.client.session import Session
from chatctl.errors import BadCharacter, CannotRun, LineTooLong, NotUtf8

OFFERED = (
    "account-notify account-tag away-notify batch cap-notify echo-message extended-join labeled-response message-tags"
    " multi-prefix server-time standard-replies sasl=PLAIN,SCRAM-SHA-256 draft/channel-rename draft/chathistory"
    " soju.im/search chatctl.dev/session draft/multiline=max-bytes=4096,max-lines=32"
)
WANTED = (
    "batch chatctl.dev/session draft/channel-rename draft/chathistory draft/multiline echo-message labeled-response"
    " message-tags multi-prefix sasl server-time soju.im/search standard-replies"
)
STAMP = "@time=2026-11-23T01:11:12.233Z "
AT = 1_795_396_272_233
SUPPORT = "CHANTYPES=# CHATHISTORY=1000 PREFIX=(ov)@+ STATUSMSG=@+ UTF8ONLY :are supported by this server"
LABELS = "batch labeled-response"
ECHO = "echo-message message-tags"
MULTILINE = "batch labeled-response echo-message message-tags draft/multiline=max-bytes=4096,max-lines=32"


def tell(session: Session, *lines: str) -> list[Event]:
    """Let the server say these lines."""
    return session.receive("".join(f"{line}\r\n" for line in lines).encode())


def sent(session: Session) -> list[str]:
    """Return the lines that the session wants to send."""
    data = session.take_output().decode()
    assert data == "" or data.endswith("\r\n")
    return data.split("\r\n")[:-1]


def welcomed(caps: str = "", name: str = "ada", rooms: tuple[str, ...] | None = ("#ops",), **options: Any) -> Session:
    """Return a session that knows its name and goes into its rooms."""
    session = Session(Login(name=name), rooms, **options)
    if caps:
        tell(session, f":s CAP * LS :{caps}")
        tell(session, ":s CAP * ACK :" + " ".join(word.partition("=")[0] for word in caps.split()))
    else:
        tell(session, ":s 421 * CAP :Unknown command")
    tell(session, f":s 001 {name} :Welcome", f":s 005 {name} {SUPPORT}", f":s 376 {name} :End of /MOTD command.")
    sent(session)
    return session


def opened(caps: str = "", rooms: tuple[str, ...] = ("#ops",), **options: Any) -> Session:
    session = welcomed(caps, rooms=rooms, **options)
    for room in rooms:
        tell(session, f":ada!u@h JOIN {room}", f":s 353 ada = {room} :@ada bob")
    assert session.ready
    return session


def the_codes(events: list[Event]) -> list[str]:
    return [event.code for event in events if isinstance(event, ev.Refused)]


# The opening


def test_chatctl_lets_in_who_has_no_name_and_leads_to_the_lobby() -> None:
    session = Session(Login(), None)
    assert sent(session) == ["CAP LS 302", "NICK *"]
    first, second = OFFERED.split(" multi-prefix ")
    tell(session, f":chatctl CAP * LS * :{first}", ":chatctl 432 * * :* is no nick")
    assert sent(session) == []
    tell(session, f":chatctl CAP * LS :multi-prefix {second}")
    assert sent(session) == [f"CAP REQ :{WANTED}"]
    tell(session, f"{STAMP}:chatctl CAP * ACK :{WANTED}")
    assert sent(session) == ["NICK *", "USER chatctl 0 * chatctl", "CAP END"]
    assert not session.name
    events = tell(
        session,
        f"{STAMP}:chatctl 001 Client01 :Welcome to the chatctl network, Client01!chatctl@127.0.0.1",
        f"{STAMP}:chatctl 002 Client01 :Your host is chatctl, running version chatctl-0.1.0",
        f"{STAMP}:chatctl 004 Client01 chatctl chatctl-0.1.0 BRiow CimnstbeIklov beIklov",
        f"{STAMP}:chatctl 005 Client01 {SUPPORT}",
        f"{STAMP}:chatctl 251 Client01 :There are 1 users and 0 invisible on 1 servers",
        f"{STAMP}:chatctl 422 Client01 :There is no message of the day",
    )
    assert events == [ev.Welcomed("Client01", "Welcome to the chatctl network, Client01!chatctl@127.0.0.1", AT)]
    assert sent(session) == ["JOIN #lobby"]
    assert not session.ready
    events = tell(
        session,
        f"{STAMP}:Client01!chatctl@127.0.0.1 JOIN #lobby",
        f"{STAMP}:chatctl 353 Client01 = #lobby :Client01 @river",
        f"{STAMP}:chatctl 366 Client01 #lobby :End of /NAMES list",
    )
    assert events == [ev.Joined("Client01", "#lobby", True), ev.Ready("Client01", "#lobby")]
    assert (session.ready, session.room) == (True, "#lobby")
    assert session.here.rooms["#lobby"].members == {"client01": "Client01", "river": "river"}
    assert session.here.remembers
    assert session.here.history_limit == 1000


def test_a_name_that_is_known_is_told_at_once_and_all_rooms_are_entered() -> None:
    session = Session(Login("ada", "al", server_password="open sesame"), ["#ops", "#Tea"])
    assert sent(session) == ["CAP LS 302", "PASS :open sesame", "NICK ada", "USER al 0 * ada"]
    tell(session, ":s CAP * LS :server-time", ":s CAP ada ACK :server-time")
    assert sent(session) == ["CAP REQ server-time", "CAP END"]
    tell(session, ":s 001 ada :hi", ":s 376 ada :End")
    assert sent(session) == ["JOIN #ops", "JOIN #Tea"]
    assert tell(session, ":ada!u@h JOIN #ops") == [ev.Joined("ada", "#ops", True)]
    assert tell(session, ":eve!u@h JOIN #tea") == [ev.Joined("eve", "#tea")]
    assert tell(session, ":ada!u@h JOIN #tea")[-1] == ev.Ready("ada", "#ops")


@pytest.mark.parametrize("refusal", [":s 421 * CAP :Unknown command", ":s 451 * CAP :You have not registered"])
def test_a_server_without_capabilities_is_as_good(refusal: str) -> None:
    session = Session(Login(user="al"), None)
    assert sent(session) == ["CAP LS 302", "NICK *"]
    assert tell(session, refusal) == []
    assert sent(session) == ["NICK al", "USER al 0 * al"]
    assert tell(session, refusal, ":s 432 * * :Erroneous nickname") == []
    assert sent(session) == []
    assert tell(session, ":s 001 al :hi", ":s 422 al :no motd") == [ev.Welcomed("al", "hi"), ev.Ready("al", "")]
    assert sent(session) == []
    assert session.room == ""


def test_another_command_that_is_unknown_says_nothing_about_capabilities() -> None:
    session = Session(Login())
    sent(session)
    assert tell(session, ":s 421 * PASS :Unknown command") == []
    assert sent(session) == []


def test_a_server_that_passes_over_cap_in_silence_is_told_a_name_all_the_same() -> None:
    session = Session(Login(user="al"), None)
    sent(session)
    assert tell(session, ":s NOTICE * :*** Looking up your hostname", ":s 432 * * :Erroneous nickname") == [
        ev.Told("*** Looking up your hostname")
    ]
    assert sent(session)[:2] == ["NICK al", "USER al 0 * al"]


def test_a_server_with_none_of_the_wanted_capabilities_is_asked_for_none() -> None:
    session = Session(Login("ada"))
    sent(session)
    tell(session, ":s CAP * LS :away-notify tls=6697")
    assert sent(session) == ["CAP END"]
    tell(session, ":s CAP * NEW :batch")
    assert sent(session) == []


def test_without_the_capabilities_that_were_denied_it_goes_on() -> None:
    session = Session(Login("ada"))
    tell(session, f":s CAP * LS :{OFFERED}")
    sent(session)
    tell(session, f":s CAP * NAK :{WANTED}")
    assert sent(session) == ["CAP END"]
    tell(session, ":s 001 ada :hi")
    assert session.here.caps == {}


def test_only_what_is_acknowledged_counts_and_a_capability_can_be_taken_back() -> None:
    session = welcomed("batch echo-message labeled-response")
    tell(session, ":s CAP ada DEL :echo-message unknown", ":s CAP ada NEW :sasl", ":s CAP ada")
    assert sorted(session.here.caps) == ["batch", "labeled-response"]
    assert not session.here.echoes


def test_a_taken_name_is_said_and_how_to_choose_another() -> None:
    with pytest.raises(OpeningRefused, match="ada was refused: Nickname is already in use; choose another with --name"):
        tell(Session(Login("ada")), ":s 433 * ada :Nickname is already in use")


@pytest.mark.parametrize("login", [Login("ada", any_name=True), Login(user="ada")])
def test_another_name_is_tried_where_any_will_do_but_not_for_ever(login: Login) -> None:
    session = Session(login)
    tell(session, ":s CAP * LS :")
    sent(session)
    for tries in range(1, OTHER_NAMES + 1):
        assert tell(session, ":s 433 * x :Nickname is already in use") == []
        assert sent(session) == ["NICK ada" + "_" * tries]
    with pytest.raises(OpeningRefused, match="ada_____ was refused"):
        tell(session, ":s 433 * x :Nickname is already in use")


def test_a_name_that_can_be_no_name_is_not_tried_in_another_form() -> None:
    with pytest.raises(OpeningRefused, match="9ada was refused: Erroneous"):
        tell(Session(Login("9ada", any_name=True)), ":s 432 * 9ada :Erroneous nickname")


def test_a_name_that_is_too_long_is_cut_where_any_will_do() -> None:
    session = Session(Login("methuselah", any_name=True))
    sent(session)
    tell(session, ":s 432 * methuselah :Erroneous nickname", ":s 433 * methusel1 :in use")
    assert sent(session) == ["NICK methusel1", "NICK methusel1_"]
    with pytest.raises(OpeningRefused, match="methuselah was refused"):
        tell(Session(Login("methuselah")), ":s 432 * methuselah :Erroneous nickname")


def test_a_server_that_refuses_to_choose_a_name_is_not_blamed_on_an_asterisk() -> None:
    session = Session(Login())
    tell(session, ":s CAP * LS :chatctl.dev/session", ":s CAP * ACK :chatctl.dev/session")
    with pytest.raises(OpeningRefused, match="the name was refused: no"):
        tell(session, ":s 432 * * :no")


def test_a_room_that_refuses_ends_the_opening() -> None:
    session = welcomed()
    assert the_codes(tell(session, ":s 471 ada #other :Cannot join channel (+l)")) == ["room-full"]
    with pytest.raises(OpeningRefused, match=r"cannot go into #OPS: Cannot join channel \(\+k\)"):
        tell(session, ":s 475 ada #OPS :Cannot join channel (+k)")


def test_a_room_that_refuses_who_comes_back_is_done_without() -> None:
    session = welcomed(rooms=("#ops", "#tea"), again=True)
    assert the_codes(tell(session, ":s 474 ada #ops :Cannot join channel (+b)")) == ["banned-from-room"]
    assert tell(session, ":ada!u@h JOIN #tea")[-1] == ev.Ready("ada", "#tea")
    session = welcomed(again=True)
    assert tell(session, ":s 474 ada #ops :no", ":s 376 ada :again")[-1] == ev.Ready("ada", "")
    assert sent(session) == []


@pytest.mark.parametrize(
    ("line", "error", "words"),
    [
        ("ERROR :Server full (256 clients); try again later", NoSlotFree, "Server full"),
        ("ERROR :Too many connections from your host", NoSlotFree, "Too many"),
        ("ERROR :Closing Link: you are banned (spam)", Expelled, "banned"),
        ("ERROR :Closing Link: K-Lined", Expelled, "K-Lined"),
        ("ERROR :the server is shutting down", CannotConnect, "shutting down"),
        ("ERROR :Closing Link: Bad Password", AuthenticationFailed, "if it wants a password, give it with --password"),
        ("ERROR :Access denied: you are banned", Expelled, "you are banned"),
        ("ERROR", CannotConnect, "the server closed the connection"),
        (":s 464 * :Password incorrect", AuthenticationFailed, "Password incorrect; give it with --password-file"),
        ("220 mail.example.org ESMTP", CannotConnect, "it is no chat server"),
        ("HTTP/1.1 400 Bad Request", CannotConnect, "it is no chat server"),
    ],
)
def test_what_ends_an_opening_says_why(line: str, error: type[CannotRun], words: str) -> None:
    with pytest.raises(error) as raised:
        tell(Session(Login("ada")), line)
    assert words in str(raised.value)
    assert type(raised.value) is error


def test_what_another_kind_of_server_said_is_kept() -> None:
    session = Session(Login("ada"))
    with pytest.raises(CannotConnect):
        tell(session, "SSH-2.0-OpenSSH_9.9" + "x" * 100)
    assert session.strange == ("SSH-2.0-OPENSSH_9.9" + "X" * 41)


def test_a_ban_said_beforehand_makes_the_end_one() -> None:
    session = Session(Login("ada"))
    assert tell(session, ":s 465 * :come back in May", ":s 465") == [ev.Refused("banned", "come back in May")]
    with pytest.raises(Expelled, match="Closing Link"):
        tell(session, "ERROR :Closing Link")


def test_a_wrong_server_password_names_its_option() -> None:
    login = Login("ada", account="ada", password="x", server_password="y")
    with pytest.raises(AuthenticationFailed, match="check --server-password-file"):
        tell(Session(login), ":s 464 * :no")


def test_a_second_welcome_changes_nothing() -> None:
    session = welcomed()
    assert tell(session, ":s 001 bob :hi", ":s 001") == []
    assert session.name == "ada"


# Saying something


def test_an_echo_with_its_label_means_stored() -> None:
    session = opened(f"{LABELS} {ECHO} server-time")
    (message,) = session.say(Kind.SAY, "#ops", "hello")
    assert message == Outgoing(Kind.SAY, "#ops", "hello", "m1", "ada")
    assert sent(session) == ["@label=m1 PRIVMSG #ops hello"]
    assert list(session.waiting) == [message]
    assert session.is_owed
    assert tell(session, "@msgid=6 :ada!u@h PRIVMSG #ops hello") == [
        ev.Said("ada", "#ops", Kind.SAY, "hello", "6", own=True)
    ]
    assert tell(session, "@label=m1;msgid=7;time=2026-11-23T01:11:12.233Z :ada!u@h PRIVMSG #ops hello") == [
        ev.Acknowledged(message, "7", AT)
    ]
    assert not session.is_owed


def test_labels_without_echoes_are_acknowledged_by_ack_or_by_whatever_else_is_said() -> None:
    session = opened(LABELS)
    one, two, three = (session.say(Kind.PRIVATE, "bob", text)[0] for text in ("1", "2", "3"))
    assert tell(session, "@label=m2 :s ACK", "@label=m9 :s ACK", ":s ACK") == [ev.Acknowledged(two)]
    assert tell(session, "@label=m1 :s 301 ada bob :gone fishing") == [
        ev.Told("bob is away: gone fishing"),
        ev.Acknowledged(one),
    ]
    inside = "@batch=x :s 301 ada bob :gone fishing"
    assert tell(session, "@label=m3 :s BATCH +x labeled-response", inside, ":s BATCH -x") == [
        ev.Told("bob is away: gone fishing"),
        ev.Acknowledged(three),
    ]
    assert not session.waiting


def test_services_answer_a_message_by_what_they_say_themselves() -> None:
    session = opened(f"{LABELS} {ECHO}")
    (message,) = session.say(Kind.PRIVATE, "NickServ", "help")
    assert tell(session, "@label=m1 :NickServ!s@s NOTICE ada :try harder")[-1] == ev.Acknowledged(message)


def test_echoes_without_labels_are_found_by_what_they_say() -> None:
    session = opened(ECHO)
    one, two = (session.say(Kind.SAY, "#ops", text)[0] for text in ("one", "two  more"))
    assert sent(session) == ["PRIVMSG #ops one", "PRIVMSG #ops :two  more"]
    assert tell(session, "@msgid=2 :ada!u@h PRIVMSG #OPS :two more") == [ev.Acknowledged(two, "2")]
    assert tell(session, ":ada!u@h PRIVMSG #ops three") == [ev.Said("ada", "#ops", Kind.SAY, "three", own=True)]
    assert list(session.waiting) == [one]


def test_without_labels_and_echoes_a_ping_tells_that_what_was_said_before_was_dealt_with() -> None:
    session = opened()
    one, two = (session.say(Kind.SAY, "#ops", text)[0] for text in ("one", "two"))
    assert sent(session) == ["PRIVMSG #ops one", "PRIVMSG #ops two", "PING m2"]
    assert sent(session) == []
    (three,) = session.say(Kind.SAY, "#ops", "three")
    assert sent(session) == ["PRIVMSG #ops three", "PING m3"]
    assert tell(session, ":s PONG s alive", ":s PONG") == []
    assert tell(session, ":s PONG s m2", ":s PONG s m2") == [ev.Acknowledged(one), ev.Acknowledged(two)]
    assert list(session.waiting) == [three]


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        (Kind.ACTION, ["PRIVMSG #ops :\x01ACTION waves at all\x01"]),
        (Kind.NOTICE, ["NOTICE #ops :waves at all"]),
        (Kind.SAY, ["PRIVMSG #ops :waves at all"]),
    ],
)
def test_each_kind_of_message_is_sent_and_echoed_in_its_way(kind: Kind, lines: list[str]) -> None:
    session = opened(ECHO)
    (message,) = session.say(kind, "#ops", "waves at all")
    assert sent(session) == lines
    assert tell(session, f":ada!u@h {lines[0]}") == [ev.Acknowledged(message)]


def test_a_refusal_with_a_label_is_of_this_message() -> None:
    session = opened(f"{LABELS} {ECHO}")
    one, two = session.say(Kind.PRIVATE, "nobody", "1")[0], session.say(Kind.SAY, "#ops", "2")[0]
    assert tell(session, "@label=m2 :s FAIL * NOT_SAVED :the disk is full") == [
        ev.Refused("not-saved", "the disk is full", two)
    ]
    assert tell(session, ":s 401 ada nobody :No such nick") == [ev.Refused("no-such-nick", "nobody: No such nick")]
    assert tell(session, "@label=m1 :s 401 ada nobody :No such nick") == [
        ev.Refused("no-such-nick", "nobody: No such nick", one)
    ]


@pytest.mark.parametrize("caps", ["", ECHO])
def test_a_refusal_without_a_label_is_of_the_first_message_to_whom_it_names(caps: str) -> None:
    session = opened(caps)
    one, two = session.say(Kind.SAY, "#ops", "1")[0], session.say(Kind.PRIVATE, "bob", "2")[0]
    assert tell(session, ":s 404 ada #OPS :Cannot send to channel") == [
        ev.Refused("cannot-speak", "#OPS: Cannot send to channel", one, "#OPS")
    ]
    assert tell(session, ":s 461 ada bob :Not enough parameters", ":s 404 ada :no") == [
        ev.Refused("missing-parameter", "bob: Not enough parameters"),
        ev.Refused("cannot-speak", "no"),
    ]
    assert tell(session, ":s FAIL PRIVMSG TOO_FAST bob :wait") == [ev.Refused("too-fast", "wait", two)]
    assert tell(session, ":s PONG s m2", ":s 401 ada bob :No such nick")[0] == (
        ev.Refused("no-such-nick", "bob: No such nick")
    )


def test_numbers_of_messages_go_on_where_those_of_another_connection_ended() -> None:
    session = opened(LABELS, labels=count(40))
    assert session.say(Kind.SAY, "#ops", "x")[0].label == "m40"
    assert session.request("LIST") == "41"
    assert sent(session) == ["@label=m40 PRIVMSG #ops x", "@label=41 LIST"]


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("é" * 2048 + "x", LineTooLong, "line is 4097 bytes; the limit is 4096"),
        ("é1\udcff", NotUtf8, "byte 3 "),
        ("a\0b", BadCharacter, "a NUL character"),
        ("a\nb", BadCharacter, "a line break"),
        ("a\rb", BadCharacter, "a line break"),
    ],
)
def test_what_no_server_would_take_is_not_sent(text: str, error: type[Exception], words: str) -> None:
    session = opened()
    for way in (lambda: session.say(Kind.SAY, "#ops", text), lambda: session.put_raw(text), lambda: check_text(text)):
        with pytest.raises(error, match=words):
            way()
    assert not session.waiting
    assert sent(session) == []


# Long texts


def test_a_long_text_is_one_message_where_the_server_knows_multiline() -> None:
    session = opened(MULTILINE)
    text = "word " * 300
    (message,) = session.say(Kind.SAY, "#ops", text)
    opening, *pieces, closing = sent(session)
    assert opening == "@label=m1 BATCH +m1 draft/multiline #ops"
    assert closing == "BATCH -m1"
    assert pieces[0].startswith("@batch=m1 PRIVMSG #ops :word word")
    assert all(piece.startswith("@batch=m1;draft/multiline-concat PRIVMSG #ops :") for piece in pieces[1:])
    assert "".join(piece.partition(" :")[2] for piece in pieces) == text
    echo = [":ada!u@h BATCH +9 draft/multiline #ops", *(piece.replace("=m1", "=9", 1) for piece in pieces)]
    assert tell(session, "@label=m1;msgid=5 " + echo[0], *echo[1:], ":ada!u@h BATCH -9") == [
        ev.Acknowledged(message, "5")
    ]


@pytest.mark.parametrize(
    "caps",
    [
        "",
        LABELS,
        "draft/multiline=max-bytes=4096",
        f"{LABELS} draft/multiline",
        f"{LABELS} draft/multiline=max-bytes=1000,max-lines=99",
        f"{LABELS} draft/multiline=max-bytes=4096,max-lines=2",
        f"{LABELS} draft/multiline=max-bytes=all",
    ],
)
def test_a_long_text_is_several_messages_where_one_cannot_hold_it(caps: str) -> None:
    session = opened(caps)
    messages = session.say(Kind.SAY, "#ops", "word " * 300)
    assert "".join(message.text for message in messages) == "word " * 300
    assert len(messages) == len(session.waiting) > 2
    assert not any("BATCH" in line for line in sent(session))


def test_a_limit_of_lines_that_is_not_told_is_none() -> None:
    session = opened(f"{LABELS} draft/multiline=max-bytes=4096")
    assert len(session.say(Kind.SAY, "#ops", "word " * 300)) == 1


@given(
    text=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n") | st.just(" "), min_size=1, max_size=900
    ),
    kind=st.sampled_from([Kind.SAY, Kind.ACTION, Kind.NOTICE]),
    to=st.sampled_from(["#ops", "b" * 30, "#" + "r" * 63]),
    caps=st.sampled_from(["", MULTILINE]),
)
def test_the_pieces_of_a_text_are_the_text_and_each_fits_a_relayed_line(
    text: str, kind: Kind, to: str, caps: str
) -> None:
    session = opened(caps)
    messages = session.say(kind, to, text * (1 + 3000 // len(text.encode()) % 4))
    said = text * (1 + 3000 // len(text.encode()) % 4)
    assert "".join(message.text for message in messages) == said
    heard = ""
    for line in session.take_output().decode().split("\r\n"):
        bare = line.partition(" ")[2] if line[:1] == "@" else line
        assert len(f"{bare}\r\n".encode()) <= 512
        if "PRIVMSG" in bare or "NOTICE" in bare:
            source = ":ada!" + "u" * 18 + "@" + "h" * 63
            assert len(f"{source} {bare}\r\n".encode()) <= 512
            word = bare.split(" ", 2)[2]
            body = word.removeprefix(":")
            heard += body.removeprefix("\x01ACTION ").removesuffix("\x01") if kind is Kind.ACTION else body
    assert heard == said


def test_where_names_are_longer_than_irc_allows_texts_are_still_sent() -> None:
    session = opened()
    assert len(session.say(Kind.PRIVATE, "b" * 500, "x" * 200)) == 4


def test_a_message_in_a_batch_has_its_line_breaks() -> None:
    session = opened(MULTILINE)
    lines = ["@batch=1 :bob!u@h PRIVMSG #ops :one", "@batch=1 :bob!u@h PRIVMSG #ops :two"]
    joint = "@batch=1;draft/multiline-concat :bob!u@h PRIVMSG #ops : more"
    assert tell(session, "@msgid=4 :bob!u@h BATCH +1 draft/multiline #ops", *lines, joint, "BATCH -1") == [
        ev.Said("bob", "#ops", Kind.SAY, "one\ntwo more", "4")
    ]
    assert tell(session, ":bob!u@h BATCH +1 draft/multiline #ops", "BATCH -1") == []


# What is asked for


def test_history_is_asked_for_by_number_or_from_a_message_on() -> None:
    session = opened(f"{LABELS} {ECHO} draft/chathistory server-time")
    session.fetch("#ops", 5000, "missed", after="41")
    session.fetch("#ops", 20, "history", quiet=False)
    assert sent(session) == [
        "@label=1 CHATHISTORY AFTER #ops msgid=41 1000",
        "@label=2 CHATHISTORY LATEST #ops * 20",
    ]
    assert session.is_owed
    said = "@batch=c;msgid=42;time=2026-11-23T01:11:12.233Z :bob!u@h PRIVMSG #ops :hi"
    assert tell(session, "@label=1 :s BATCH +c chathistory #ops", said, "@batch=c :s 353 x", ":s BATCH -c") == [
        ev.History("#ops", (ev.Said("bob", "#ops", Kind.SAY, "hi", "42", AT),), "missed")
    ]
    assert tell(session, ":s BATCH +c chathistory #ops", said, ":s BATCH -c") == []
    assert tell(session, "@label=2 :s ACK") == [ev.History("#ops", (), "history")]
    assert not session.is_owed


def test_history_that_is_refused_is_told_only_if_a_person_asked_for_it() -> None:
    session = opened(f"{LABELS} {ECHO}")
    session.fetch("#ops", 20, "missed")
    session.fetch("#ops", 20, "history", quiet=False)
    assert tell(session, "@label=1 :s FAIL CHATHISTORY MESSAGE_ERROR :no") == [
        ev.History("#ops", (), "missed", known=False)
    ]
    assert tell(session, "@label=2 :s FAIL CHATHISTORY MESSAGE_ERROR :no") == [ev.Refused("message-error", "no")]
    assert not session.is_owed


def test_what_is_searched_for_is_written_as_the_value_of_a_tag() -> None:
    session = opened("soju.im/search batch")
    session.search("#ops", "tea; biscuits", 5)
    assert sent(session) == [r"SEARCH in=#ops;limit=5;text=tea\:\sbiscuits"]
    assert tell(session, ":s BATCH +1 soju.im/search", "@batch=1 :bob!u@h PRIVMSG #ops x", ":s BATCH -1") == [
        ev.History("#ops", (ev.Said("bob", "#ops", Kind.SAY, "x"),), "tea; biscuits")
    ]


def test_a_table_of_sessions_is_one_event_and_a_broken_one_is_none() -> None:
    session = opened(f"{LABELS} chatctl.dev/session")
    row = "@batch=1 :s SESSION 1 ada 127.0.0.1:4 irc 2026-11-22T14:41:07.000Z * :"
    assert tell(session, "@time=2026-11-22T14:42:30.000Z :s BATCH +1 chatctl.dev/session 1 0 20", row, "BATCH -1") == [
        ev.SessionTable(
            (ev.SessionRow(1, "ada", "127.0.0.1:4", "irc", "2026-11-22 14:41:07 UTC", None, "00:01:23", None),),
            1,
            0,
            20,
        )
    ]
    assert tell(session, ":s BATCH +1 chatctl.dev/session 1 0", row, "BATCH -1") == []


# Where one is


def test_the_room_is_where_one_has_gone_last() -> None:
    session = opened()
    session.join("#tea", "key")
    assert sent(session) == ["JOIN #tea key"]
    assert session.is_going
    assert session.is_owed
    tell(session, ":bob!u@h JOIN #tea")
    assert session.room == "#ops"
    tell(session, ":ada!u@h JOIN #Tea")
    assert (session.room, session.is_going) == ("#Tea", False)
    tell(session, ":ada!u@h JOIN #forced")
    assert session.room == "#Tea"


@pytest.mark.parametrize("refusal", [":s 475 ada #TEA :no", ":s FAIL JOIN SOMETHING #tea :no"])
def test_who_is_not_let_into_a_room_stays(refusal: str) -> None:
    session = opened()
    session.join("#tea")
    tell(session, ":s 475 ada #other :no", ":s 332 ada #tea :hi")
    assert session.is_going
    assert len(tell(session, refusal)) == 1
    assert (session.room, session.is_going) == ("#ops", False)


def test_of_several_rooms_one_goes_into_the_last_and_leaving_all_is_going_nowhere() -> None:
    session = opened()
    session.join("#a,#b")
    tell(session, ":ada!u@h JOIN #a")
    assert session.room == "#ops"
    tell(session, ":ada!u@h JOIN #b")
    assert session.room == "#b"
    session.join("0")
    assert not session.is_going


def test_a_room_that_cannot_be_named_is_not_waited_for() -> None:
    session = opened()
    with pytest.raises(ValueError, match="NUL"):
        session.join("#a\0b")
    assert not session.is_owed


def test_who_is_kicked_or_leaves_talks_in_the_room_entered_last() -> None:
    session = opened(rooms=("#ops", "#tea", "#den"))
    assert session.room == "#ops"
    assert tell(session, ":bob!u@h KICK #OPS ada :enough") == [ev.Kicked("ada", "#ops", "bob", "enough", True)]
    assert session.room == "#den"
    tell(session, ":bob!u@h KICK #den eve", ":ada!u@h PART #tea")
    assert session.room == "#den"
    assert tell(session, ":ada!u@h PART #den :bye") == [ev.Left("ada", "#den", "bye", True)]
    assert session.room == ""


def test_a_renamed_room_is_still_where_one_talks() -> None:
    session = opened(rooms=("#ops", "#tea"))
    assert tell(session, ":s RENAME #tea #chai :", ":s RENAME #OPS #devops :") == [
        ev.RoomRenamed("#tea", "#chai"),
        ev.RoomRenamed("#OPS", "#devops"),
    ]
    assert session.room == "#devops"
    assert list(session.here.rooms) == ["#chai", "#devops"]


def test_the_own_name_follows_what_the_server_tells() -> None:
    session = opened(LABELS)
    assert tell(session, ":ada!u@h NICK lin") == [ev.Renamed("ada", "lin", True)]
    session.request("NICK", "ada")
    assert tell(session, "@label=1 :ada!u@h NICK ada") == [ev.Renamed("lin", "ada", True)]
    assert session.name == "ada"


# Staying, and the end


def test_a_ping_is_answered_with_its_token() -> None:
    session = opened()
    assert tell(session, "PING", "PING :tick tock", ":s PING s token") == []
    assert sent(session) == ["PONG", "PONG :tick tock", "PONG token"]
    session.ping()
    assert sent(session) == ["PING alive"]


def test_the_answer_to_leaving_is_a_goodbye() -> None:
    session = opened()
    session.leave()
    session.leave("see you")
    assert sent(session) == ["QUIT", "QUIT :see you"]
    assert session.leaving
    assert session.is_owed
    assert tell(session, ":s NOTICE ada :Connection statistics: 5 bytes", "ERROR :Goodbye ada.") == [
        ev.Goodbye("Goodbye ada.")
    ]


@pytest.mark.parametrize(
    ("lines", "event"),
    [
        (["ERROR :the server is shutting down"], ev.Stopping("the server is shutting down")),
        (["ERROR :Ping timeout"], ev.Ended("Ping timeout")),
        (["ERROR :Closing Link: ada (Killed (op (spam)))"], ev.Ended("Closing Link: ada (Killed (op (spam)))", True)),
        (["ERROR :Banned: spam"], ev.Ended("Banned: spam", True)),
        ([":op!u@h KILL ADA :spam", "ERROR :bye"], ev.Ended("bye", True)),
        ([":op!u@h KILL ada :spam", "KILL", "ERROR :bye"], ev.Ended("bye", True)),
        ([":op!u@h KILL eve :spam", "KILL", "ERROR :bye"], ev.Ended("bye")),
        (["ERROR"], ev.Ended("the server closed the connection")),
    ],
)
def test_an_end_tells_why_and_whether_coming_back_is_welcome(lines: list[str], event: Event) -> None:
    assert tell(opened(), *lines) == [event]


def test_a_line_without_an_end_is_left_out() -> None:
    session = opened()
    session.receive(b"x" * 100_000)
    assert tell(session, "", "", ":bob!u@h PRIVMSG #ops :hi") == [
        ev.Told("(left out: line is 100000 bytes; the limit is 16384)"),
        ev.Said("bob", "#ops", Kind.SAY, "hi"),
    ]


def test_the_limit_of_a_message_is_what_our_server_takes() -> None:
    assert f"max-bytes={TEXT_LIMIT}," in OFFERED
