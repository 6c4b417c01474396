"""PINs: hashed with scrypt, so that a copied database does not give them away cheaply.

RFC 7914. The parameters stand in the hash: they can be raised later without asking anybody for a new PIN.
"""

import base64
import hashlib
import hmac
import itertools
import os

from station.errors import Refused

SHORTEST, LONGEST = 6, 12
# 16 MiB and about 50 ms a try on an office machine (RFC 7914: memory is 128 * r * N bytes).
COST, BLOCK_SIZE, PARALLELISM = 1 << 14, 8, 1
SALT_BYTES, KEY_BYTES = 16, 32
MOST_MEMORY = 1 << 26


def check_form(pin: str) -> None:
    """See whether a PIN can be taken: 6 to 12 digits, not all alike, not a plain run such as 123456.

    Raises:
        Refused: PIN_UNSUITABLE.
    """
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(pin)}
    is_plain = len(steps) == 1 and steps <= {0, 1, -1}
    if is_plain or not (pin.isascii() and pin.isdecimal() and SHORTEST <= len(pin) <= LONGEST):
        raise Refused("PIN_UNSUITABLE", shortest=SHORTEST, longest=LONGEST)


def hash_pin(pin: str, salt: bytes | None = None) -> str:
    """Hash a PIN: `scrypt$N$r$p$salt$key`, salt and key in base64."""
    salt = salt or os.urandom(SALT_BYTES)
    key = _derive(pin, salt, COST, BLOCK_SIZE, PARALLELISM)
    return "$".join(("scrypt", str(COST), str(BLOCK_SIZE), str(PARALLELISM), _text(salt), _text(key)))


def matches(pin: str, stored: str) -> bool:
    """Compare a PIN with a stored hash, in constant time."""
    _, cost, block_size, parallelism, salt, key = stored.split("$")
    derived = _derive(pin, base64.b64decode(salt), int(cost), int(block_size), int(parallelism))
    return hmac.compare_digest(derived, base64.b64decode(key))


def _derive(pin: str, salt: bytes, cost: int, block_size: int, parallelism: int) -> bytes:
    return hashlib.scrypt(
        pin.encode(), salt=salt, n=cost, r=block_size, p=parallelism, maxmem=MOST_MEMORY, dklen=KEY_BYTES
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
