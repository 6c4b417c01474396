"""What stands in a letter."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Letterhead:
    """Whose paper it is.

    `regency` has its kind in front (`KABUPATEN JEMBER`).
    `office` is the office's name in capitals. `address` and `contact` are one line each; `contact` may be
    empty. `town` stands before the date.
    """

    regency: str
    office: str
    address: str
    contact: str
    town: str


@dataclass(frozen=True)
class Holder:
    """The person that the letter speaks of. Texts are printed in capitals, dates as DD-MM-YYYY.

    `blood_group` is `-` when it is not known. `photo` is a colour JPEG. Nothing of it is shown in a trace.
    """

    nik: str = field(repr=False)
    name: str = field(repr=False)
    birthplace: str = field(repr=False)
    birth_date: datetime.date = field(repr=False)
    sex: str = field(repr=False)
    blood_group: str = field(repr=False)
    religion: str = field(repr=False)
    marital_status: str = field(repr=False)
    occupation: str = field(repr=False)
    nationality: str = field(repr=False)
    address: str = field(repr=False)
    rt_rw: str = field(repr=False)
    village: str = field(repr=False)
    district: str = field(repr=False)
    regency: str = field(repr=False)
    province: str = field(repr=False)
    photo: bytes = field(repr=False)


@dataclass(frozen=True)
class Signer:
    """Who signs. `position` may have several lines; `nip` has 18 digits, without blanks."""

    position: str
    name: str
    rank: str
    nip: str


@dataclass(frozen=True)
class LetterValues:
    """One letter.

    Attributes:
        number: as it is printed, for example `471.13/01234/35.09.325/2026`.
        issued, valid_until: the first and the last day.
        status_code: the record's short status code, for the lower right corner.
        qr_payload: what the QR code carries; a text of the QR alphanumeric set is coded most tightly.
        specimen: whether SPESIMEN is across it. False only for a record of a production trust root.
    """

    letterhead: Letterhead
    holder: Holder
    signer: Signer
    number: str
    issued: datetime.date
    valid_until: datetime.date
    status_code: str
    qr_payload: str | bytes = field(repr=False)
    specimen: bool
