"""Is a signed file exactly what was signed? Judged by its bytes alone: no PDF is read before it is believed.

A reader of PDF calls a signature good whose container has loose bytes (padding, lengths, letter case), or
that leaves out the end of the file. This check takes the file apart at the gap, writes the container again
from a certificate that is believed, and wants the same bytes.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from station.claim_keys import Algorithm
from station.letters.claim.cose import SIGNATURE_LENGTH, lowest_form
from station.letters.signing.certificate import LetterCertificate
from station.letters.signing.container import LONGEST_SIGNATURE, room_for, signed_attributes, write_container

HEADER: Final = b"%PDF-1.7\n"
END: Final = b"\n%%EOF\n"
RANGES: Final = b"/ByteRange"
# A file with one of these was signed once, by whomever, or is made to look so.
TRACES: Final = (RANGES, b"/Adobe.PPKLite", b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached")

# As pyHanko writes the signature dictionary (ISO 32000-1 clause 12.8.1); ByteRange leaves out the gap.
_DICTIONARY: Final = re.compile(
    rb"/Contents (?P<gap><(?P<digits>[^<>\n]+)>)\n"
    rb"/ByteRange \[0 (?P<first>[0-9]{1,10}) (?P<second>[0-9]{1,10}) (?P<length>[0-9]{1,10})\] *\n"
    rb"/Type /Sig\n/Filter /Adobe\.PPKLite\n/SubFilter /ETSI\.CAdES\.detached\n"
    rb"/M \(D\\072(?P<moment>[0-9]{14})Z\)\n>>\n"
)
_DIGITS: Final = re.compile(rb"[0-9A-F]+")


class Signedness(StrEnum):
    """What a file's bytes tell of its signature."""

    SIGNED = "signed"
    ALTERED = "altered"
    UNSIGNED = "unsigned"  # no trace of a signature
    SIGNER_UNKNOWN = "signer_unknown"  # of nobody whom we believe, or not in the form of our letters


@dataclass(frozen=True)
class FileSignature:
    """The answer.

    Attributes:
        certificate: whose signature it is; only where it is good.
        moment: when it was signed, as the signer says; only where it is good.
    """

    signedness: Signedness
    certificate: LetterCertificate | None = None
    moment: datetime | None = None


def check_signature(pdf: bytes, believed: Iterable[LetterCertificate]) -> FileSignature:
    """Judge a file. The dates of certificates are not judged.

    Args:
        pdf: the whole file.
        believed: certificates of the keys that letters' files are believed from.
    """
    if not any(trace in pdf for trace in TRACES):
        return FileSignature(Signedness.UNSIGNED)
    found = _DICTIONARY.search(pdf)
    if found is None:
        return FileSignature(Signedness.SIGNER_UNKNOWN)
    moment, raw = _moment(found["moment"]), _bytes(found["digits"])
    if moment is None or raw is None or pdf.count(RANGES) != 1 or not _covers_all_but_the_gap(pdf, found):
        return FileSignature(Signedness.ALTERED)
    candidates = [certificate for certificate in believed if certificate.der in raw]
    if not candidates:
        return FileSignature(Signedness.SIGNER_UNKNOWN)
    start, end = found.span("gap")
    digest = hashlib.sha256(pdf[:start] + pdf[end:]).digest()
    for certificate in candidates:
        if len(raw) * 2 == room_for(certificate) and _is_container(raw, certificate, digest):
            return FileSignature(Signedness.SIGNED, certificate, moment)
    return FileSignature(Signedness.ALTERED)


def _covers_all_but_the_gap(pdf: bytes, found: re.Match[bytes]) -> bool:
    """Compare ByteRange with the places of the gap, the beginning and the end."""
    first, second, length = (int(found[name]) for name in ("first", "second", "length"))
    return (
        (first, second) == found.span("gap")
        and second + length == len(pdf)
        and pdf.startswith(HEADER)
        and pdf.endswith(END)
    )


def _bytes(digits: bytes) -> bytes | None:
    """The bytes of capital hexadecimal digits; None for anything else."""
    if len(digits) % 2 or _DIGITS.fullmatch(digits) is None:
        return None
    return bytes.fromhex(digits.decode("ascii"))


def _moment(digits: bytes) -> datetime | None:
    try:
        return datetime.strptime(digits.decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _is_container(raw: bytes, certificate: LetterCertificate, digest: bytes) -> bool:
    """Write the container again with the signature value in it, and compare; what follows must be zeros."""
    signed = signed_attributes(certificate, digest)
    for signature in _signatures(raw):
        container = write_container(certificate, digest, signature)
        if container.ljust(len(raw), b"\0") == raw and _is_good(certificate, signed, signature):
            return True
    return False


def _signatures(raw: bytes) -> Iterator[bytes]:
    """What may be the signature value: it ends the container, whose length the first four bytes tell."""
    if raw[:2] != b"\x30\x82":
        return
    end = 4 + int.from_bytes(raw[2:4], "big")
    for length in range(LONGEST_SIGNATURE, 7, -1):
        if raw[end - length - 2 : end - length] == bytes((0x04, length)):
            yield raw[end - length : end]


def _is_good(certificate: LetterCertificate, signed: bytes, signature: bytes) -> bool:
    """Verify the signature value; of its forms only DER with the lower s counts."""
    try:
        r, s = decode_dss_signature(signature)
        raw = r.to_bytes(SIGNATURE_LENGTH // 2, "big") + s.to_bytes(SIGNATURE_LENGTH // 2, "big")
        if encode_dss_signature(r, s) != signature or lowest_form(Algorithm.ES256, raw) != raw:
            return False
        certificate.key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, OverflowError):
        return False
    return True
