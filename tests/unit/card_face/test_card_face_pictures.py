"""Photo and signature: what is refused, what is warned of, and how it lies in its box."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from templates.card import CardValues, PhotoError, SignatureError
from templates.card.fonts import FontSet
from templates.card.front import render_front
from templates.card.layout import Layout
from templates.card.lint import lint, photo_backgrounds
from templates.card.pictures import photo_dots, read_photo, read_signature, signature_dots
from templates.card.raster import DotBox, Raster

ORANGE, RED, BLUE = (235, 130, 30), (196, 28, 34), (28, 82, 176)
Kind = Callable[[], bytes]


def encoded(image: Image.Image, kind: str = "JPEG", orientation: int = 1) -> bytes:
    stream = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    if kind == "JPEG":
        image.save(stream, kind, quality=92, exif=exif)
    else:
        image.save(stream, kind)
    return stream.getvalue()


def plain(colour: tuple[int, int, int] = RED, size: tuple[int, int] = (480, 640)) -> Image.Image:
    return Image.new("RGB", size, colour)


BAD_PHOTOS: dict[str, Kind] = {
    "nothing": lambda: b"",
    "no picture": lambda: b"\xff\xd8 not really",
    "a PNG": lambda: encoded(plain(), "PNG"),
    "grey": lambda: encoded(plain().convert("L")),
    "CMYK": lambda: encoded(plain().convert("CMYK")),
    "too small": lambda: encoded(plain(size=(120, 160))),
    "too large": lambda: encoded(plain(size=(6400, 8000))),
    "lying": lambda: encoded(plain(size=(640, 480))),
    "cut off": lambda: encoded(plain())[:-400],
}


@pytest.mark.parametrize("photo", BAD_PHOTOS.values(), ids=BAD_PHOTOS.keys())
def test_a_bad_photo_is_refused_by_lint_and_by_drawing(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster, photo: Kind
) -> None:
    person = replace(values, photo=photo())
    with pytest.raises(PhotoError):
        lint(person, layout, fonts)
    with pytest.raises(PhotoError):
        render_front(person, layout, primacy, fonts, specimen=True)


BAD_SIGNATURES: dict[str, Kind] = {
    "nothing": lambda: b"",
    "a JPEG": lambda: encoded(plain()),
    "cut off": lambda: encoded(Image.effect_noise((300, 100), 90), "PNG")[:600],
    "too large": lambda: encoded(Image.new("1", (7000, 10), 1), "PNG"),
}


@pytest.mark.parametrize("signature", BAD_SIGNATURES.values(), ids=BAD_SIGNATURES.keys())
def test_a_bad_signature_is_refused(
    values: CardValues, layout: Layout, fonts: FontSet, signature: Kind
) -> None:
    with pytest.raises(SignatureError):
        lint(replace(values, signature=signature()), layout, fonts)


def test_a_blank_signature_is_a_warning(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster
) -> None:
    person = replace(values, signature=encoded(Image.new("1", (300, 100), 1), "PNG"))
    assert [warning.code for warning in lint(person, layout, fonts)] == ["signature_blank"]
    render_front(person, layout, primacy, fonts, specimen=True)


@pytest.mark.parametrize(
    ("colour", "year", "nationality", "warned"),
    [
        (RED, 1991, "WNI", False),
        (RED, 1990, "WNI", True),
        (BLUE, 1990, "WNI", False),
        (BLUE, 1991, "WNI", True),
        (ORANGE, 1990, "WNA", False),
        (ORANGE, 1991, "WNI", True),
        (RED, 1991, "WNA", True),
        ((250, 250, 250), 1991, "WNI", True),
        ((20, 10, 10), 1991, "WNI", True),
        ((30, 160, 60), 1990, "WNI", True),
    ],
)
def test_the_background_is_checked_against_birth_year_and_nationality(
    values: CardValues,
    layout: Layout,
    fonts: FontSet,
    colour: tuple[int, int, int],
    year: int,
    nationality: str,
    warned: bool,
) -> None:
    person = replace(
        values,
        photo=encoded(plain(colour)),
        birth_date=values.birth_date.replace(year=year),
        nationality=nationality,
        valid_until=values.date_issued if nationality == "WNA" else None,
    )
    codes = [warning.code for warning in lint(person, layout, fonts)]
    assert codes == (["photo_background"] if warned else [])


def test_both_corners_are_looked_at() -> None:
    image = plain(RED)
    ImageDraw.Draw(image).rectangle((300, 0, 480, 200), fill=BLUE)
    assert photo_backgrounds(image) == ("red", "blue")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("SITI", []),
        ("ST. NUR'AINI", ["name_not_only_letters"]),
        ("AGUS 2", ["name_not_only_letters"]),
        ("AB " * 21, ["name_too_long"]),
    ],
)
def test_names_against_the_rule_of_2022_only_warn(
    values: CardValues, layout: Layout, fonts: FontSet, name: str, codes: list[str]
) -> None:
    assert [warning.code for warning in lint(replace(values, name=name), layout, fonts)] == codes


def test_a_photo_taken_with_the_camera_on_its_side_is_set_upright() -> None:
    image = plain(RED)
    ImageDraw.Draw(image).rectangle((0, 0, 480, 100), fill=BLUE)
    lying = image.transpose(Image.Transpose.ROTATE_90)
    upright = read_photo(encoded(lying, orientation=6))
    assert upright.size == (480, 640)
    assert photo_backgrounds(upright) == ("blue", "blue")


@pytest.mark.parametrize(("width", "height"), [(227, 302), (227, 262)], ids=["square dots", "oblong dots"])
def test_a_wider_photo_is_cut_and_not_squeezed(width: int, height: int) -> None:
    image = plain(RED, (600, 640))
    ImageDraw.Draw(image).ellipse((200, 220, 400, 420), fill=BLUE)
    dots = photo_dots(image, DotBox(0, 0, width, height), 0.75)
    disc = dots[:, :, 2] > 100
    columns, rows = np.flatnonzero(disc.any(axis=0)), np.flatnonzero(disc.any(axis=1))
    # 480 x 640 of the picture stay; the disc is 200 pixels in both directions.
    assert len(columns) / width == pytest.approx(200 / 480, abs=0.02)
    assert len(rows) / height == pytest.approx(200 / 640, abs=0.02)


def test_a_signature_fills_its_box_in_its_own_shape() -> None:
    image = Image.new("1", (900, 500), 1)
    ImageDraw.Draw(image).rectangle((300, 200, 500, 250), outline=0, width=3)
    dots = signature_dots(read_signature(encoded(image, "PNG")), DotBox(0, 0, 200, 80), 2.5)
    columns, rows = np.flatnonzero(dots.any(axis=0)), np.flatnonzero(dots.any(axis=1))
    assert len(columns) == 200
    assert len(rows) == pytest.approx(51, abs=2)


def test_thin_strokes_survive_being_made_smaller() -> None:
    image = Image.new("1", (1400, 400), 1)
    ImageDraw.Draw(image).line((0, 399, 1399, 0), fill=0, width=3)
    dots = signature_dots(read_signature(encoded(image, "PNG")), DotBox(0, 0, 227, 73), 3.1)
    assert dots.any(axis=0).mean() > 0.95


def test_transparent_paper_is_white() -> None:
    image = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).line((20, 50, 380, 50), fill=(0, 0, 90, 255), width=6)
    dots = signature_dots(read_signature(encoded(image, "PNG")), DotBox(0, 0, 200, 50), 4.0)
    assert 0 < dots.mean() < 0.2


def test_pictures_stay_out_of_the_representation(values: CardValues) -> None:
    assert "photo" not in repr(values)
    assert "signature" not in repr(values)
