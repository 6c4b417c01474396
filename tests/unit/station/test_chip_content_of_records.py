"""What a card is made of: whatever intake lets through can be written to a chip, and what cannot is named."""

import dataclasses
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.chip.images import prepare
from drivers.chip.profile import ktp_el_open
from station.cards.content import (
    BIODATA_BUDGET,
    FINGER_BUDGET,
    PHOTO_BUDGET,
    SIGNATURE_BUDGET,
    chip_content,
)
from station.devices.chip import _files
from station.errors import InputFault
from station.records.folder import read_record
from station.records.record import Record
from tests.fakes.station import PAINTER, records

PROFILE = ktp_el_open()
UID = bytes.fromhex("8004000000000001")
TEXTS = ("birthplace", "address", "village", "district", "regency", "province", "occupation", "place_issued")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    (folder,) = records(tmp_path_factory.mktemp("records"), 1)
    return read_record(folder)


def with_texts(record: Record, **texts: str) -> Record:
    return dataclasses.replace(record, data=record.data.model_copy(update=texts))


def refusal(record: Record) -> InputFault | None:
    """What intake would say; what it lets through, the chip must take."""
    try:
        PAINTER.warnings(record)
        content = chip_content(record)
    except InputFault as fault:
        return fault
    prepare(PROFILE, _files(content), UID)  # raises where the chip's own rules are broken
    return None


def jpeg(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], quality: int = 95) -> bytes:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=quality)
    return target.getvalue()


def noise(width: int, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_the_budgets_are_those_of_the_chip() -> None:
    capacity = {file.name: file.capacity for file in PROFILE.files}
    assert capacity["biodata"] == BIODATA_BUDGET
    assert capacity["photo"] == PHOTO_BUDGET
    assert capacity["signature_image"] == SIGNATURE_BUDGET
    assert capacity["minutiae_1"] == capacity["minutiae_2"] == FINGER_BUDGET


def test_a_good_record_fits(record: Record) -> None:
    assert refusal(record) is None


@settings(max_examples=60)
@given(
    texts=st.fixed_dictionaries({name: st.text(st.characters(), min_size=1, max_size=200) for name in TEXTS})
)
def test_texts_of_any_kind_are_refused_or_fit_the_chip(record: Record, texts: dict[str, str]) -> None:
    refusal(with_texts(record, **texts))


@settings(max_examples=60)
@given(lengths=st.lists(st.integers(1, 200), min_size=len(TEXTS), max_size=len(TEXTS)))
def test_texts_of_any_length_are_refused_or_fit_the_chip(record: Record, lengths: list[int]) -> None:
    texts = {name: "I" * length for name, length in zip(TEXTS, lengths, strict=True)}
    fault = refusal(with_texts(record, **texts))
    encoded = sum(lengths) + 250
    if encoded > BIODATA_BUDGET + 100:
        assert fault is not None
        assert fault.code == "BIODATA_UNWRITABLE"


def test_the_chips_last_byte_may_be_used_and_no_more(record: Record) -> None:
    used = len(_files(chip_content(record)).biodata)
    room = BIODATA_BUDGET - used
    address = record.data.address
    full = with_texts(record, address=address + "I" * room)
    assert len(_files(chip_content(full)).biodata) == BIODATA_BUDGET
    with pytest.raises(InputFault) as fault:
        chip_content(with_texts(record, address=address + "I" * (room + 1)))
    assert fault.value.code == "BIODATA_UNWRITABLE"


@pytest.mark.parametrize(
    ("name", "code", "field"),
    [
        ("JOSÉ", "BIODATA_UNWRITABLE", "name"),
        ('A"B', "BIODATA_UNWRITABLE", "name"),
        ("ΩMEGA", "FACE_GLYPH_MISSING", "name"),
        ("李", "FACE_GLYPH_MISSING", "name"),
        ("\u0410\u041d\u0410", "FACE_GLYPH_MISSING", "name"),  # Cyrillic letters that look Latin
        ("A\nB", "FACE_GLYPH_MISSING", "name"),
        ("A\u202eB", "FACE_GLYPH_MISSING", "name"),
        ("A\U0001f600", "FACE_GLYPH_MISSING", "name"),
    ],
)
def test_a_name_that_cannot_be_held_is_refused_by_its_field(
    record: Record, name: str, code: str, field: str
) -> None:
    fault = refusal(with_texts(record, name=name))
    assert fault is not None
    assert (fault.code, fault.values["field"]) == (code, field)
    assert name not in str(fault)


@pytest.mark.parametrize("value", ["0190-05-05", "1990-13-01", "20300101", "tomorrow", "2030-01-01T00:00:00"])
def test_a_validity_that_is_no_date_is_malformed(record: Record, value: str) -> None:
    fault = refusal(with_texts(record, valid_until=value))
    assert fault is not None
    assert (fault.code, fault.values["field"]) == ("RECORD_MALFORMED", "valid_until")


def test_a_photo_of_noise_is_over_the_chips_budget(record: Record) -> None:
    fault = refusal(dataclasses.replace(record, photo=jpeg(noise(240, 320))))
    assert fault is not None
    assert (fault.code, fault.values["limit"]) == ("PHOTO_OVER_CHIP_BUDGET", PHOTO_BUDGET)


def test_a_signature_of_noise_is_made_to_fit_or_refused(record: Record) -> None:
    dots = np.random.default_rng(1).integers(0, 2, (120, 240), dtype=np.uint8) * 255
    target = io.BytesIO()
    Image.fromarray(dots).save(target, "PNG")
    fault = refusal(dataclasses.replace(record, signature_image=target.getvalue()))
    assert fault is not None
    assert fault.code == "SIGNATURE_OVER_CHIP_BUDGET"


@pytest.mark.parametrize(
    "photo",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        b"not a picture",
        jpeg(np.zeros((640, 480), dtype=np.uint8)),  # grey
        jpeg(noise(100, 130)),  # too small
        jpeg(noise(640, 480)),  # lies on its side
    ],
)
def test_a_photo_that_is_none_is_unreadable(record: Record, photo: bytes) -> None:
    fault = refusal(dataclasses.replace(record, photo=photo))
    assert fault is not None
    assert fault.code == "PHOTO_UNREADABLE"


