"""What the chip driver needs of the keys, which it never sees."""

from contextlib import AbstractContextManager
from typing import Protocol


class CardKeys(Protocol):
    """The static keys of one card, inside a token."""

    def cmac_enc(self, data: bytes) -> bytes:
        """Return the AES-CMAC (16 bytes) of `data` under Key-ENC."""

    def cmac_mac(self, data: bytes) -> bytes:
        """Return the AES-CMAC (16 bytes) of `data` under Key-MAC."""


class KeyService(Protocol):
    """Where the batch key lives."""

    def card_keys(self, card_uid: bytes) -> AbstractContextManager[CardKeys]:
        """Derive the static keys of a card inside the token, for the time of a `with` block.

        Args:
            card_uid: 8 bytes.
        """


class ManifestSigner(Protocol):
    """The key that signs the data on a chip."""

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA P-256 signature with SHA-256 over `data`, raw r || s, 64 bytes."""

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a raw signature over `data` is of this key."""
