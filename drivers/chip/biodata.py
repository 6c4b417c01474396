"""6FF1: the 21 fields of the biodata (docs/reference/ktp-el-open.md, Content)."""

import re
from dataclasses import astuple, dataclass, fields
from typing import Final

from drivers.chip.errors import ContentError

CODING: Final = "biodata"
_NIK: Final = re.compile(r"[0-9]{16}")
_DATE: Final = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{4}")
_SEPARATOR: Final = '","'


@dataclass(frozen=True, repr=False)
class Biodata:
    """The biodata on a chip; every field is printable ASCII without double quotes.

    The public reader names 0 to 14 and 19; 15 to 18 and 20 are ours, since their real meaning is unknown.
    """

    nik: str
    address: str
    rt: str
    rw: str
    birthplace: str
    kecamatan: str
    kelurahan: str
    regency: str
    sex: str
    blood_group: str
    religion: str
    marital_status: str
    occupation: str
    name: str
    birth_date: str
    province: str
    valid_until: str
    place_of_issue: str
    date_of_issue: str
    nationality: str
    reserved: str = ""

    def __post_init__(self) -> None:
        for item, text in zip(fields(self), self.texts(), strict=True):
            if not text.isascii() or not text.isprintable() or '"' in text:
                raise ContentError(CODING, f"field {item.name} is not printable ASCII without quotes")
        if not _NIK.fullmatch(self.nik):
            raise ContentError(CODING, "field nik is not 16 digits")
        if not _DATE.fullmatch(self.birth_date):
            raise ContentError(CODING, "field birth_date is not DD-MM-YYYY")
        if self.reserved:
            raise ContentError(CODING, "field 20 must be empty")

    @classmethod
    def from_texts(cls, texts: tuple[str, ...]) -> "Biodata":
        """Take the 21 fields in the order of the chip.

        Raises:
            ContentError: not 21, or a field breaks its rule.
        """
        if len(texts) != len(fields(cls)):
            raise ContentError(CODING, f"{len(texts)} fields, not {len(fields(cls))}")
        return cls(*texts)

    def texts(self) -> tuple[str, ...]:
        """Return the 21 fields in the order of the chip."""
        return astuple(self)

    def encode(self) -> bytes:
        """Return the fields in double quotes, joined by commas."""
        return f'"{_SEPARATOR.join(self.texts())}"'.encode("ascii")

    @classmethod
    def decode(cls, content: bytes) -> "Biodata":
        """Take the content of 6FF1 apart.

        Raises:
            ContentError: it is not 21 quoted fields that keep their rules.
        """
        try:
            text = content.decode("ascii")
        except UnicodeDecodeError as error:
            raise ContentError(CODING, "not ASCII") from error
        if len(text) < 2 or text[0] != '"' or text[-1] != '"':
            raise ContentError(CODING, "outer quotes are missing")
        return cls.from_texts(tuple(text[1:-1].split(_SEPARATOR)))
