"""Whole faces, dot by dot. After a wanted change run with UPDATE_GOLDEN=1, then look at the pictures."""

import datetime
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from templates.card import CardValues
from templates.card.back import render_back
from templates.card.face import CardFace, face_sha256
from templates.card.fonts import FontSet
from templates.card.front import render_front
from templates.card.layout import Layout
from templates.card.raster import Raster

CASES = ("citizen", "longest", "foreigner", "badgy", "agilia")


def longest(values: CardValues) -> CardValues:
    """The longest words that each element may hold, as real registers have them."""
    return replace(
        values,
        province="KEPULAUAN BANGKA BELITUNG",
        regency="KABUPATEN KEPULAUAN SIAU TAGULANDANG BIARO",
        name="MUHAMMAD ABDURRAHMAN WIRYAWAN KUSUMANINGRAT SASTRODIPUTRA II",
        birthplace="KEPULAUAN TANIMBAR SELATAN",
        address="PERUMAHAN GRIYA CONTOH INDAH PERMAI BLOK AA NOMOR 123 GANG CEMPAKA PUTIH",
        village="KARANGANYAR SUMBERGEMPOL KULON",
        district="PANGKALAN KERINCI TIMUR LAUT",
        religion="KEPERCAYAAN TERHADAP TUHAN YME",
        marital_status="CERAI HIDUP",
        occupation="TENTARA NASIONAL INDONESIA (TNI)",
        place_issued="KEPULAUAN SIAU TAGULANDANG BIARO",
    )


def foreigner(values: CardValues) -> CardValues:
    return replace(
        values,
        name="RENÉ O'SAMPLE",
        sex="LAKI-LAKI",
        religion="KATOLIK",
        marital_status="CERAI MATI",
        nationality="WNA",
        valid_until=datetime.date(2031, 5, 1),
    )


@pytest.fixture(params=CASES)
def case(
    request: pytest.FixtureRequest,
    values: CardValues,
    layout: Layout,
    fonts: FontSet,
    primacy: Raster,
    badgy: Raster,
    agilia: Raster,
) -> tuple[str, CardFace]:
    name = str(request.param)
    person, raster = {
        "citizen": (values, primacy),
        "longest": (longest(values), primacy),
        "foreigner": (foreigner(values), primacy),
        "badgy": (longest(values), badgy),
        "agilia": (longest(values), agilia),
    }[name]
    return name, render_front(person, layout, raster, fonts, specimen=True)


def test_every_dot_of_the_face_is_the_golden_one(case: tuple[str, CardFace], golden: Path) -> None:
    name, face = case
    picture, digests = golden / f"{name}.black.png", golden / "faces.json"
    known: dict[str, str] = json.loads(digests.read_text())
    if os.environ.get("UPDATE_GOLDEN"):
        Image.fromarray(~face.black).convert("1").save(picture, optimize=True)
        known[name] = face_sha256(face).hex()
        digests.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
    expected = ~np.array(Image.open(picture), dtype=np.bool_)
    assert np.array_equal(face.black, expected)
    assert face_sha256(face).hex() == known[name]


def test_raster_is_the_printers(case: tuple[str, CardFace]) -> None:
    name, face = case
    sizes = {"badgy": (1016, 562), "agilia": (2032, 1296)}
    assert (face.width, face.height) == sizes.get(name, (1016, 648))


def test_same_values_give_same_bytes_from_fresh_fonts(
    values: CardValues, layout: Layout, font_files: dict[str, Path], primacy: Raster
) -> None:
    faces = [
        render_front(values, layout, primacy, FontSet.load(layout, font_files), specimen=True)
        for _ in range(2)
    ]
    assert face_sha256(faces[0]) == face_sha256(faces[1])


def test_digest_sees_a_single_dot(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster
) -> None:
    face = render_front(values, layout, primacy, fonts, specimen=True)
    black, colour = face.black.copy(), face.colour.copy()
    black[0, 0] = True
    colour[0, 0, 2] = 254
    digests = {
        face_sha256(face),
        face_sha256(CardFace(face.colour, black)),
        face_sha256(CardFace(colour, face.black)),
    }
    assert len(digests) == 3


def test_a_face_cannot_be_changed_after_its_digest_was_taken(
    layout: Layout, fonts: FontSet, primacy: Raster
) -> None:
    face = render_back(layout, primacy, fonts, specimen=True)
    with pytest.raises(ValueError, match="read-only"):
        face.black[0, 0] = True


def test_planes_of_unequal_size_are_refused() -> None:
    with pytest.raises(ValueError, match="plane"):
        CardFace(np.zeros((2, 3, 3), dtype=np.uint8), np.zeros((3, 2), dtype=np.bool_))


def test_back_carries_no_data(layout: Layout, fonts: FontSet, primacy: Raster) -> None:
    blank = render_back(layout, primacy, fonts, specimen=False)
    assert not blank.black.any()
    assert (blank.colour == 255).all()
