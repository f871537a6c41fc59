"""What numeric replies say to a person: Modern IRC, section "Numerics"."""

from __future__ import annotations

SILENT = frozenset(
    {
        *("002", "003", "004", "005", "250", "251", "252", "253", "254", "255", "265", "266"),  # the welcome
        *("315", "318", "321", "323", "329", "333", "366", "368", "369", "375", "376", "422"),
        *("900", "901", "903"),
    }
)
"""Replies that only frame others, or that a person has no use for; lists end by themselves."""

SENTENCES = {
    "221": "your modes: {1}",
    "301": "{1} is away: {2}",
    "305": "you are no longer away",
    "306": "you are away",
    "311": "{1} is {1}!{2}@{3} ({5})",
    "312": "{1} is on {2} ({3})",
    "313": "{1} is an operator of the server",
    "314": "{1} was {1}!{2}@{3} ({5})",
    "317": "{1} has been idle for {2} s",
    "319": "{1} is in {2}",
    "322": "{1}: {2} here  {3}",
    "324": "modes of {1}: {2}",
    "330": "{1} is logged in as {2}",
    "341": "you invited {1} to {2}",
    "346": "{1} may be entered by {2}",
    "348": "{1} makes an exception for {2}",
    "352": "{5} ({2}@{3}) in {1}",
    "367": "{1} keeps out {2}",
    "671": "{1} uses a secure connection",
    "728": "{1} silences {3}",
}
"""Replies whose parameters need words around them; 0 is the own name."""

CODES = {
    "401": "no-such-nick",
    "402": "no-such-server",
    "403": "no-such-room",
    "404": "cannot-speak",
    "405": "too-many-rooms",
    "407": "too-many-targets",
    "411": "missing-parameter",
    "412": "missing-parameter",
    "417": "line-too-long",
    "421": "unknown-command",
    "432": "bad-nick",
    "433": "nick-in-use",
    "436": "nick-in-use",
    "441": "user-not-in-room",
    "442": "not-in-room",
    "443": "user-in-room",
    "461": "missing-parameter",
    "464": "wrong-password",
    "465": "banned",
    "471": "room-full",
    "473": "room-invite-only",
    "474": "banned-from-room",
    "475": "wrong-key",
    "477": "login-needed",
    "481": "not-an-operator",
    "482": "not-a-room-operator",
    "531": "cannot-speak",
}
"""Stable names of refusals for programs; others are called after their number."""

JOIN_REFUSALS = frozenset({"403", "405", "437", "470", "471", "473", "474", "475", "476", "477", "479", "489", "520"})
"""Why one may not go into a room."""

MESSAGE_REFUSALS = frozenset(
    {
        *("401", "402", "403", "404", "407", "408", "413", "414", "415", "439"),
        *("477", "486", "489", "492", "494", "531", "716"),
    }
)
"""Why a message may not be said, followed by to whom."""


def is_refusal(code: str) -> bool:
    """Tell whether a numeric turns something down."""
    return code[:1] in "45" or code in ("902", "904", "905", "906", "907", "908")


def sentence(code: str, params: tuple[str, ...]) -> str:
    """Return what a reply says; ``params`` begin with the own name."""
    if code == "372":
        # Each line of the message of the day begins so.
        return " ".join(params[1:]).removeprefix("- ")
    pattern = SENTENCES.get(code)
    if pattern is not None:
        try:
            return pattern.format(*params).rstrip()
        except IndexError:
            pass
    return " ".join(params[1:])


def refusal(params: tuple[str, ...]) -> str:
    """Return why something was turned down, with what it is about where the server's words leave that out."""
    about = " ".join(word for word in params[1:-1] if word not in params[-1] and word != "*")
    return f"{about}: {params[-1]}" if about else params[-1]
