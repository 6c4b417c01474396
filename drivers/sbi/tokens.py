"""Signed tokens: JWS in compact form with the signer's certificate inside (RFC 7515; facts: sbi.md 2)."""

from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from drivers.sbi import documents
from drivers.sbi.encodings import from_base64, from_base64url
from drivers.sbi.errors import CaptureRejected, MessageMalformed, Reason

ALGORITHM: Final = "RS256"  # RSA PKCS#1 v1.5, SHA-256; the text allows curve 25519 too, in no stated form
MOST_CERTIFICATES: Final = 4
LONGEST_CERTIFICATE: Final = 16 * 1024  # characters of base64
SMALLEST_KEY: Final = 2048  # bits
LARGEST_KEY: Final = 8192  # bits; a larger one only costs time
BAD_CERTIFICATE: Final = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises for a certificate that it cannot read."""


@dataclass(frozen=True)
class Token:
    """A token whose signature is right. Who has signed is not judged here.

    Attributes:
        payload: the bytes that were signed.
        certificates: the signer's, then others that came with it.
    """

    payload: bytes = field(repr=False)
    certificates: tuple[x509.Certificate, ...]


def read(text: str) -> Token:
    """Read a token and check its signature over the bytes as they were received.

    Raises:
        CaptureRejected: TOKEN_MALFORMED, ALGORITHM_WRONG, CERTIFICATE_MISSING, CERTIFICATE_MALFORMED,
            SIGNATURE_WRONG.
    """
    parts = text.split(".")
    if len(parts) != 3 or not text.isascii():
        raise CaptureRejected(Reason.TOKEN_MALFORMED, "a token has three parts")
    header, payload, signature = (_decoded(part) for part in parts)
    certificates = _certificates(header)
    signed = text[: text.rindex(".")].encode("ascii")
    try:
        _signing_key(certificates[0]).verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise CaptureRejected(Reason.SIGNATURE_WRONG, "the signature does not fit") from None
    return Token(payload, certificates)


def _decoded(part: str) -> bytes:
    try:
        return from_base64url(part)
    except ValueError:
        raise CaptureRejected(Reason.TOKEN_MALFORMED, "a part is no base64url") from None


def _certificates(content: bytes) -> tuple[x509.Certificate, ...]:
    """Read the header; its algorithm is ours to choose, not the token's."""
    try:
        header = documents.read(documents.TOKEN_HEADER, content)
    except MessageMalformed as error:
        raise CaptureRejected(Reason.TOKEN_MALFORMED, f"the header: {error}") from None
    if header.alg != ALGORITHM:
        raise CaptureRejected(Reason.ALGORITHM_WRONG, "the token is not signed with RS256")
    if header.crit is not None:
        raise CaptureRejected(Reason.TOKEN_MALFORMED, "the header has critical parts that are not known")
    if not header.x5c:
        raise CaptureRejected(Reason.CERTIFICATE_MISSING, "no certificate came with the token")
    if len(header.x5c) > MOST_CERTIFICATES:
        raise CaptureRejected(Reason.CERTIFICATE_MALFORMED, f"{len(header.x5c)} certificates in one token")
    return tuple(_certificate(text) for text in header.x5c)


def _certificate(text: str) -> x509.Certificate:
    if len(text) > LONGEST_CERTIFICATE:
        raise CaptureRejected(Reason.CERTIFICATE_MALFORMED, "a certificate is too large")
    try:
        return x509.load_der_x509_certificate(from_base64(text))
    except BAD_CERTIFICATE:
        raise CaptureRejected(Reason.CERTIFICATE_MALFORMED, "a certificate cannot be read") from None


def _signing_key(certificate: x509.Certificate) -> rsa.RSAPublicKey:
    try:
        key = certificate.public_key()
    except BAD_CERTIFICATE:
        raise CaptureRejected(Reason.CERTIFICATE_MALFORMED, "its key cannot be read") from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise CaptureRejected(Reason.ALGORITHM_WRONG, "its key is not of RSA")
    if not SMALLEST_KEY <= key.key_size <= LARGEST_KEY:
        raise CaptureRejected(Reason.ALGORITHM_WRONG, f"its key has {key.key_size} bits")
    return key
