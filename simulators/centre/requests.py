"""One request after another on one connection: routes, sessions, and the faults that strike them."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from simulators.centre import sessions
from simulators.centre.centre import LARGEST, Centre, Refusal
from simulators.centre.documents import Receipt, json_bytes, sign_answer
from simulators.request_faults import Fault

THING = re.compile(r"/v1/(records|messages)/([0-9a-f]{64})")
BUNDLE = re.compile(r"/v1/bundles/([0-9a-f]{64})")
RANGE = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
RECORD_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
LONGEST_MESSAGE = 64 * 1024
PATIENCE = 60.0  # seconds of wall time without a byte
PIECE = 64 * 1024
GARBAGE = b"\x16\x03\x01\x02\x00 this is no HTTP\r\n\r\n"
PAGE = b"<html><body>Selamat datang di jaringan</body></html>"  # what a captive portal says


class HangUp(Exception):
    """The connection ends here."""


class ServesCentre(Protocol):
    """What a handler needs of its server."""

    centre: Centre


class Requests(BaseHTTPRequestHandler):
    """Answers the station's requests."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "centre", ""
    disable_nagle_algorithm = True
    timeout = PATIENCE
    server: ServesCentre  # type: ignore[assignment]  # typeshed knows only BaseServer
    fault: Fault | None = None

    # ---- the four methods ----

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve()

    def do_PUT(self) -> None:
        """Answer a PUT."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._serve()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (name fixed by http.server)
        """Stay silent: the truth is on disk, not in a log."""

    @property
    def centre(self) -> Centre:
        """The centre that this request is for."""
        return self.server.centre

    # ---- one request ----

    def _serve(self) -> None:
        self.centre.truth.count(f"requests_{self.command}")
        if self.centre.is_down():
            self._end()
            return
        self.fault = self.centre.faults.strike(self.command)
        try:
            if self.fault is not None:
                self.centre.truth.count(f"fault_{self.fault.name}")
                self._strike_before(self.fault)
            status, document = self._route()
        except Refusal as refusal:
            status, document = refusal.status, refusal.document
        except HangUp:
            self._end()
            return
        with contextlib.suppress(OSError):
            if isinstance(document, Path):
                self._send_bundle(document)
            else:
                self._answer(status, document)

    def _strike_before(self, fault: Fault) -> None:
        """The faults that strike before the request is understood."""
        if fault.name == "hang_up":
            raise HangUp
        if fault.name == "slow":
            time.sleep(fault.number(3.0))
        elif fault.name == "no_answer":
            with contextlib.suppress(OSError):
                while self.connection.recv(PIECE):
                    continue
            raise HangUp
        elif fault.name == "garbage":
            self.connection.sendall(GARBAGE)
            raise HangUp
        elif fault.name == "server_error":
            self._read_body()
            self._send(int(fault.number(500)), b"", {})
            raise HangUp
        elif fault.name == "redirect":
            self._read_body()
            self._send(302, b"", {"Location": "http://127.0.0.1:9/login"})
            raise HangUp
        elif fault.name == "not_json":
            self._read_body()
            self._send(200, PAGE, {"Content-Type": "text/html"})
            raise HangUp
        elif fault.name == "huge_answer":
            self._read_body()
            self._send_endlessly()
            raise HangUp

    def _route(self) -> tuple[int, object]:
        url = urlsplit(self.path)
        if self.command == "POST":
            return self._open_session(url.path)
        station = self.centre.sessions.station_of(self.headers.get("Authorization", ""))
        if station is None:
            self._read_body()
            raise Refusal(401, "session_unknown")
        thing, bundle = THING.fullmatch(url.path), BUNDLE.fullmatch(url.path)
        if thing and self.command == "PUT":
            return self._put(station, thing[1], thing[2])
        if thing:
            return self._tell(thing[1], thing[2])
        if self.command == "GET" and bundle:
            return 200, self.centre.bundle(station, bundle[1])
        since = parse_qs(url.query).get("since", [""])[0]
        if self.command == "GET" and url.path == "/v1/statuses":
            return 200, self.centre.statuses(station, since)
        if self.command == "GET" and url.path == "/v1/print-ready":
            return 200, self.centre.print_ready(station, since)
        if self.command == "GET" and url.path == "/v1/health":
            return 200, self.centre.health()
        self._read_body()
        raise Refusal(404, "no_such_page")

    def _open_session(self, path: str) -> tuple[int, object]:
        try:
            asked = json.loads(self._read_body() or b"{}")
            station = str(asked.get("station"))
            if path == "/v1/challenges":
                return 201, {"challenge": self.centre.sessions.challenge(station)}
            if path == "/v1/sessions":
                session, life = self.centre.sessions.open(
                    self.headers.get("Host", ""),
                    station,
                    str(asked.get("challenge")),
                    str(asked.get("signature")),
                )
                self.centre.truth.count("sessions")
                return 201, {"session": session, "expires_in": int(life)}
        except (ValueError, AttributeError):
            raise Refusal(400, "malformed") from None
        except sessions.Refusal as refusal:
            raise Refusal(403, str(refusal)) from None
        raise Refusal(404, "no_such_page")

    # ---- receiving ----

    def _put(self, station: str, kinds: str, content_hash: str) -> tuple[int, object]:
        kind = kinds[:-1]
        if self.fault and self.fault.name == "cut_body":
            self._keep_begun(content_hash, 0, self._read_up_to(int(self.fault.number(1000))))
            raise HangUp
        body = self._whole_body(kind, content_hash)
        if body is None:
            return 202, {"offset": self._begun(content_hash)}
        if kind == "record":
            record = self.headers.get("Record-Id", "")
            if not RECORD_ID.fullmatch(record):
                raise Refusal(422, "record_id_malformed")
            receipt, first = self.centre.receive_record(
                station, content_hash, record, self.headers.get("Record-Key", ""), body
            )
        else:
            receipt, first = self.centre.receive_message(station, content_hash, body, "wire")
        if self.fault and self.fault.name == "lost_receipt":
            raise HangUp
        return (201 if first else 200), self._receipt_document(receipt)

    def _whole_body(self, kind: str, content_hash: str) -> bytes | None:
        """Read the body; None while pieces of it are missing."""
        partial = self.centre.truth.partial(content_hash)
        described = self.headers.get("Content-Range")
        if described is None:
            self._limit(kind, self._length())
            self._require_receiving(kind, content_hash)
            body = self._read_body(content_hash)
            partial.unlink(missing_ok=True)
            return body
        found = RANGE.fullmatch(described)
        if not found:
            raise Refusal(400, "range_malformed")
        first, last, total = (int(number) for number in found.groups())
        self._limit(kind, total)
        if last - first + 1 != self._length() or last >= total:
            raise Refusal(400, "range_malformed")
        self._require_receiving(kind, content_hash)
        if first != self._begun(content_hash):
            self._read_body()
            raise Refusal(409, "offset_wrong", offset=self._begun(content_hash))
        self._keep_begun(content_hash, first, self._read_body(content_hash, first))
        if self._begun(content_hash) < total:
            return None
        body = partial.read_bytes()
        partial.unlink()
        return body

    def _require_receiving(self, kind: str, content_hash: str) -> None:
        if kind == "record" and self.centre.truth.receipt(kind, content_hash) is None:
            try:
                self.centre.require_receiving()
            except Refusal:
                self._read_body()
                raise

    def _limit(self, kind: str, size: int) -> None:
        if size > (LARGEST if kind == "record" else LONGEST_MESSAGE):
            self.close_connection = True  # the body is not read
            raise Refusal(413, "too_large")

    def _begun(self, content_hash: str) -> int:
        partial = self.centre.truth.partial(content_hash)
        return partial.stat().st_size if partial.exists() else 0

    def _keep_begun(self, content_hash: str, offset: int, content: bytes) -> None:
        """Keep a piece; a second connection that was quicker is not written over."""
        partial = self.centre.truth.partial(content_hash)
        partial.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("ab") as file:
            if file.tell() == offset:
                file.write(content)

    def _tell(self, kinds: str, content_hash: str) -> tuple[int, object]:
        receipt = self.centre.truth.receipt(kinds[:-1], content_hash)
        if receipt is None:
            raise Refusal(404, "not_received", offset=self._begun(content_hash))
        return 200, self._receipt_document(receipt)

    def _receipt_document(self, receipt: Receipt) -> dict[str, object]:
        fault = self.fault.name if self.fault else ""
        if fault == "wrong_receipt":
            other = Receipt(receipt.kind, receipt.content_hash[::-1], receipt.received_at, receipt.number)
            return other.document(self.centre.signing)
        document = receipt.document(self._signing_key())
        if fault == "wrong_number":
            document["number"] = receipt.number + 1
        return document

    def _signing_key(self) -> ec.EllipticCurvePrivateKey:
        if self.fault and self.fault.name == "wrong_signature":
            return ec.generate_private_key(ec.SECP256R1())
        return self.centre.signing

    # ---- bytes ----

    def _length(self) -> int:
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            self.close_connection = True
            raise Refusal(411, "length_missing")
        return int(length)

    def _read_body(self, content_hash: str | None = None, offset: int = 0) -> bytes:
        """Read the whole body. What came of one that was cut is kept where its name is known."""
        length = self._length()
        if length > LARGEST:
            self.close_connection = True
            raise Refusal(413, "too_large")
        body = self._read_up_to(length)
        if len(body) < length:
            if content_hash is not None:
                self._keep_begun(content_hash, offset, body)
            raise HangUp
        return body

    def _read_up_to(self, most: int) -> bytes:
        pieces, left = [], most
        with contextlib.suppress(OSError):
            while left > 0 and (piece := self.rfile.read(min(left, PIECE))):
                pieces.append(piece)
                left -= len(piece)
        return b"".join(pieces)

    def _send_bundle(self, path: Path) -> None:
        content = path.read_bytes()
        start = 0
        wanted = re.fullmatch(r"bytes=(\d{1,12})-", self.headers.get("Range", ""))
        if wanted and int(wanted[1]) < len(content):
            start = int(wanted[1])
        headers = {"Content-Type": "application/octet-stream"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._send(206 if start else 200, content[start:], headers)

    def _answer(self, status: int, document: object) -> None:
        body = json_bytes(document)
        headers = {"Content-Type": "application/json"}
        if not (isinstance(document, dict) and "signature" in document):  # a receipt is signed inside
            headers["Centre-Signature"] = sign_answer(
                self._signing_key(), self.command, self.path, status, body
            )
        if status in (503, 507):
            headers["Retry-After"] = "60"
        self._send(status, body, headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        headers = {**headers, "Content-Length": str(len(body))}
        if self.close_connection:
            headers["Connection"] = "close"
        lines = (f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{n}: {v}" for n, v in headers.items()))
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")
        answer = head + body
        name = self.fault.name if self.fault else ""
        if name == "cut_answer" and self.fault:
            self.connection.sendall(answer[: int(self.fault.number(40))])
            self._end()
        elif name == "drip" and self.fault:
            for byte in answer:
                self.connection.sendall(bytes((byte,)))
                time.sleep(self.fault.number(0.2))
        else:
            self.connection.sendall(answer * 2 if name == "repeated_receipt" else answer)

    def _send_endlessly(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")
            while True:
                self.connection.sendall(b" " * PIECE)

    def _end(self) -> None:
        """End the connection at once, without a word."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
