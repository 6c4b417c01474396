"""The port of the service: HTTP with verbs of its own on a port of 4501 to 4600 (facts: sbi.md 1)."""

from __future__ import annotations

import contextlib
import errno
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from simulators.request_faults import Fault
from simulators.sbi import mock_admin
from simulators.sbi.capture_answer import refusal
from simulators.sbi.capture_request import Refusal
from simulators.sbi.faults import LINE_FAULTS
from simulators.sbi.model import FIRST_PORT, LAST_PORT, LOOPBACK
from simulators.sbi.service import TEXTS, Service
from simulators.served_port import ServedPort

LONGEST_BODY = 1 << 20  # bytes
PATH_OF = {
    "MOSIPDISC": "/device",
    "MOSIPDINFO": "/info",
    "RCAPTURE": "/capture",
    "CAPTURE": "/capture",
    "STREAM": "/stream",
}
BOUNDARY = "--BoundaryString"
JSON = "application/json"


class SbiPort(ServedPort):
    """Serves one scanner in threads of its own."""

    def __init__(self, service: Service, port: int = 0) -> None:
        """Bind the port (0 = the first free one of the range) and start to answer.

        Raises:
            OSError: the port, or every port of the range, is taken.
        """
        server = _bound(service, port)
        service.port = server.server_port
        super().__init__(server, "sbi")


