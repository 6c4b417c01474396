"""Who may come in: a station that signs a challenge with the key that the centre knows of it."""

from __future__ import annotations

import base64
import binascii
import secrets
import threading
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from simulators.centre.documents import session_text
from simulators.centre.identity import load_public

HALF = 32
LIFE = 3600.0  # simulated seconds
CHALLENGE_LIFE = 60.0
MOST = 1000


class Refusal(Exception):
    """The station is not let in, with the error code of the answer."""


class Sessions:
    """The open sessions; they end with the program, as those of a real server may."""

    def __init__(self, signing_key_of: Callable[[str], str | None], now: Callable[[], float]) -> None:
        self._signing_key_of, self._now = signing_key_of, now
        self._challenges: dict[str, tuple[str, float]] = {}
        self._open: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def challenge(self, station: str) -> str:
        """Give a station something to sign, once.

        Raises:
            Refusal: station_unknown.
        """
        if self._signing_key_of(station) is None:
            raise Refusal("station_unknown")
        challenge = secrets.token_hex(32)
        with self._lock:
            while len(self._challenges) >= MOST:
                self._challenges.pop(next(iter(self._challenges)))
            self._challenges[challenge] = (station, self._now() + CHALLENGE_LIFE)
        return challenge

    def open(self, host: str, station: str, challenge: str, signature: str) -> tuple[str, float]:
        """Let a station in; return the session and how long it lives.

        Raises:
            Refusal: station_unknown, challenge_unknown, signature_wrong.
        """
        with self._lock:
            given, until = self._challenges.pop(challenge, ("", 0.0))
        if given != station or until < self._now():
            raise Refusal("challenge_unknown")
        pem = self._signing_key_of(station)
        if pem is None:
            raise Refusal("station_unknown")
        _verify(load_public(pem.encode()), session_text(host, station, challenge), signature)
        session = secrets.token_hex(32)
        with self._lock:
            self._open[session] = (station, self._now() + LIFE)
        return session, LIFE

    def station_of(self, authorization: str) -> str | None:
        """Whose session an Authorization header names."""
        scheme, _, session = authorization.partition(" ")
        with self._lock:
            station, until = self._open.get(session, ("", 0.0))
        return station if scheme == "Bearer" and station and until > self._now() else None

    def end_all(self) -> None:
        """Forget every session."""
        with self._lock:
            self._open.clear()


def _verify(key: ec.EllipticCurvePublicKey, text: bytes, signature: str) -> None:
    try:
        raw = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        raise Refusal("signature_wrong") from None
    if len(raw) != 2 * HALF:
        raise Refusal("signature_wrong")
    r, s = (int.from_bytes(half, "big") for half in (raw[:HALF], raw[HALF:]))
    try:
        key.verify(encode_dss_signature(r, s), text, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Refusal("signature_wrong") from None
