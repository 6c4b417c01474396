"""A wrong PIN is never tried twice, not even by the next process.

Before each login a marker file is written that holds a salted hash of the PIN; it is deleted when the token
accepts, and says "refused" when the token refuses. A process that dies in between leaves "trying": then the
token's own flag tells whether the try was counted.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drivers.token.errors import PinAlreadyRefused, PinLastTry, PinLocked, TokenError


@dataclass(frozen=True)
class PinFlags:
    """What a token says of its user PIN, PKCS#11 2.40 clause 3.2 (CK_TOKEN_INFO flags).

    Attributes:
        count_low: a wrong PIN was entered since the last good one.
        final_try: the next wrong PIN locks it.
        locked: it is locked.
        unset: it was never set, or must be changed before use.
    """

    count_low: bool = False
    final_try: bool = False
    locked: bool = False
    unset: bool = False


@dataclass(frozen=True)
class _Marker:
    salt: bytes
    digest: bytes
    refused: bool

    @classmethod
    def of(cls, pin: str, *, refused: bool) -> "_Marker":
        salt = secrets.token_bytes(16)
        return cls(salt, _digest(pin, salt), refused)

    def fits(self, pin: str) -> bool:
        return hmac.compare_digest(_digest(pin, self.salt), self.digest)

    def to_json(self) -> str:
        state = "refused" if self.refused else "trying"
        return json.dumps({"salt": self.salt.hex(), "digest": self.digest.hex(), "state": state})

    @classmethod
    def from_json(cls, text: str) -> "_Marker":
        value = json.loads(text)
        return cls(bytes.fromhex(value["salt"]), bytes.fromhex(value["digest"]), value["state"] == "refused")


class PinGuard:
    """Remembers in a folder which PIN a token has refused.

    Args:
        folder: the station's own folder, made if it is not there.
        label: name of the token for errors.
        identity: what tells this token from every other, for example its serial number.
    """

    def __init__(self, folder: Path, label: str, identity: bytes) -> None:
        self._label = label
        name = hashlib.sha256(identity).hexdigest()[:16]
        self.marker = folder / f"pin-{name}.json"
        self._lock = folder / f"pin-{name}.lock"
        self._before: _Marker | None = None

    @contextmanager
    def attempt(self) -> Iterator["PinGuard"]:
        """Keep other processes from trying a PIN at the same time."""
        self.marker.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self

    def begin(self, flags: PinFlags, pin: str) -> None:
        """Write down that this PIN is going to be tried, if it may be.

        Raises:
            PinLocked: no PIN would help.
            PinLastTry: a wrong one would lock the token.
            PinAlreadyRefused: the token has refused this PIN before.
        """
        if flags.locked or flags.unset:
            raise PinLocked(f"token {self._label}: the PIN is locked, not set, or must be changed")
        if flags.final_try:
            raise PinLastTry(f"token {self._label}: the last try is left to a person")
        marker = self._read()
        if marker is not None and (marker.refused or flags.count_low) and marker.fits(pin):
            raise PinAlreadyRefused(self._label, str(self.marker))
        self._before = marker
        self._write(_Marker.of(pin, refused=False))

    def withdraw(self) -> None:
        """Put things back as they were before `begin`: the PIN was not tried."""
        if self._before is None:
            self.accept()
        else:
            self._write(self._before)

    def refuse(self, pin: str) -> None:
        """Write down that the token has refused this PIN."""
        self._write(_Marker.of(pin, refused=True))

    def accept(self) -> None:
        """Forget: the token has accepted the PIN."""
        self.marker.unlink(missing_ok=True)

    def _read(self) -> _Marker | None:
        if not self.marker.exists():
            return None
        try:
            return _Marker.from_json(self.marker.read_text(encoding="ascii"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TokenError(f"token {self._label}: {self.marker} cannot be read ({error})") from error

    def _write(self, marker: _Marker) -> None:
        """Replace the marker so that it is on the disk before the token is asked."""
        fresh = self.marker.with_suffix(".tmp")
        with fresh.open("w", encoding="ascii") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(marker.to_json())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.marker)
        folder = os.open(self.marker.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _digest(pin: str, salt: bytes) -> bytes:
    """Slow on purpose: a refused PIN may differ from the right one by one digit."""
    return hashlib.scrypt(pin.encode("utf-8"), salt=salt, n=2**14, r=8, p=1)
