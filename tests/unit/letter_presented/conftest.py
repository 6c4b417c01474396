import pytest

from tests.letter_flips.letter import SignedLetter, make_letter


@pytest.fixture(scope="session")
def letter() -> SignedLetter:
    return make_letter()
