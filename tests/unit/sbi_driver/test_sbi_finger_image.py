"""Records: what the simulator's packer writes the driver's reader reads, and nothing else."""

import datetime
import struct

import hypothesis.strategies as some
import pytest
from hypothesis import given

from drivers.sbi.errors import Reason, RecordUnusable
from drivers.sbi.extended_blocks import annotated
from drivers.sbi.finger_image import Compression, read_finger_image
from simulators.sbi import image_record
from simulators.sbi.image_record import Record, pack

MOMENT = datetime.datetime(2026, 11, 24, 3, 15, 5, 123000)  # noqa: DTZ001 (records have no zone)
PLAIN = Record(MOMENT, 2, 300, 360, b"an image")
ALL_BLOCKS = (
    image_record.segmentation(2, 300, 360),
    image_record.annotation([(3, 1), (4, 2)]),
    image_record.comment("simulated"),
)

records = some.builds(
    Record,
    captured_at=some.datetimes().map(
        lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, fold=0)
    ),
    position=some.integers(0, 10),
    width=some.integers(1, 2048),
    height=some.integers(1, 2048),
    image=some.binary(max_size=50),
    scores=some.lists(some.integers(0, 100) | some.just(255), max_size=4).map(tuple),
    certifications=some.none()
    | some.lists(some.tuples(some.integers(0, 65535), some.integers(0, 255)), max_size=3),
    rates=some.integers(490, 1010).map(lambda dpi: (1010, 1010, dpi, dpi)),
    compression=some.integers(0, 6),
    impression=some.sampled_from((0, 29)),
    blocks=some.sampled_from(((), ALL_BLOCKS, ALL_BLOCKS[1:], ALL_BLOCKS[:1])),
)


@given(records)
def test_what_was_packed_is_read(record: Record) -> None:
    read = read_finger_image(pack(record))
    assert read.captured_at == record.captured_at
    assert (read.position, read.width, read.height) == (record.position, record.width, record.height)
    assert (read.content, read.impression) == (record.image, record.impression)
    assert read.compression == Compression(record.compression)
    assert tuple(score.value for score in read.scores) == record.scores
    assert read.dpi == record.rates[2]
    assert tuple((block.type, block.content) for block in read.blocks) == record.blocks


@given(records, some.data())
def test_no_record_is_read_shorter_or_longer(record: Record, data: some.DataObject) -> None:
    packed = pack(record)
    cut = data.draw(some.integers(0, len(packed) - 1))
    for wrong in (packed[:cut], packed + b"\0", packed + packed):
        with pytest.raises(RecordUnusable):
            read_finger_image(wrong)


@given(some.binary(max_size=200))
def test_any_bytes_are_refused_in_words(content: bytes) -> None:
    with pytest.raises(RecordUnusable) as raised:
        read_finger_image(content)
    assert raised.value.reason == Reason.RECORD_MALFORMED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"position": 13}, Reason.RECORD_MALFORMED),
        ({"number": 1}, Reason.RECORD_MALFORMED),
        ({"unit": 3}, Reason.RECORD_MALFORMED),
        ({"depth": 4}, Reason.RECORD_MALFORMED),
        ({"scores": (101,)}, Reason.RECORD_MALFORMED),
        ({"compression": 7}, Reason.COMPRESSION_UNSUITABLE),
        ({"impression": 8}, Reason.IMPRESSION_UNSUITABLE),
        ({"width": 0}, Reason.SIZE_WRONG),
        ({"height": 2049}, Reason.SIZE_WRONG),
        ({"rates": (500, 500, 489, 489)}, Reason.RESOLUTION_UNSUITABLE),
        ({"rates": (500, 500, 500, 499)}, Reason.RESOLUTION_UNSUITABLE),
        ({"rates": (500, 500, 501, 501)}, Reason.RESOLUTION_UNSUITABLE),
        ({"rates": (1011, 1011, 500, 500)}, Reason.RESOLUTION_UNSUITABLE),
        ({"rates": (500, 500, 500, 500), "unit": 2}, Reason.RESOLUTION_UNSUITABLE),
        ({"blocks": ALL_BLOCKS[::-1]}, Reason.RECORD_MALFORMED),
        ({"blocks": ALL_BLOCKS[:1] * 2}, Reason.RECORD_MALFORMED),
        ({"blocks": ((0, b""),)}, Reason.RECORD_MALFORMED),
        ({"blocks": ((256, b""),)}, Reason.RECORD_MALFORMED),
        ({"blocks": ((2, b"\x02\x01\x01"),)}, Reason.RECORD_MALFORMED),
        ({"blocks": ((1, ALL_BLOCKS[0][1] + b"\0"),)}, Reason.RECORD_MALFORMED),
    ],
)
def test_records_that_are_refused(changes: dict[str, object], reason: Reason) -> None:
    with pytest.raises(RecordUnusable) as raised:
        read_finger_image(pack(PLAIN.but(**changes)))
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("at", "content"),
    [
        (0, b"FMR\0"),
        (4, b"010\0"),  # the record of 2005
        (12, b"\0\2"),
        (14, b"\2"),
        (15, b"\2"),
        (16, b"\0\0\0\0"),
        (22, b"\15"),  # month 13
        (27, struct.pack(">H", 1000)),  # milliseconds
    ],
)
def test_bytes_that_are_refused(at: int, content: bytes) -> None:
    packed = bytearray(pack(PLAIN))
    packed[at : at + len(content)] = content
    with pytest.raises(RecordUnusable) as raised:
        read_finger_image(bytes(packed))
    assert raised.value.reason == Reason.RECORD_MALFORMED


def test_offsets_are_those_of_the_facts() -> None:
    """With one score and no certification the image stands at 62."""
    packed = pack(PLAIN)
    assert packed[62:] == b"an image"
    assert packed[58:62] == struct.pack(">I", 8)
    assert packed[54:58] == struct.pack(">HH", 300, 360)
    assert packed[40:43] == bytes([2, 0, 1])


def test_pixels_per_centimetre() -> None:
    read = read_finger_image(pack(PLAIN.but(unit=2, rates=(197, 197, 197, 197))))
    assert read.dpi == 500


def test_marked_fingers() -> None:
    assert annotated(read_finger_image(pack(PLAIN.but(blocks=ALL_BLOCKS))).blocks) == {3, 4}
