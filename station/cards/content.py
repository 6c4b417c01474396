"""From a record to what the card carries: the values of its face and the content of its chip."""

from datetime import date

from station.cards.pictures import chip_photo, chip_signature
from station.errors import InputFault
from station.ports import ChipContent
from station.records.fingers import chip_fingers
from station.records.record import Record, RecordData
from templates.card.values import CardValues

# Budgets of the chip's files without their 2-byte prefix: docs/reference/ktp-el-open.md, "Files".
PHOTO_BUDGET = 4096
SIGNATURE_BUDGET = 512
FINGER_BUDGET = 320
FOR_LIFE = "SEUMUR HIDUP"


def card_values(record: Record) -> CardValues:
    """Take from a record what the face shows.

    Raises:
        InputFault: RECORD_MALFORMED when the date of validity is none.
    """
    data = record.data
    return CardValues(
        province=data.province,
        regency=data.regency,
        nik=data.nik,
        name=data.name,
        birthplace=data.birthplace,
        birth_date=data.birth_date,
        sex=data.sex,
        blood_group=data.blood_group,
        address=data.address,
        rt_rw=f"{data.rt}/{data.rw}",
        village=data.village,
        district=data.district,
        religion=data.religion,
        marital_status=data.marital_status,
        occupation=data.occupation,
        nationality=data.nationality,
        valid_until=_valid_until(data),
        place_issued=data.place_issued,
        date_issued=data.date_issued,
        photo=record.photo,
        signature=record.signature_image,
    )


def _valid_until(data: RecordData) -> date | None:
    if data.valid_until.upper() == FOR_LIFE:
        return None
    try:
        return date.fromisoformat(data.valid_until)
    except ValueError as error:
        raise InputFault(
            "RECORD_MALFORMED", field="valid_until", problem="neither a date nor SEUMUR HIDUP"
        ) from error


def _day(value: date) -> str:
    return value.strftime("%d-%m-%Y")


def _biodata(data: RecordData) -> tuple[str, ...]:
    """The 21 fields of EF 6FF1 in their order (docs/reference/ktp-el-open.md, "Content")."""
    until = _valid_until(data)
    return (
        data.nik,
        data.address,
        data.rt,
        data.rw,
        data.birthplace,
        data.district,
        data.village,
        data.regency,
        data.sex,
        data.blood_group,
        data.religion,
        data.marital_status,
        data.occupation,
        data.name,
        _day(data.birth_date),
        data.province,
        _day(until) if until else FOR_LIFE,
        data.place_issued,
        _day(data.date_issued),
        data.nationality,
        "",
    )


def chip_content(record: Record) -> ChipContent:
    """Take from a record what the chip holds.

    Raises:
        InputFault: PHOTO_…, SIGNATURE_…, FINGERS_UNREADABLE, BIODATA_UNWRITABLE.
    """
    biodata = _biodata(record.data)
    for number, text in enumerate(biodata):
        if not text.isascii() or '"' in text or not text.isprintable():
            raise InputFault(
                "BIODATA_UNWRITABLE", field=number, problem="a character that the chip cannot hold"
            )
    return ChipContent(
        nik=record.data.nik,
        issue=record.data.issue_number,
        biodata=biodata,
        photo=chip_photo(record.photo, PHOTO_BUDGET),
        signature_image=chip_signature(record.signature_image, SIGNATURE_BUDGET),
        fingers=chip_fingers(record.fingers, FINGER_BUDGET),
    )
