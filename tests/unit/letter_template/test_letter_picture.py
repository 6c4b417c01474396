"""Letters as pictures. After a wanted change run with UPDATE_GOLDEN=1, then look at the pictures."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from templates.letters.layout import PaperName
from templates.letters.press import Press
from templates.letters.values import LetterValues
from tests.unit.letter_template.cases import WIDEST_NAME, foreigner, longest
from tests.unit.letter_template.tools import picture_of

GOLDEN = Path(__file__).with_name("golden")
CASES = ("plain", "longest", "foreigner", "folio")
DOTS = 60
# Rasterisers differ in the grey of an edge, between versions and machines; a moved letter differs by black.
MOST_DIFFERENT = 0.0003  # of all dots: about a hundred
EDGE = 96  # grey levels out of 255


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, values: LetterValues) -> tuple[str, LetterValues, PaperName]:
    name = str(request.param)
    paper: PaperName = "folio" if name == "folio" else "a4"
    cases = {"plain": values, "longest": longest(values), "foreigner": foreigner(values), "folio": values}
    return name, cases[name], paper


def different(one: Image.Image, other: Image.Image) -> float:
    if one.size != other.size:
        return 1.0
    gap = np.abs(np.asarray(one, dtype=np.int16) - np.asarray(other, dtype=np.int16))
    return float((gap > EDGE).mean())


def test_the_letter_looks_like_the_golden_one(
    press: Press, case: tuple[str, LetterValues, PaperName], tmp_path: Path
) -> None:
    name, values, paper = case
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(press.one_letter(values, paper))
    picture = picture_of(letter, DOTS).convert("L")
    golden = GOLDEN / f"{name}.png"
    if os.environ.get("UPDATE_GOLDEN"):
        picture.save(golden, optimize=True)
    assert different(picture, Image.open(golden)) < MOST_DIFFERENT


def test_the_comparison_sees_one_other_letter(press: Press, values: LetterValues, tmp_path: Path) -> None:
    letter = tmp_path / "letter.pdf"
    changed = replace(values.holder, name=values.holder.name.replace("SITI", "SRI"))
    letter.write_bytes(press.one_letter(replace(values, holder=changed)))
    picture = picture_of(letter, DOTS).convert("L")
    assert different(picture, Image.open(GOLDEN / "plain.png")) > 2 * MOST_DIFFERENT


@pytest.mark.parametrize("paper", ["a4", "folio"])
def test_both_codes_are_read_from_the_sheet(
    press: Press, values: LetterValues, paper: PaperName, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(press.one_letter(values, paper))
    sheet = np.asarray(picture_of(letter, 200).convert("L"))
    read = {str(code.format): code for code in zxingcpp.read_barcodes(sheet)}
    assert {code.text for code in read.values()} == {values.qr_payload, values.holder.nik}
    side = next(code for code in read.values() if code.text == values.qr_payload).position
    assert (side.top_right.x - side.top_left.x) / 200 * 25.4 == pytest.approx(40, abs=0.5)


def test_bytes_in_the_qr_code_come_out_as_they_went_in(
    press: Press, values: LetterValues, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"
    payload = bytes(range(256))
    letter.write_bytes(press.one_letter(replace(values, qr_payload=payload)))
    sheet = np.asarray(picture_of(letter, 200).convert("L"))
    assert payload in {code.bytes for code in zxingcpp.read_barcodes(sheet)}


def test_no_ink_leaves_the_margins(press: Press, values: LetterValues, tmp_path: Path) -> None:
    widest = replace(longest(values).holder, name=WIDEST_NAME)
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(press.one_letter(replace(longest(values), holder=widest, specimen=False)))
    dots = np.asarray(picture_of(letter, 100).convert("L"))
    edges = {side: round(length / 25.4 * 100) - 2 for side, length in (("x", 25), ("right", 20), ("y", 10))}
    ink = dots < 200
    assert not ink[:, : edges["x"]].any()
    assert not ink[:, -edges["right"] :].any()
    assert not ink[: edges["y"]].any()
    assert not ink[-edges["y"] :].any()


def test_the_photo_is_shown_in_its_colours_whole_in_its_frame(
    press: Press, values: LetterValues, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(press.one_letter(replace(values, specimen=False)))
    sheet = np.asarray(picture_of(letter, 100), dtype=np.int16)
    coloured = (sheet.max(axis=2) - sheet.min(axis=2)) > 60
    down, across = np.nonzero(coloured)
    assert (across.max() - across.min()) / 100 * 25.4 == pytest.approx(30, abs=0.7)
    assert (down.max() - down.min()) / 100 * 25.4 == pytest.approx(40, abs=8)
