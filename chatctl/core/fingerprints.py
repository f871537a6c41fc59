"""How the fingerprint of a certificate is written."""

from __future__ import annotations

import re

_FINGERPRINT = re.compile(r"(?:sha256:)?([0-9a-f]{2}(?::?[0-9a-f]{2}){31})", re.IGNORECASE)


def is_fingerprint(text: str) -> bool:
    """Tell whether ``text`` is a SHA-256 fingerprint as people write it."""
    return _FINGERPRINT.fullmatch(text) is not None


def parse_fingerprint(text: str) -> str:
    """Return a SHA-256 fingerprint as 64 lower-case hexadecimal digits.

    Colons, upper case and a leading ``SHA256:`` are understood; anything else is a ValueError with a sentence.
    """
    found = _FINGERPRINT.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            f"{text!r} is no SHA-256 fingerprint; give 64 hexadecimal digits, with or without colons, "
            "as openssl x509 -noout -sha256 -fingerprint prints them"
        )
    return found[1].replace(":", "").lower()
