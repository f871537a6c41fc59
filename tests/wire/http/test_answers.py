"""HTTP requests that do not become a WebSocket."""

from __future__ import annotations

import http.client
import io
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import pytest

from chatctl.wire.http.answers import HOW_TO_CHAT, answer, plain


class Answer:
    """A socket that has only this to say."""

    def __init__(self, data):
        self._data = data

    def makefile(self, mode):
        return io.BytesIO(self._data)


def read(data, method="GET"):
    """Return a response as an HTTP client reads it, and its body."""
    response = http.client.HTTPResponse(Answer(data), method=method)
    response.begin()
    with response:
        return response, response.read()


def test_an_http_client_understands_an_answer():
    response, body = read(answer(HTTPStatus.NOT_FOUND, "nothing\n", "X-Why: it is empty"))
    assert (response.status, response.reason, response.version) == (404, "Not Found", 11)
    assert response.getheader("Content-Type") == "text/plain; charset=utf-8"
    assert response.getheader("Content-Length") == str(len(body))
    assert response.getheader("Connection") == "close"
    assert response.getheader("X-Why") == "it is empty"
    assert parsedate_to_datetime(response.getheader("Date")).tzinfo is not None
    assert body == b"nothing\n"


def test_every_line_of_the_head_ends_in_cr_lf():
    head, end, _ = answer(HTTPStatus.OK, "ok\n").partition(b"\r\n\r\n")
    assert end
    assert head.count(b"\n") == head.count(b"\r\n")


@pytest.mark.parametrize("path", ["/healthz", "/healthz?from=here"])
def test_the_health_is_told(path):
    response, body = read(plain("GET", path))
    assert (response.status, body) == (200, b"ok\n")


@pytest.mark.parametrize("path", ["/", "/index.html", "/healthz/", "*", ""])
def test_there_is_nothing_else(path):
    response, body = read(plain("GET", path))
    assert (response.status, body.decode()) == (404, HOW_TO_CHAT)


def test_a_head_has_the_length_of_the_body_and_no_body():
    data = plain("HEAD", "/healthz")
    response, body = read(data, "HEAD")
    assert (response.status, response.getheader("Content-Length"), body) == (200, "3", b"")
    assert data.endswith(b"\r\n\r\n")


def test_other_methods_are_told_which_there_are():
    response, _ = read(plain("POST", "/healthz"))
    assert (response.status, response.getheader("Allow")) == (405, "GET, HEAD")
