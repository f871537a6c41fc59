"""Plain HTTP answers, each the last thing on its connection: RFC 9110."""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus

HOW_TO_CHAT = "There is no page here yet. Chat with chatctl connect, an IRC client, netcat, or IRC over WebSocket.\n"


def answer(status: HTTPStatus, sentence: str, *headers: str, body: bool = True) -> bytes:
    """Return a whole response; without ``body`` only its head, as HEAD asks."""
    text = sentence.encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Date: {formatdate(usegmt=True)}",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(text)}",
        "Connection: close",
        "X-Content-Type-Options: nosniff",
        *headers,
    )
    return "\r\n".join((*head, "", "")).encode() + (text if body else b"")


def plain(method: str, path: str) -> bytes:
    """Return the answer to a request that does not want a WebSocket."""
    if method not in ("GET", "HEAD"):
        return answer(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD are understood.\n", "Allow: GET, HEAD")
    body = method == "GET"
    if path.partition("?")[0] == "/healthz":
        return answer(HTTPStatus.OK, "ok\n", body=body)
    return answer(HTTPStatus.NOT_FOUND, HOW_TO_CHAT, body=body)
