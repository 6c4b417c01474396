"""Where a rig's token is, and how its keys are named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from simulators.rig.errors import RigError

LABEL = "station"
PERSON, BLANKS, SIGNATURE, JOURNAL = "person", "blanks", "signature", "journal"
EXCHANGE, BUNDLES, RECORDS = "exchange", "bundles", "records"
LETTERS, LETTER_SIGNATURE = "letters", "letter_signature"
KEYS = (PERSON, BLANKS, SIGNATURE, JOURNAL, EXCHANGE, BUNDLES, RECORDS, LETTERS, LETTER_SIGNATURE)
LIBRARY_PLACES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),  # Debian, package libsofthsm2
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
)
BATCH_KEY_BYTES = 16  # AES-128; docs/reference/ktp-el-open.md, Keys


@dataclass(frozen=True)
class TokenFiles:
    """The files of one token under the rig's folder."""

    folder: Path

    @property
    def token(self) -> Path:
        """The folder of the token itself."""
        return self.folder / "token"

    @property
    def configuration(self) -> Path:
        """What SOFTHSM2_CONF points to."""
        return self.token / "softhsm2.conf"

    @property
    def pin(self) -> Path:
        """The PIN, readable by its owner only."""
        return self.token / "pin"

    @property
    def public_key(self) -> Path:
        """The public key that verifies the data of a chip; written last, so that it tells a whole token."""
        return self.folder / "signature.pem"

    @property
    def exchange_key(self) -> Path:
        """The public key that bundles for the station are encrypted to, as a recording station has it."""
        return self.folder / "exchange.pem"

    @property
    def bundles_key(self) -> Path:
        """The public key that verifies the bundles which the station writes."""
        return self.folder / "bundles.pem"

    @property
    def letters_key(self) -> Path:
        """The Ed25519 public key that verifies the codes of letters, for a list of trusted keys."""
        return self.folder / "letters.pem"

    @property
    def letter_signature_key(self) -> Path:
        """The public key that verifies the PDF files of letters; no certificate speaks of it yet."""
        return self.folder / "letter_signature.pem"

    @property
    def journal_key(self) -> Path:
        """The public key that verifies the signed heads of the journal."""
        return self.folder / "journal.pem"

    @property
    def batch_key(self) -> Path:
        """The batch key in hex, for the simulated maker of the blanks."""
        return self.folder / "batch.key"

    def url(self, key: str) -> str:
        """The RFC 7512 URL of a key."""
        module = quote(str(find_library()), safe="/")
        # the value is a URI of its own (RFC 8089), encoded once for itself and once as a value
        pin_source = quote("file:" + quote(str(self.pin), safe="/"), safe="/:")
        return f"pkcs11:token={LABEL};object={key}?module-path={module}&pin-source={pin_source}"


def find_library() -> Path:
    """Find SoftHSM 2.

    Raises:
        RigError: it is not installed.
    """
    for place in LIBRARY_PLACES:
        if place.is_file():
            return place
    raise RigError("SoftHSM 2 is not installed (package softhsm2)")


def make_batch_key(seed: int) -> bytes:
    """Make the AES-128 key that a delivery of simulated blanks was made with."""
    return hashlib.sha256(f"batch key of rig {seed}".encode()).digest()[:BATCH_KEY_BYTES]


def write_secret(path: Path, text: str) -> None:
    """Write a small file whole, readable by its owner only."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    partial.write_text(text, encoding="ascii")
    partial.replace(path)
