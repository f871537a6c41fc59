"""One IRC line: Modern IRC, section "Message Format"; message-tags (IRCv3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from chatctl.errors import BadCharacter, InputTooLong, NotUtf8

MESSAGE_LIMIT = 512
"""Bytes in a line without its tags, CR LF included: Modern IRC, section "Message Format"."""

CLIENT_TAGS_LIMIT = 4094
"""Bytes of tags that a client may send, ``@`` and blank not counted: message-tags, section "Size limit"."""

TAGS_LIMIT = 8191
"""Bytes of tags in a line from the server, ``@`` and blank counted: message-tags, section "Size limit"."""

BODY_LIMIT = MESSAGE_LIMIT - 2
"""Bytes in a line without its tags and its ending."""

NO_TAGS: Mapping[str, str] = MappingProxyType({})

_AT = b"@"
_RARE = ("", " ", ":")
"""What hardly any line of a client begins with: nothing, a blank, a source."""

_ESCAPED = {";": r"\:", " ": r"\s", "\\": r"\\", "\r": r"\r", "\n": r"\n"}
_ESCAPES = str.maketrans(_ESCAPED)
_MEANT = {sequence[1]: letter for letter, sequence in _ESCAPED.items()}
_SEQUENCE = re.compile(r"\\(.?)", re.DOTALL)
_COMMAND = re.compile(rb"(?:@[^ ]* +)?(?: *:[^ ]* +)? *([A-Za-z]+)(?: |$)")


class Line(NamedTuple):
    """A line taken apart; ``command`` is in capitals, ``tags`` have their values unescaped."""

    command: str
    params: tuple[str, ...] = ()
    tags: Mapping[str, str] = NO_TAGS
    source: str = ""


def parse(line: bytes) -> Line | None:
    """Return what a line from a client (without its ending) says, None if it has no command.

    Raises ``InputTooLong``, ``NotUtf8`` and ``BadCharacter``. A CR alone ends no line: Modern IRC, section
    "Compatibility with incorrect software", leaves that open.
    """
    tagged = line.startswith(_AT)
    if tagged:
        _check_sizes(line)
    elif len(line) > BODY_LIMIT:
        raise InputTooLong(len(line), BODY_LIMIT)
    try:
        body = line.decode()
    except UnicodeDecodeError as error:
        found = _COMMAND.match(line)
        raise NotUtf8(error.start, found[1].decode().upper() if found else "*") from None
    if "\0" in body or "\r" in body or "\n" in body:
        raise BadCharacter(_bad_character(body))
    return take_apart(body)


def take_apart(body: str) -> Line | None:
    """Return what a line says, whoever wrote it, None if it has no command."""
    tags, source = NO_TAGS, ""
    if body[:1] == "@":
        written, _, body = body.partition(" ")
        tags = read_tags(written[1:])
    if body[:1] in _RARE:
        body = body.lstrip(" ")
        if body[:1] == ":":
            source, _, body = body[1:].partition(" ")
            body = body.lstrip(" ")
        if not body:
            return None
    # A parameter that begins with a colon is the last one, so the first such place is where it begins.
    head, colon, last = body.partition(" :")
    words = head.split(" ")
    if "" in words:
        words = [word for word in words if word]
    if colon:
        words.append(last)
    command = words[0]
    # str.upper() would make ASCII letters of a few others.
    return Line(command.upper() if command.isascii() else command, tuple(words[1:]), tags, source)


def _check_sizes(line: bytes) -> None:
    tags, _, body = line.partition(b" ")
    if len(tags) > CLIENT_TAGS_LIMIT + 1:
        raise InputTooLong(len(tags) - 1, CLIENT_TAGS_LIMIT)
    if len(body) > BODY_LIMIT:
        raise InputTooLong(len(body), BODY_LIMIT)


def _bad_character(text: str) -> str:
    if "\0" in text:
        return "a NUL character"
    return "a bare CR" if "\r" in text else "a line break"


def read_tags(text: str) -> dict[str, str]:
    """Return tags, or what is written like them, with their values as they are meant."""
    tags = {}
    for tag in text.split(";"):
        key, _, value = tag.partition("=")
        if key:
            tags[key] = _unescape(value) if "\\" in value else value
    return tags


def _unescape(value: str) -> str:
    return _SEQUENCE.sub(lambda found: _MEANT.get(found[1], found[1]), value)


def escape_tag(value: str) -> str:
    """Return the value of a tag as it is written: message-tags, section "Escaping values"."""
    return value.translate(_ESCAPES)


def client_tags(tags: Mapping[str, str]) -> str:
    """Return the client-only tags as they are written, without ``@``; never longer than the client wrote them.

    Source: message-tags, section "Client-only tags".
    """
    return ";".join(
        f"{key}={escape_tag(value)}" if value else key for key, value in tags.items() if key.startswith("+")
    )


def write(source: str, command: str, *params: str) -> str:
    """Return a line without its ending; only the last parameter may be empty, hold a blank or begin with a colon.

    Raises ``ValueError`` for what would be read as another line.
    """
    words = [command, *params[:-1]]
    if source:
        words.insert(0, source)
    for word in words:
        if not word or word[0] == ":" or " " in word:
            raise ValueError(f"{word!r} is no word of an IRC line")
    if source:
        words[0] = f":{source}"
    elif command[0] == "@":
        raise ValueError(f"{command!r} is no command")
    if params:
        last = params[-1]
        words.append(f":{last}" if not last or last[0] == ":" or " " in last else last)
    line = " ".join(words)
    if "\0" in line or "\r" in line or "\n" in line:
        raise ValueError(f"an IRC line holds {_bad_character(line)}")
    return line
