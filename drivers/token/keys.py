"""The station's keys, used inside their token."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11 import (
    Attribute,
    DeriveMixin,
    KeyType,
    Mechanism,
    MechanismFlag,
    Object,
    PublicKey,
    SignMixin,
)
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from drivers.token.errors import KeyUnfit
from drivers.token.session import TokenSession, require
from drivers.token.url import KeySelector

# A key that could leave its token is refused.
LOCKED_IN: Final[dict[Attribute, object]] = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
_DERIVED: Final[dict[Attribute, object]] = {
    **LOCKED_IN,
    Attribute.TOKEN: False,
    Attribute.SIGN: True,
    Attribute.DERIVE: False,
}
# docs/reference/ktp-el-open.md, Keys: derivation index of the static keys.
_KEY_ENC: Final = 0x01
_KEY_MAC: Final = 0x02
_HALF: Final = 32  # bytes of r and of s on P-256


class HmacKey:
    """A generic secret key for HMAC-SHA-256."""

    def __init__(self, session: TokenSession, selector: KeySelector) -> None:
        self._session = session
        self._selector = replace(selector, kind="secret-key")
        session.require(
            self._selector,
            {**LOCKED_IN, Attribute.KEY_TYPE: KeyType.GENERIC_SECRET, Attribute.SIGN: True},
        )

    def hmac_sha256(self, data: bytes) -> bytes:
        """Return the HMAC, 32 bytes.

        Raises:
            TokenError: the token cannot do it.
        """
        with self._session.use():
            return _sign(self._session.find(self._selector), self._selector, data, Mechanism.SHA256_HMAC)


class SigningKey:
    """An ECDSA key pair on P-256."""

    def __init__(self, session: TokenSession, selector: KeySelector) -> None:
        self._session = session
        self._private = replace(selector, kind="private")
        self._public = replace(selector, kind="public")
        wanted = {
            **LOCKED_IN,
            Attribute.KEY_TYPE: KeyType.EC,
            Attribute.SIGN: True,
            Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1"),
        }
        session.require(self._private, wanted)
        self._verifier = _load_public(self._public, self.public_key())

    def sign(self, data: bytes) -> bytes:
        """Return the signature with SHA-256 over `data`: raw r || s, 64 bytes.

        Raises:
            TokenError: the token cannot do it.
        """
        # CKM_ECDSA signs a hash: SoftHSM 2.6 has no CKM_ECDSA_SHA256.
        digest = hashlib.sha256(data).digest()
        with self._session.use():
            return _sign(self._session.find(self._private), self._private, digest, Mechanism.ECDSA)

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a raw signature over `data` is of this key; the token is not needed."""
        if len(signature) != 2 * _HALF:
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
        try:
            self._verifier.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

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


class CardKeys:
    """The static keys of one card, made inside the token."""

    def __init__(self, session: TokenSession, batch: KeySelector, enc: Object, mac: Object) -> None:
        self._session = session
        self._batch = batch
        self._enc = enc
        self._mac = mac

    def cmac_enc(self, data: bytes) -> bytes:
        """Return the AES-CMAC (16 bytes) of `data` under Key-ENC."""
        with self._session.use():
            return _sign(self._enc, self._batch, data, Mechanism.AES_CMAC)

    def cmac_mac(self, data: bytes) -> bytes:
        """Return the AES-CMAC (16 bytes) of `data` under Key-MAC."""
        with self._session.use():
            return _sign(self._mac, self._batch, data, Mechanism.AES_CMAC)


class CardKeyService:
    """The batch key of a delivery of blanks (AES-128), from which the token makes the keys of each card."""

    def __init__(self, session: TokenSession, selector: KeySelector) -> None:
        self._session = session
        self._selector = replace(selector, kind="secret-key")
        wanted = {
            **LOCKED_IN,
            Attribute.KEY_TYPE: KeyType.AES,
            Attribute.VALUE_LEN: 16,
            Attribute.DERIVE: True,
        }
        session.require(self._selector, wanted)

    @contextmanager
    def card_keys(self, card_uid: bytes) -> Iterator[CardKeys]:
        """Derive the static keys of a card as session objects that cannot leave it, for a `with` block.

        Args:
            card_uid: 8 bytes.

        Raises:
            ValueError: not 8 bytes.
            TokenError: the token cannot do it.
        """
        if len(card_uid) != 8:
            raise ValueError(f"a card UID of {len(card_uid)} bytes")
        enc = self._derive(card_uid, _KEY_ENC)
        mac = self._derive(card_uid, _KEY_MAC)
        try:
            yield CardKeys(self._session, self._selector, enc, mac)
        finally:
            with self._session.use():
                enc.destroy()
                mac.destroy()

    def _derive(self, card_uid: bytes, index: int) -> Object:
        # PKCS#11 2.40 clause 2.14, CKM_AES_ECB_ENCRYPT_DATA: the key is AES-ECB(batch key, this block).
        block = card_uid + bytes(7) + bytes((index,))
        with self._session.use():
            batch = self._session.find(self._selector)
            if not isinstance(batch, DeriveMixin):
                raise KeyUnfit(str(self._selector), "DERIVE", "is not allowed")
            derived = batch.derive_key(
                KeyType.AES,
                128,
                mechanism=Mechanism.AES_ECB_ENCRYPT_DATA,
                mechanism_param=block,
                capabilities=MechanismFlag.SIGN,
                template=_DERIVED,
            )
            require(derived, self._selector, LOCKED_IN)
        return derived


def _sign(key: Object, selector: KeySelector, data: bytes, mechanism: Mechanism) -> bytes:
    if not isinstance(key, SignMixin):
        raise KeyUnfit(str(selector), "SIGN", "is not allowed")
    return key.sign(data, mechanism=mechanism)


def _load_public(selector: KeySelector, der: bytes) -> ec.EllipticCurvePublicKey:
    key = serialization.load_der_public_key(der)
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise KeyUnfit(str(selector), "EC_PARAMS", "is not P-256")
    return key
