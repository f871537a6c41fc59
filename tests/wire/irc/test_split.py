"""Text that is too long for one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.wire.irc.split import LONGEST_CHARACTER, split_text

texts = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=80), st.text("ab  é日👩", max_size=120), st.text(" ", max_size=30)
)


@given(texts, st.integers(LONGEST_CHARACTER, 40))
def test_nothing_is_lost_and_every_piece_fits(text, room):
    pieces = split_text(text, room)
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= room for piece in pieces)
    assert all(pieces) or not text


@given(texts, st.integers(LONGEST_CHARACTER, 40))
def test_a_word_is_cut_only_where_no_blank_would_do(text, room):
    for piece in split_text(text, room)[:-1]:
        assert piece[-1] == " " or " " not in piece[1:]


@given(texts, st.integers(LONGEST_CHARACTER, 40))
def test_there_are_no_more_than_twice_the_pieces_needed(text, room):
    # Two pieces that follow each other are more than the room, but for the bytes of a character that did not fit.
    assert len(split_text(text, room)) <= 2 * (len(text.encode()) // (room - LONGEST_CHARACTER + 1)) + 1


@pytest.mark.parametrize(
    ("text", "room", "pieces"),
    [
        ("", 10, [""]),
        ("hello", 5, ["hello"]),
        ("hello there", 10, ["hello ", "there"]),
        ("hello there", 6, ["hello ", "there"]),
        ("hello there", 5, ["hello", " ther", "e"]),
        ("one two three", 9, ["one two ", "three"]),
        ("abcdefgh", 4, ["abcd", "efgh"]),
        ("ééé", 5, ["éé", "é"]),
        ("👩👩", 7, ["👩", "👩"]),
        ("one\u00a0two", 6, ["one\u00a0t", "wo"]),
        ("x" * 2048, 450, ["x" * 450] * 4 + ["x" * 248]),
    ],
)
def test_examples(text, room, pieces):
    assert split_text(text, room) == pieces


def test_there_has_to_be_room_for_a_character():
    with pytest.raises(ValueError, match="3 bytes are no room"):
        split_text("", 3)
