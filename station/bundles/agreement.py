"""How the keys of a bundle's records reach its recipient: one ECDH a bundle, one key wrap a record.

One-pass Diffie-Hellman with cofactor 1 on P-256 (NIST SP 800-56A Rev. 3, 6.2.2.2): the sender's one-time
key pair and the recipient's static one. The shared secret is the x coordinate (5.7.1.2), 32 bytes.
HKDF-SHA-256 (RFC 5869) makes the key-encryption key of it; AES key wrap (RFC 3394) carries each record's
key. docs/reference/bundle.md, "Keys".
"""

import hashlib
from functools import cached_property
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from station.bundles.faults import malformed
from station.bundles.manifest import FORMAT, Manifest
from station.errors import InputFault

KEY_SIZE = 32
MOST_AGREED = 1000


class Recipient(Protocol):
    """The private half of a recipient's key, wherever it is; the station's is in its token."""

    def agree(self, point: bytes) -> bytes:
        """Return the shared secret with a point (uncompressed, 65 bytes): 32 bytes."""

    def public_key(self) -> bytes:
        """Return the public key as a DER SubjectPublicKeyInfo."""


def key_id(public_key: bytes) -> str:
    """The name of a public key: SHA-256 of its DER SubjectPublicKeyInfo, 64 hex digits."""
    return hashlib.sha256(public_key).hexdigest()


def load_p256(public_key: bytes) -> ec.EllipticCurvePublicKey:
    """Load a public key from its DER SubjectPublicKeyInfo.

    Raises:
        ValueError: no key on P-256.
    """
    key = load_der_public_key(public_key)
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ValueError("not a key on P-256")
    return key


def encryption_key(secret: bytes, sender: str, recipient: str, ephemeral: str) -> bytes:
    """Make the key-encryption key of a bundle; who sends it and to whom is bound in."""
    info = FORMAT.encode("ascii") + b"".join(map(bytes.fromhex, (sender, recipient, ephemeral)))
    return HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=None, info=info).derive(secret)


class Agreements:
    """The station's side of the agreements of one import.

    A sender may use one one-time key for all bundles that it writes at one go, so what was agreed is kept, in
    memory alone, as long as the import lasts: the token is asked once for each one-time key.
    """

    def __init__(self, recipient: Recipient) -> None:
        self._recipient = recipient
        self._agreed: dict[tuple[str, str], bytes] = {}

    @cached_property
    def key_id(self) -> str:
        """The key id of the station."""
        return key_id(self._recipient.public_key())

    def encryption_key(self, manifest: Manifest) -> bytes:
        """The key that the records' keys of a bundle are wrapped by.

        Raises:
            InputFault: BUNDLE_MALFORMED: the one-time key is no point on the curve. Such a point could betray
                the private key, so it never reaches the token.
            DeviceAbsent: the token is not there.
        """
        which = (manifest.sender, manifest.ephemeral)
        if which not in self._agreed:
            if len(self._agreed) >= MOST_AGREED:
                self._agreed.clear()
            _require_point(manifest.ephemeral)
            secret = self._recipient.agree(bytes.fromhex(manifest.ephemeral))
            self._agreed[which] = encryption_key(
                secret, manifest.sender, manifest.recipient, manifest.ephemeral
            )
        return self._agreed[which]


def _require_point(point: str) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(point))
    except ValueError:
        raise malformed("its one-time key is no point on P-256") from None


def wrap(encryption: bytes, key: bytes) -> str:
    """Wrap a record's key, 40 bytes in hex."""
    return aes_key_wrap(encryption, key).hex()


def unwrap(encryption: bytes, record: str, wrapped: str) -> bytes:
    """Unwrap a record's key.

    Raises:
        InputFault: RECORD_KEY_BROKEN.
    """
    try:
        return aes_key_unwrap(encryption, bytes.fromhex(wrapped))
    except InvalidUnwrap:
        raise InputFault("RECORD_KEY_BROKEN", record=record) from None


def pem(der: bytes) -> str:
    """A public key on P-256 as PEM (RFC 7468).

    Raises:
        ValueError: it is none.
    """
    text = load_p256(der).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return text.decode("ascii").rstrip("\n")
