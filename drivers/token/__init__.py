"""The station's keys in a PKCS#11 token, reached by `pkcs11:` URLs."""

from drivers.token.agreement import AgreementKey
from drivers.token.edwards import EdwardsKey, open_signing_key
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
    WrappedKeyBroken,
    WrongPin,
)
from drivers.token.keys import CardKeys, CardKeyService, HmacKey, SigningKey
from drivers.token.session import TokenSession
from drivers.token.url import KeySelector, Pkcs11Url
from drivers.token.wrapping import WrappingKey

__all__ = [
    "AgreementKey",
    "CardKeyService",
    "CardKeys",
    "EdwardsKey",
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
    "WrappedKeyBroken",
    "WrappingKey",
    "WrongPin",
    "open_signing_key",
]
