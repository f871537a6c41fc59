"""Pages that may connect, and pages that may not."""

from __future__ import annotations

import pytest

from chatctl.wire.http.origins import Origins

OWN_HOSTS = ["127.0.0.1:12345", "192.168.1.20", "[::1]:12345", "[2001:db8::7]", "localhost:12345", "chat.localhost"]


@pytest.mark.parametrize("host", OWN_HOSTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_page_of_this_server_may_connect(host, scheme):
    assert Origins().admit(f"{scheme}://{host}", host)


@pytest.mark.parametrize(
    "host", ["evil.example:12345", "127.0.0.1.evil.example", "localhost.evil.example", "mylocalhost"]
)
def test_a_name_that_somebody_may_have_pointed_here_makes_no_page_this_servers(host):
    assert not Origins().admit(f"http://{host}", host)
    assert Origins([f"http://{host}"]).admit(f"http://{host}", host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", "127.0.0.1:12345"),
        ("http://127.0.0.1:8000", "127.0.0.1:12345"),
        ("http://127.0.0.1:12345.evil.example", "127.0.0.1:12345"),
        ("null", "127.0.0.1:12345"),
        ("null", ""),
        ("", ""),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_other_pages_may_not(origin, host):
    assert not Origins(["https://example.org"]).admit(origin, host)


@pytest.mark.parametrize("allowed", ["https://example.org", "https://Example.ORG", "https://example.org/"])
def test_allowed_pages_may_however_their_origin_was_written(allowed):
    origins = Origins(["https://example.com", allowed])
    assert origins.admit("https://example.org", "127.0.0.1:12345")
    assert origins.admit("HTTPS://EXAMPLE.ORG", "127.0.0.1:12345")
    assert not origins.admit("http://example.org", "127.0.0.1:12345")
    assert not origins.admit("https://example.org:8443", "127.0.0.1:12345")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_all_pages_may_if_all_are_allowed(origin):
    assert Origins(["*"]).admit(origin, "chat.example.org")
