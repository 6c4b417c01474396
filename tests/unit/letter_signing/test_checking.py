"""What the strict check does not let pass; all positions are tried by `python -m tests.letter_flips`."""

import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random

import pikepdf
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from station.letters.signing.checking import Signedness, check_signature
from station.letters.signing.container import signed_attributes, write_container
from station.letters.signing.signer import TokenPdfSigner
from station.letters.signing.writing import prepare
from tests.letter_flips import hunting
from tests.letter_flips.changes import added_bytes
from tests.letter_flips.letter import SignedLetter, StoppedClock, judge
from tests.unit.letter_signing.signing_keys import NOON, SoftFileKey, letter_certificate

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SAMPLE = 400


def judged(pdf: bytes, signer: TokenPdfSigner) -> Signedness:
    return check_signature(pdf, [signer.certificate]).signedness


def gap(pdf: bytes) -> tuple[int, int]:
    """The places of the first and after the last hexadecimal digit."""
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    return start, pdf.index(b">", start)


def test_a_seeded_sample_of_flipped_bytes(letter: SignedLetter) -> None:
    """Anywhere in the file, and twice as often in the container, which no digest covers."""
    start, end = gap(letter.pdf)
    random = Random(20261128)
    places = random.sample(range(len(letter.pdf)), SAMPLE) + random.sample(range(start, end), SAMPLE // 2)
    tally = hunting.hunt_files(letter, places, seed=7)
    assert (tally.believed, tally.failed, tally.tried) == ([], [], len(places))


def test_the_hunt_would_find_a_check_that_is_lax(
    letter: SignedLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that forgives letter case in the container: the hunt must see it."""
    monkeypatch.setattr(
        "station.letters.presented.judging.check_signature",
        lambda pdf, believed: check_signature(
            pdf.replace(pdf[slice(*gap(letter.pdf))], letter.pdf[slice(*gap(letter.pdf))]), believed
        ),
    )
    start, _ = gap(letter.pdf)
    tally = hunting.hunt_files(letter, range(start, start + 2), seed=1)
    assert len(tally.believed) == 2


def test_bytes_more_and_less(letter: SignedLetter, signer: TokenPdfSigner) -> None:
    changes = list(added_bytes(letter.pdf))
    assert len(changes) > 2_000
    for name, changed in [*Random(11).sample(changes, SAMPLE), *changes[-3:]]:
        assert judged(changed, signer) is Signedness.ALTERED, name


def test_small_hexadecimal_digits(signed: bytes, signer: TokenPdfSigner) -> None:
    """poppler and pyHanko still call this valid."""
    start, end = gap(signed)
    changed = signed[:start] + signed[start:end].lower() + signed[end:]
    assert judged(changed, signer) is not Signedness.SIGNED


def _refilled(pdf: bytes, raw: bytes) -> bytes:
    start, end = gap(pdf)
    digits = raw.hex().upper().encode("ascii")
    assert len(digits) <= end - start
    return pdf[:start] + digits.ljust(end - start, b"0") + pdf[end:]


def _parts(signed: bytes, signer: TokenPdfSigner) -> tuple[bytes, bytes]:
    """The digest of the file, and the signature value."""
    start, end = gap(signed)
    digest = hashlib.sha256(signed[: start - 1] + signed[end + 1 :]).digest()
    raw = bytes.fromhex(signed[start:end].decode("ascii"))
    length = 4 + int.from_bytes(raw[2:4], "big")
    (size,) = (n for n in range(60, 73) if raw[length - n - 2 : length - n] == bytes((4, n)))
    assert write_container(signer.certificate, digest, raw[length - size : length]) == raw[:length]
    return digest, raw[length - size : length]


def test_the_other_signature_that_verifies_alike(signed: bytes, signer: TokenPdfSigner) -> None:
    digest, signature = _parts(signed, signer)
    r, s = decode_dss_signature(signature)
    other = encode_dss_signature(r, ORDER - s)
    signer.certificate.key.verify(
        other, signed_attributes(signer.certificate, digest), ec.ECDSA(hashes.SHA256())
    )
    container = write_container(signer.certificate, digest, other)
    start, end = gap(signed)
    if len(container) * 2 > end - start:  # the gap has no room for a longer one
        return
    assert judged(_refilled(signed, container), signer) is Signedness.ALTERED


def test_a_signature_of_other_lengths(signed: bytes, signer: TokenPdfSigner) -> None:
    digest, signature = _parts(signed, signer)
    for value in (b"", b"\x30\x00", signature[:-1], b"\x30\x06\x02\x01\x01\x02\x01\x01", bytes(70)):
        container = write_container(signer.certificate, digest, value)
        assert judged(_refilled(signed, container), signer) is Signedness.ALTERED


def test_padding_that_is_not_zero(signed: bytes, signer: TokenPdfSigner) -> None:
    start, end = gap(signed)
    raw = bytearray(bytes.fromhex(signed[start:end].decode("ascii")))
    length = 4 + int.from_bytes(raw[2:4], "big")
    for place in range(length, len(raw)):
        changed = bytearray(raw)
        changed[place] = 1
        assert judged(_refilled(signed, bytes(changed)), signer) is Signedness.ALTERED


def test_a_wider_gap(body: bytes, signer: TokenPdfSigner, key: SoftFileKey) -> None:
    """Signed by the right key, with room for loose bytes: not what the station writes."""
    prepared = prepare(body, NOON, 4_200)
    attributes = signed_attributes(signer.certificate, prepared.digest)
    signature = key.private.sign(attributes, ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(signature)
    signature = encode_dss_signature(r, min(s, ORDER - s))
    pdf = prepared.filled(write_container(signer.certificate, prepared.digest, signature))
    assert judged(pdf, signer) is Signedness.ALTERED


def test_the_unsigned_letter_and_other_files(body: bytes, signer: TokenPdfSigner) -> None:
    assert judged(body, signer) is Signedness.UNSIGNED
    assert judged(b"", signer) is Signedness.UNSIGNED
    for trace in (b"/ByteRange", b"/ByteRange [0 1 2 3]", b"/Adobe.PPKLite", b"/Contents <00>\n/ByteRange"):
        assert judged(b"%PDF-1.7\n" + trace + b"\n%%EOF\n", signer) is Signedness.SIGNER_UNKNOWN


def test_a_certificate_that_nobody_believes(signed: bytes) -> None:
    other = letter_certificate(SoftFileKey(99).certificate())
    assert check_signature(signed, [other]).signedness is Signedness.SIGNER_UNKNOWN
    assert check_signature(signed, []).signedness is Signedness.SIGNER_UNKNOWN


def test_another_certificate_of_the_same_key(signed: bytes, signer: TokenPdfSigner, key: SoftFileKey) -> None:
    """The certificate is signed too (signing-certificate-v2): it cannot be exchanged."""
    others = (letter_certificate(key.certificate(serial=(1 << 63) + number)) for number in range(9, 99))
    other = next(one for one in others if len(one.der) == len(signer.certificate.der))
    digest, signature = _parts(signed, signer)
    exchanged = _refilled(signed, write_container(other, digest, signature))
    assert check_signature(exchanged, [signer.certificate, other]).signedness is Signedness.ALTERED


def test_a_second_signature_over_the_first(signed: bytes, signer: TokenPdfSigner) -> None:
    """A file that anybody has signed again is no longer the office's, though poppler shows two good ones."""
    steps = PdfCMSEmbedder(SigFieldSpec("Other")).write_cms(
        "Other", IncrementalPdfFileWriter(BytesIO(signed))
    )
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=SignatureObject(timestamp=NOON, bytes_reserved=4_200)))
    _, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    assert judged(output.getvalue(), signer) is Signedness.ALTERED


def test_a_file_that_is_written_anew(signed: bytes, signer: TokenPdfSigner) -> None:
    """Opened and saved by another program: what it shows may be the same, the signature is gone."""
    target = BytesIO()
    with pikepdf.open(BytesIO(signed)) as pdf:
        pdf.save(target, fix_metadata_version=False)
    assert judged(target.getvalue(), signer) is not Signedness.SIGNED


def test_no_hour_that_is_none(signed: bytes, signer: TokenPdfSigner) -> None:
    changed = signed.replace(b"(D\\07220261128120000Z)", b"(D\\07220261128990000Z)")
    assert changed != signed
    assert judged(changed, signer) is Signedness.ALTERED


def test_the_time_of_the_trust_list_counts(letter: SignedLetter) -> None:
    """Signed when the key was not to be used any more, however good the signature is."""
    trusted = judge().trust.certificates[0]
    assert trusted.may_have_signed_at(NOON)
    assert not trusted.may_have_signed_at(trusted.valid_to + timedelta(seconds=1))
    assert not trusted.may_have_signed_at(datetime(2025, 1, 1, tzinfo=UTC))
    assert judge().judge_signature(letter.pdf).moment == StoppedClock().now()
