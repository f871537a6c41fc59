"""IRC lines, read and written."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatctl.errors import BadCharacter, InputTooLong, NotUtf8
from chatctl.wire.irc import numerics
from chatctl.wire.irc.message import (
    BODY_LIMIT,
    CLIENT_TAGS_LIMIT,
    MESSAGE_LIMIT,
    TAGS_LIMIT,
    Line,
    client_tags,
    escape_tag,
    parse,
    write,
)

characters = st.characters(codec="utf-8", exclude_characters="\0\r\n")
words = st.text(characters.filter(lambda letter: letter != " "), min_size=1, max_size=12).filter(
    lambda word: word[0] not in ":@"
)
commands = st.text("ABCXYZ0189", min_size=1, max_size=8)
texts = st.one_of(
    st.text(characters, max_size=40), st.text(" :", max_size=4), words.map(":".__add__), words.map(" ".__add__)
)
keys = st.builds("".join, st.tuples(st.sampled_from(["", "+"]), st.text("ab/-.9", min_size=1, max_size=4)))
values = st.one_of(st.text(r"\: ;rnsb=+", max_size=8), st.text(characters, max_size=8), st.text("\r\n;", max_size=3))
tag_sets = st.dictionaries(keys, values, max_size=5)
nearly_lines = st.lists(
    st.sampled_from(
        [b"@", b"a", b"=", b";", b"\\", b"\\:", b" ", b"  ", b":", b"+b", b"PING", b"\xc3", b"\xa9", b"\r"]
    ),
    max_size=14,
).map(b"".join)


def tags_of(written):
    return dict(parse(b"@" + written.encode() + b" PING").tags)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"QUIT", Line("QUIT")),
        (b"PRIVMSG #room :hello there", Line("PRIVMSG", ("#room", "hello there"))),
        (b"privmsg #room hello", Line("PRIVMSG", ("#room", "hello"))),
        (b"PRIVMSG #room ::-)", Line("PRIVMSG", ("#room", ":-)"))),
        (b"PRIVMSG #room :", Line("PRIVMSG", ("#room", ""))),
        (b"PRIVMSG #room :  two  blanks  ", Line("PRIVMSG", ("#room", "  two  blanks  "))),
        (b"PRIVMSG #room :a :b", Line("PRIVMSG", ("#room", "a :b"))),
        (b"PRIVMSG a:b c:", Line("PRIVMSG", ("a:b", "c:"))),
        (b"  PRIVMSG   #room   :a  b", Line("PRIVMSG", ("#room", "a  b"))),
        (b"PRIVMSG #room  ", Line("PRIVMSG", ("#room",))),
        (b"USER a 0 * :Ada L", Line("USER", ("a", "0", "*", "Ada L"))),
        (b":ada!a@host PART #room", Line("PART", ("#room",), source="ada!a@host")),
        (b":ada   PART   #room", Line("PART", ("#room",), source="ada")),
        (b": PART #room", Line("PART", ("#room",))),
        (b"@a=b;c :ada PART #room", Line("PART", ("#room",), {"a": "b", "c": ""}, "ada")),
        (b"@a  PART", Line("PART", (), {"a": ""})),
        (b" @a=b PART", Line("@A=B", ("PART",))),
        (b"CAP\t#room", Line("CAP\t#ROOM")),
        ("TOPIC #é\u00a0ü\u2003x".encode(), Line("TOPIC", ("#é\u00a0ü\u2003x",))),
        ("jo\u0131n #room".encode(), Line("jo\u0131n", ("#room",))),
        (" ".join(map(str, range(100))).encode(), Line("0", tuple(map(str, range(1, 100))))),
    ],
)
def test_a_line_is_taken_apart(line, expected):
    assert parse(line) == expected


@pytest.mark.parametrize(
    "line", [b"", b" ", b"   ", b":", b": ", b":ada", b":ada  ", b"@a=b", b"@a=b  ", b"@a :ada ", b"@"]
)
def test_a_line_without_a_command_says_nothing(line):
    assert parse(line) is None


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("a", {"a": ""}),
        ("a=", {"a": ""}),
        ("a=b=c", {"a": "b=c"}),
        ("a=1;b=2;a=3", {"a": "3", "b": "2"}),
        ("a=1;a", {"a": ""}),
        ("A=1;a=2", {"A": "1", "a": "2"}),
        (";;a;", {"a": ""}),
        ("=b", {}),
        ("+a/b.c=é", {"+a/b.c": "é"}),
        (r"a=\:\s\\\r\n", {"a": "; \\\r\n"}),
        (r"a=\\s\\\s", {"a": "\\s\\ "}),
        ("a=test\\", {"a": "test"}),
        (r"a=\b\é", {"a": "bé"}),
        (r"a\s=b", {"a\\s": "b"}),
    ],
)
def test_tags_are_read(written, tags):
    assert tags_of(written) == tags


def test_a_tag_value_is_escaped():
    assert escape_tag("raw+:=,escaped; \\") == r"raw+:=,escaped\:\s\\"
    assert escape_tag("\r\n") == r"\r\n"


def test_only_client_only_tags_are_passed_on_and_in_their_order():
    assert client_tags({"label": "1", "+c": "", "+a": "x y", "time": "", "+": ""}) == r"+c;+a=x\sy;+"
    assert client_tags({}) == ""


@given(values)
def test_an_escaped_value_means_the_value(value):
    escaped = escape_tag(value)
    assert tags_of(f"a={escaped}") == {"a": value}
    assert not set(escaped) & set("; \r\n")


@given(tag_sets)
def test_client_only_tags_are_read_as_they_were_written(tags):
    assert tags_of(client_tags(tags)) == {key: value for key, value in tags.items() if key[0] == "+"}


@given(st.lists(st.sampled_from([";", "+a", "+b", "=", "\\", "\\:", "x", "é"]), max_size=20).map("".join))
def test_client_only_tags_never_grow(written):
    assert len(client_tags(tags_of(written)).encode()) <= len(written.encode())


class TestLimits:
    def test_they_are_those_of_the_specification(self):
        assert (MESSAGE_LIMIT, BODY_LIMIT, CLIENT_TAGS_LIMIT) == (512, 510, 4094)
        assert len("@") + CLIENT_TAGS_LIMIT + len(";") + CLIENT_TAGS_LIMIT + len(" ") == TAGS_LIMIT

    @pytest.mark.parametrize("tags", [b"", b"@a ", b"@" + b"a" * CLIENT_TAGS_LIMIT + b" "])
    def test_a_message_may_have_510_bytes_besides_its_tags(self, tags):
        assert parse(tags + b"X" * 510).command == "X" * 510
        with pytest.raises(InputTooLong, match="line is 511 bytes; the limit is 510"):
            parse(tags + b"X" * 511)

    @pytest.mark.parametrize("rest", [b"", b" ", b" PING"])
    def test_tags_may_have_4094_bytes(self, rest):
        parse(b"@" + b"a" * 4094 + rest)
        with pytest.raises(InputTooLong, match="line is 4095 bytes; the limit is 4094"):
            parse(b"@" + b"a" * 4095 + rest)

    def test_bytes_are_counted_and_not_characters(self):
        with pytest.raises(InputTooLong):
            parse("é".encode() * 256)


@pytest.mark.parametrize("tags", ["", "@a=b "])
@pytest.mark.parametrize(
    ("character", "name"), [("\0", "a NUL character"), ("\r", "a bare CR"), ("\n", "a line break")]
)
def test_some_characters_are_in_no_line(tags, character, name):
    with pytest.raises(BadCharacter, match=name):
        parse(f"{tags}PRIVMSG #room :a{character}b".encode())


def test_a_tag_may_not_hold_them_either():
    with pytest.raises(BadCharacter):
        parse(b"@a=\0 PING")


def test_a_line_is_utf8():
    with pytest.raises(NotUtf8, match="byte 6 "):
        parse(b"@a=\xc3\xa9 \xe9")


@given(st.one_of(nearly_lines, st.binary(max_size=60), st.binary(max_size=20).map(b"@a=".__add__)))
@example(b"@" + b"x" * 5000)
@example(b"x" * 600)
def test_any_bytes_are_a_line_or_nothing_or_refused(line):
    try:
        found = parse(line)
    except (InputTooLong, NotUtf8, BadCharacter):
        return
    if found is not None:
        assert found.command
        assert " " not in found.command
        assert all(word and " " not in word for word in found.params[:-1])


@given(st.one_of(st.just(""), words), commands, st.lists(words, max_size=16), texts, tag_sets)
def test_what_is_written_is_read(source, command, inner, last, tags):
    params = (*inner, last)
    written = write(source, command, *params)
    shown = ";".join(f"{key}={escape_tag(value)}" for key, value in tags.items())
    # What the server sends may be longer than what it takes.
    if len(written.encode()) <= BODY_LIMIT:
        assert parse(written.encode()) == Line(command, params, {}, source)
        assert parse(f"@{shown} {written}".encode()) == Line(command, params, tags, source)


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (("", "PING"), "PING"),
        (("srv", "PONG", "x"), ":srv PONG x"),
        (("srv", "001", "ada", "Welcome here"), ":srv 001 ada :Welcome here"),
        (("srv", "332", "ada", "#room", ""), ":srv 332 ada #room :"),
        (("a!b@c", "PRIVMSG", "#room", ":-)"), ":a!b@c PRIVMSG #room ::-)"),
        (("a!b@c", "PRIVMSG", "#room", "x:y"), ":a!b@c PRIVMSG #room x:y"),
    ],
)
def test_a_colon_is_written_where_it_is_needed(parts, line):
    assert write(*parts) == line


@pytest.mark.parametrize(
    "parts",
    [
        ("", ""),
        ("", "A B"),
        ("", ":A"),
        ("", "@A"),
        ("a b", "PING"),
        (":a", "PING"),
        ("srv", "PING", "", "x"),
        ("srv", "PING", "a b", "x"),
        ("srv", "PING", ":a", "x"),
        ("srv", "PING", "x\r"),
        ("srv", "PING", "x\n"),
        ("srv", "PING", "x\0", "y"),
    ],
)
def test_what_would_be_read_as_another_line_is_not_written(parts):
    with pytest.raises(ValueError, match=r"IRC line|command"):
        write(*parts)


def test_every_numeric_is_three_digits_with_a_name_of_its_own():
    codes = [code for name, code in vars(numerics).items() if name.startswith(("RPL_", "ERR_"))]
    assert len(codes) > 140
    assert all(len(code) == 3 and code.isdecimal() for code in codes)
    assert len(set(codes)) == len(codes)
    assert (numerics.RPL_WELCOME, numerics.ERR_INPUTTOOLONG) == ("001", "417")
