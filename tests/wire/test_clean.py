"""Text that cannot harm a terminal, for every code point there is."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from chatctl.core.events.talk import Acknowledged, Said
from chatctl.core.requests.talk import Say
from chatctl.wire.clean import clean
from chatctl.wire.text import TextWire

BIDI_FORMATS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
BIDI_MARKS = {"ARABIC LETTER MARK", "LEFT-TO-RIGHT MARK", "RIGHT-TO-LEFT MARK"}
BLOCK = 500
"""Code points in a line: at most 2,000 bytes of UTF-8."""


def harmful(letter):
    kind = unicodedata.category(letter)
    bidi = kind == "Cf" and (
        unicodedata.bidirectional(letter) in BIDI_FORMATS or unicodedata.name(letter, "") in BIDI_MARKS
    )
    return kind in ("Cc", "Zl", "Zp") or bidi


def every_character():
    """Return all code points that can be encoded, in blocks."""
    for start in range(0, sys.maxunicode + 1, BLOCK):
        block = range(start, min(start + BLOCK, sys.maxunicode + 1))
        letters = "".join(chr(point) for point in block if not 0xD800 <= point < 0xE000)
        if letters:
            yield letters


def test_controls_bidi_controls_and_line_separators_go_and_nothing_else():
    for letters in every_character():
        kept = "".join(letter for letter in letters if not harmful(letter))
        assert clean(letters.replace("\t", "")) == kept


def test_a_message_of_any_characters_is_one_line_for_everybody(message):
    for letters in every_character():
        text = "x" + letters.translate({0: None, 10: None, 13: None})
        assert TextWire().receive(f"{text}\n".encode(), 0.0) == [Say(text)]
        line = TextWire.dialect.render(Said(message(text))).decode()
        assert len(line.splitlines()) == 1
        assert TextWire.dialect.render(Acknowledged(message(text))).count(b"\n") == 1


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        ("hi", "hi"),
        ("a\tb", "a b"),
        ("a\nb\r\nc", "abc"),
        ("\x1b]0;title\x07x", "]0;titlex"),
        ("\x9b31mred", "31mred"),
        ("\u202eevil\u202c", "evil"),
        ("é\u0301 日本 👩\u200d💻", "é\u0301 日本 👩\u200d💻"),
        ("\u00a0\u2003", "\u00a0\u2003"),
    ],
)
def test_cleaning_keeps_what_people_write(text, cleaned):
    assert clean(text) == cleaned
