"""An Ed25519 key pair: it signs the same bytes always the same."""

from dataclasses import replace
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pkcs11 import Attribute, KeyType, Mechanism, PublicKey, SignMixin

from drivers.token.errors import KeyUnfit
from drivers.token.keys import LOCKED_IN, SigningKey
from drivers.token.session import TokenSession, require
from drivers.token.url import KeySelector

# PKCS#11 3.0, Edwards elliptic curve public key objects: CKA_EC_PARAMS may be the curve's name as
# PrintableString. The object identifier of RFC 8410 would be allowed too; no token that we tried writes it.
CURVE: Final = b"\x13\x0cedwards25519"
# There too: CKA_EC_POINT is the DER of the public key of RFC 8032. SoftHSM 2.6 writes an OCTET STRING.
POINT: Final = b"\x04\x20"
POINT_LENGTH: Final = 32


class EdwardsKey:
    """An Ed25519 key pair (RFC 8032)."""

    def __init__(self, session: TokenSession, selector: KeySelector) -> None:
        self._session = session
        self._private = replace(selector, kind="private")
        self._public = replace(selector, kind="public")
        wanted = {
            **LOCKED_IN,
            Attribute.KEY_TYPE: KeyType.EC_EDWARDS,
            Attribute.SIGN: True,
            Attribute.EC_PARAMS: CURVE,
        }
        session.require(self._private, wanted)
        self._verifier = self._load_public()

    def sign(self, data: bytes) -> bytes:
        """Return the signature over `data`: R || S, 64 bytes.

        Raises:
            TokenError: the token cannot do it.
        """
        with self._session.use():
            key = self._session.find(self._private)
            if not isinstance(key, SignMixin):
                raise KeyUnfit(str(self._private), "SIGN", "is not allowed")
            # PKCS#11 3.0, EdDSA: without a parameter it is pure Ed25519.
            return key.sign(data, mechanism=Mechanism.EDDSA)

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a signature over `data` is of this key; the token is not needed."""
        try:
            self._verifier.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def public_key(self) -> bytes:
        """Return the public key as a DER SubjectPublicKeyInfo (RFC 8410)."""
        return self._verifier.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def _load_public(self) -> Ed25519PublicKey:
        with self._session.use():
            key = self._session.find(self._public)
            if not isinstance(key, PublicKey):
                raise KeyUnfit(str(self._public), "CLASS", "is no public key")
            require(key, self._public, {Attribute.KEY_TYPE: KeyType.EC_EDWARDS, Attribute.EC_PARAMS: CURVE})
            point = key[Attribute.EC_POINT]
        if not isinstance(point, bytes) or len(point) != len(POINT) + POINT_LENGTH or point[:2] != POINT:
            raise KeyUnfit(str(self._public), "EC_POINT", "is not 32 bytes in an OCTET STRING")
        return Ed25519PublicKey.from_public_bytes(point.removeprefix(POINT))


def open_signing_key(session: TokenSession, selector: KeySelector) -> EdwardsKey | SigningKey:
    """Open a pair that signs: Ed25519 or ECDSA on P-256, whichever the token holds under this name.

    Raises:
        KeyMissing, KeyAmbiguous: none or several fit.
        KeyUnfit: it is of another kind, could leave the token, or may not sign.
    """
    private = replace(selector, kind="private")
    with session.use():
        kind = session.find(private)[Attribute.KEY_TYPE]
    return EdwardsKey(session, selector) if kind is KeyType.EC_EDWARDS else SigningKey(session, selector)
