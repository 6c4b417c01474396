"""The chain of hashes through all captures (facts: sbi.md 2).

It shows a capture that is missing or moved. It stands outside the signature, and proves nothing about
who made it.
"""

import hashlib
import re
from typing import Final

FIRST: Final = ""  # previousHash of the first capture; MockMDS refuses null
_HASH: Final = re.compile(r"[0-9A-F]{64}")


def is_hash(text: str) -> bool:
    """Whether a text is a hash as services write it: upper-case hexadecimal."""
    return _HASH.fullmatch(text) is not None


def next_hash(previous: str, record: bytes) -> str:
    """The hash of a record behind the previous one.

    Args:
        previous: the hash before it, `is_hash`; or FIRST.
        record: the finger image record, as decoded from bioValue.
    """
    before = bytes.fromhex(previous) if previous else hashlib.sha256(b"").digest()
    return hashlib.sha256(before + hashlib.sha256(record).digest()).hexdigest().upper()
