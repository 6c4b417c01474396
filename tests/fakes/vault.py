"""A master key in memory, as strict as the token's: AES-256-GCM bound to the record's id."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from station.errors import InputFault

MAGIC = b"PSK1"
KEY = bytes(range(0x20, 0x40))


class SoftMasterKey:
    """The same in every process, and no secret."""

    def __init__(self, key: bytes = KEY) -> None:
        self._key = AESGCM(key)

    def wrap(self, record: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(12)
        return MAGIC + nonce + self._key.encrypt(nonce, key, MAGIC + record.encode())

    def unwrap(self, record: str, wrapped: bytes) -> bytes:
        try:
            return self._key.decrypt(wrapped[4:16], wrapped[16:], MAGIC + record.encode())
        except (InvalidTag, ValueError):
            raise InputFault("RECORD_KEY_BROKEN", record=record) from None
