"""How a key that signs letters is named: its algorithm as COSE numbers it, and its id."""

import hashlib
from enum import IntEnum
from typing import Final

KEY_ID_LENGTH: Final = 4


class Algorithm(IntEnum):
    """COSE algorithms, RFC 9053 clauses 2.1 and 2.2; both sign with 64 bytes."""

    EDDSA = -8
    ES256 = -7


def key_id(public_key: bytes) -> bytes:
    """Return the id of a public key: the first 4 bytes of the SHA-256 of its DER SubjectPublicKeyInfo."""
    return hashlib.sha256(public_key).digest()[:KEY_ID_LENGTH]
