"""Wrapping keys with a key that never leaves its token."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pkcs11 import Attribute, DecryptMixin, EncryptMixin, GCMParams, KeyType, Mechanism

from drivers.token.errors import KeyUnfit, TokenFailure, WrappedKeyBroken
from drivers.token.session import TokenSession
from drivers.token.url import KeySelector

_NONCE: Final = 12  # bytes of a GCM nonce
_TAG: Final = 128  # bits of a GCM tag


class WrappingKey:
    """An AES-256 key that wraps other keys with AES-GCM (PKCS#11 2.40 clause 2.11, CKM_AES_GCM).

    A wrapped key is encrypted as data and not with C_WrapKey: that would need each key as an object of the
    token first, and could not bind it to a name.
    """

    def __init__(self, session: TokenSession, selector: KeySelector) -> None:
        self._session = session
        self._selector = replace(selector, kind="secret-key")
        wanted: dict[Attribute, object] = {
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
            Attribute.KEY_TYPE: KeyType.AES,
            Attribute.VALUE_LEN: 32,
            Attribute.ENCRYPT: True,
            Attribute.DECRYPT: True,
        }
        session.require(self._selector, wanted)

    def wrap(self, key: bytes, name: bytes) -> bytes:
        """Return nonce (12 bytes), ciphertext and tag (16 bytes) of a key; `name` must be given to unwrap it.

        Raises:
            TokenError: the token cannot do it.
        """
        # NIST SP 800-38D clause 8.3: a random nonce of 96 bits is good for 2^32 keys under one master key.
        nonce = secrets.token_bytes(_NONCE)
        with self._session.use():
            found = self._session.find(self._selector)
            if not isinstance(found, EncryptMixin):
                raise KeyUnfit(str(self._selector), "ENCRYPT", "is not allowed")
            sealed = found.encrypt(key, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, name))
            return nonce + _whole(sealed)

    def unwrap(self, wrapped: bytes, name: bytes) -> bytes:
        """Return the key.

        Raises:
            WrappedKeyBroken: it was damaged, or wrapped by another key or under another name.
            TokenError: the token cannot do it.
        """
        if len(wrapped) <= _NONCE + _TAG // 8:
            raise WrappedKeyBroken(f"key {self._selector}: too short for what it wraps")
        try:
            return self._decrypt(wrapped, name)
        except TokenFailure:
            # SoftHSM 2.6 says CKR_GENERAL_ERROR for a wrong tag: see whether it is the key or the token.
            self._decrypt(self.wrap(bytes(32), name), name)
            raise WrappedKeyBroken(f"key {self._selector}: it cannot have wrapped this") from None

    def _decrypt(self, wrapped: bytes, name: bytes) -> bytes:
        parameters = _gcm(wrapped[:_NONCE], name)
        with self._session.use():
            found = self._session.find(self._selector)
            if not isinstance(found, DecryptMixin):
                raise KeyUnfit(str(self._selector), "DECRYPT", "is not allowed")
            key = found.decrypt(wrapped[_NONCE:], mechanism=Mechanism.AES_GCM, mechanism_param=parameters)
            return _whole(key)


def _gcm(nonce: bytes, name: bytes) -> GCMParams:
    return GCMParams(nonce=nonce, aad=name, tag_bits=_TAG)


def _whole(found: bytes | Iterator[bytes]) -> bytes:
    return found if isinstance(found, bytes) else b"".join(found)
