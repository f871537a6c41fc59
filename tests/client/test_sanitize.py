from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.client.sanitize import read_foreign

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(st.binary())
def test_no_bytes_become_a_control_or_a_bidi_character(line: bytes) -> None:
    text = read_foreign(line)
    assert not {unicodedata.category(char) for char in text} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(text) & set(BIDI)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b"plain", "plain"),
        (b"a\tb", "a b"),
        (b"\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\u009b2J\u009d0;title\u009c".encode(), "2J0;title"),
        (b"\x07\x08\x7f\x00", ""),
        ("exe\u202egpj".encode(), "exegpj"),
        ("one\u2028two\u2029three\x85".encode(), "onetwothree"),
        (b"caf\xe9", "caf\ufffd"),
        ("grüße 👩‍👩‍👧 שלום".encode(), "grüße 👩‍👩‍👧 שלום"),
    ],
)
def test_what_harms_goes_and_what_is_language_stays(line: bytes, text: str) -> None:
    assert read_foreign(line) == text
