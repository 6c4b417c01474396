"""Pictures as people bring them: turned, cut, several letters on one, none at all."""

import numpy as np
import pytest
from PIL import Image

from station.letters.reading.codes import read_codes
from tests.scans.fold import FINDER, fold_through, folded
from tests.scans.letters import PrintedLetter, print_letters

SEED = 3


@pytest.fixture(scope="module")
def letters() -> list[PrintedLetter]:
    return list(print_letters(SEED, 3))


def sheet_of(letter: PrintedLetter) -> Image.Image:
    return Image.fromarray(letter.sheet.astype(np.uint8))


def code_of(letter: PrintedLetter, margin: float) -> Image.Image:
    """Only the code, with a margin in millimetres."""
    square, dots = letter.square, 150 / 25.4
    left, top = (square.left - margin) * dots, (square.top - margin) * dots
    side = (square.side + 2 * margin) * dots
    return sheet_of(letter).crop((int(left), int(top), int(left + side), int(top + side)))


def on_a_table(letters: list[PrintedLetter], grey: int) -> Image.Image:
    """Sheets side by side, each turned another way."""
    table = Image.new("L", (2100 * len(letters), 2200), grey)
    for place, letter in enumerate(letters):
        turned = sheet_of(letter).rotate(
            35 * place + 10, Image.Resampling.BICUBIC, expand=True, fillcolor=grey
        )
        table.paste(turned, (2100 * place, 20))
    return table


@pytest.mark.parametrize("turn", [90, 180, 137])
def test_the_sheet_may_lie_as_it_will(letters: list[PrintedLetter], turn: int) -> None:
    turned = sheet_of(letters[0]).rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    assert read_codes(turned) == [letters[0].code]


@pytest.mark.parametrize("dots_per_inch", [120, 200, 600])
def test_a_scanner_may_have_any_resolution(letters: list[PrintedLetter], dots_per_inch: int) -> None:
    sheet = sheet_of(letters[1])
    size = (sheet.width * dots_per_inch // 150, sheet.height * dots_per_inch // 150)
    assert read_codes(sheet.resize(size, Image.Resampling.BICUBIC)) == [letters[1].code]


@pytest.mark.parametrize("margin", [2.5, 0.5])
def test_a_photo_of_the_code_alone_is_enough(letters: list[PrintedLetter], margin: float) -> None:
    code = code_of(letters[0], margin)
    assert read_codes(code) == [letters[0].code]
    assert read_codes(code.resize((1800, 1800), Image.Resampling.BICUBIC)) == [letters[0].code]


@pytest.mark.parametrize("grey", [15, 120, 250])
def test_all_letters_in_one_picture_are_read(letters: list[PrintedLetter], grey: int) -> None:
    assert sorted(read_codes(on_a_table(letters, grey))) == sorted(letter.code for letter in letters)


def test_a_folded_letter_beside_a_sound_one_is_read_too(letters: list[PrintedLetter]) -> None:
    """Where a fold goes through a finder pattern, reading the other letter is no reason to stop."""
    sound, torn = letters[:2]
    fold = fold_through(torn.square, (FINDER, FINDER), flaked=0.9)
    picture = np.clip(np.hstack([sound.sheet, folded(torn.sheet, fold)]), 0, 255).astype(np.uint8)
    assert read_codes(picture, mend=False) == [sound.code]
    assert read_codes(picture) == [sound.code, torn.code]


def test_where_no_code_is_none_is_read(letters: list[PrintedLetter]) -> None:
    sheet = letters[0].sheet.copy()
    top = int((letters[0].square.top - 3) * 150 / 25.4)
    sheet[top:] = 255
    assert read_codes(sheet.astype(np.uint8)) == []


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 4000), (4000, 1), (0, 0), (0, 7), (3, 3), (25, 25), (600, 800)]
)
@pytest.mark.parametrize("level", [0, 128, 255])
def test_even_pictures_of_any_shape_hold_no_code(shape: tuple[int, int], level: int) -> None:
    assert read_codes(np.full(shape, level, dtype=np.uint8)) == []


def test_noise_and_stripes_hold_no_code() -> None:
    source = np.random.default_rng(SEED)
    assert read_codes(source.integers(0, 256, (700, 900)).astype(np.uint8)) == []
    stripes = np.tile(np.repeat(np.array([0, 255], dtype=np.uint8), 4), (800, 100))
    assert read_codes(stripes) == []
    assert read_codes(stripes ^ stripes.T) == []
