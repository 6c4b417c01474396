"""The certificate that speaks for the key which signs letters' files."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from station.errors import InputFault

LARGEST_FILE: Final = 1 << 16
PEM: Final = b"-----BEGIN"


@dataclass(frozen=True)
class LetterCertificate:
    """An X.509 certificate of a P-256 key that may sign.

    Attributes:
        der: as its authority has signed it.

    Raises:
        ValueError: it is no certificate, or none of such a key.
    """

    der: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse another kind of key, and a key that is not for signatures."""
        try:
            self._require_signing_key()
        except (UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension) as error:
            raise ValueError("it cannot be read") from error
        if self._parsed.public_bytes(Encoding.DER) != self.der:
            raise ValueError("it is not DER")

    def _require_signing_key(self) -> None:
        if not isinstance(self.key.curve, ec.SECP256R1):
            raise ValueError("its key is not P-256")
        try:
            usage = self._parsed.extensions.get_extension_for_class(x509.KeyUsage).value
        except x509.ExtensionNotFound:
            return
        if not (usage.digital_signature or usage.content_commitment):  # RFC 5280 clause 4.2.1.3
            raise ValueError("its key is not for signatures")

    @cached_property
    def _parsed(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.der)

    @cached_property
    def key(self) -> ec.EllipticCurvePublicKey:
        """Its public key."""
        key = self._parsed.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise ValueError("its key is not P-256")
        return key

    @property
    def public_key(self) -> bytes:
        """Its public key as a DER SubjectPublicKeyInfo."""
        return self.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @cached_property
    def issuer_and_serial(self) -> tuple[bytes, int]:
        """The issuer's name, in the very bytes of the certificate, and the serial number."""
        found = Certificate.load(self.der)
        issuer: bytes = found.issuer.dump()
        return issuer, int(found.serial_number)

    @property
    def subject(self) -> str:
        """Who holds it, for people (RFC 4514)."""
        return self._parsed.subject.rfc4514_string()

    @property
    def valid_from(self) -> datetime:
        """From when it counts."""
        return self._parsed.not_valid_before_utc

    @property
    def valid_to(self) -> datetime:
        """Until when it counts."""
        return self._parsed.not_valid_after_utc

    def is_valid_at(self, moment: datetime) -> bool:
        """Tell whether it counts at a moment."""
        return self.valid_from <= moment <= self.valid_to


def read_certificate(file: Path) -> LetterCertificate:
    """Read a file with one certificate, PEM or DER.

    Raises:
        InputFault: LETTER_CERTIFICATE_UNUSABLE.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise ValueError("it is too large")
        content = file.read_bytes()
        return LetterCertificate(_only_one(content) if PEM in content else content)
    except OSError as error:
        raise InputFault("LETTER_CERTIFICATE_UNUSABLE", file=file, problem=error.strerror) from error
    except ValueError as error:
        raise InputFault("LETTER_CERTIFICATE_UNUSABLE", file=file, problem=error) from error


def _only_one(pem: bytes) -> bytes:
    found = x509.load_pem_x509_certificates(pem)
    if len(found) != 1:
        raise ValueError("it holds several certificates; the signer's alone is wanted")
    return found[0].public_bytes(Encoding.DER)
