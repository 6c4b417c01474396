"""The station's keys in a PKCS#11 token, reached by `pkcs11:` URLs."""

from drivers.token.errors import (
    ForkedProcess,
    KeyAmbiguous,
    KeyMissing,
    KeyUnfit,
    ModuleMissing,
    PinAlreadyRefused,
    PinFileMissing,
    PinLastTry,
    PinLocked,
    TokenError,
    TokenFailure,
    TokenMissing,
    TokenUrlError,
    WrongPin,
)
from drivers.token.keys import CardKeys, CardKeyService, HmacKey, SigningKey
from drivers.token.session import TokenSession
from drivers.token.url import KeySelector, Pkcs11Url

__all__ = [
    "CardKeyService",
    "CardKeys",
    "ForkedProcess",
    "HmacKey",
    "KeyAmbiguous",
    "KeyMissing",
    "KeySelector",
    "KeyUnfit",
    "ModuleMissing",
    "PinAlreadyRefused",
    "PinFileMissing",
    "PinLastTry",
    "PinLocked",
    "Pkcs11Url",
    "SigningKey",
    "TokenError",
    "TokenFailure",
    "TokenMissing",
    "TokenSession",
    "TokenUrlError",
    "WrongPin",
]
