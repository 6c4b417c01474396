"""Signing a letter's file."""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from station.claim_keys import Algorithm
from station.clock import Clock
from station.errors import DeviceAbsent, InputFault
from station.letters.claim.cose import SIGNATURE_LENGTH, lowest_form
from station.letters.signing.certificate import LetterCertificate, read_certificate
from station.letters.signing.checking import Signedness, check_signature
from station.letters.signing.container import room_for, signed_attributes, write_container
from station.letters.signing.plug import RawSigner
from station.letters.signing.writing import PreparedFile, prepare


class TokenPdfSigner:
    """Signs files with the token's key; the token is asked once for each."""

    def __init__(self, certificate: LetterCertificate, key: RawSigner, clock: Clock) -> None:
        self.certificate = certificate
        self._key, self._clock = key, clock

    def sign(self, pdf: bytes) -> bytes:
        """Return the signed file.

        Raises:
            InputFault: LETTER_FILE_UNSIGNABLE, LETTER_CERTIFICATE_UNUSABLE.
            DeviceAbsent: TOKEN_ABSENT, KEY_UNUSABLE.
        """
        return self.finish(prepare(pdf, self.moment(), room_for(self.certificate)))

    def moment(self) -> datetime:
        """The present moment, at which a file may be signed.

        Raises:
            InputFault: LETTER_CERTIFICATE_UNUSABLE: it has ended, or has not begun.
        """
        now = self._clock.now()
        if not self.certificate.is_valid_at(now):
            first, last = self.certificate.valid_from, self.certificate.valid_to
            problem = f"it counts from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
            raise InputFault("LETTER_CERTIFICATE_UNUSABLE", file=self.certificate.subject, problem=problem)
        return now

    def finish(self, prepared: PreparedFile) -> bytes:
        """Sign a prepared file, and judge what was made before anybody gets it.

        Raises:
            DeviceAbsent: TOKEN_ABSENT; KEY_UNUSABLE: the token has signed with another key.
        """
        attributes = signed_attributes(self.certificate, prepared.digest)
        signature = signature_der(self._key.sign(attributes))
        signed = prepared.filled(write_container(self.certificate, prepared.digest, signature))
        if check_signature(signed, [self.certificate]).signedness is not Signedness.SIGNED:
            raise DeviceAbsent("KEY_UNUSABLE", key="letter_signature", problem="its signature is not good")
        return signed


def open_signer(certificate: Path | None, key: RawSigner, clock: Clock) -> TokenPdfSigner:
    """Make a signer from the certificate's file, which must be of this key.

    Raises:
        InputFault: LETTER_CERTIFICATE_UNUSABLE.
    """
    if certificate is None:
        problem = "station.toml names none under [letters] certificate"
        raise InputFault("LETTER_CERTIFICATE_UNUSABLE", file="-", problem=problem)
    found = read_certificate(certificate)
    if found.public_key != key.public_key():
        raise InputFault("LETTER_CERTIFICATE_UNUSABLE", file=certificate, problem="it is of another key")
    return TokenPdfSigner(found, key, clock)


def signature_der(raw: bytes) -> bytes:
    """Of the two ECDSA signatures that verify alike, return the one with the lower s, as DER."""
    lowest = lowest_form(Algorithm.ES256, raw)
    half = SIGNATURE_LENGTH // 2
    return encode_dss_signature(*(int.from_bytes(part, "big") for part in (lowest[:half], lowest[half:])))
