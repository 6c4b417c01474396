"""The shrink-and-wrap rule: whole or not at all."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from templates.card import CardValues, FaceOverflowError
from templates.card.fit import SetLine, set_text
from templates.card.fonts import FontSet
from templates.card.front import render_front
from templates.card.layout import Layout, LayoutText
from templates.card.raster import CardOnRaster, DotBox, Raster

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
names_of_sixty = st.text(alphabet=LETTERS + "  '.", min_size=60, max_size=60).map(str.strip)
few = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def place(layout: Layout, name: str) -> LayoutText:
    return next(text for text in layout.texts if text.name == name)


def dots(layout: Layout, raster: Raster, name: str) -> DotBox:
    box = place(layout, name)
    return CardOnRaster(raster, layout.width, layout.height).box(box.x, box.y, box.width, box.height)


def lines_of(layout: Layout, fonts: FontSet, raster: Raster, name: str, text: str) -> tuple[SetLine, ...]:
    style = layout.styles[place(layout, name).style]
    return set_text(name, text, dots(layout, raster, name), style, fonts[style.font], raster)


@given(text=names_of_sixty)
@few
def test_every_name_of_sixty_letters_is_set_whole_inside_its_box(
    layout: Layout, fonts: FontSet, primacy: Raster, text: str
) -> None:
    lines = lines_of(layout, fonts, primacy, "name", text)
    box = dots(layout, primacy, "name")
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert box.left <= line.left
        assert line.left + line.lettering.width <= box.right
        assert box.top <= line.top
        assert line.top + line.lettering.height <= box.bottom


@given(text=names_of_sixty)
@settings(few, max_examples=10)
def test_a_name_leaves_no_dot_outside_its_box(
    values: CardValues, layout: Layout, fonts: FontSet, badgy: Raster, text: str
) -> None:
    with_name = render_front(replace(values, name=text or "A"), layout, badgy, fonts, specimen=False)
    other = render_front(replace(values, name="A"), layout, badgy, fonts, specimen=False)
    box = dots(layout, badgy, "name")
    changed = with_name.black != other.black
    changed[box.top : box.bottom, box.left : box.right] = False
    assert not changed.any()


@pytest.mark.parametrize("raster", ["primacy", "badgy", "agilia"])
def test_sixty_of_the_widest_letter_fit_on_every_raster(
    layout: Layout, fonts: FontSet, raster: str, request: pytest.FixtureRequest
) -> None:
    dot_grid: Raster = request.getfixturevalue(raster)
    assert len(lines_of(layout, fonts, dot_grid, "name", "W" * 60)) == 2


def test_two_lines_do_not_touch(layout: Layout, fonts: FontSet, primacy: Raster) -> None:
    upper, lower = lines_of(layout, fonts, primacy, "name", ("Q" * 14 + " ") * 3 + "Q" * 15)
    assert upper.top + upper.lettering.height < lower.top


def test_short_names_stand_on_one_line_at_full_size(layout: Layout, fonts: FontSet, primacy: Raster) -> None:
    (line,) = lines_of(layout, fonts, primacy, "name", "NI")
    full = layout.styles["long_value"].size
    assert line.lettering.height == pytest.approx(primacy.down(full * 0.69), abs=2)  # height of capitals


def test_long_names_break_at_a_blank(layout: Layout, fonts: FontSet, primacy: Raster) -> None:
    name = "MUHAMMAD ABDURRAHMAN WIRYAWAN KUSUMANINGRAT SASTRODIPUTRA II"
    lines = lines_of(layout, fonts, primacy, "name", name)
    assert " ".join(line.text for line in lines) == name


def test_a_shrunk_line_stands_on_the_base_line_of_its_label(
    layout: Layout, fonts: FontSet, primacy: Raster
) -> None:
    (label,) = lines_of(layout, fonts, primacy, "occupation_label", "EH")
    (long,) = lines_of(layout, fonts, primacy, "occupation", "TENTARA NASIONAL INDONESIA EHE")
    assert label.lettering.height > long.lettering.height
    assert label.top + label.lettering.height == pytest.approx(long.top + long.lettering.height, abs=1)


@pytest.mark.parametrize(
    "field", ["name", "address", "occupation", "village", "district", "birthplace", "place_issued", "regency"]
)
def test_what_does_not_fit_is_an_error_that_names_the_field(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster, field: str
) -> None:
    with pytest.raises(FaceOverflowError) as caught:
        person = replace(values, **{field: "W" * 90})  # type: ignore[arg-type]
        render_front(person, layout, primacy, fonts, specimen=True)
    assert caught.value.field == {"birthplace": "birth"}.get(field, field)
    assert "WWW" not in str(caught.value)


def test_letters_on_oblong_dots_keep_their_shape_in_millimetres(
    layout: Layout, fonts: FontSet, primacy: Raster, badgy: Raster
) -> None:
    (square,), (oblong,) = (
        lines_of(layout, fonts, raster, "nik", "9901014902910001") for raster in (primacy, badgy)
    )
    assert oblong.lettering.width == pytest.approx(square.lettering.width, rel=0.03)
    assert oblong.lettering.height == pytest.approx(square.lettering.height * 260 / 300, abs=1.5)


def test_accents_stay_inside_the_box(layout: Layout, fonts: FontSet, primacy: Raster) -> None:
    box = dots(layout, primacy, "birth")
    (line,) = lines_of(layout, fonts, primacy, "birth", "ÉÅÇ, 01-02-1990")
    assert box.top <= line.top
    assert line.top + line.lettering.height <= box.bottom
    assert np.count_nonzero(line.lettering.dots) > 0
