"""How soon one may try another password after wrong ones."""

from __future__ import annotations

from chatctl.core.state import Chat

FIRST_WAIT = 60_000
"""Milliseconds that one has to wait then; after each further wrong one that counts, twice as long."""

LONGEST_MEMORY = 10
"""Wrong passwords that count at most: after the third, the longest wait is 60 seconds times 128."""

KEYS = 10_000
"""Addresses and names whose wrong passwords are remembered at most."""


def seconds_left(chat: Chat, key: str, now: int, remembered: int) -> int:
    """Return for how long ``key`` has to wait, in seconds; 0 means not at all.

    Wrong passwords, of which there may be as many as the limit says, are forgotten after ``remembered`` milliseconds.
    """
    times = [at for at in chat.failures.get(key, ()) if at > now - remembered]
    tries = chat.limits.login_tries
    if len(times) < tries:
        return 0
    ready = times[-1] + (FIRST_WAIT << (len(times) - tries))
    return (ready - now) // 1000 + 1 if now < ready else 0


def note_failure(chat: Chat, key: str, now: int, remembered: int, memory: int = LONGEST_MEMORY) -> None:
    """Remember a wrong password under ``key``, of which the last ``memory`` count."""
    times = [at for at in chat.failures.pop(key, ()) if at > now - remembered]
    chat.failures[key] = (*times, now)[-memory:]
    while len(chat.failures) > KEYS:
        del chat.failures[next(iter(chat.failures))]
