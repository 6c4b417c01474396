"""Whom to believe: the roots that the office or the vendor supplied, in one PEM file (facts: sbi.md 2, 6)."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.x509 import verification

from drivers.sbi.errors import CaptureRejected, Reason, SettingUnusable
from drivers.sbi.tokens import BAD_CERTIFICATE

LARGEST_FILE: Final = 1024 * 1024  # bytes

# The defaults of cryptography are those of the web: they refuse plain device certificates, which have no
# authority key id. Device certificates may have any extension; an authority must say that it is one.
_DEVICE: Final = verification.ExtensionPolicy.permit_all()
_AUTHORITY: Final = verification.ExtensionPolicy.permit_all().require_present(
    x509.BasicConstraints, verification.Criticality.AGNOSTIC, None
)


class TrustRoots:
    """Pinned roots, and the providers' certificates that were installed beside them.

    The text expects providers' intermediate certificates to be installed beforehand; those that come with a
    token are used as well, because a chain is believed for its root alone. There is no revocation in SBI.
    """

    def __init__(self, roots: Sequence[x509.Certificate], providers: Sequence[x509.Certificate]) -> None:
        """Take them; one root at least."""
        self._store, self._providers = verification.Store(list(roots)), tuple(providers)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a PEM file: certificates that name themselves as issuer are roots, others are providers'.

        Raises:
            SettingUnusable: ROOT_FILE_UNREADABLE, ROOT_FILE_WITHOUT_ROOT.
        """
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
            found = x509.load_pem_x509_certificates(content[:LARGEST_FILE])
            authorities = [certificate for certificate in found if is_authority(certificate)]
        except (OSError, *BAD_CERTIFICATE) as error:
            problem = error.strerror if isinstance(error, OSError) else "no certificates in PEM"
            raise SettingUnusable(Reason.ROOT_FILE_UNREADABLE, f"{path}: {problem}") from error
        roots = [one for one in authorities if one.issuer == one.subject]
        if not roots:
            raise SettingUnusable(
                Reason.ROOT_FILE_WITHOUT_ROOT, f"{path}: no certificate of a root authority in it"
            )
        return cls(roots, [one for one in authorities if one.issuer != one.subject])

    def require_chain(self, certificates: Sequence[x509.Certificate], at: datetime) -> None:
        """Find a path from the signer's certificate to a pinned root.

        Raises:
            CaptureRejected: CHAIN_UNTRUSTED.
        """
        signer, *others = certificates
        builder = verification.PolicyBuilder().store(self._store).time(at)
        builder = builder.extension_policies(ca_policy=_AUTHORITY, ee_policy=_DEVICE)
        try:
            builder.build_client_verifier().verify(signer, [*others, *self._providers])
        except (verification.VerificationError, *BAD_CERTIFICATE):
            raise CaptureRejected(
                Reason.CHAIN_UNTRUSTED, "its certificate does not lead to an installed root"
            ) from None


def require_device(certificate: x509.Certificate, at: datetime) -> None:
    """Refuse a certificate whose dates do not fit, or that is an authority's: those sign no captures.

    Raises:
        CaptureRejected: CERTIFICATE_NOT_YET_VALID, CERTIFICATE_EXPIRED, CERTIFICATE_MALFORMED,
            CHAIN_UNTRUSTED.
    """
    try:
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        authority = is_authority(certificate)
    except BAD_CERTIFICATE:
        raise CaptureRejected(Reason.CERTIFICATE_MALFORMED, "a certificate cannot be read") from None
    if at < begins:
        raise CaptureRejected(Reason.CERTIFICATE_NOT_YET_VALID, f"valid from {begins:%Y-%m-%d %H:%M} UTC")
    if at > ends:
        raise CaptureRejected(Reason.CERTIFICATE_EXPIRED, f"valid until {ends:%Y-%m-%d %H:%M} UTC")
    if authority:
        raise CaptureRejected(Reason.CHAIN_UNTRUSTED, "an authority's certificate, not a device's")


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether a certificate says that it is an authority's (RFC 5280 section 4.2.1.9)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
