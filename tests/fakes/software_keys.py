"""The station's keys in memory: a PKCS#11 token cannot be used in a forked process."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from drivers.chip.scp03 import cmac

BATCH_KEY = bytes(range(0x60, 0x70))
SECRET = 0x5EED  # of the signing key: the same bytes in every process


@dataclass(frozen=True)
class SoftCardKeys:
    """Static keys of one card."""

    enc: bytes
    mac: bytes

    def cmac_enc(self, data: bytes) -> bytes:
        return cmac(self.enc, data)

    def cmac_mac(self, data: bytes) -> bytes:
        return cmac(self.mac, data)


@dataclass(frozen=True)
class SoftKeyService:
    """A batch key."""

    batch_key: bytes = BATCH_KEY

    @contextmanager
    def card_keys(self, card_uid: bytes) -> Iterator[SoftCardKeys]:
        yield SoftCardKeys(self._derive(card_uid, 1), self._derive(card_uid, 2))

    def _derive(self, card_uid: bytes, index: int) -> bytes:
        block = card_uid + bytes(7) + bytes((index,))
        return Cipher(algorithms.AES(self.batch_key), modes.ECB()).encryptor().update(block)


class SoftSigner:
    """An ECDSA P-256 key; the same data gives the same signature (RFC 6979), so that runs can be compared."""

    def __init__(self) -> None:
        self._key = ec.derive_private_key(SECRET, ec.SECP256R1())

    def sign(self, data: bytes) -> bytes:
        signature = self._key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        r, s = utils.decode_dss_signature(signature)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def verify(self, data: bytes, signature: bytes) -> bool:
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        try:
            self._key.public_key().verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


class SoftPersonKeys:
    """HMAC of the NIK under a key that everybody knows."""

    def person_key(self, nik: str) -> str:
        return hmac.new(b"reliability", nik.encode(), hashlib.sha256).hexdigest()
