"""BER-TLV."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.chip.tlv import DataObject, TlvError, decode, encode

ONE_BYTE_TAGS = st.integers(0x01, 0xFF).filter(lambda tag: tag & 0x1F != 0x1F)
TWO_BYTE_TAGS = st.tuples(
    st.sampled_from([0x1F, 0x3F, 0x5F, 0x7F, 0x9F, 0xBF, 0xDF, 0xFF]), st.integers(0, 0x7F)
).map(lambda parts: parts[0] << 8 | parts[1])
OBJECTS = st.builds(DataObject, ONE_BYTE_TAGS | TWO_BYTE_TAGS, st.binary(max_size=300))


@pytest.mark.parametrize(
    ("item", "encoded"),
    [
        (DataObject(0x80, b""), "8000"),
        (DataObject(0x83, b"\x7f\x0a"), "83027F0A"),
        (DataObject(0x7F49, b"\x01"), "7F490101"),
        (DataObject(0x53, bytes(0x7F)), "537F" + "00" * 0x7F),
        (DataObject(0x53, bytes(0x80)), "538180" + "00" * 0x80),
        (DataObject(0x53, bytes(0x100)), "53820100" + "00" * 0x100),
    ],
)
def test_known_objects(item: DataObject, encoded: str) -> None:
    assert item.encode() == bytes.fromhex(encoded)
    assert decode(bytes.fromhex(encoded)) == (item,)


@given(st.lists(OBJECTS, max_size=5))
def test_what_was_joined_is_split(objects: list[DataObject]) -> None:
    assert decode(encode(objects)) == tuple(objects)


@given(st.binary(max_size=60))
def test_any_bytes_are_split_or_refused(data: bytes) -> None:
    try:
        objects = decode(data)
    except TlvError:
        return
    assert sum(len(item.value) for item in objects) <= len(data)


@given(st.lists(OBJECTS, min_size=1, max_size=3), st.data())
def test_a_cut_last_object_is_refused(objects: list[DataObject], data: st.DataObject) -> None:
    whole = encode(objects)
    last = len(objects[-1].encode())
    cut = data.draw(st.integers(1, last - 1))
    with pytest.raises(TlvError):
        decode(whole[: len(whole) - cut])


@pytest.mark.parametrize("encoded", ["00", "0000", "80", "8001", "8080", "80850000000001AA", "7F", "7F80"])
def test_faulty_objects(encoded: str) -> None:
    with pytest.raises(TlvError):
        decode(bytes.fromhex(encoded))


def test_a_length_that_is_longer_than_needed_is_read() -> None:
    assert decode(bytes.fromhex("80820001AA")) == (DataObject(0x80, b"\xaa"),)
