"""Who the centre is, by its keys: what it has signed, and what is meant for it alone.

docs/reference/centre.md, "Signatures" and "Record-Key".
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from station.bundles.senders import PublicKey
from station.bundles.writing import HALF, der_signature
from station.centre.documents import Kind, Receipt

WIRE = b"print-station wire 1"


@dataclass(frozen=True)
class CentreIdentity:
    """The centre's two public keys."""

    signing: PublicKey
    encryption: PublicKey

    def has_signed(self, lines: tuple[str, ...], signature: str) -> bool:
        """Tell whether the centre has signed these lines: base64 of raw r || s, ECDSA P-256 with SHA-256."""
        try:
            raw = base64.b64decode(signature, validate=True)
        except (ValueError, binascii.Error):
            return False
        if len(raw) != 2 * HALF:
            return False
        return self.signing.has_signed(signed_text(lines), der_signature(raw))

    def problem_of(self, receipt: Receipt, kind: Kind, content_hash: str) -> str | None:
        """What is wrong with a receipt for this content, if anything is."""
        if (receipt.kind, receipt.content_hash) != (kind, content_hash):
            return "it is for something else"
        if not self.has_signed(receipt.lines, receipt.signature):
            return "its signature is wrong"
        return None


class KeyEnvelope:
    """Wraps the keys of records to the centre: one ECDH for as long as this object lives, one wrap a record.

    One-pass Diffie-Hellman on P-256 (NIST SP 800-56A Rev. 3, 6.2.2.2), HKDF-SHA-256 (RFC 5869), AES key wrap
    (RFC 3394).
    """

    def __init__(self, centre: PublicKey) -> None:
        ephemeral = ec.generate_private_key(ec.SECP256R1())
        point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        info = WIRE + bytes.fromhex(centre.id) + point
        shared = ephemeral.exchange(ec.ECDH(), centre.key)
        self._point = point.hex()
        self._key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(shared)

    def header(self, key: bytes) -> str:
        """The header Record-Key for a record's key (32 bytes)."""
        return f"{self._point} {aes_key_wrap(self._key, key).hex()}"


def signed_text(lines: tuple[str, ...]) -> bytes:
    """What is signed: each line with a line feed, ASCII."""
    return "".join(f"{line}\n" for line in lines).encode("ascii", "replace")


def digest(body: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()
