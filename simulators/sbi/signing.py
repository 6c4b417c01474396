"""Tokens of the scanner: JWS compact, RS256, the certificate in x5c (facts: sbi.md 2; RFC 7515)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def base64url(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(payload: Mapping[str, object]) -> str:
    """A payload alone: digitalId of a discovery answer, device info of an unregistered device."""
    return base64url(compact(payload))


def header(certificates: Sequence[bytes], algorithm: str = "RS256") -> dict[str, object]:
    """The header with certificates as DER; x5c has *standard* base64."""
    named: dict[str, object] = {"alg": algorithm, "typ": "JWT"}
    if certificates:
        named["x5c"] = [base64.b64encode(one).decode() for one in certificates]
    return named


def signed(key: rsa.RSAPrivateKey, head: Mapping[str, object], payload: bytes) -> str:
    """Sign `header.payload` with RSA PKCS#1 v1.5 and SHA-256."""
    text = f"{base64url(compact(head))}.{base64url(payload)}"
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{base64url(signature)}"


def compact(document: Mapping[str, object]) -> bytes:
    """JSON without spaces."""
    return json.dumps(document, separators=(",", ":")).encode()
