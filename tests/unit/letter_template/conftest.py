from pathlib import Path

import pytest

from templates.letters.press import Press
from templates.letters.values import LetterValues
from tests.fakes.letter_values import sample_letter, sample_photo

FOLDERS = [Path("/usr/share/fonts/truetype"), Path("/usr/share/color/icc")]  # where Debian puts them


@pytest.fixture(scope="session")
def press() -> Press:
    return Press.load(FOLDERS)


@pytest.fixture(scope="session")
def photo() -> bytes:
    return sample_photo()


@pytest.fixture(scope="session")
def values(photo: bytes) -> LetterValues:
    return sample_letter(photo)
