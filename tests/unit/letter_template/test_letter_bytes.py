"""The same letter is the same bytes, and ten thousand letters need no more memory than a few."""

import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from templates.letters.errors import LetterValueError
from templates.letters.press import Press
from templates.letters.values import LetterValues
from tests.unit.letter_template.cases import foreigner, longest
from tests.unit.letter_template.conftest import FOLDERS
from tests.unit.letter_template.tools import run

AGAIN = """
import hashlib, pickle, sys
from pathlib import Path
from templates.letters.press import Press
values = pickle.loads(Path(sys.argv[1]).read_bytes())
press = Press.load([Path(folder) for folder in sys.argv[2:]])
print(hashlib.sha256(press.one_letter(values)).hexdigest())
"""


def test_same_values_give_same_bytes_whatever_was_made_before(press: Press, values: LetterValues) -> None:
    first = press.one_letter(values)
    press.one_letter(foreigner(values))
    press.many_letters([longest(values), foreigner(values)], BytesIO())
    assert press.one_letter(values) == first
    assert Press.load(FOLDERS).one_letter(values) == first


def test_another_process_with_another_seed_gives_the_same_bytes(
    press: Press, values: LetterValues, tmp_path: Path
) -> None:
    import hashlib
    import pickle

    stored = tmp_path / "values"
    stored.write_bytes(pickle.dumps(foreigner(values)))
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", AGAIN, str(stored), *map(str, FOLDERS)],
            env={"PYTHONHASHSEED": seed, "TZ": "Asia/Jakarta", "SOURCE_DATE_EPOCH": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == hashlib.sha256(press.one_letter(foreigner(values))).hexdigest()


def test_one_other_character_gives_other_bytes_and_another_identifier(
    press: Press, values: LetterValues
) -> None:
    one, other = press.one_letter(values), press.one_letter(replace(values, status_code="SFF"))
    assert one != other
    assert one[one.index(b"/ID[") :][:40] != other[other.index(b"/ID[") :][:40]


def test_many_letters_are_one_page_each_with_its_own_photo(
    press: Press, values: LetterValues, tmp_path: Path
) -> None:
    path = tmp_path / "many.pdf"
    with path.open("wb") as target:
        press.many_letters(
            [replace(values, number=f"471.13/{number:05}/2026") for number in range(1, 41)], target
        )
    assert "Pages:           40" in run("pdfinfo", path)
    assert run("pdftotext", "-f", "40", "-l", "40", path, "-").count("471.13/00040/2026") == 1
    fonts = run("pdffonts", path).splitlines()[2:]
    assert len(fonts) == 2
    assert all(" yes yes yes " in font for font in fonts)


def test_no_letter_at_all_is_refused(press: Press) -> None:
    with pytest.raises(LetterValueError, match="letters"):
        press.many_letters([], BytesIO())


class Sink(RawIOBase):
    """Takes bytes and keeps none."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return len(cast("bytes", data))


def test_memory_does_not_grow_with_the_number_of_letters(press: Press, values: LetterValues) -> None:
    """A letter of this photo is more than 15 kB in the file; in memory it may leave a few numbers."""
    seen: list[int] = []

    def letters() -> Iterator[LetterValues]:
        for number in range(401):
            if number in (100, 400):
                seen.append(tracemalloc.get_traced_memory()[0])
            yield replace(values, number=f"471.13/{number:05}/2026")

    tracemalloc.start()
    try:
        press.many_letters(letters(), cast(BinaryIO, Sink()))
    finally:
        tracemalloc.stop()
    assert (seen[1] - seen[0]) / 300 < 1500
