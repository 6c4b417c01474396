"""Black is black: text never reaches the colour plane, and SPESIMEN never hides a text."""

from dataclasses import replace

import numpy as np
import pytest

from templates.card import CardValues, RasterError
from templates.card.back import render_back
from templates.card.face import CardFace
from templates.card.fonts import FontSet
from templates.card.front import render_front
from templates.card.layout import Box, Layout
from templates.card.preview import face_png, merge
from templates.card.raster import CardOnRaster, DotBox, Raster

WHITE = (255, 255, 255)


def colours(face: CardFace) -> set[tuple[int, ...]]:
    return {tuple(int(level) for level in colour) for colour in np.unique(face.colour.reshape(-1, 3), axis=0)}


def dots(layout: Layout, raster: Raster, box: Box) -> DotBox:
    return CardOnRaster(raster, layout.width, layout.height).box(box.x, box.y, box.width, box.height)


@pytest.fixture(params=["primacy", "badgy", "agilia"])
def raster(request: pytest.FixtureRequest) -> Raster:
    found: Raster = request.getfixturevalue(str(request.param))
    return found


def test_colour_holds_photo_and_specimen_and_nothing_else(
    values: CardValues, layout: Layout, fonts: FontSet, raster: Raster
) -> None:
    face = render_front(values, layout, raster, fonts, specimen=True)
    box = dots(layout, raster, layout.photo)
    outside = face.colour.copy()
    outside[box.top : box.bottom, box.left : box.right] = 255
    marks = {layout.specimen.large.colour, layout.specimen.small[0].colour}
    assert colours(CardFace(outside, face.black.copy())) == {WHITE, *marks}
    assert face.black.dtype == np.bool_


def test_without_specimen_only_the_photo_is_in_colour(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster
) -> None:
    face = render_front(values, layout, primacy, fonts, specimen=False)
    box = dots(layout, primacy, layout.photo)
    printed = (face.colour != 255).any(axis=2)
    assert printed[box.top : box.bottom, box.left : box.right].mean() > 0.9
    printed[box.top : box.bottom, box.left : box.right] = False
    assert not printed.any()


def test_specimen_changes_no_dot_of_text_or_photo(
    values: CardValues, layout: Layout, fonts: FontSet, raster: Raster
) -> None:
    marked = render_front(values, layout, raster, fonts, specimen=True)
    plain = render_front(values, layout, raster, fonts, specimen=False)
    assert np.array_equal(marked.black, plain.black)
    box = dots(layout, raster, layout.photo)
    photo = slice(box.top, box.bottom), slice(box.left, box.right)
    assert np.array_equal(marked.colour[photo], plain.colour[photo])


@pytest.mark.parametrize("side", ["front", "back"])
def test_specimen_stands_large_and_small_on_both_sides(
    values: CardValues, layout: Layout, fonts: FontSet, raster: Raster, side: str
) -> None:
    if side == "front":
        face = render_front(values, layout, raster, fonts, specimen=True)
    else:
        face = render_back(layout, raster, fonts, specimen=True)
    large = (face.colour == layout.specimen.large.colour).all(axis=2)
    columns, rows = np.flatnonzero(large.any(axis=0)), np.flatnonzero(large.any(axis=1))
    assert (columns[-1] - columns[0]) / face.width > 0.8
    assert (rows[-1] - rows[0]) / face.height > 0.6
    assert (face.colour == layout.specimen.small[0].colour).all(axis=2).sum() > 500


def test_small_specimen_and_text_do_not_overlap(
    values: CardValues, layout: Layout, fonts: FontSet, raster: Raster
) -> None:
    long = replace(
        values, regency="KABUPATEN KEPULAUAN SIAU TAGULANDANG BIARO", province="KEPULAUAN BANGKA BELITUNG"
    )
    face = render_front(long, layout, raster, fonts, specimen=True)
    assert not face.black[(face.colour == layout.specimen.small[0].colour).all(axis=2)].any()


def test_large_specimen_is_light_enough_to_read_black_on_it(layout: Layout) -> None:
    red, green, blue = layout.specimen.large.colour
    assert 0.299 * red + 0.587 * green + 0.114 * blue > 200


def test_no_face_comes_near_a_full_black_panel(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster
) -> None:
    # A full black panel has snapped ribbons in the field (facts: complaints.md 14).
    face = render_front(values, layout, primacy, fonts, specimen=True)
    assert face.black.mean() < 0.15


@pytest.mark.parametrize(
    "raster_of_another_printer",
    [Raster(648, 1016, 300, 300), Raster(2032, 1296, 300, 300), Raster(1016, 648, 600, 600)],
    ids=["turned", "too many dots", "too few dots"],
)
def test_a_raster_that_cannot_be_the_cards_is_refused(
    values: CardValues, layout: Layout, fonts: FontSet, raster_of_another_printer: Raster
) -> None:
    with pytest.raises(RasterError):
        render_front(values, layout, raster_of_another_printer, fonts, specimen=True)


def test_a_slightly_smaller_raster_loses_nothing(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster
) -> None:
    small = render_front(values, layout, Raster(1002, 630, 300, 300), fonts, specimen=False)
    usual = render_front(values, layout, primacy, fonts, specimen=False)
    assert small.black.sum() == pytest.approx(usual.black.sum(), rel=0.01)


def test_preview_shows_black_over_colour(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster
) -> None:
    face = render_front(values, layout, primacy, fonts, specimen=True)
    picture = merge(face)
    assert (picture[face.black] == 0).all()
    assert np.array_equal(picture[~face.black], face.colour[~face.black])
    assert face_png(face).startswith(b"\x89PNG")
    assert face_png(face) == face_png(face)
