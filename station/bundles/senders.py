"""Whose bundles are taken: public keys as files in a folder, put there by the technician.

`recording_station/NAME.pem` and `centre/NAME.pem` (PEM, SubjectPublicKeyInfo, P-256) are trusted as senders.
What is not there is not trusted; removing the file ends the trust.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from station.bundles.agreement import key_id
from station.errors import InputFault

LARGEST_KEY_FILE = 16 * 1024


class SenderKind(StrEnum):
    """What a sender is; the name of its folder."""

    RECORDING_STATION = "recording_station"
    CENTRE = "centre"


@dataclass(frozen=True)
class PublicKey:
    """A public key on P-256 that somebody goes by.

    Attributes:
        name: the name of its file.
        id: SHA-256 of its DER SubjectPublicKeyInfo, hex.
        der: that form itself.
    """

    name: str
    id: str
    der: bytes
    key: ec.EllipticCurvePublicKey

    def has_signed(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a DER signature (ECDSA with SHA-256) over these bytes is of this key."""
        try:
            self.key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Sender:
    """Somebody whose bundles are taken."""

    kind: SenderKind
    public_key: PublicKey

    @property
    def name(self) -> str:
        """Its name, for people."""
        return self.public_key.name

    def has_signed(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a DER signature (ECDSA with SHA-256) over these bytes is this sender's."""
        return self.public_key.has_signed(data, signature)


class Senders:
    """The trusted senders, read once from their folder; none when the folder is not there.

    Raises:
        InputFault: TRUSTED_KEY_UNREADABLE: a file in it is no public key on P-256, or two hold the same one.
    """

    def __init__(self, folder: Path) -> None:
        self._senders: dict[str, Sender] = {}
        for kind in SenderKind:
            for file in sorted((folder / kind.value).glob("*.pem")):
                self._add(Sender(kind, read_public_key(file)), file)

    def find(self, sender: str) -> Sender | None:
        """Find a sender by the id of its key."""
        return self._senders.get(sender)

    def require(self, sender: str) -> Sender:
        """Find a sender by the id of its key.

        Raises:
            InputFault: BUNDLE_SENDER_UNKNOWN.
        """
        found = self._senders.get(sender)
        if found is None:
            raise InputFault("BUNDLE_SENDER_UNKNOWN", sender=sender[:16])
        return found

    def _add(self, sender: Sender, file: Path) -> None:
        if sender.public_key.id in self._senders:
            raise InputFault(
                "TRUSTED_KEY_UNREADABLE", file=file.name, problem="another file holds the same key"
            )
        self._senders[sender.public_key.id] = sender


def read_public_key(file: Path) -> PublicKey:
    """Read one public key.

    Raises:
        InputFault: TRUSTED_KEY_UNREADABLE.
    """
    try:
        with file.open("rb") as stream:
            text = stream.read(LARGEST_KEY_FILE)
        key = load_pem_public_key(text)
    except OSError as error:
        raise InputFault(
            "TRUSTED_KEY_UNREADABLE", file=file.name, problem=error.strerror or "unreadable"
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputFault("TRUSTED_KEY_UNREADABLE", file=file.name, problem="no public key in PEM") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise InputFault("TRUSTED_KEY_UNREADABLE", file=file.name, problem="not a key on P-256")
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(file.stem, key_id(der), der, key)


class Recipients:
    """Whom bundles are written for: `NAME.pem` in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def require(self, name: str) -> PublicKey:
        """Find a recipient by name.

        Raises:
            InputFault: RECIPIENT_UNKNOWN, TRUSTED_KEY_UNREADABLE.
        """
        known = {file.stem: file for file in self._folder.glob("*.pem")}
        if name not in known:
            raise InputFault("RECIPIENT_UNKNOWN", recipient=name, folder=self._folder)
        return read_public_key(known[name])
