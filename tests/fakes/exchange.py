"""Keys for bundles in memory: the station's own, and a recording station that it trusts."""

from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulators.recording_station.bundle import Sender

STATION = ec.derive_private_key(0x5CA1AB1E, ec.SECP256R1())
SENDER = Sender(ec.derive_private_key(0xDEC0DE, ec.SECP256R1()))
STRANGER = Sender(ec.derive_private_key(0xBADC0DE, ec.SECP256R1()))


class SoftRecipient:
    """The station's ECDH key; the same in every process, and no secret."""

    def __init__(self) -> None:
        self.asked = 0

    def agree(self, point: bytes) -> bytes:
        self.asked += 1
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        return STATION.exchange(ec.ECDH(), public)

    def public_key(self) -> bytes:
        return STATION.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


class SoftSigner:
    """The key that signs the station's own bundles."""

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(STATION.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def public_key(self) -> bytes:
        return SoftRecipient().public_key()


def trust(
    folder: Path, sender: Sender = SENDER, kind: str = "recording_station", name: str = "kaliwates"
) -> None:
    """Put a sender's public key where a station trusts it."""
    place = folder / kind
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.pem").write_bytes(sender.public_pem())
