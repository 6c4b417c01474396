"""Images inside records: exact where lossless, refused where they are not what they say."""

import datetime
import struct
import subprocess
import sys

import numpy
import pytest
from numpy.typing import NDArray

from drivers.sbi import wsq_decoding
from drivers.sbi.codestream import read_codestream
from drivers.sbi.errors import Reason, RecordUnusable
from drivers.sbi.finger_image import Compression, FingerImage, read_finger_image
from drivers.sbi.pixels import decode
from simulators.sbi import image_record
from simulators.sbi.image_record import Record, pack

ACROSS, DOWN = numpy.meshgrid(numpy.arange(120), numpy.arange(200))
PIXELS: NDArray[numpy.uint8] = ((numpy.sin((ACROSS + DOWN * 0.4) * 0.7) + 1) * 120).astype(numpy.uint8)
LOSSLESS = image_record.lossless(PIXELS)
STREAM = LOSSLESS[LOSSLESS.index(b"\xff\x4f\xff\x51") :]
ALL = frozenset(Compression)
MOMENT = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)


def image(content: bytes, **changes: object) -> FingerImage:
    record = Record(MOMENT, 2, PIXELS.shape[1], PIXELS.shape[0], content)
    return read_finger_image(pack(record.but(**changes)))


def reason_of(one: FingerImage) -> Reason:
    with pytest.raises(RecordUnusable) as raised:
        decode(one, ALL)
    return raised.value.reason


@pytest.mark.parametrize("content", [LOSSLESS, STREAM], ids=["file", "codestream"])
def test_lossless_is_exact(content: bytes) -> None:
    assert numpy.array_equal(decode(image(content)), PIXELS)


def test_lossy_is_near_and_only_where_allowed() -> None:
    lossy = image(image_record.lossy(PIXELS), compression=image_record.LOSSY)
    with pytest.raises(RecordUnusable) as raised:
        decode(lossy)
    assert raised.value.reason == Reason.COMPRESSION_UNSUITABLE
    assert numpy.abs(decode(lossy, ALL).astype(int) - PIXELS).mean() < 60


def test_the_mark_of_losslessness_is_looked_at() -> None:
    assert reason_of(image(image_record.lossy(PIXELS))) == Reason.NOT_LOSSLESS
    forged = bytearray(STREAM)
    forged[forged.index(b"\xff\x52") + 13] = 0
    assert reason_of(image(bytes(forged))) == Reason.NOT_LOSSLESS


@pytest.mark.parametrize("cut", [1, 2, 3, 50, len(STREAM) - 60, len(STREAM) - 10, len(STREAM) - 3])
def test_truncated(cut: int) -> None:
    assert reason_of(image(STREAM[:-cut])) == Reason.IMAGE_BROKEN


def test_sizes_are_compared_before_anything_is_decoded() -> None:
    assert reason_of(image(STREAM, width=121)) == Reason.SIZE_WRONG
    claims = bytearray(STREAM)
    claims[8:16] = struct.pack(">II", 60_000, 60_000)
    assert reason_of(image(bytes(claims))) == Reason.SIZE_WRONG
    file = bytearray(LOSSLESS)
    at = file.index(b"ihdr") + 4
    file[at : at + 4] = struct.pack(">I", 201)
    assert reason_of(image(bytes(file))) == Reason.SIZE_WRONG


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff\xe0 a JPEG",
        STREAM + b"\0",
        LOSSLESS[:12],
        LOSSLESS.replace(b"jp2c", b"xxxx"),
        LOSSLESS.replace(b"ihdr", b"pclr"),
        STREAM.replace(b"\xff\x5c", b"\xff\x53", 1),
        STREAM[:-2] + b"\xff\xd8",
    ],
)
def test_broken(content: bytes) -> None:
    assert reason_of(image(content)) == Reason.IMAGE_BROKEN


def test_colours_are_refused() -> None:
    coloured = image_record.lossless(numpy.dstack([PIXELS] * 3))
    assert reason_of(image(coloured)) == Reason.IMAGE_BROKEN


def test_codestream_is_what_pillow_gets() -> None:
    found = read_codestream(LOSSLESS)
    assert (found.content, found.is_reversible) == (STREAM, True)


@pytest.mark.parametrize("compression", [0, 1, 3, 6])
def test_other_compressions_cannot_be_decoded(compression: int) -> None:
    assert reason_of(image(STREAM, compression=compression)) == Reason.COMPRESSION_UNSUITABLE


def test_wsq_is_decoded_by_the_extra() -> None:
    written = (
        "import sys, io, wsq; from PIL import Image;"
        "target = io.BytesIO();"
        "Image.frombytes('L', (120, 200), sys.stdin.buffer.read()).save(target, 'WSQ');"
        "sys.stdout.buffer.write(target.getvalue())"
    )
    done = subprocess.run(
        [sys.executable, "-c", written], input=PIXELS.tobytes(), capture_output=True, check=True
    )
    pixels = decode(image(done.stdout, compression=Compression.WSQ.value), ALL)
    assert numpy.abs(pixels.astype(int) - PIXELS).mean() < 40
    for damaged in (b"", done.stdout[:-50], done.stdout[:30], b"\xff\xa0" + bytes(300)):
        assert reason_of(image(damaged, compression=Compression.WSQ.value)) == Reason.IMAGE_BROKEN
    assert reason_of(image(done.stdout, compression=2, width=121)) == Reason.IMAGE_BROKEN


def test_wsq_without_the_extra_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wsq", None)
    assert wsq_decoding.main(["1", "1"]) == wsq_decoding.NOT_INSTALLED
