"""Keys that sign letters, in software: their algorithm is what is tested, not the token."""

from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from station.claim_keys import Algorithm, key_id
from station.letters.trust import KeyState, TrustedKey

ISSUER = "https://dukcapil.example.id/3509"
PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


class SoftClaimKey:
    """One key pair."""

    def __init__(self, algorithm: Algorithm) -> None:
        self.algorithm = algorithm
        self._private: PrivateKey
        if algorithm is Algorithm.EDDSA:
            self._private = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        else:
            self._private = ec.derive_private_key(4711, ec.SECP256R1())

    @property
    def public_key(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._private.public_key().public_bytes(serialization.Encoding.DER, form)

    @property
    def key_id(self) -> bytes:
        return key_id(self.public_key)

    def sign(self, data: bytes) -> bytes:
        if isinstance(self._private, ed25519.Ed25519PrivateKey):
            return self._private.sign(data)
        algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)  # RFC 6979: one letter, one code
        r, s = decode_dss_signature(self._private.sign(data, algorithm))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def trusted(self, state: KeyState = KeyState.SIGNS) -> TrustedKey:
        return TrustedKey.model_validate(
            {
                "issuer": ISSUER,
                "algorithm": self.algorithm.name,
                "public_key": self.public_key,
                "valid_from": datetime(2026, 1, 1, tzinfo=UTC),
                "valid_to": datetime(2027, 1, 1, tzinfo=UTC),
                "state": state,
            }
        )
