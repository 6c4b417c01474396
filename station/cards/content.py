"""From a record to what the card carries: the values of its face and the content of its chip."""

from datetime import date

from station.cards.pictures import chip_photo, chip_signature
from station.errors import InputFault
from station.language import marked
from station.ports import ChipContent
from station.records.fingers import chip_fingers
from station.records.record import Record, RecordData, read_day
from templates.card.values import CardValues

# Budgets of the chip's files without their 2-byte prefix: docs/reference/ktp-el-open.md, "Files".
BIODATA_BUDGET = 800
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
        return read_day(data.valid_until)
    except ValueError as error:
        raise InputFault(
            "RECORD_MALFORMED", field="valid_until", problem=marked("neither a date nor SEUMUR HIDUP")
        ) from error


def _day(value: date) -> str:
    return value.strftime("%d-%m-%Y")


def _biodata(data: RecordData) -> dict[str, str]:
    """The 21 fields of EF 6FF1 by name, in their order (docs/reference/ktp-el-open.md, "Content")."""
    until = _valid_until(data)
    return {
        "nik": data.nik,
        "address": data.address,
        "rt": data.rt,
        "rw": data.rw,
        "birthplace": data.birthplace,
        "district": data.district,
        "village": data.village,
        "regency": data.regency,
        "sex": data.sex,
        "blood_group": data.blood_group,
        "religion": data.religion,
        "marital_status": data.marital_status,
        "occupation": data.occupation,
        "name": data.name,
        "birth_date": _day(data.birth_date),
        "province": data.province,
        "valid_until": _day(until) if until else FOR_LIFE,
        "place_issued": data.place_issued,
        "date_issued": _day(data.date_issued),
        "nationality": data.nationality,
        "reserved": "",
    }


def _require_writable(biodata: dict[str, str]) -> None:
    for name, text in biodata.items():
        if not text.isascii() or '"' in text or not text.isprintable():
            raise InputFault(
                "BIODATA_UNWRITABLE", field=name, problem=marked("a character that the chip cannot hold")
            )
    if sum(map(len, biodata.values())) + 3 * len(biodata) - 1 > BIODATA_BUDGET:  # quotes and commas
        raise InputFault(
            "BIODATA_UNWRITABLE", field="6FF1", problem=marked("all texts together are too long for the chip")
        )


def chip_content(record: Record) -> ChipContent:
    """Take from a record what the chip holds.

    Raises:
        InputFault: PHOTO_…, SIGNATURE_…, FINGERS_UNREADABLE, BIODATA_UNWRITABLE.
    """
    biodata = _biodata(record.data)
    _require_writable(biodata)
    return ChipContent(
        nik=record.data.nik,
        issue=record.data.issue_number,
        biodata=tuple(biodata.values()),
        photo=chip_photo(record.photo, PHOTO_BUDGET),
        signature_image=chip_signature(record.signature_image, SIGNATURE_BUDGET),
        fingers=chip_fingers(record.fingers, FINGER_BUDGET),
    )
