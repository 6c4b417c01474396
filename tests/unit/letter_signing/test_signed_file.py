"""A signed file, before judges that we did not write: poppler, qpdf, pyHanko's validator and openssl."""

import asyncio
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from station.errors import DeviceAbsent, InputFault
from station.letters.signing.checking import Signedness, check_signature
from station.letters.signing.container import signed_attributes, write_container
from station.letters.signing.signer import TokenPdfSigner, open_signer
from tests.letter_flips.letter import StoppedClock
from tests.pdfa.checker import check
from tests.unit.letter_signing.signing_keys import (
    NOON,
    SoftFileKey,
    authority,
    letter_certificate,
)
from tests.unit.letter_template.tools import run


def test_poppler_finds_all_of_it_signed(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(signed)
    said = run("pdfsig", "-nocert", file)
    assert "Signature #1" in said and "Signature #2" not in said
    assert "Signature Field Name: TTE_1" in said
    assert "Total document signed" in said and "Not total" not in said
    assert "Signature is Valid." in said
    assert "ETSI.CAdES.detached" in said
    assert "Nov 28 2026 12:00:00" in said


def test_pyhanko_s_validator_trusts_it_to_the_root(signed: bytes) -> None:
    root = asn1_x509.Certificate.load(authority().public_bytes(Encoding.DER))
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=NOON)
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE


def test_it_is_still_pdf_a_and_qpdf_finds_nothing(signed: bytes, tmp_path: Path) -> None:
    assert check(signed) == []
    file = tmp_path / "letter.pdf"
    file.write_bytes(signed)
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file)


def test_the_letter_stands_in_it_unchanged(body: bytes, signed: bytes) -> None:
    """Title, XMP and dates too: pyHanko would otherwise write the machine's time into them."""
    assert signed.startswith(body)
    assert b"ModDate" not in signed and b"pyHanko" not in signed
    with pikepdf.open(BytesIO(body)) as before, pikepdf.open(BytesIO(signed)) as after:
        assert dict(before.docinfo) == dict(after.docinfo)
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()


