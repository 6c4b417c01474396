"""The 14 data elements of the KTP-el (facts: domain.md section 2), as the card prints them."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CardValues:
    """One person's card. Texts are printed in capitals, dates as DD-MM-YYYY.

    `province` is the bare name (`JAWA TIMUR`), `regency` has its kind in front (`KOTA MALANG`).
    `valid_until` is None for a card that is valid for life (SEUMUR HIDUP), else a date.
    `blood_group` is `-` when it is not known. `photo` is a JPEG, `signature` a PNG.
    The pictures stay out of the representation, so that a trace cannot show them.
    """

    province: str
    regency: str
    nik: str
    name: str
    birthplace: str
    birth_date: datetime.date
    sex: str
    blood_group: str
    address: str
    rt_rw: str
    village: str
    district: str
    religion: str
    marital_status: str
    occupation: str
    nationality: str
    valid_until: datetime.date | None
    place_issued: str
    date_issued: datetime.date
    photo: bytes = field(repr=False)
    signature: bytes = field(repr=False)
