"""Who this centre is: a certificate authority, server certificates, a signing key and an encryption key.

They are made at the first start, in files: a simulated centre has no token. docs/reference/centre.md, "Keys".
"""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from simulators.files import write_private
from simulators.pem import certificate_pem, private_pem

LONG = datetime.timedelta(days=36500)
DAY = datetime.timedelta(days=1)
HALF = 32  # bytes of r and of s on P-256


@dataclass(frozen=True)
class Identity:
    """The files of a centre's keys; `make` before anything else."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The certificate that a station must be given to believe the server."""
        return self.folder / "ca.pem"

    @property
    def signing_public(self) -> Path:
        """The public key that receipts and answers verify under."""
        return self.folder / "signing.pem"

    @property
    def encryption_public(self) -> Path:
        """The public key that the keys of records are wrapped to."""
        return self.folder / "encryption.pem"

    def make(self) -> None:
        """Make everything that is not there; the authority's certificate is written last."""
        if self.authority.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("signing", "encryption"):
            key = ec.generate_private_key(ec.SECP256R1())
            write_private(self.folder / f"{name}.key", private_pem(key))
            write_private(self.folder / f"{name}.pem", public_pem(key.public_key()))
        authority = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.UTC)
        own = _certificate(
            authority, "Simulated centre CA", authority.public_key(), None, now - DAY, now + LONG
        )
        for name, begins, ends in (
            ("server", now - DAY, now + LONG),
            ("expired", now - 30 * DAY, now - DAY),
        ):
            key = ec.generate_private_key(ec.SECP256R1())
            issued = _certificate(authority, "localhost", key.public_key(), own, begins, ends)
            write_private(
                self.folder / f"{name}.pem", private_pem(key) + certificate_pem(issued) + certificate_pem(own)
            )
        write_private(self.authority, certificate_pem(own))

    def context(self, *, expired: bool = False) -> ssl.SSLContext:
        """A server's side of TLS, with the good certificate or with the one that has run out."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.folder / ("expired.pem" if expired else "server.pem"))
        return context

    def signing_key(self) -> ec.EllipticCurvePrivateKey:
        """The key that signs receipts and answers."""
        return load_private(self.folder / "signing.key")

    def encryption_key(self) -> ec.EllipticCurvePrivateKey:
        """The key that opens what was wrapped to the centre."""
        return load_private(self.folder / "encryption.key")


def load_private(path: Path) -> ec.EllipticCurvePrivateKey:
    """Load a private key on P-256.

    Raises:
        ValueError: it is none.
    """
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path.name} is no key on a curve")
    return key


def load_public(pem: bytes) -> ec.EllipticCurvePublicKey:
    """Load a public key on P-256.

    Raises:
        ValueError: it is none.
    """
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("no public key on P-256")
    return key


def public_pem(key: ec.EllipticCurvePublicKey) -> bytes:
    """Write a public key as PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def sign_raw(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """Sign with ECDSA and SHA-256: raw r || s, 64 bytes."""
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")


def _certificate(
    authority: ec.EllipticCurvePrivateKey,
    name: str,
    key: ec.EllipticCurvePublicKey,
    issuer: x509.Certificate | None,
    begins: datetime.datetime,
    ends: datetime.datetime,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
        )
    )
    if issuer is None:
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
    else:
        names: list[x509.GeneralName] = [
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        ]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(authority, hashes.SHA256())
