"""What can go wrong with a token, and which attribute of its URL or which key it is about."""


class TokenError(Exception):
    """A token, or what is asked of it, is not as it must be. No operation was done."""


class TokenUrlError(TokenError, ValueError):
    """A `pkcs11:` URL cannot be meant; its values are never repeated, they may hold a PIN.

    Attributes:
        attribute: the attribute that is wrong.
        reason: why.
    """

    def __init__(self, attribute: str, reason: str) -> None:
        super().__init__(f"attribute {attribute}: {reason}")
        self.attribute = attribute
        self.reason = reason


class ModuleMissing(TokenError):
    """The PKCS#11 module (a shared library) is not there or cannot be loaded."""


class TokenMissing(TokenError):
    """No token with this label or serial number is plugged in, or several are."""


class PinFileMissing(TokenError):
    """The file with the PIN cannot be read or is empty."""


class WrongPin(TokenError):
    """The token refused the PIN; it will not be tried again until the PIN file changes."""


class PinAlreadyRefused(TokenError):
    """The token has refused this PIN before, so it was not tried.

    Attributes:
        marker: file to delete when the PIN was changed on the token to this one.
    """

    def __init__(self, label: str, marker: str) -> None:
        super().__init__(f"token {label}: this PIN was refused before (remembered in {marker})")
        self.marker = marker


class PinLastTry(TokenError):
    """One more wrong PIN would lock the token, so none was tried; a person must log in by hand."""


class PinLocked(TokenError):
    """The PIN is locked, not set, or must be changed first."""


class KeyMissing(TokenError):
    """No key fits the selector."""


class KeyAmbiguous(TokenError):
    """Several keys fit the selector."""


class KeyUnfit(TokenError):
    """A key is there but may not be used for this: of another type, extractable, or not allowed to do it.

    Attributes:
        attribute: the attribute that is wrong.
    """

    def __init__(self, key: str, attribute: str, reason: str) -> None:
        super().__init__(f"key {key}: {attribute} {reason}")
        self.attribute = attribute


class WrappedKeyBroken(TokenError):
    """A wrapped key is damaged, or this key has not wrapped it under this name. The token is well."""


class ForkedProcess(TokenError):
    """This process was forked after the token was opened; call `reopen` first (PKCS#11 2.40 clause 6.6.1)."""


class TokenFailure(TokenError):
    """The module reported an error that no rule of ours covers, for example that the token was pulled.

    Attributes:
        code: name of the PKCS#11 return code.
    """

    def __init__(self, label: str, code: str) -> None:
        super().__init__(f"token {label}: {code}")
        self.code = code
