"""What a record is found by, and that no word of it is on the disk."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.vault.tokens import birth_token, name_tokens, name_words

KEY = bytes(32)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SITI AMINAH", {"SITI", "AMINAH"}),
        ("  siti   Aminah ", {"SITI", "AMINAH"}),
        ("M. RIZKY", {"RIZKY"}),
        ("NUR'AINI", {"NURAINI"}),
        ("NUR\N{RIGHT SINGLE QUOTATION MARK}AINI", {"NURAINI"}),
        ("JOSÉ-MARIA", {"JOSE", "MARIA"}),
        ("DR. H. ABDUL, S.H.", {"DR", "ABDUL"}),
        ("SITI SITI", {"SITI"}),
        ("M", set()),
        ("", set()),
    ],
)
def test_words_of_names(name: str, words: set[str]) -> None:
    assert name_words(name) == words


def test_a_token_depends_on_key_word_and_field() -> None:
    assert name_tokens(KEY, "SITI") == name_tokens(KEY, "siti")
    assert name_tokens(KEY, "SITI") != name_tokens(bytes(31) + b"1", "SITI")
    assert name_tokens(KEY, "20000101") != {birth_token(KEY, date(2000, 1, 1))}
    assert name_tokens(KEY, "2000-01-01") & {birth_token(KEY, date(2000, 1, 1))} == set()


@given(st.text(max_size=40))
def test_any_text_has_tokens_of_sixteen_bytes(text: str) -> None:
    assert all(len(token) == 16 for token in name_tokens(KEY, text))
