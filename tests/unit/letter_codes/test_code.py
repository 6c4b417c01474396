"""The QR text of a letter: what is accepted, what is found, and what readers that we did not write say."""

import base64
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime

import base45
import cbor2
import claim169
import cwt
import pytest
import zxingcpp

from station.claim_keys import Algorithm
from station.letters.claim import cose
from station.letters.claim.code import read_code, write_code
from station.letters.claim.container import unwrap, wrap
from station.letters.claim.errors import ClaimRefused, Flaw
from station.letters.claim.statement import LetterStatement
from station.letters.trust import TrustedKey
from tests.unit.letter_codes.letter_keys import ISSUER, SoftClaimKey

ISSUED = int(datetime(2026, 11, 24, 3, tzinfo=UTC).timestamp())
STATEMENT = LetterStatement(
    issuer=ISSUER,
    number="471.13/01234/35.09.325/2026",
    year=2026,
    place=1233,
    nik="3509014107900001",
    name="SPESIMEN SITI NURHALIZAH BINTI ABDUL",
    birth_date=date(1990, 7, 1),
    issued=ISSUED,
    expires=ISSUED + 182 * 86_400,
)
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # ISO/IEC 18004, table 5


@pytest.fixture(params=list(Algorithm), ids=lambda algorithm: algorithm.name)
def key(request: pytest.FixtureRequest) -> SoftClaimKey:
    return SoftClaimKey(request.param)


def finder(key: SoftClaimKey) -> dict[bytes, TrustedKey]:
    return {key.key_id: key.trusted()}


def nobody(key_id: bytes) -> None:
    """Trust no key."""


def test_what_is_written_is_read(key: SoftClaimKey) -> None:
    assert read_code(write_code(STATEMENT, key), finder(key).get).statement == STATEMENT


