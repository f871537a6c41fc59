"""Masks of names and addresses."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatctl.core.masks import address_matches, complete, is_mask, matches

masks = st.text("ab?*\\", max_size=9)
names = st.text("abAB?*\\", max_size=9)


def reference(mask, text):
    """Tell whether a text is like a mask, in the plainest way there is."""
    if not mask:
        return not text
    if mask[0] == "*":
        return any(reference(mask[1:], text[start:]) for start in range(len(text) + 1))
    escaped = mask[0] == "\\" and mask[1:2] in ("*", "?")
    if escaped:
        mask = mask[1:]
    same = bool(text) and ((mask[0] == "?" and not escaped) or mask[0].lower() == text[0].lower())
    return same and reference(mask[1:], text[1:])


@given(masks, names)
@example("*a*b", "aabab")
@example("*ab?*b", "aabbb")
def test_a_mask_matches_as_the_reference_does(mask, text):
    assert matches(mask, text) == reference(mask, text)


@pytest.mark.parametrize(
    ("mask", "text", "same"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("?", "", False),
        ("a?c", "abc", True),
        ("a?c", "abbc", False),
        ("a*c", "ac", True),
        ("a*c", "abbbc", True),
        ("a*c", "abbbcd", False),
        ("*!*@*.example.org", "Ada!a@X.Example.ORG", True),
        ("ADA[1]", "ada[1]", True),
        ("ada[1]", "ada1", False),
        ("ada.", "adam", False),
        ("?", "é", True),
        ("é", "É", False),
        ("k", "\u212a", False),
        ("s", "\u017f", False),
        ("*b", "a\nb", True),
        ("a", "a\n", False),
        (r"a\*", "a*", True),
        (r"a\*", "ab", False),
        (r"a\?", "a?", True),
        (r"a\?", "ab", False),
        (r"a\b", r"a\b", True),
        ("a\\", "a\\", True),
    ],
)
def test_examples(mask, text, same):
    assert matches(mask, text) is same


@pytest.mark.parametrize(
    "mask", ["*a" * 200 + "b", "*a?" * 150 + "b", "*" * 400 + "b", "?*" * 200 + "b", "*" + "a" * 99 + "b"]
)
def test_a_hostile_mask_ends(mask):
    assert not matches(mask, "a" * 500)


@pytest.mark.parametrize(
    ("text", "whether"), [("ada", False), ("a*", True), ("a?", True), ("", False), (r"[\]", False)]
)
def test_a_mask_has_a_wildcard(text, whether):
    assert is_mask(text) is whether


@pytest.mark.parametrize(
    ("mask", "whole"),
    [
        ("ada", "ada!*@*"),
        ("ada!lovelace", "ada!lovelace@*"),
        ("lovelace@host", "*!lovelace@host"),
        ("ada!lovelace@host", "ada!lovelace@host"),
        ("@host", "*!*@host"),
        ("lovelace@", "*!lovelace@*"),
        ("!", "*!*@*"),
        ("@", "*!*@*"),
        ("!@", "*!*@*"),
        ("", "*!*@*"),
        ("*", "*!*@*"),
        ("!lovelace@host", "*!lovelace@host"),
        ("ada!@host", "ada!*@host"),
    ],
)
def test_a_mask_is_completed(mask, whole):
    assert complete(mask) == whole


@given(st.text("a!@*", max_size=8))
def test_a_completed_mask_is_complete(mask):
    whole = complete(mask)
    assert complete(whole) == whole
    nick, _, rest = whole.partition("!")
    user, _, host = rest.partition("@")
    assert nick
    assert user
    assert host


@pytest.mark.parametrize(
    ("mask", "host", "same"),
    [
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("10.0.0.0/8", "10.200.3.4", True),
        ("10.1.2.3/8", "10.200.3.4", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("10.0.0.0/255.0.0.0", "10.200.3.4", True),
        ("10.0.*", "10.0.3.4", True),
        ("10.0.*", "10.1.3.4", False),
        ("10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("10.0.*", "::ffff:10.0.2.3", True),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("::ffff:10.0.0.0/104", "10.9.9.9", True),
        ("::ffff:10.0.0.0/104", "11.9.9.9", False),
        ("2001:db8::/32", "2001:db8:1::5", True),
        ("2001:db8::/32", "2001:db9::5", False),
        ("2001:0DB8:0::5", "2001:db8::5", True),
        ("2001:db8::*", "2001:0db8:0::5", True),
        ("::1", "0::1", True),
        ("fe80::/10", "fe80::1%eth0", True),
        ("::/0", "10.0.0.1", False),
        ("0.0.0.0/0", "2001:db8::5", False),
        ("0.0.0.0/0", "10.0.0.1", True),
        ("10.0.0.0/33", "10.0.0.1", False),
        ("*.example.org", "X.example.ORG", True),
        ("*.example.org", "example.org", False),
        ("10.0.0.0/8", "ten.example.org", False),
        ("*", "anything", True),
        ("", "anything", True),
    ],
)
def test_an_address_matches(mask, host, same):
    assert address_matches(mask, "ada", host) is same
    assert address_matches(f"@{mask}", "ada", host) is same
    assert address_matches(f"A*@{mask}", "ada", host) is same
    assert address_matches(f"bob@{mask}", "ada", host) is False
