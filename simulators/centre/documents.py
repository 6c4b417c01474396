"""What the centre signs: receipts, answers, and what goes by hand. docs/reference/centre.md, "Signatures"."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from simulators.centre.identity import sign_raw


@dataclass(frozen=True)
class Receipt:
    """That something was received, as the truth keeps it."""

    kind: str
    content_hash: str
    received_at: str
    number: int

    def document(self, key: ec.EllipticCurvePrivateKey) -> dict[str, object]:
        """The receipt with its signature, as a JSON value."""
        lines = (
            "print-station receipt 1",
            self.kind,
            self.content_hash,
            self.received_at,
            str(self.number),
        )
        return {
            "kind": self.kind,
            "content_hash": self.content_hash,
            "received_at": self.received_at,
            "number": self.number,
            "signature": encoded(sign_raw(key, _text(lines))),
        }


def sign_answer(key: ec.EllipticCurvePrivateKey, method: str, path: str, status: int, body: bytes) -> str:
    """The header Centre-Signature of an answer."""
    digest = hashlib.sha256(body).hexdigest()
    return encoded(sign_raw(key, _text(("print-station answer 1", f"{method} {path}", str(status), digest))))


def sign_carried(key: ec.EllipticCurvePrivateKey, station: str, document: bytes) -> dict[str, str]:
    """What goes to a station by hand: the document with its signature."""
    digest = hashlib.sha256(document).hexdigest()
    signature = sign_raw(key, _text(("print-station carried 1", station, digest)))
    return {"station": station, "document": encoded(document), "signature": encoded(signature)}


def session_text(host: str, station: str, challenge: str) -> bytes:
    """What a station signs to be let in."""
    return _text(("print-station session 1", host, station, challenge))


def json_bytes(value: object) -> bytes:
    """A JSON document as it is sent."""
    return json.dumps(value, separators=(",", ":")).encode()


def encoded(data: bytes) -> str:
    """Base64."""
    return base64.b64encode(data).decode("ascii")


def _text(lines: tuple[str, ...]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("ascii")
