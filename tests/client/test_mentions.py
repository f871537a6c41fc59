from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatctl.client.mentions import alarm, find_mentions
from chatctl.client.options import Alarm


@pytest.mark.parametrize(
    ("text", "nick", "found"),
    [
        ("ada", "ada", [(0, 3)]),
        ("Ada: look, @ADA!", "ada", [(0, 3), (12, 15)]),
        ("adam and Canada, ada_ and ada-2 and _ada", "ada", []),
        ("(ada)", "ada", [(1, 4)]),
        ("ada's", "ada", [(0, 3)]),
        ("liebe ada, grüß dich", "ada", [(6, 9)]),
        ("hi a|b^{}[] there", "a|b^{}[]", [(3, 11)]),
        ("hi a.b", "a.b", [(3, 6)]),
        ("hi axb", "a.b", []),
        ("adaada ada", "ada", [(7, 10)]),
        ("one\nada", "ada", [(4, 7)]),
        ("nobody is meant", "", []),
        ("", "ada", []),
    ],
)
def test_a_nick_is_found_where_it_is_a_word(text: str, nick: str, found: list[tuple[int, int]]) -> None:
    assert find_mentions(text, nick) == found


@given(st.text(), st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30))
def test_whatever_a_nick_is_made_of_what_is_found_is_the_nick(text: str, nick: str) -> None:
    for start, end in find_mentions(f"{text} {nick} {text}", nick):
        assert f"{text} {nick} {text}"[start:end].casefold() == nick.casefold()
    assert find_mentions(f"{text} {nick} {text}", nick)


@pytest.mark.parametrize(
    ("kind", "in_tmux", "written"),
    [
        (Alarm.NONE, False, ""),
        (Alarm.NONE, True, ""),
        (Alarm.BELL, False, "\a"),
        (Alarm.BELL, True, "\a"),
        (Alarm.OSC9, False, "\a\x1b]9;4,bob: hi; all you\x1b\\"),
        (Alarm.OSC777, False, "\a\x1b]777;notify;4,bob;hi, all you\x1b\\"),
        (Alarm.OSC9, True, "\a\x1bPtmux;\x1b\x1b]9;4,bob: hi; all you\x1b\x1b\\\x1b\\"),
        (Alarm.OSC777, True, "\a\x1bPtmux;\x1b\x1b]777;notify;4,bob;hi, all you\x1b\x1b\\\x1b\\"),
    ],
)
def test_a_terminal_is_told_in_the_way_that_was_chosen(kind: Alarm, in_tmux: bool, written: str) -> None:
    assert alarm(kind, "4;bob", "hi; all\nyou", in_tmux) == written
