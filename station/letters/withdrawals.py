"""Which letters are withdrawn: a signed status list for each office and year, as a CWT.

Form: Token Status List (draft-ietf-oauth-status-list), as far as the fact sheet could tell: type header 16,
claim 2 the list's URI, 6 issued, 4 expires, 65534 seconds to live, 65533 the list. A letter's place in its
year is its index, so the letter carries no claim for it: the list can be guessed at, and shows how many
letters there are.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from station.letters.claim import cose
from station.letters.claim.code import KeyFinder
from station.letters.claim.errors import ClaimRefused, Flaw
from station.letters.claim.statement import EXPIRES, ISSUED, ISSUER, SUBJECT

TYPE_LABEL: Final = 16
MEDIA_TYPE: Final = "application/statuslist+cwt"
STATUS_LIST: Final = 65_533
SECONDS_TO_LIVE: Final = 65_534
MOST_LETTERS: Final = 1 << 24  # a place has three bytes
LARGEST_LIST: Final = MOST_LETTERS // 8


@dataclass(frozen=True)
class WithdrawalList:
    """The withdrawn letters of an office and year.

    Attributes:
        issuer: URI of the office.
        year: of the letters' numbers.
        issued, expires: seconds of the Unix epoch; after `expires` it counts as no list.
        bits: bit `place % 8` of byte `place // 8` is set for a withdrawn letter, low bit first.
    """

    issuer: str
    year: int
    issued: int
    expires: int
    bits: bytes

    def withdrawn(self, place: int) -> bool | None:
        """Tell whether a letter is withdrawn; None where it is younger than the list."""
        if place // 8 >= len(self.bits):
            return None
        return bool(self.bits[place // 8] >> place % 8 & 1)


def list_uri(issuer: str, year: int) -> str:
    """The URI of an office's list of a year."""
    return f"{issuer}/withdrawn/{year}"


def set_bits(places: Iterable[int], length: int) -> bytes:
    """Return bits for `length` letters with these places set."""
    bits = bytearray((length + 7) // 8)
    for place in places:
        bits[place // 8] |= 1 << place % 8
    return bytes(bits)


def write_list(withdrawals: WithdrawalList, signer: cose.ClaimSigner) -> bytes:
    """Sign a list."""
    claims = {
        ISSUER: withdrawals.issuer,
        SUBJECT: list_uri(withdrawals.issuer, withdrawals.year),
        EXPIRES: withdrawals.expires,
        ISSUED: withdrawals.issued,
        SECONDS_TO_LIVE: withdrawals.expires - withdrawals.issued,
        STATUS_LIST: {"bits": 1, "lst": zlib.compress(withdrawals.bits, 9)},
    }
    return cose.sign(claims, signer, {TYPE_LABEL: MEDIA_TYPE}).encoded()


def read_list(content: bytes, find_key: KeyFinder) -> WithdrawalList:
    """Read a signed list. Its date is not judged.

    Raises:
        ClaimRefused: it is no list, or nobody whom we believe has signed it.
    """
    token = cose.take_apart(content)
    if token.further != {TYPE_LABEL: MEDIA_TYPE}:
        raise ClaimRefused(Flaw.FOREIGN)
    match cose.decode(token.payload):
        case {
            1: str(issuer),
            2: str(uri),
            4: int(expires),
            6: int(issued),
            65533: {"bits": 1, "lst": bytes(packed)},
        }:
            found = WithdrawalList(issuer, _year(issuer, uri), issued, expires, _inflate(packed))
        case _:
            raise ClaimRefused(Flaw.FOREIGN)
    key = find_key(token.key_id)
    if key is None or key.issuer != issuer or key.algorithm is not token.algorithm:
        raise ClaimRefused(Flaw.KEY_UNKNOWN)
    if not key.verifies(token.to_be_signed, token.signature):
        raise ClaimRefused(Flaw.SIGNATURE)
    if not key.may_have_signed_at(issued):
        raise ClaimRefused(Flaw.KEY_NOT_VALID)
    return found


def _year(issuer: str, uri: str) -> int:
    digits = uri.removeprefix(f"{issuer}/withdrawn/")
    if not (len(digits) == 4 and digits.isascii() and digits.isdecimal()):
        raise ClaimRefused(Flaw.FOREIGN)
    return int(digits)


def _inflate(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        bits = inflater.decompress(packed, LARGEST_LIST + 1)
    except zlib.error as error:
        raise ClaimRefused(Flaw.FOREIGN) from error
    if not inflater.eof or len(bits) > LARGEST_LIST:
        raise ClaimRefused(Flaw.FOREIGN)
    return bits
