"""Every kind of picture file, and files that are none."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from station.errors import InputFault
from station.letters.reading.codes import read_codes
from station.letters.reading.picture import FORMATS, Picture, grey_levels, open_pictures

TEXT = "NCFOXN%TS3DHC*S:/9FZ5" * 17
UPSIDE_DOWN, TURNED_AND_MIRRORED = 3, 7  # of EXIF orientation, TIFF 6.0 tag 274
ORIENTATION = 274


@pytest.fixture(scope="module")
def code() -> Image.Image:
    """A code on a white page."""
    made = zxingcpp.create_barcode(TEXT, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=4)
    page = Image.new("L", (700, 500), 255)
    page.paste(Image.fromarray(np.array(made)), (150, 60))
    return page


def opened(content: bytes) -> Image.Image:
    return next(open_pictures(content))


def stored(image: Image.Image, kind: str, **options: object) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_of_a_png_is_read(code: Image.Image, mode: str) -> None:
    assert read_codes(opened(stored(code.convert(mode), "PNG"))) == [TEXT]


@pytest.mark.parametrize(("mode", "kind"), [("I;16", "PNG"), ("I;16", "TIFF"), ("I", "TIFF"), ("F", "TIFF")])
def test_more_than_eight_bits_are_read(code: Image.Image, mode: str, kind: str) -> None:
    levels = np.asarray(code)
    deep = levels.astype(np.float32) if mode == "F" else levels.astype(np.uint16) * np.uint16(257)
    image = Image.fromarray(deep).convert(mode)
    assert read_codes(opened(stored(image, kind))) == [TEXT]


@pytest.mark.parametrize("kind", sorted({*FORMATS} - {"MPO"}))
def test_every_format_is_read(code: Image.Image, kind: str) -> None:
    assert read_codes(opened(stored(code.convert("RGB"), kind))) == [TEXT]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_printers_colours_are_read(code: Image.Image, kind: str) -> None:
    assert read_codes(opened(stored(code.convert("CMYK"), kind))) == [TEXT]


def test_a_transparent_ground_is_white_and_not_what_it_hides(code: Image.Image) -> None:
    alpha = Image.eval(code, lambda level: 255 - level)
    ink = Image.merge("LA", (Image.new("L", code.size, 0), alpha))
    assert read_codes(opened(stored(ink, "PNG"))) == [TEXT]
    palette = code.convert("P")
    assert read_codes(opened(stored(palette, "PNG", transparency=255))) == [TEXT]


@pytest.mark.parametrize("turn", [UPSIDE_DOWN, TURNED_AND_MIRRORED])
def test_a_picture_is_turned_as_its_camera_says(code: Image.Image, turn: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    upright = opened(stored(code, "JPEG", exif=exif))
    assert read_codes(upright) == [TEXT]
    assert upright.size == ((500, 700) if turn == TURNED_AND_MIRRORED else (700, 500))


@pytest.mark.parametrize("kind", ["uint8", "uint16", "bool", "float32", "rgb", "rgba", "one channel"])
def test_arrays_of_every_kind_are_read(code: Image.Image, kind: str) -> None:
    levels = np.asarray(code)
    arrays: dict[str, Picture] = {
        "uint8": levels,
        "uint16": levels.astype(np.uint16) * np.uint16(257),
        "bool": levels > 127,
        "float32": np.where(levels > 127, np.nan, 3).astype(np.float32),
        "rgb": np.repeat(levels[:, :, None], 3, axis=2),
        "rgba": np.dstack([levels, levels, levels, np.zeros_like(levels)]),
        "one channel": levels[:, :, None],
    }
    assert read_codes(arrays[kind]) == [TEXT]


def test_an_array_of_another_kind_is_no_picture() -> None:
    assert read_codes(np.zeros(9, dtype=np.uint8)) == []
    assert grey_levels(np.zeros((2, 2, 2, 2), dtype=np.uint8)).size == 0


def test_a_picture_of_one_dot_has_no_code() -> None:
    for mode in ("1", "L", "P", "RGBA", "CMYK", "I", "F"):
        assert read_codes(Image.new(mode, (1, 1))) == []


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", bytes(9000)]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(InputFault) as refused:
        opened(content)
    assert refused.value.code == "LETTER_PICTURE_UNREADABLE"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF"])
def test_a_file_that_ends_too_early_is_refused(code: Image.Image, kind: str) -> None:
    whole = stored(code, kind)
    for length in (len(whole) // 2, len(whole) // 4, 40):
        with pytest.raises(InputFault) as refused:
            opened(whole[:length])
        assert refused.value.code == "LETTER_PICTURE_UNREADABLE"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF"])
def test_damaged_bytes_never_raise_anything_else(code: Image.Image, kind: str) -> None:
    small = code.resize((70, 50))
    exif = Image.Exif()
    exif[ORIENTATION] = UPSIDE_DOWN
    options = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP") else {}
    whole = stored(small, kind, **options)
    source = np.random.default_rng(5)
    for _ in range(150):
        hurt = bytearray(whole)
        for place in source.integers(0, min(len(hurt), 600), 3):
            hurt[place] = int(source.integers(0, 256))
        try:
            grey_levels(opened(bytes(hurt)))
        except InputFault as refused:
            assert refused.code in ("LETTER_PICTURE_UNREADABLE", "LETTER_PICTURE_TOO_LARGE")


@pytest.mark.parametrize("side", [9_000, 60_000])
def test_a_small_file_that_claims_a_huge_picture_is_refused(side: int) -> None:
    with pytest.raises(InputFault) as refused:
        opened(png_header(side))
    assert refused.value.code == "LETTER_PICTURE_TOO_LARGE"


def png_header(side: int) -> bytes:
    """A PNG of a square, its picture data left out (PNG specification, clause 11.2.2)."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)), (b"IDAT", b""), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
