"""Packing and sealing: one form, byte for byte, and nothing else opens."""

import hashlib

import cbor2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from station.errors import InputFault
from station.vault.sealed import (
    KEY_BYTES,
    LARGEST_PACKED,
    MOST_PARTS,
    RecordSealBroken,
    SealedRecord,
    open_sealed,
    pack,
    seal,
    unpack,
)

PARTS = {"record.json": b"{}", "photo.jpg": bytes(1000), "fingers.iso": b"FMR"}
names = st.from_regex(r"\A[0-9a-z][0-9a-z._-]{0,20}\Z")


def code_of(caught: pytest.ExceptionInfo[InputFault]) -> str:
    return caught.value.code


@given(st.dictionaries(names, st.binary(max_size=200), min_size=1, max_size=8))
def test_what_is_packed_comes_back_and_the_order_does_not_matter(parts: dict[str, bytes]) -> None:
    packed = pack(parts)
    assert unpack(packed) == parts
    assert pack(dict(reversed(parts.items()))) == packed


def test_another_cbor_library_s_user_reads_it() -> None:
    assert cbor2.loads(pack(PARTS)) == PARTS


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_other_bytes_are_refused_with_a_code(junk: bytes) -> None:
    try:
        parts = unpack(junk)
    except InputFault as error:
        assert error.code == "RECORD_PARTS_MALFORMED"
    else:
        assert pack(parts) == junk


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        cbor2.dumps([1]),
        cbor2.dumps({"a": "text"}),
        cbor2.dumps({1: b"x"}),
        cbor2.dumps({}),
        cbor2.dumps({"../etc": b"x"}),
        cbor2.dumps({"A": b"x"}),
        pack(PARTS) + b"\0",
        b"\xbf\x61a\x41x\xff",  # a map without a length
        b"\xa2\x61a\x41x\x61a\x41y",  # a name twice
        b"\xa1\x78\x01a\x41x",  # a length longer than needed
        b"\xd8\x23\x61\x28",  # a regular expression that cannot be
        b"\x9f" * 5000,
        b"\xbb\x7f\xff\xff\xff\xff\xff\xff\xff",
        cbor2.dumps({f"p{number}": b"" for number in range(MOST_PARTS + 1)}, canonical=True),
    ],
)
def test_only_the_one_form_is_read(packed: bytes) -> None:
    with pytest.raises(InputFault) as caught:
        unpack(packed)
    assert code_of(caught) == "RECORD_PARTS_MALFORMED"


def test_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(InputFault):
        pack({"photo.jpg": bytes(LARGEST_PACKED)})
    with pytest.raises(InputFault):
        unpack(bytes(LARGEST_PACKED + 1))


def test_sealed_bytes_are_aes_gcm_bound_to_the_record() -> None:
    sealed, key = seal("r-1", pack(PARTS))
    assert len(key) == KEY_BYTES
    assert sealed.sealed[:4] == b"PSR1"
    plain = AESGCM(key).decrypt(sealed.sealed[4:16], sealed.sealed[16:], b"PSR1r-1")
    assert plain == pack(PARTS) == open_sealed(sealed, key)
    assert sealed.content_hash == hashlib.sha256(sealed.sealed).hexdigest()


def test_the_same_record_never_looks_the_same() -> None:
    first, first_key = seal("r-1", pack(PARTS))
    second, second_key = seal("r-1", pack(PARTS))
    assert first.content_hash != second.content_hash
    assert first_key != second_key
    assert b"FMR" not in first.sealed


@given(st.data())
def test_every_damaged_byte_is_noticed(data: st.DataObject) -> None:
    sealed, key = seal("r-1", pack({"record.json": b"{}"}))
    content = bytearray(sealed.sealed)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(RecordSealBroken) as caught:
        open_sealed(SealedRecord("r-1", bytes(content)), key)
    assert code_of(caught) == "RECORD_SEAL_BROKEN"


@pytest.mark.parametrize("length", [0, 3, 4, 16, 31, 32, 33])
def test_cut_bytes_are_noticed(length: int) -> None:
    sealed, key = seal("r-1", pack(PARTS))
    with pytest.raises(RecordSealBroken):
        open_sealed(SealedRecord("r-1", sealed.sealed[:length]), key)


@pytest.mark.parametrize("key", [b"", bytes(16), bytes(32), bytes(33)])
def test_another_key_or_another_record_does_not_open_it(key: bytes) -> None:
    sealed, right = seal("r-1", pack(PARTS))
    with pytest.raises(RecordSealBroken):
        open_sealed(sealed, key)
    with pytest.raises(RecordSealBroken):
        open_sealed(SealedRecord("r-2", sealed.sealed), right)


@pytest.mark.parametrize("record", ["", "a b", "../x", "x" * 65, "nämé"])
def test_a_record_has_an_id_that_can_be(record: str) -> None:
    with pytest.raises(InputFault):
        seal(record, pack(PARTS))


def test_neither_key_nor_bytes_show_in_a_trace() -> None:
    sealed, _ = seal("r-1", pack(PARTS))
    assert "PSR1" not in repr(sealed)
