"""Keys and certificates of a simulated scanner: adopter root > device provider > device key.

Facts: sbi.md 2. They are made at the first start, in files. The device key is said to be rotated about every
30 days: its certificate is made anew at a start that finds it nearly expired.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from simulators.files import write_private
from simulators.pem import certificate_pem, private_pem

DAY = datetime.timedelta(days=1)
DEVICE_LIFE = 30 * DAY
LONG = 3650 * DAY
BITS = 2048


@dataclass(frozen=True)
class Identity:
    """The files of a scanner's keys; `make` before anything else."""

    folder: Path

    @property
    def roots(self) -> Path:
        """What an office must be given: the root, and the provider's certificate to install beside it."""
        return self.folder / "roots.pem"

    def make(self) -> None:
        """Make what is not there; the file of the roots is written last."""
        self.folder.mkdir(parents=True, exist_ok=True)
        now = datetime.datetime.now(datetime.UTC)
        if not self.roots.exists():
            self._make_authorities(now)
        if not self._has_device(now):
            self._make_device(now)

    def device_key(self) -> rsa.RSAPrivateKey:
        """The key that signs captures, and the digitalId too: this is an L0 device."""
        return self.key("device")

    def key(self, name: str) -> rsa.RSAPrivateKey:
        """A private key: root, provider, device, foreign-root."""
        key = serialization.load_pem_private_key((self.folder / f"{name}.key").read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError(f"{name}.key is no key of RSA")
        return key

    def certificate(self, name: str) -> bytes:
        """A certificate as DER: device, provider, expired, foreign, authority."""
        return _loaded(self.folder / f"{name}.pem").public_bytes(serialization.Encoding.DER)

    def _make_authorities(self, now: datetime.datetime) -> None:
        for name in ("root", "provider", "foreign-root", "device"):
            key = rsa.generate_private_key(65537, BITS)
            write_private(self.folder / f"{name}.key", private_pem(key))
        root, provider = self.key("root"), self.key("provider")
        own = _certificate("Simulated adopter root", root, None, root, now - DAY, now + LONG, ca=True)
        installed = _certificate("Sim Ltd devices", provider, own, root, now - DAY, now + LONG, ca=True)
        foreign_key = self.key("foreign-root")
        foreign = _certificate("Foreign root", foreign_key, None, foreign_key, now - DAY, now + LONG, ca=True)
        for name, certificate in (("root", own), ("provider", installed), ("foreign-root", foreign)):
            write_private(self.folder / f"{name}.pem", certificate_pem(certificate))
        write_private(self.roots, certificate_pem(own) + certificate_pem(installed))

    def _make_device(self, now: datetime.datetime) -> None:
        key, provider = self.key("device"), _loaded(self.folder / "provider.pem")
        foreign = _loaded(self.folder / "foreign-root.pem")
        signer, foreign_signer = self.key("provider"), self.key("foreign-root")
        ends = now + DEVICE_LIFE
        for name, issuer, signing, begin, end in (
            ("expired", provider, signer, now - 31 * DAY, now - DAY),
            ("foreign", foreign, foreign_signer, now - DAY, ends),
            ("device", provider, signer, now - DAY, ends),
        ):
            made = _certificate("Sim SINGLE01", key, issuer, signing, begin, end, ca=False)
            write_private(self.folder / f"{name}.pem", certificate_pem(made))

    def _has_device(self, now: datetime.datetime) -> bool:
        path = self.folder / "device.pem"
        return path.exists() and _loaded(path).not_valid_after_utc > now + DAY


def _certificate(
    name: str,
    key: rsa.RSAPrivateKey,
    issuer: x509.Certificate | None,
    signer: rsa.RSAPrivateKey,
    begins: datetime.datetime,
    ends: datetime.datetime,
    *,
    ca: bool,
) -> x509.Certificate:
    """A plain certificate, without key identifiers: such were seen (facts: sbi.md 2)."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sim Ltd"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    if ca:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.sign(signer, hashes.SHA256())


def _loaded(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())