def test_every_flipped_bit_is_found(key: SoftClaimKey) -> None:
    """Each bit of the text that a scanner hands over, and each bit of the packed bytes below Base45."""
    text, keys = write_code(STATEMENT, key), finder(key)
    packed = base45.b45decode(text)
    for position in range(8 * len(text)):
        flipped = bytearray(text.encode("ascii"))
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises(ClaimRefused):
            read_code(flipped.decode("latin-1"), keys.get)
    for position in range(8 * len(packed)):
        changed = bytearray(packed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(ClaimRefused):
            read_code(base45.b45encode(bytes(changed)).decode(), keys.get)


def test_every_other_character_is_found(key: SoftClaimKey) -> None:
    text, keys = write_code(STATEMENT, key), finder(key)
    for position in range(len(text)):
        for other in ALPHANUMERIC:
            if other != text[position]:
                with pytest.raises(ClaimRefused):
                    read_code(text[:position] + other + text[position + 1 :], keys.get)


@pytest.mark.parametrize("level", range(1, 10))
def test_another_compression_of_the_same_token_is_refused(key: SoftClaimKey, level: int) -> None:
    text = write_code(STATEMENT, key)
    again = base45.b45encode(zlib.compress(unwrap(text), level)).decode()
    assert again != text
    with pytest.raises(ClaimRefused) as refused:
        read_code(again, finder(key).get)
    assert refused.value.flaw is Flaw.ENCODING


@pytest.mark.parametrize("tail", [b"\0", b"x", b"\x78\x01"])
def test_bytes_after_the_stream_are_refused(key: SoftClaimKey, tail: bytes) -> None:
    packed = base45.b45decode(write_code(STATEMENT, key))
    with pytest.raises(ClaimRefused):
        read_code(base45.b45encode(packed + tail).decode(), finder(key).get)


def test_the_second_ecdsa_signature_is_refused() -> None:
    """(r, n - s) verifies as well as (r, s), RFC 9053 says nothing of it: a letter has one code."""
    key = SoftClaimKey(Algorithm.ES256)
    token = cose.take_apart(unwrap(write_code(STATEMENT, key)))
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    s = order - int.from_bytes(token.signature[32:], "big")
    twin = replace(token, signature=token.signature[:32] + s.to_bytes(32, "big"))
    assert key.trusted().verifies(twin.to_be_signed, twin.signature)
    with pytest.raises(ClaimRefused) as refused:
        read_code(wrap(twin.encoded()), finder(key).get)
    assert refused.value.flaw is Flaw.ENCODING


def test_other_cbor_of_the_same_claims_is_refused(key: SoftClaimKey) -> None:
    """Signed by the right key: an encoder that is not ours has another form, and one letter has one code."""
    claims = STATEMENT.claims()
    wide = cbor2.dumps(dict(reversed(claims.items())))  # keys in another order
    unsigned = cose.SignedToken(key.algorithm, key.key_id, {}, wide, b"")
    signed = replace(unsigned, signature=cose.lowest_form(key.algorithm, key.sign(unsigned.to_be_signed)))
    with pytest.raises(ClaimRefused) as refused:
        read_code(wrap(signed.encoded()), finder(key).get)
    assert refused.value.flaw is Flaw.ENCODING


def test_an_unprotected_header_is_refused(key: SoftClaimKey) -> None:
    protected, _, payload, signature = cbor2.loads(unwrap(write_code(STATEMENT, key))).value
    loose = cbor2.dumps(cbor2.CBORTag(18, [protected, {4: key.key_id}, payload, signature]))
    with pytest.raises(ClaimRefused) as refused:
        read_code(wrap(loose), finder(key).get)
    assert refused.value.flaw is Flaw.ENCODING


def test_a_key_that_nobody_trusts(key: SoftClaimKey) -> None:
    with pytest.raises(ClaimRefused) as refused:
        read_code(write_code(STATEMENT, key), nobody)
    assert refused.value.flaw is Flaw.KEY_UNKNOWN


def test_another_office_may_not_sign_for_this_one(key: SoftClaimKey) -> None:
    with pytest.raises(ClaimRefused) as refused:
        read_code(write_code(replace(STATEMENT, issuer=ISSUER + "9"), key), finder(key).get)
    assert refused.value.flaw is Flaw.KEY_UNKNOWN


def test_a_stolen_key_ends_with_its_date(key: SoftClaimKey) -> None:
    late = replace(STATEMENT, issued=int(datetime(2027, 2, 1, tzinfo=UTC).timestamp()))
    with pytest.raises(ClaimRefused) as refused:
        read_code(write_code(late, key), finder(key).get)
    assert refused.value.flaw is Flaw.KEY_NOT_VALID


@pytest.mark.parametrize(
    "text", ["", "HELLO", "https://example.id", "%69 VDK2E", "Ä" * 20, "A" * 5000, "6BF" * 40]
)
def test_other_texts_are_no_letters(text: str) -> None:
    with pytest.raises(ClaimRefused) as refused:
        read_code(text, nobody)
    assert refused.value.flaw is Flaw.FOREIGN


@pytest.mark.parametrize(
    "item",
    [
        cbor2.CBORTag(18, [b"\xa0", {}, b"", b""]),
        cbor2.CBORTag(18, [b"\x81", {}, b"\xa0", bytes(64)]),
        cbor2.CBORTag(18, "text"),
        cbor2.CBORTag(98, [b"", {}, b"", []]),
        {1: 2},
        [[[[[]]]]],
    ],
    ids=repr,
)
def test_other_cbor_is_no_letter(item: object) -> None:
    with pytest.raises(ClaimRefused) as refused:
        read_code(wrap(cbor2.dumps(item)), nobody)
    assert refused.value.flaw is Flaw.FOREIGN


def test_claim169_of_others_reads_it(key: SoftClaimKey) -> None:
    """`claim169` (Rust) finds the signature good and the same attributes."""
    text = write_code(STATEMENT, key)
    public = key.public_key[-32:] if key.algorithm is Algorithm.EDDSA else key.public_key[-65:]
    if key.algorithm is Algorithm.EDDSA:
        found = claim169.decode_with_ed25519(text, public, validate_timestamps=False)
    else:
        found = claim169.decode_with_ecdsa_p256(text, public, validate_timestamps=False)
    assert found.claim169.id == STATEMENT.nik
    assert found.claim169.full_name == STATEMENT.name
    assert found.claim169.date_of_birth == "19900701"
    assert found.cwt_meta.issuer == ISSUER
    assert found.cwt_meta.subject == STATEMENT.number


def test_cwt_of_others_reads_it(key: SoftClaimKey) -> None:
    """The `cwt` package finds the signature good and the same claims."""
    names = {Algorithm.EDDSA: "EdDSA", Algorithm.ES256: "ES256"}
    lasting = replace(
        STATEMENT, expires=4_102_444_800
    )  # in the year 2100: that package judges the time itself
    verifier = cwt.COSEKey.from_pem(_pem(key.public_key), alg=names[key.algorithm], kid=key.key_id)
    assert cwt.decode(unwrap(write_code(lasting, key)), verifier) == lasting.claims()


def _pem(der: bytes) -> str:
    return f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(der).decode()}-----END PUBLIC KEY-----\n"


def test_the_code_fits_where_it_is_printed(key: SoftClaimKey) -> None:
    """Up to the longest name: at most version 13 at level M, 69 modules; read back exactly."""
    for name in (STATEMENT.name, "SPESIMEN " + "W" * 51):
        text = write_code(replace(STATEMENT, name=name), key)
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        picture = code.to_image(scale=4)
        assert picture.shape[0] // 4 <= 69 + 8
        # QR codes only, as the station reads: among random modules one may see a short barcode.
        qr_codes = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        found = zxingcpp.read_barcodes(picture, formats=qr_codes)
        assert [code.text for code in found] == [text]