def _bound(service: Service, port: int) -> _Server:
    if port:
        return _Server(service, port)
    for candidate in range(FIRST_PORT, LAST_PORT + 1):
        with contextlib.suppress(OSError):
            return _Server(service, candidate)
    raise OSError(errno.EADDRINUSE, f"no port of {FIRST_PORT} to {LAST_PORT} is free")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: Service, port: int) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.service = service

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent where a client has gone away."""


class _Handler(BaseHTTPRequestHandler):
    """Answers one request; a connection lasts one."""

    server: _Server
    protocol_version = "HTTP/1.1"

    def do_MOSIPDISC(self) -> None:
        self._serve(lambda body, _: self.server.service.discovery(body))

    def do_MOSIPDINFO(self) -> None:
        self._serve(lambda _, __: self.server.service.info())

    def do_RCAPTURE(self) -> None:
        self._serve(self.server.service.capture)

    def do_CAPTURE(self) -> None:
        """Encrypted for the national server: of no use to a station, and not simulated (809 is assumed)."""
        self._serve(lambda _, __: refusal("809", "Not for this device"))

    def do_STREAM(self) -> None:
        fault = self._begin()
        if fault is None:
            return
        if fault.name in LINE_FAULTS:
            self._spoil(b"{}", fault)
            return
        self._stream()

    def do_POST(self) -> None:
        body = self._body()
        service = self.server.service
        if not service.model.mock_admin or not self.path.startswith("/admin/"):
            self._refuse_verb()
            return
        self._answer(mock_admin.answer(service, self.path, body))

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (name fixed by http.server)
        """Stay silent: the truth is on disk, not in a log."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer an unknown verb as MockMDS does, anything else as HTTP does."""
        if code == 501:
            self._refuse_verb()
        else:
            super().send_error(code, message, explain)

    # ---- reading and answering ----

    def _serve(self, answer: Callable[[bytes, Fault], bytes]) -> None:
        fault = self._begin()
        if fault is None:
            return
        body = self._body()
        delays = self.server.service.truth.state.delays or {}
        time.sleep(delays.get(self.command, 0.0))
        content = answer(body, fault)
        if fault.name in LINE_FAULTS:
            self._spoil(content, fault)
        else:
            self._answer(content)

    def _begin(self) -> Fault | None:
        """Look at the path; give the fault that strikes, or None where the request was answered already."""
        self.close_connection = True
        if self.path != PATH_OF[self.command]:
            self._answer(_nested(_error("500", "Invalid URL")))  # MockMDS: an answer inside the answer
            return None
        return self.server.service.faults.strike(self.command) or Fault()

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        self.close_connection = True
        if not length.isascii() or not length.isdigit() or int(length) > LONGEST_BODY:
            return b""
        return self.rfile.read(int(length))

    def _answer(self, content: bytes, status: int = 200, kind: str = JSON) -> None:
        self._head(status, kind, len(content))
        self.wfile.write(content)

    def _head(self, status: int, kind: str, length: int | None, *more: tuple[str, str]) -> None:
        self.send_response(status, "OK")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Location", f"http://{LOOPBACK}:{self.server.server_port}")
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()

    def _refuse_verb(self) -> None:
        self.close_connection = True
        self._answer(_error("500", "Invalid URL"), 405)

    # ---- the live picture ----

    def _stream(self) -> None:
        service = self.server.service
        try:
            request = service.begin_stream(self._body())
        except Refusal as refused:
            code = str(refused)
            self._answer(_bare_error(code, TEXTS.get(code, "")))
            return
        kind = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        self.wfile.write(f"HTTP/1.0 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode())
        with contextlib.suppress(OSError):
            for frame in service.frames(request):
                # The capitalisation and the missing spaces are MockMDS's; MOSIP's client searches for them.
                head = f"{BOUNDARY}\r\nContent-Type:image/jpeg\r\nContent-Length:{len(frame)}\r\n\r\n"
                self.wfile.write(head.encode() + frame + b"\r\n\r\n")
            code = service.stream_end(request)
            self.wfile.write(_nested(_bare_error(code, TEXTS.get(code, ""))))
            return
        service.stream_end(request)

    # ---- what goes wrong on the line ----

    def _spoil(self, content: bytes, fault: Fault) -> None:
        acts: dict[str, Callable[[], None]] = {
            "chunked": lambda: self._send_chunked(content),
            "slow": lambda: self._send_late(content, fault),
            "drip": lambda: self._send_drip(content, fault),
            "hang": self._hang,
            "hang_up": lambda: None,
            "cut_body": lambda: self._send_cut(content, int(fault.number(200))),
            "nested_reply": lambda: self._answer(_nested(content)),
            "not_json": lambda: self._answer(b"<html><body>It works!</body></html>", kind="text/html"),
            "not_http": lambda: self._send(b"\x00\x01\x02 no HTTP at all\r\n\r\n"),
            "huge": self._send_huge,
            "server_error": lambda: self._answer(b"", 500),
        }
        with contextlib.suppress(OSError):
            acts[fault.name]()

    def _send(self, content: bytes) -> None:
        self.wfile.write(content)

    def _send_chunked(self, content: bytes) -> None:
        self._head(200, JSON, None, ("Transfer-Encoding", "chunked"))
        for start in range(0, len(content), 1000):
            part = content[start : start + 1000]
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def _send_late(self, content: bytes, fault: Fault) -> None:
        time.sleep(fault.number(3))
        self._answer(content)

    def _send_drip(self, content: bytes, fault: Fault) -> None:
        self._head(200, JSON, len(content))
        for start in range(0, len(content), 16):
            self.wfile.write(content[start : start + 16])
            time.sleep(fault.number(0.2))

    def _send_cut(self, content: bytes, length: int) -> None:
        self._head(200, JSON, len(content))
        self.wfile.write(content[:length])

    def _send_huge(self) -> None:
        self._head(200, JSON, None)
        for _ in range(64):
            self.wfile.write(b" " * (1 << 20))

    def _hang(self) -> None:
        """Wait until the other side gives up."""
        self.connection.recv(1)


def _nested(content: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def _error(code: str, info: str) -> bytes:
    return json.dumps([{"error": {"errorCode": code, "errorInfo": info}}]).encode()


def _bare_error(code: str, info: str) -> bytes:
    """The shape of stream errors in MockMDS; the text wraps it in `error`."""
    return json.dumps({"errorCode": code, "errorInfo": info}).encode()