def test_a_png_is_no_photo_and_a_jpeg_no_signature(record: Record) -> None:
    fault = refusal(dataclasses.replace(record, photo=record.signature_image))
    assert fault is not None
    assert fault.code == "PHOTO_UNREADABLE"
    fault = refusal(dataclasses.replace(record, signature_image=record.photo))
    assert fault is not None
    assert fault.code == "SIGNATURE_UNREADABLE"


@settings(max_examples=120)
@given(changes=st.data())
def test_a_damaged_photo_is_refused_or_fits_the_chip(record: Record, changes: st.DataObject) -> None:
    damaged = _damaged(record.photo, changes)
    fault = refusal(dataclasses.replace(record, photo=damaged))
    assert fault is None or fault.code in ("PHOTO_UNREADABLE", "PHOTO_OVER_CHIP_BUDGET")


@settings(max_examples=120)
@given(changes=st.data())
def test_a_damaged_signature_is_refused_or_fits_the_chip(record: Record, changes: st.DataObject) -> None:
    damaged = _damaged(record.signature_image, changes)
    fault = refusal(dataclasses.replace(record, signature_image=damaged))
    assert fault is None or fault.code in ("SIGNATURE_UNREADABLE", "SIGNATURE_OVER_CHIP_BUDGET")


def _damaged(content: bytes, changes: st.DataObject) -> bytes:
    data = bytearray(content)
    for _ in range(changes.draw(st.integers(1, 4))):
        # most of what a decoder trusts stands at the beginning
        place = changes.draw(st.one_of(st.integers(0, 60), st.integers(0, len(data) - 1)))
        data[place] = changes.draw(st.integers(0, 255))
    return bytes(data[: changes.draw(st.one_of(st.just(len(data)), st.integers(0, len(data))))])


@pytest.mark.parametrize("before_pixels", [True, False])
def test_a_damaged_colour_profile_in_a_signature_is_no_crash(record: Record, before_pixels: bool) -> None:
    """PNG (ISO/IEC 15948) 11.3.3.3: a chunk iCCP that ends before its compression method."""
    png, kind, place = record.signature_image, b"iCCP", 33 if before_pixels else -12
    chunk = struct.pack(">I", 0) + kind + struct.pack(">I", zlib.crc32(kind))
    fault = refusal(dataclasses.replace(record, signature_image=png[:place] + chunk + png[place:]))
    assert fault is None or fault.code == "SIGNATURE_UNREADABLE"


def test_the_same_record_gives_the_same_chip(record: Record, tmp_path: Path) -> None:
    assert chip_content(record) == chip_content(dataclasses.replace(record))
