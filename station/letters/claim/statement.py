"""What a letter's code states: no more of a person than a reader of the paper needs to compare."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from station.letters.claim.errors import ClaimRefused, Flaw

# CWT claims, RFC 8392 clause 3.1 and IANA "CBOR Web Token (CWT) Claims".
ISSUER: Final = 1
SUBJECT: Final = 2
EXPIRES: Final = 4
ISSUED: Final = 6
TOKEN_ID: Final = 7
IDENTITY: Final = 169
# Keys of claim 169, QR code specification 1.2.2, table of attributes.
NIK: Final = 1
FULL_NAME: Final = 4
BIRTH_DATE: Final = 8
_YEAR_LENGTH: Final = 2  # bytes of the year in the token's id; the rest is the place in the year
_PLACE_LENGTH: Final = 3

Claims = dict[int, object]


@dataclass(frozen=True)
class LetterStatement:
    """What is signed.

    Attributes:
        issuer: URI of the office.
        number: the letter's number as printed.
        year, place: the gap-free count within the year; `place` is the letter's index in the status list.
        nik: 16 digits.
        name, birth_date: of the holder.
        issued, expires: seconds of the Unix epoch.
    """

    issuer: str
    number: str
    year: int
    place: int
    nik: str
    name: str
    birth_date: date
    issued: int
    expires: int

    def claims(self) -> Claims:
        """As CWT claims."""
        token_id = self.year.to_bytes(_YEAR_LENGTH, "big") + self.place.to_bytes(_PLACE_LENGTH, "big")
        return {
            ISSUER: self.issuer,
            SUBJECT: self.number,
            EXPIRES: self.expires,
            ISSUED: self.issued,
            TOKEN_ID: token_id,
            IDENTITY: {NIK: self.nik, FULL_NAME: self.name, BIRTH_DATE: f"{self.birth_date:%Y%m%d}"},
        }


def read_statement(claims: object) -> LetterStatement:
    """Read CWT claims. The caller compares what they would be written as.

    Raises:
        ClaimRefused: FOREIGN: these are not a letter's.
    """
    if not isinstance(claims, dict):
        raise ClaimRefused(Flaw.FOREIGN)
    identity, token_id = claims.get(IDENTITY), claims.get(TOKEN_ID)
    if not isinstance(identity, dict) or not isinstance(token_id, bytes):
        raise ClaimRefused(Flaw.FOREIGN)
    return LetterStatement(
        issuer=_text(claims, ISSUER),
        number=_text(claims, SUBJECT),
        year=int.from_bytes(token_id[:_YEAR_LENGTH], "big"),
        place=int.from_bytes(token_id[_YEAR_LENGTH : _YEAR_LENGTH + _PLACE_LENGTH], "big"),
        nik=_text(identity, NIK),
        name=_text(identity, FULL_NAME),
        birth_date=_date(_text(identity, BIRTH_DATE)),
        issued=_seconds(claims, ISSUED),
        expires=_seconds(claims, EXPIRES),
    )


def _text(claims: dict[object, object], key: int) -> str:
    value = claims.get(key)
    if not isinstance(value, str):
        raise ClaimRefused(Flaw.FOREIGN)
    return value


def _seconds(claims: dict[object, object], key: int) -> int:
    value = claims.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ClaimRefused(Flaw.FOREIGN)
    return value


def _date(digits: str) -> date:
    try:
        return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 # a day has no zone
    except ValueError as error:
        raise ClaimRefused(Flaw.FOREIGN) from error
