"""How the fingerprint of a certificate is written."""

from __future__ import annotations

import pytest

from chatctl.core.fingerprints import is_fingerprint, parse_fingerprint

PLAIN = "1f" * 32


@pytest.mark.parametrize("written", [PLAIN, PLAIN.upper(), ":".join(["1F"] * 32), f"SHA256:{PLAIN}", f"sha256:{PLAIN}"])
def test_it_is_read_as_people_write_it(written):
    assert is_fingerprint(written)
    assert parse_fingerprint(f" {written}\n") == PLAIN


@pytest.mark.parametrize(
    "written", ["", PLAIN[:-1], f"{PLAIN}0", f"{PLAIN}00", PLAIN.replace("f", "g"), f"SHA1:{PLAIN}"]
)
def test_nothing_else_is_one(written):
    assert not is_fingerprint(written)
    with pytest.raises(ValueError, match="is no SHA-256 fingerprint; give 64 hexadecimal digits"):
        parse_fingerprint(written)
