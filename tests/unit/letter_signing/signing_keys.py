"""Keys and certificates that sign files, in software: what is tested is the file, not the token."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from station.letters.signing.certificate import LetterCertificate

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
NAME = x509.Name(
    [
        x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "ID"),
        x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "KABUPATEN CONTOHARJO"),
        x509.NameAttribute(x509.NameOID.COMMON_NAME, "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"),
    ]
)
AUTHORITY = ec.derive_private_key(815, ec.SECP256R1())
AUTHORITY_NAME = x509.Name(
    [
        x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "ID"),
        x509.NameAttribute(x509.NameOID.COMMON_NAME, "Otoritas Contoh Ñ"),
    ]
)


@dataclass(frozen=True)
class SoftFileKey:
    """A P-256 key pair; it counts how often it is asked."""

    secret: int = 4712
    curve: ec.EllipticCurve = ec.SECP256R1()  # noqa: RUF009 # it has no state

    @cached_property
    def private(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.secret, self.curve)

    @cached_property
    def asked(self) -> list[bytes]:
        return []

    def sign(self, data: bytes) -> bytes:
        self.asked.append(data)
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def public_key(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def certificate(
        self,
        begins: datetime = NOON - timedelta(days=30),
        ends: datetime = NOON + timedelta(days=700),
        *,
        serial: int = 0x80_00_00_00_00_00_00_07,
        signs: bool = True,
    ) -> x509.Certificate:
        usage = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_cert_sign", "crl_sign", "encipher_only",
             "decipher_only"), False
        )  # fmt: skip
        usage |= {"digital_signature": signs, "content_commitment": signs, "key_agreement": not signs}
        builder = (
            x509.CertificateBuilder()
            .subject_name(NAME)
            .issuer_name(AUTHORITY_NAME)
            .public_key(self.private.public_key())
            .serial_number(serial)
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.KeyUsage(**usage), critical=True)
        )
        return builder.sign(AUTHORITY, hashes.SHA256(), ecdsa_deterministic=True)


def authority() -> x509.Certificate:
    """The certificate of who signs the others; outside programs want it as their root."""
    return (
        x509.CertificateBuilder()
        .subject_name(AUTHORITY_NAME)
        .issuer_name(AUTHORITY_NAME)
        .public_key(AUTHORITY.public_key())
        .serial_number(1)
        .not_valid_before(NOON - timedelta(days=3000))
        .not_valid_after(NOON + timedelta(days=3000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(AUTHORITY, hashes.SHA256(), ecdsa_deterministic=True)
    )


def letter_certificate(made: x509.Certificate) -> LetterCertificate:
    return LetterCertificate(made.public_bytes(Encoding.DER))
