"""BER-TLV parsing, with what a hostile client may send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.chip.tlv import TlvError, encode, parse


def test_tags_and_lengths_of_all_forms() -> None:
    data = bytes.fromhex("800200FF5F2D81026964DF8101010083820003010203A500")
    assert list(parse(data)) == [
        (0x80, b"\x00\xff"),
        (0x5F2D, b"id"),
        (0xDF8101, b"\x00"),
        (0x83, b"\x01\x02\x03"),
        (0xA5, b""),
    ]


@pytest.mark.parametrize("faulty", ["80", "8002", "800200", "5F", "DF81", "8080", "8083000001", "8081"])
def test_faulty_objects(faulty: str) -> None:
    with pytest.raises(TlvError):
        list(parse(bytes.fromhex(faulty)))


@given(st.binary(max_size=60))
def test_any_bytes_parse_or_are_refused(data: bytes) -> None:
    try:
        objects = list(parse(data))
    except TlvError:
        return
    assert sum(len(value) for _, value in objects) <= len(data)


@given(st.integers(0x80, 0x9E), st.binary(max_size=255))
def test_round_trip(tag: int, value: bytes) -> None:
    assert list(parse(encode(tag, value))) == [(tag, value)]
