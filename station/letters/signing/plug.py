"""What signs files: the plug point for the national service (docs/reference/letters.md)."""

from typing import Protocol


class PdfSigner(Protocol):
    """Something that signs files."""

    def sign(self, pdf: bytes) -> bytes:
        """Return the file with a signature over all of it.

        Raises:
            StationError: it could not be signed. Nothing was used up.
        """


class RawSigner(Protocol):
    """A P-256 key of the token."""

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA signature with SHA-256: r || s, 64 bytes."""

    def public_key(self) -> bytes:
        """Return the public key as a DER SubjectPublicKeyInfo."""
