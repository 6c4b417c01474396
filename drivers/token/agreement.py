"""A key pair for Diffie-Hellman on P-256 whose private half never leaves its token."""

from dataclasses import replace
from typing import Final

from pkcs11 import Attribute, DeriveMixin, KeyType, Mechanism, ObjectClass, PublicKey
from pkcs11.mechanisms import KDF
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from drivers.token.errors import KeyUnfit
from drivers.token.session import TokenSession
from drivers.token.url import KeySelector

SECRET_BITS: Final = 256  # the x coordinate: NIST SP 800-56A Rev. 3, 5.7.1.2
# The shared secret leaves the token, the key does not: what is made of it is used once, in the host.
_SECRET: Final[dict[Attribute, object]] = {
    Attribute.CLASS: ObjectClass.SECRET_KEY,
    Attribute.TOKEN: False,
    Attribute.SENSITIVE: False,
    Attribute.EXTRACTABLE: True,
}


class AgreementKey:
    """An ECDH key pair on P-256."""

    def __init__(self, session: TokenSession, selector: KeySelector) -> None:
        self._session = session
        self._private = replace(selector, kind="private")
        self._public = replace(selector, kind="public")
        wanted = {
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
            Attribute.KEY_TYPE: KeyType.EC,
            Attribute.DERIVE: True,
            Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1"),
        }
        session.require(self._private, wanted)

    def agree(self, point: bytes) -> bytes:
        """Return the shared secret with a public point: 32 bytes, of which a key is still to be derived.

        Args:
            point: uncompressed (SEC 1, 2.3.3), 65 bytes; the caller has checked that it is on the curve.

        Raises:
            TokenError: the token cannot do it.
        """
        with self._session.use():
            key = self._session.find(self._private)
            if not isinstance(key, DeriveMixin):
                raise KeyUnfit(str(self._private), "DERIVE", "is not allowed")
            # PKCS#11 2.40, 2.3.7 CKM_ECDH1_DERIVE with CKD_NULL: the secret as it is.
            secret = key.derive_key(
                KeyType.GENERIC_SECRET,
                SECRET_BITS,
                mechanism=Mechanism.ECDH1_DERIVE,
                mechanism_param=(KDF.NULL, None, point),
                template=_SECRET,
            )
            try:
                value = secret[Attribute.VALUE]
            finally:
                secret.destroy()
        if not isinstance(value, bytes):
            raise KeyUnfit(str(self._private), "VALUE", "cannot be read")
        return value

    def public_key(self) -> bytes:
        """Return the public key as a DER SubjectPublicKeyInfo.

        Raises:
            TokenError: the token does not hold it.
        """
        with self._session.use():
            key = self._session.find(self._public)
            if not isinstance(key, PublicKey):
                raise KeyUnfit(str(self._public), "CLASS", "is no public key")
            return encode_ec_public_key(key)
