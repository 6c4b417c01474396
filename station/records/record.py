"""The record: biodata, status and issue number, with the files that belong to it."""

import contextlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
# A code, never a sentence: it is written into the database and shown, so no name may be in it.
StatusCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_]{1,64}$")]
# An earlier year is a slip of the pen: neither face nor chip can hold 0190.
EARLIEST = date(1900, 1, 1)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(value: object) -> date:
    """Read a date as it must be written; a number or a moment is none.

    Raises:
        ValueError: it is none, or before 1900. The error does not repeat the value.
    """
    if isinstance(value, str) and DAY.fullmatch(value):
        with contextlib.suppress(ValueError):
            day = date.fromisoformat(value)
            if day >= EARLIEST:
                return day
    raise ValueError("not a date written YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(read_day)]


class RecordData(BaseModel):
    """`record.json`, format `record/1` (docs/reference/record.md). Values are printed as they stand."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["record/1"]
    record_id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}$")]
    nik: Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$")] = Field(repr=False)
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = Field(
        repr=False
    )
    birthplace: Text = Field(repr=False)
    birth_date: Day = Field(repr=False)
    sex: Text
    blood_group: Text
    address: Text = Field(repr=False)
    rt: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
    rw: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
    village: Text
    district: Text
    regency: Text
    province: Text
    religion: Text
    marital_status: Text
    occupation: Text
    nationality: Literal["WNI", "WNA"]
    valid_until: Text
    place_issued: Text
    date_issued: Day
    status: StatusCode
    issue_number: int = Field(ge=1, le=65535)
    synthetic: bool = False

    @field_validator("nik")
    @classmethod
    def _serial_is_given(cls, nik: str) -> str:
        """A NIK's serial starts at 0001; every other oddity only warns (station/records/nik.py)."""
        if nik.endswith("0000"):
            raise ValueError("the serial number is 0000")
        return nik


@dataclass(frozen=True)
class Record:
    """A record with its files.

    Attributes:
        data: biodata, status, issue number.
        photo: JPEG. signature_image: PNG. fingers: ISO/IEC 19794-2:2005 with two fingers.
        sha256: over all files, hexadecimal: a changed record is noticed.
        from_production: its signature chains to a production trust root. No such root is in the project, so
            every face carries SPESIMEN.
    """

    data: RecordData
    photo: bytes = field(repr=False)
    signature_image: bytes = field(repr=False)
    fingers: bytes = field(repr=False)
    sha256: str
    from_production: bool = False
