"""A letter, and a signer with keys in software."""

import pytest

from station.letters.signing.signer import TokenPdfSigner
from tests.letter_flips.letter import SignedLetter, StoppedClock, make_letter
from tests.unit.letter_signing.signing_keys import SoftFileKey, letter_certificate


@pytest.fixture(scope="session")
def letter() -> SignedLetter:
    return make_letter()


@pytest.fixture(scope="session")
def body(letter: SignedLetter) -> bytes:
    return letter.body


@pytest.fixture(scope="session")
def signed(letter: SignedLetter) -> bytes:
    return letter.pdf


@pytest.fixture(scope="session")
def key() -> SoftFileKey:
    return SoftFileKey()


@pytest.fixture(scope="session")
def signer(key: SoftFileKey) -> TokenPdfSigner:
    return TokenPdfSigner(letter_certificate(key.certificate()), key, StoppedClock())
