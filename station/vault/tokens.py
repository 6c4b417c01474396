"""Search tokens: keyed digests of name words and of the birth date, so that no word lies on the disk.

A token is the same for the same word: whoever has the disk but not the token's key sees which records share a
word and how common each is, never the word (docs/reference/vault.md says what that gives away). There is no
token for the beginning of a word: it would tell of each word which others begin alike.
"""

import hmac
import re
import unicodedata
from datetime import date
from typing import Final

TOKEN_BYTES: Final = 16
SHORTEST_WORD: Final = 2  # an initial is no word: it is in every third name
APOSTROPHES: Final = "'\N{RIGHT SINGLE QUOTATION MARK}`"  # NUR'AINI is one word
NO_LETTERS: Final = re.compile(r"[^0-9A-Z]+")


def name_words(name: str) -> frozenset[str]:
    """The words of a name as they are searched: capitals without accents, initials left out."""
    plain = unicodedata.normalize("NFKD", name).upper()
    bare = "".join(
        letter for letter in plain if not unicodedata.combining(letter) and letter not in APOSTROPHES
    )
    return frozenset(word for word in NO_LETTERS.split(bare) if len(word) >= SHORTEST_WORD)


def name_tokens(key: bytes, name: str) -> frozenset[bytes]:
    """A token (16 bytes) for each word of a name."""
    return frozenset(_token(key, "name", word) for word in name_words(name))


def birth_token(key: bytes, day: date) -> bytes:
    """The token (16 bytes) of a birth date."""
    return _token(key, "born", day.isoformat())


def _token(key: bytes, field: str, value: str) -> bytes:
    return hmac.digest(key, f"{field}\0{value}".encode(), "sha256")[:TOKEN_BYTES]