def test_the_field_is_invisible(signed: bytes) -> None:
    with pikepdf.open(BytesIO(signed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert (str(field.T), str(field.FT)) == ("TTE_1", "/Sig")
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
        assert int(field.F) == 132
        assert int(pdf.Root.AcroForm.SigFlags) == 3


def test_the_token_is_asked_once(signer: TokenPdfSigner, key: SoftFileKey, body: bytes) -> None:
    before = len(key.asked)
    signer.sign(body)
    assert len(key.asked) == before + 1


class _PyHankoSigner(Signer):
    """pyHanko's own way to a CMS, with a signature value that is given."""

    def __init__(self, certificate: bytes, signature: bytes) -> None:
        super().__init__(signing_cert=asn1_x509.Certificate.load(certificate), embed_roots=False)
        self.signature = signature
        self.signed = b""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        self.signed = data
        return self.signature


@pytest.mark.parametrize("serial", [1, 127, 128, 255, 256, 0x7F_FF, (1 << 159) - 1])
def test_pyhanko_writes_the_same_container(serial: int) -> None:
    certificate = letter_certificate(SoftFileKey().certificate(serial=serial))
    digest, signature = bytes(range(32)), bytes(range(70))
    other = _PyHankoSigner(certificate.der, signature)
    theirs = asyncio.run(other.async_sign(digest, "sha256", use_pades=True))
    assert write_container(certificate, digest, signature) == theirs.dump()
    assert signed_attributes(certificate, digest) == other.signed


def test_openssl_verifies_the_attributes(signed: bytes, key: SoftFileKey, tmp_path: Path) -> None:
    """`openssl cms` takes the container and the signed bytes of the file."""
    start, end = signed.index(b"/Contents <") + len(b"/Contents "), signed.index(b"\n/ByteRange")
    (tmp_path / "content").write_bytes(signed[:start] + signed[end:])
    (tmp_path / "container").write_bytes(bytes.fromhex(signed[start + 1 : end - 1].decode()))
    (tmp_path / "root.pem").write_bytes(authority().public_bytes(Encoding.PEM))
    done = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-in", tmp_path / "container", "-content",
         tmp_path / "content", "-CAfile", tmp_path / "root.pem", "-purpose", "any", "-binary",
         "-attime", str(int(NOON.timestamp())), "-cades", "-out", "/dev/null"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Verification successful" in done.stderr, done.stderr


@pytest.mark.parametrize("days", [-31, 701])
def test_a_certificate_that_does_not_count_signs_nothing(body: bytes, key: SoftFileKey, days: int) -> None:
    begins = NOON - timedelta(days=30 + days)
    certificate = letter_certificate(key.certificate(begins, begins + timedelta(days=30)))
    before = len(key.asked)
    with pytest.raises(InputFault) as refused:
        TokenPdfSigner(certificate, key, StoppedClock()).sign(body)
    assert refused.value.code == "LETTER_CERTIFICATE_UNUSABLE"
    assert len(key.asked) == before


def test_what_another_key_signs_is_given_to_nobody(body: bytes, key: SoftFileKey) -> None:
    signer = TokenPdfSigner(letter_certificate(key.certificate()), SoftFileKey(4713), StoppedClock())
    with pytest.raises(DeviceAbsent) as refused:
        signer.sign(body)
    assert refused.value.code == "KEY_UNUSABLE"


def test_every_signature_value_is_the_lower_one(body: bytes, signer: TokenPdfSigner) -> None:
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    for _ in range(6):
        signed = signer.sign(body)
        cms = PdfFileReader(BytesIO(signed)).embedded_signatures[0].signed_data
        _, s = decode_dss_signature(cms["signer_infos"][0]["signature"].native)
        assert s <= order // 2


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"no pdf", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_pdf_is_not_signed(signer: TokenPdfSigner, content: bytes) -> None:
    with pytest.raises(InputFault) as refused:
        signer.sign(content)
    assert refused.value.code == "LETTER_FILE_UNSIGNABLE"


def test_a_signed_file_is_not_signed_again(signer: TokenPdfSigner, signed: bytes) -> None:
    with pytest.raises(InputFault) as refused:
        signer.sign(signed)
    assert refused.value.code == "LETTER_FILE_UNSIGNABLE"


# ---- the certificate's file ----


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_the_certificate_comes_from_a_file(key: SoftFileKey, tmp_path: Path, encoding: Encoding) -> None:
    file = tmp_path / "certificate"
    file.write_bytes(key.certificate().public_bytes(encoding))
    signer = open_signer(file, key, StoppedClock())
    assert "DINAS KEPENDUDUKAN" in signer.certificate.subject


def _wrong_files(key: SoftFileKey) -> dict[str, bytes]:
    mine = key.certificate().public_bytes(Encoding.PEM)
    wide = SoftFileKey(curve=ec.SECP384R1())
    return {
        "empty": b"",
        "text": b"certificate",
        "another key's": SoftFileKey(99).certificate().public_bytes(Encoding.DER),
        "several": mine + mine,
        "P-384": wide.certificate().public_bytes(Encoding.DER),
        "not for signatures": key.certificate(signs=False).public_bytes(Encoding.DER),
        "torn": key.certificate().public_bytes(Encoding.DER)[:-1],
        "longer": key.certificate().public_bytes(Encoding.DER) + b"\0",
        "huge": bytes(1 << 20),
    }


@pytest.mark.parametrize("case", _wrong_files(SoftFileKey()))
def test_another_file_is_refused(key: SoftFileKey, tmp_path: Path, case: str) -> None:
    file = tmp_path / "certificate"
    file.write_bytes(_wrong_files(key)[case])
    with pytest.raises(InputFault) as refused:
        open_signer(file, key, StoppedClock())
    assert refused.value.code == "LETTER_CERTIFICATE_UNUSABLE"


def test_no_file_is_said(key: SoftFileKey, tmp_path: Path) -> None:
    for file in (None, tmp_path / "absent"):
        with pytest.raises(InputFault) as refused:
            open_signer(file, key, StoppedClock())
        assert refused.value.code == "LETTER_CERTIFICATE_UNUSABLE"


def test_the_signer_judges_as_the_verifier_does(signed: bytes, signer: TokenPdfSigner) -> None:
    found = check_signature(signed, [signer.certificate])
    assert (found.signedness, found.moment) == (Signedness.SIGNED, NOON)
