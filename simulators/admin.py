"""The admin port of a simulator: HTTP and JSON on loopback.

`GET /truth` tells what really happened, `POST /fault` arms a fault, `POST /person` is a person at the device.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from simulators.served_port import ServedPort

LOOPBACK = "127.0.0.1"
LONGEST_BODY = 1 << 20  # bytes; no request of ours comes near it


class AdminError(Exception):
    """A request that the simulator refuses, with the reason."""


class Administered(Protocol):
    """What a simulator offers on its admin port. Refusals are AdminError."""

    def truth(self) -> object:
        """Return what really is and happened, as a JSON value."""

    def fault(self, name: str, at: int, count: int) -> None:
        """Arm the fault `name` for the `at`th opportunity from now, `count` times in a row."""

    def person(self, action: str, arguments: Mapping[str, object]) -> object:
        """Let a person do `action` at the device; the result is a JSON value or None."""


class AdminServer(ServedPort):
    """Serves one simulator's admin port in threads of its own."""

    def __init__(self, subject: Administered, port: int = 0) -> None:
        """Bind the port (0 = any free one) and start to answer.

        Raises:
            OSError: the port is taken.
        """
        super().__init__(_Server(subject, port), "admin")


class _Server(ThreadingHTTPServer):
    """An HTTP server that knows its simulator."""

    daemon_threads = True

    def __init__(self, subject: Administered, port: int) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.subject = subject


class _Handler(BaseHTTPRequestHandler):
    """Answers one admin request."""

    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/truth":
            self._answer(200, self.server.subject.truth())
        else:
            self._answer(404, {"error": f"no such page: {self.path}"})

    def do_POST(self) -> None:
        try:
            self._answer(200, {"ok": True, "result": self._act(self._body())})
        except AdminError as error:
            self._answer(400, {"error": str(error)})

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (name fixed by http.server)
        """Stay silent: the truth is on disk, not in a log."""

    def _act(self, body: Mapping[str, object]) -> object:
        if self.path == "/fault":
            name = _text(body, "name")
            self.server.subject.fault(name, _number(body, "at", 1), _number(body, "count", 1))
            return None
        if self.path == "/person":
            return self.server.subject.person(_text(body, "action"), body)
        raise AdminError(f"no such page: {self.path}")

    def _body(self) -> Mapping[str, object]:
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > LONGEST_BODY:
            self.close_connection = True
            raise AdminError("the length of the body is missing or out of bounds")
        try:
            body: object = json.loads(self.rfile.read(int(length)) or b"{}")
        except ValueError as error:
            raise AdminError(f"the body is not JSON: {error}") from error
        if not isinstance(body, dict):
            raise AdminError("the body is not a JSON object")
        return body

    def _answer(self, status: int, value: object) -> None:
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def _text(body: Mapping[str, object], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise AdminError(f"{key} must be a text")
    return value


def _number(body: Mapping[str, object], key: str, default: int) -> int:
    value = body.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise AdminError(f"{key} must be a whole number")
    return value
